"""What one package costs in the shop when so many of it are bought: retail, list for everybody, livestream."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from catalog.rules.pricing import (
    OfferFacts,
    Quote,
    next_multiple,
    orderable_tiers,
    price_for,
    speaking_list,
)
from core.money import Money


@dataclass(frozen=True, slots=True)
class CheaperAt:
    """A quantity at which one package costs less, and what it costs then, tax included."""

    quantity: int
    unit: Money


@dataclass(frozen=True, slots=True)
class LivePrice:
    """A price locked for a livestream that runs now, and how many pieces of it are left."""

    item_id: int
    unit: Money
    left: int


@dataclass(frozen=True, slots=True)
class ShopPrice:
    """The price of one package, tax included, and where it comes from.

    `list_code` and `from_quantity` name the price list and the tier; without a list it is the retail
    price of the package. `cheaper` are the nearest quantities at which one package costs less: the
    last one below, when the quantity lies between two steps of the list, and the first one above.
    `live_item_id` names the goods of the livestream whose price this is, 0 for none: then exactly these
    goods are sold, and no others.
    """

    unit: Money
    list_code: str = ""
    from_quantity: int = 1
    cheaper: tuple[CheaperAt, ...] = ()
    live_item_id: int = 0


def with_tax(net: Money, rate_bp: int) -> Money:
    """A price without tax as the buyer pays it, rounded half up; the rate in basis points."""
    if rate_bp < 0:
        raise ValueError("a tax rate is not negative")
    return Money((2 * net.amount * (10_000 + rate_bp) + 10_000) // 20_000, net.currency)


def shop_price(
    retail: Money,
    offers: Iterable[OfferFacts],
    *,
    package_id: int,
    quantity: int,
    on: date,
    vat_rate_bp: int,
    live: LivePrice | None = None,
) -> ShopPrice:
    """The price of each of `quantity` packages for a buyer in the shop; raises ValueError below one.

    `offers` are those of the lists for everybody. A quantity the list does not sell, or a list that
    is not cheaper or in other money, leaves the retail price: nobody pays more for buying much, and
    nobody is refused for a quantity that retail sells. `live` is the price of a livestream while it
    runs: it speaks for as many as are left of its goods, unless a list is cheaper still.
    """
    listed = speaking_list(offers, package_id=package_id, currency=retail.currency, on=on)

    def price_of(asked: int) -> ShopPrice:
        usual = usual_price_of(asked)
        if live is None or asked > live.left or live.unit.currency != retail.currency:
            return usual
        return usual if usual.unit < live.unit else ShopPrice(live.unit, live_item_id=live.item_id)

    def usual_price_of(asked: int) -> ShopPrice:
        quoted = price_for(listed, package_id=package_id, quantity=asked, on=on)
        if isinstance(quoted, Quote):
            unit = quoted.unit if quoted.tax_inclusive else with_tax(quoted.unit, vat_rate_bp)
            if unit < retail:
                return ShopPrice(unit, quoted.list_code, quoted.from_quantity)
        return ShopPrice(retail)

    found = price_of(quantity)
    steps = _steps(listed, quantity)
    if live is not None and 0 < live.left < quantity:
        steps = sorted({*steps, live.left})
    nearby = [CheaperAt(count, price_of(count).unit) for count in steps]
    better = [step for step in nearby if step.unit < found.unit]
    below = [step for step in better if step.quantity < quantity][-1:]
    above = [step for step in better if step.quantity > quantity][:1]
    return replace(found, cheaper=(*below, *above))


def _steps(listed: Sequence[OfferFacts], quantity: int) -> list[int]:
    """Quantities near the one asked at which a list may speak, in their order."""
    found: set[int] = set()
    for offer in listed:
        tiers = orderable_tiers(offer)
        least = tiers[0].from_quantity if tiers else 1
        found |= {tier.from_quantity for tier in tiers}
        found.add(next_multiple(max(quantity, least), offer.order_multiple))
        found.add(quantity // offer.order_multiple * offer.order_multiple)
    return sorted(found - {0, quantity})
