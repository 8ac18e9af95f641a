"""What a buyer, a producer and the office see of orders: frozen objects, nothing left to load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.money import Money, sum_money
from orders.errors import OrderNotFound
from orders.models import CustomerOrder, OrderEvent, OrderLine, SubOrder
from orders.settlement import GIVEN_UP


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as it was sold; ``claim`` is what could be claimed on the day of the order.

    ``price_list`` and ``price_from`` tell the list and the tier that gave the price; None for retail.
    ``gross`` is before the coupon, ``discount`` the line's share of it; ``is_live_price``: locked for a
    livestream.
    """

    id: int
    name: str
    name_locale: str
    label: str
    sku: str
    quantity: int
    unit_price: Money
    gross: Money
    vat_rate_bp: int
    vat: Money
    claim: Mapping[str, Any] | None
    price_list: str | None = None
    price_from: int | None = None
    discount: Money | None = None
    is_live_price: bool = False


@dataclass(frozen=True, slots=True)
class ParcelView:
    """One producer's part."""

    id: int
    producer_name: str
    state: str
    lines: tuple[LineView, ...]
    goods: Money
    shipping: Money
    total: Money


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something that happened; ``parcel_id`` tells to which parcel, if any."""

    axis: str
    event: str
    to_state: str
    at: datetime
    parcel_id: int | None


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Everything the page of an order and its confirmation say."""

    id: int
    number: str
    public_token: str
    locale: str
    state: str
    payment_state: str
    payment_method: str
    recipient: str
    phone: str
    email: str | None
    province_code: str
    commune: str
    street: str
    note: str | None
    parcels: tuple[ParcelView, ...]
    timeline: tuple[TimelineEntry, ...]
    goods: Money
    shipping: Money
    vat: Money
    total: Money
    paid: Money
    due: Money
    placed_at: datetime
    pay_by: datetime | None
    coupon_code: str | None = None

    @property
    def discount(self) -> Money:
        """What the coupon took off."""
        shares = [line.discount for parcel in self.parcels for line in parcel.lines]
        return sum_money([share for share in shares if share is not None], self.goods.currency)

    @property
    def awaits_transfer(self) -> bool:
        """Whether the buyer still has to pay by bank transfer."""
        return (
            self.payment_method == "vietqr"
            and self.state == "placed"
            and self.payment_state in ("pending", "partially_paid")
            and self.due.amount > 0
        )


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """A parcel in a producer's list, with what is needed to send it."""

    id: int
    number: str
    state: str
    order_state: str
    payment_state: str
    payment_method: str
    recipient: str
    phone: str
    province_code: str
    commune: str
    street: str
    note: str | None
    total: Money
    weight_g: int
    placed_at: datetime
    lines: tuple[LineView, ...]


def get_order_page(session: Session, public_token: str) -> OrderPage:
    """The order of that token; raises OrderNotFound. Three statements."""
    order = session.scalar(select(CustomerOrder).where(CustomerOrder.public_token == public_token))
    if order is None:
        raise OrderNotFound
    return _page(session, order)


def get_order_page_by_id(session: Session, order_id: int) -> OrderPage:
    """The order of that id, for e-mails and the office; raises OrderNotFound."""
    order = session.get(CustomerOrder, order_id)
    if order is None:
        raise OrderNotFound(order_id=order_id)
    return _page(session, order)


def list_parcels(session: Session, producer_id: int, *, limit: int = 50) -> list[ParcelRow]:
    """A producer's parcels, the newest first. Two statements."""
    rows = session.execute(
        select(SubOrder, CustomerOrder)
        .join(CustomerOrder)
        .where(SubOrder.producer_id == producer_id)
        .order_by(SubOrder.id.desc())
        .limit(limit)
    ).all()
    lines = _lines(session, [parcel.id for parcel, _ in rows], "VND")
    return [
        ParcelRow(
            id=parcel.id,
            number=order.number,
            state=parcel.state,
            order_state=order.state,
            payment_state=order.payment_state,
            payment_method=order.payment_method,
            recipient=order.recipient,
            phone=order.phone,
            province_code=order.province_code,
            commune=order.commune,
            street=order.street,
            note=order.note,
            total=Money(parcel.total_minor, order.currency),
            weight_g=parcel.weight_g,
            placed_at=order.placed_at,
            lines=tuple(lines.get(parcel.id, ())),
        )
        for parcel, order in rows
    ]


def _page(session: Session, order: CustomerOrder) -> OrderPage:
    def money(amount: int) -> Money:
        return Money(amount, order.currency)

    parcels = session.scalars(
        select(SubOrder).where(SubOrder.order_id == order.id).order_by(SubOrder.position)
    ).all()
    lines = _lines(session, [parcel.id for parcel in parcels], order.currency)
    events = session.scalars(
        select(OrderEvent).where(OrderEvent.order_id == order.id).order_by(OrderEvent.id)
    )
    owed = sum(parcel.total_minor for parcel in parcels if parcel.state not in GIVEN_UP)
    return OrderPage(
        id=order.id,
        number=order.number,
        public_token=order.public_token,
        locale=order.locale,
        state=order.state,
        payment_state=order.payment_state,
        payment_method=order.payment_method,
        recipient=order.recipient,
        phone=order.phone,
        email=order.email,
        province_code=order.province_code,
        commune=order.commune,
        street=order.street,
        note=order.note,
        parcels=tuple(
            ParcelView(
                id=parcel.id,
                producer_name=parcel.producer_name,
                state=parcel.state,
                lines=tuple(lines.get(parcel.id, ())),
                goods=money(parcel.goods_minor),
                shipping=money(parcel.shipping_minor),
                total=money(parcel.total_minor),
            )
            for parcel in parcels
        ),
        timeline=tuple(
            TimelineEntry(event.axis, event.event, event.to_state, event.at, event.sub_order_id)
            for event in events
        ),
        goods=money(order.goods_minor),
        shipping=money(order.shipping_minor),
        vat=money(order.vat_minor),
        total=money(order.total_minor),
        paid=money(order.paid_minor),
        due=money(max(0, owed - order.paid_minor)),
        placed_at=order.placed_at,
        pay_by=order.pay_by,
        coupon_code=order.coupon_code,
    )


def _lines(session: Session, parcel_ids: Sequence[int], currency: str) -> dict[int, list[LineView]]:
    found: dict[int, list[LineView]] = {}
    for line in session.scalars(
        select(OrderLine)
        .where(OrderLine.sub_order_id.in_(parcel_ids))
        .order_by(OrderLine.sub_order_id, OrderLine.position)
    ):
        found.setdefault(line.sub_order_id, []).append(
            LineView(
                id=line.id,
                name=line.name,
                name_locale=line.name_locale,
                label=line.label,
                sku=line.sku,
                quantity=line.quantity,
                unit_price=Money(line.unit_price_minor, currency),
                gross=Money(line.line_minor, currency),
                vat_rate_bp=line.vat_rate_bp,
                vat=Money(line.vat_minor, currency),
                claim=line.claim,
                price_list=line.price_list,
                price_from=line.price_from_quantity,
                discount=Money(line.discount_minor, currency) if line.discount_minor else None,
                is_live_price=line.live_item_id is not None,
            )
        )
    return found
