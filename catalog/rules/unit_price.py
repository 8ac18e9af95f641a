"""The price of a kilogram, a litre, 100 g, 100 ml or a piece, so that packages can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.money import Money

_SMALL = Decimal(250)
_SCALE = {
    "kg": ("g", Decimal(1000)),
    "g": ("g", Decimal(1)),
    "mg": ("g", Decimal("0.001")),
    "l": ("ml", Decimal(1000)),
    "ml": ("ml", Decimal(1)),
}
_PER = {"g": ("100 g", "kg"), "ml": ("100 ml", "l")}


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """A price per "kg", "l", "100 g", "100 ml" or "piece"."""

    price: Money
    per: str


def unit_price(price: Money, net_content: Decimal, unit: str, count: int) -> UnitPrice | None:
    """The unit price of a package holding `count` × `net_content` `unit`, rounded half up.

    Packages up to 250 g or ml are compared per 100, larger ones per kg or l. A single piece, set
    or person-day has no unit price other than its price: None.
    """
    total = net_content * count
    if total <= 0:
        return None
    if unit not in _SCALE:
        return None if total <= 1 else UnitPrice(_divided(price, total), "piece")
    base, factor = _SCALE[unit]
    small, large = _PER[base]
    amount = total * factor
    if amount <= _SMALL:
        return UnitPrice(_divided(price, amount / 100), small)
    return UnitPrice(_divided(price, amount / 1000), large)


def _divided(price: Money, by: Decimal) -> Money:
    exact = Decimal(price.amount) / by
    return Money(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)), price.currency)
