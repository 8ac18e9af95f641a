"""What an order costs: tax taken out of each line and then added, delivery shared over the parcels.

The only place where totals are made: basket, review page, order and e-mail show these numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.money import Money, sum_money, vat_included
from orders.rules.delivery import DeliveryProblem, quote_delivery
from orders.rules.splitting import ParcelLines, PricedLine, split_by_producer


@dataclass(frozen=True, slots=True)
class LineTotal:
    """A line, what it costs and the tax inside that."""

    line: PricedLine
    gross: Money
    vat: Money


@dataclass(frozen=True, slots=True)
class ParcelTotal:
    """One producer's parcel: goods, its share of the delivery, and both together."""

    producer_id: int
    weight_g: int
    lines: tuple[LineTotal, ...]
    goods: Money
    vat: Money
    shipping: Money

    @property
    def total(self) -> Money:
        """Goods and delivery."""
        return self.goods + self.shipping


@dataclass(frozen=True, slots=True)
class OrderTotal:
    """The whole order; every amount is the sum of the parcels' amounts."""

    parcels: tuple[ParcelTotal, ...]
    goods: Money
    vat: Money
    shipping: Money
    problems: tuple[DeliveryProblem, ...]

    @property
    def total(self) -> Money:
        """What the buyer pays."""
        return self.goods + self.shipping


def order_total(lines: Iterable[PricedLine], country: str, currency: str = "VND") -> OrderTotal:
    """The totals of a basket sent to that country; raises CurrencyMismatch when currencies are mixed."""
    parcels = split_by_producer(lines)
    delivery = quote_delivery([parcel.weight_g for parcel in parcels], country)
    totals = [
        _parcel_total(parcel, fee, currency)
        for parcel, fee in zip(parcels, delivery.shares, strict=True)
    ]
    return OrderTotal(
        parcels=tuple(totals),
        goods=sum_money([parcel.goods for parcel in totals], currency),
        vat=sum_money([parcel.vat for parcel in totals], currency),
        shipping=sum_money([parcel.shipping for parcel in totals], currency),
        problems=delivery.problems,
    )


def _parcel_total(parcel: ParcelLines, shipping: Money, currency: str) -> ParcelTotal:
    lines = tuple(
        LineTotal(line, line.gross, vat_included(line.gross, line.vat_rate_bp))
        for line in parcel.lines
    )
    return ParcelTotal(
        producer_id=parcel.producer_id,
        weight_g=parcel.weight_g,
        lines=lines,
        goods=sum_money([line.gross for line in lines], currency),
        vat=sum_money([line.vat for line in lines], currency),
        shipping=shipping,
    )
