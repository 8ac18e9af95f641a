"""How a basket becomes one parcel for each producer, always in the same order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.money import Money


@dataclass(frozen=True, slots=True)
class PricedLine:
    """So many of one package at today's price; weight of one package in grams.

    `discount` is the line's share of a coupon, tax included; None for no coupon.
    """

    package_id: int
    producer_id: int
    quantity: int
    unit_price: Money
    vat_rate_bp: int
    weight_g: int
    discount: Money | None = None

    @property
    def full(self) -> Money:
        """What the line costs before the coupon, tax included."""
        return self.unit_price * self.quantity

    @property
    def gross(self) -> Money:
        """What the buyer pays for the line, tax included: the sum that is taxed."""
        return self.full if self.discount is None else self.full - self.discount


@dataclass(frozen=True, slots=True)
class ParcelLines:
    """The lines one producer sends."""

    producer_id: int
    lines: tuple[PricedLine, ...]

    @property
    def weight_g(self) -> int:
        """What the parcel weighs, in grams."""
        return sum(line.weight_g * line.quantity for line in self.lines)


def split_by_producer(lines: Iterable[PricedLine]) -> list[ParcelLines]:
    """One parcel for each producer, producers and packages by their ids; no line is lost or doubled."""
    by_producer: dict[int, list[PricedLine]] = {}
    for line in sorted(lines, key=lambda line: (line.producer_id, line.package_id)):
        by_producer.setdefault(line.producer_id, []).append(line)
    return [ParcelLines(producer, tuple(own)) for producer, own in by_producer.items()]
