"""How exact decimals, months of a year and short lists of codes are stored on every database alike."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import BigInteger, Dialect, Integer, String
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


class Months(TypeDecorator[tuple[int, ...]]):
    """Months of the year (1-12, ascending), kept as bits: bit 0 is January. None is not known."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Iterable[int] | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Turn (1, 3) into 5; raises ValueError for a month that does not exist."""
        if value is None:
            return None
        bits = 0
        for month in value:
            if not 1 <= month <= 12:  # noqa: PLR2004
                raise ValueError(f"{month} is not a month")
            bits |= 1 << (month - 1)
        return bits

    def process_result_value(self, value: int | None, dialect: Dialect) -> tuple[int, ...] | None:  # noqa: ARG002
        """Turn 5 into (1, 3)."""
        if value is None:
            return None
        return tuple(month for month in range(1, 13) if value >> (month - 1) & 1)


class Codes(TypeDecorator[tuple[str, ...]]):
    """A few short codes without commas, in alphabetical order, kept as "A,B"; empty is ""."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Join, each once."""
        return None if value is None else ",".join(sorted(set(value)))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:  # noqa: ARG002
        """Split."""
        if value is None:
            return None
        return tuple(value.split(",")) if value else ()
