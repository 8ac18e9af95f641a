"""Which offers of producers answer a buyer's request, and how well: kind of goods, place, days, quantity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

_IN_BASE: dict[str, tuple[str, Decimal]] = {
    "g": ("kg", Decimal("0.001")),
    "kg": ("kg", Decimal(1)),
    "t": ("kg", Decimal(1000)),
    "ml": ("l", Decimal("0.001")),
    "l": ("l", Decimal(1)),
    "piece": ("piece", Decimal(1)),
}
UNITS = ("kg", "l", "piece")
"""Units in which quantities are asked for and offered, in the order they are shown."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a buyer asks for. `subgroup` is a subgroup of goods or a whole group (one letter).

    `province` is where it should come from, "" for anywhere; the days are when it is needed.
    """

    subgroup: str
    quantity: Decimal
    unit: str
    first: date
    last: date
    province: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """What a producer can deliver. `id` is the offer's number; the days are when it can."""

    id: int
    subgroup: str
    quantity: Decimal
    unit: str
    first: date
    last: date
    province: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """An offer that answers a request: `is_same_kind` says the very subgroup, not only the group.

    `percent` of the quantity it covers, 100 at most; None where the units cannot be compared.
    """

    offer_id: int
    is_same_kind: bool
    percent: int | None


def matches(wanted: Wanted, offers: Iterable[Offered]) -> list[Match]:
    """The offers that answer the request, the best first.

    The group of goods, the place and at least one day must agree. The same subgroup goes before the
    same group, then what covers more, then the older offer.
    """
    found = [
        Match(offer.id, _is_same_kind(wanted, offer), covered(wanted, offer))
        for offer in offers
        if _answers(wanted, offer)
    ]
    return sorted(found, key=lambda one: (not one.is_same_kind, -(one.percent or 0), one.offer_id))


def _answers(wanted: Wanted, offer: Offered) -> bool:
    return (
        wanted.subgroup[:1] == offer.subgroup[:1] != ""
        and wanted.province in ("", offer.province)
        and wanted.first <= offer.last
        and offer.first <= wanted.last
    )


def _is_same_kind(wanted: Wanted, offer: Offered) -> bool:
    return len(wanted.subgroup) == 1 or wanted.subgroup == offer.subgroup


def covered(wanted: Wanted, offer: Offered) -> int | None:
    """Percent of the wanted quantity, rounded down, 100 at most; None for units of different kinds."""
    asked, there = _IN_BASE.get(wanted.unit), _IN_BASE.get(offer.unit)
    if asked is None or there is None or asked[0] != there[0] or wanted.quantity <= 0:
        return None
    share = offer.quantity * there[1] * 100 / (wanted.quantity * asked[1])
    return min(100, int(share))
