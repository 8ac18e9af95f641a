"""What a package costs on a price list, for a quantity, on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.money import Money


@dataclass(frozen=True, slots=True)
class Tier:
    """The price of one package from that quantity on, in minor units."""

    from_quantity: int
    price_minor: int


class MixedLists(ValueError):
    """Offers of several lists or currencies were given where one list is to speak; a program's mistake."""


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """A package on a list; `valid_to` is the last day inclusive, None means without end."""

    id: int
    package_id: int
    valid_from: date
    valid_to: date | None
    currency: str
    tax_inclusive: bool
    tiers: tuple[Tier, ...]
    min_order: int = 1
    order_multiple: int = 1
    list_id: int = 0
    list_code: str = ""

    def covers(self, on: date) -> bool:
        """Whether it holds on that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Quote:
    """The price of one package, which list, offer and tier gave it, and the total for the quantity."""

    unit: Money
    total: Money
    tax_inclusive: bool
    offer_id: int
    from_quantity: int
    list_code: str = ""


@dataclass(frozen=True, slots=True)
class NoQuote:
    """Why there is no price: `no_offer`, `below_minimum`, `not_a_multiple`, `below_first_tier`.

    `quantity` is the nearest quantity at or above the one asked that can be ordered, 0 without an
    offer.
    """

    reason: str
    quantity: int


def price_for(
    offers: Iterable[OfferFacts], *, package_id: int, quantity: int, on: date
) -> Quote | NoQuote:
    """The price of `quantity` packages on one list on that day; raises ValueError below one, MixedLists.

    `offers` are those of one price list (`speaking_list` chooses it). The offer that began last speaks, as overlapping ones are
    refused when they are written. The highest tier not above the quantity gives the price of every
    package, not only of those beyond it.
    """
    if quantity < 1:
        raise ValueError("a quantity is at least one")
    fitting = [o for o in offers if o.package_id == package_id and o.covers(on)]
    if not fitting:
        return NoQuote("no_offer", 0)
    if len({(o.list_id, o.currency, o.tax_inclusive) for o in fitting}) > 1:
        raise MixedLists("offers of more than one price list")
    offer = max(fitting, key=lambda o: (o.valid_from, o.id))
    first = min((tier.from_quantity for tier in offer.tiers), default=1)
    least = max(offer.min_order, first)
    orderable = next_multiple(max(quantity, least), offer.order_multiple)
    if not offer.tiers:
        return NoQuote("no_offer", 0)
    if quantity < offer.min_order:
        return NoQuote("below_minimum", orderable)
    if quantity < first:
        return NoQuote("below_first_tier", orderable)
    if quantity % offer.order_multiple:
        return NoQuote("not_a_multiple", orderable)
    tier = max(
        (t for t in offer.tiers if t.from_quantity <= quantity), key=lambda t: t.from_quantity
    )
    unit = Money(tier.price_minor, offer.currency)
    return Quote(
        unit, unit * quantity, offer.tax_inclusive, offer.id, tier.from_quantity, offer.list_code
    )


def speaking_list(
    offers: Iterable[OfferFacts], *, package_id: int, currency: str, on: date
) -> tuple[OfferFacts, ...]:
    """The offers of the one list that speaks for a package on that day, in that currency.

    Among lists for the same buyers the one whose offer began last speaks, then the newest list; its
    conditions hold alone, so a minimum of one list and a price of another never meet.
    """
    fitting = [
        o for o in offers if o.package_id == package_id and o.currency == currency and o.covers(on)
    ]
    if not fitting:
        return ()
    speaks = max(fitting, key=lambda o: (o.valid_from, o.list_id, o.id)).list_id
    return tuple(o for o in fitting if o.list_id == speaks)


def orderable_tiers(offer: OfferFacts) -> tuple[Tier, ...]:
    """The tiers as a buyer meets them: from the smallest quantity that can really be ordered at each price.

    A tier nobody can reach (below the smallest order, or between two multiples) is left out, so that
    every line of a table is a quantity for which `price_for` gives exactly that price.
    """
    found: dict[int, Tier] = {}
    for tier in sorted(offer.tiers, key=lambda t: t.from_quantity):
        begins = next_multiple(max(tier.from_quantity, offer.min_order), offer.order_multiple)
        found[begins] = Tier(begins, tier.price_minor)
    return tuple(found.values())


def next_multiple(quantity: int, multiple: int) -> int:
    """The smallest multiple that is not below the quantity."""
    return -(-quantity // multiple) * multiple


def tier_mistakes(tiers: Sequence[Tier]) -> dict[str, str]:
    """Field → code: `missing`, `not_positive`, `repeated`, `dearer_for_more`."""
    if not tiers:
        return {"tiers": "missing"}
    if any(t.from_quantity < 1 or t.price_minor < 1 for t in tiers):
        return {"tiers": "not_positive"}
    quantities = [t.from_quantity for t in tiers]
    if len(set(quantities)) != len(quantities):
        return {"tiers": "repeated"}
    ordered = sorted(tiers, key=lambda t: t.from_quantity)
    if any(b.price_minor > a.price_minor for a, b in zip(ordered, ordered[1:], strict=False)):
        return {"tiers": "dearer_for_more"}
    return {}


def overlap(
    valid_from: date, valid_to: date | None, others: Iterable[tuple[date, date | None]]
) -> bool:
    """Whether the days (last ones inclusive) touch any of the other periods."""
    end = valid_to or date.max
    return any(valid_from <= (to or date.max) and start <= end for start, to in others)


def day_before(day: date) -> date:
    """The last day of what ends when something else begins on `day`."""
    return day - timedelta(days=1)


def day_after(day: date) -> date:
    """The first day of what begins when something else ends on `day`."""
    return day + timedelta(days=1)
