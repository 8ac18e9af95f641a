"""Money as whole minor units plus an ISO 4217 code; two currencies never add up, floats never appear.

No money library is used: the ones we tried are unmaintained and none shares a sum without losing a unit
(see docs/adr/0007-money-is-integers.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

EXPONENTS: dict[str, int] = {
    "VND": 0,
    "JPY": 0,
    "KRW": 0,
    "USD": 2,
    "EUR": 2,
    "AUD": 2,
    "CAD": 2,
    "SGD": 2,
    "HKD": 2,
    "TWD": 2,
    "CNY": 2,
}
"""Digits after the decimal point for each currency we sell in (ISO 4217)."""


class CurrencyMismatch(TypeError):
    """Two currencies were mixed; that is a mistake in the program, not of a person."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (``Money(35_000, "VND")`` is 35 000 dong, ``Money(1999, "EUR")`` 19.99 euro)."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        """Refuse floats and unknown currencies at the door."""
        if type(self.amount) is not int:
            raise TypeError(f"money is whole minor units, not {type(self.amount).__name__}")
        if self.currency not in EXPONENTS:
            raise ValueError(f"unknown currency {self.currency!r}")

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in that currency."""
        return cls(0, currency)

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not mix")

    def __add__(self, other: Money) -> Money:
        """The sum; raises CurrencyMismatch."""
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        """The difference; raises CurrencyMismatch."""
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, times: int) -> Money:
        """So many times the amount; only whole numbers, a share is made by ``allocate``."""
        if type(times) is not int:
            raise TypeError("money is multiplied by whole numbers; use allocate for shares")
        return Money(self.amount * times, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        """The same amount the other way."""
        return Money(-self.amount, self.currency)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return self.amount != 0

    def __lt__(self, other: Money) -> bool:
        """Smaller than; raises CurrencyMismatch."""
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        """Not more than; raises CurrencyMismatch."""
        self._same(other)
        return self.amount <= other.amount

    def __gt__(self, other: Money) -> bool:
        """More than; raises CurrencyMismatch."""
        return not self <= other

    def __ge__(self, other: Money) -> bool:
        """Not less than; raises CurrencyMismatch."""
        return not self < other

    def allocate(self, weights: Sequence[int]) -> list[Money]:
        """Shares in proportion to the weights that add up to exactly this amount (largest remainder).

        Ties go to the earlier share. Raises ValueError for no, negative or all-zero weights.
        """
        total = sum(weights)
        if not weights or total <= 0 or min(weights) < 0:
            raise ValueError("weights must be non-negative and add up to more than zero")
        sign = -1 if self.amount < 0 else 1
        size = abs(self.amount)
        shares = [size * weight // total for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % total), i))
        for i in by_remainder[: size - sum(shares)]:
            shares[i] += 1
        return [Money(sign * share, self.currency) for share in shares]


def sum_money(amounts: Sequence[Money], currency: str) -> Money:
    """The sum of the amounts; zero of that currency for none. Raises CurrencyMismatch."""
    total = Money.zero(currency)
    for amount in amounts:
        total = total + amount
    return total


def vat_included(gross: Money, rate_bp: int) -> Money:
    """The value-added tax inside a price that includes it; the rate in basis points (800 is 8 %).

    Rounded half up, per line: per-line and per-invoice rounding differ in a third of invoices, so one is
    chosen once (lines are rounded, then summed).
    """
    if rate_bp < 0:
        raise ValueError("a tax rate is not negative")
    sign = -1 if gross.amount < 0 else 1
    divisor = 10_000 + rate_bp
    return Money(
        sign * ((2 * abs(gross.amount) * rate_bp + divisor) // (2 * divisor)), gross.currency
    )
