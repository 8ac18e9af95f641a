"""How exact decimal quantities are stored: as whole thousandths, on every database alike."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import BigInteger, Dialect, Integer
from sqlalchemy.types import TypeDecorator


class Thousandths(TypeDecorator[Decimal]):
    """A Decimal with at most three places, kept as an integer number of thousandths.

    SQLite has no exact decimal type, so NUMERIC would silently become a float there. Binding a
    value with more than three decimal places raises ValueError rather than rounding it.
    """

    impl = BigInteger().with_variant(Integer, "sqlite")
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Turn 1.2 into 1200."""
        if value is None:
            return None
        scaled = Decimal(value) * 1000
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than three decimal places")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Turn 1200 into Decimal('1.2')."""
        if value is None:
            return None
        whole, rest = divmod(value, 1000)
        if not rest:
            return Decimal(whole)
        return (Decimal(value) / 1000).normalize()
