"""What sending a parcel costs inside Vietnam: one price for a weight, from each producer, to any province.

One nationwide price per weight band keeps the promise that the basket shows the whole cost before an
address is typed. The table is this shop's own; a cooperative that negotiated other prices changes the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.money import Money

CURRENCY = "VND"
HEAVIEST_PARCEL_G = 30_000
UNKNOWN_PIECE_G = 500
"""Taken for goods sold by the piece whose weight nobody has entered."""
PACKING_SHARE = 20
"""Per cent added to a net weight for jar, box and padding when no gross weight is known."""

BANDS: tuple[tuple[int, int], ...] = (
    (500, 22_000),
    (1_000, 27_000),
    (2_000, 33_000),
    (5_000, 45_000),
    (10_000, 70_000),
    (20_000, 110_000),
    (30_000, 150_000),
)
"""Up to so many grams costs so many dong."""

WORKING_DAYS = (2, 5)
"""How long a parcel usually travels inside Vietnam, Monday to Friday; public holidays are not known here."""

ORDER_CAP = Money(160_000, CURRENCY)
"""No order pays more, however many producers it has: a basket of five makers is what the shop is for."""

_GRAMS = {"g": Decimal(1), "kg": Decimal(1000), "mg": Decimal("0.001")}
_AS_WATER = {"ml": Decimal(1), "l": Decimal(1000)}


@dataclass(frozen=True, slots=True)
class DeliveryProblem:
    """Why goods can't be sent: ``code`` is "country" or "too_heavy", with the facts for a sentence."""

    code: str
    facts: dict[str, str | int]


@dataclass(frozen=True, slots=True)
class DeliveryQuote:
    """The fee of each parcel in the order given (they add up to ``total``), and what stands against it."""

    total: Money
    shares: tuple[Money, ...]
    problems: tuple[DeliveryProblem, ...] = ()


def package_weight_g(
    gross_weight_g: int | None, net_content: Decimal, unit: str, count: int
) -> int:
    """What one package weighs in the parcel, in grams, rounded up: as entered, else from its content."""
    if gross_weight_g:
        return gross_weight_g
    grams = {**_GRAMS, **_AS_WATER}.get(unit.lower())
    if grams is None:
        return UNKNOWN_PIECE_G * count
    net = net_content * count * grams * (100 + PACKING_SHARE) / 100
    return max(1, int(net.to_integral_value(rounding="ROUND_CEILING")))


def parcel_fee(weight_g: int) -> Money | None:
    """The price of one parcel; None when it is too heavy for one."""
    for up_to, price in BANDS:
        if weight_g <= up_to:
            return Money(price, CURRENCY)
    return None


def quote_delivery(parcel_weights_g: Sequence[int], country: str) -> DeliveryQuote:
    """What sending one parcel from each producer costs together, shared over them by their own prices."""
    if country != "VN":
        problem = DeliveryProblem("country", {"country": country})
        zero = Money.zero(CURRENCY)
        return DeliveryQuote(zero, tuple(zero for _ in parcel_weights_g), (problem,))
    fees = [parcel_fee(weight) for weight in parcel_weights_g]
    problems = tuple(
        DeliveryProblem("too_heavy", {"parcel": place, "weight_g": weight})
        for place, (weight, fee) in enumerate(zip(parcel_weights_g, fees, strict=True))
        if fee is None
    )
    full = [fee or Money(BANDS[-1][1], CURRENCY) for fee in fees]
    total = min(ORDER_CAP, Money(sum(fee.amount for fee in full), CURRENCY))
    shares = total.allocate([fee.amount for fee in full]) if full else []
    return DeliveryQuote(total, tuple(shares), problems)


def arrival_days(
    on: date, ready_after: int | None, closed_to: date | None = None
) -> tuple[date, date]:
    """The first and last day on which goods ordered on a day usually arrive.

    `ready_after` is how many days the producer needs first (None: not said, so none are added);
    a producer who is closed begins on the day after `closed_to`.
    """
    begun = on if closed_to is None else max(on, closed_to + timedelta(days=1))
    ready = begun + timedelta(days=ready_after or 0)
    first, last = (_after_working_days(ready, days) for days in WORKING_DAYS)
    return first, last


def _after_working_days(day: date, days: int) -> date:
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < _SATURDAY
    return day


_SATURDAY = 5
