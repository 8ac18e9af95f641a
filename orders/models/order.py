"""Tables of orders: the order, one sub-order for each producer, lines as sold, and what happened since."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, BigInt, Id, Json, NfcString, NfcText, UtcDateTime
from orders.rules.states import Axis, FulfilmentState, OrderState, PaymentState


def _one_of(column: str, states: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(str(state)) for state in states)})"


class CustomerOrder(Base):
    """What one buyer ordered at one moment; everything a later change of the catalogue must not touch."""

    __tablename__ = "customer_order"
    __table_args__ = (
        CheckConstraint(_one_of("state", OrderState), name="state"),
        CheckConstraint(_one_of("payment_state", PaymentState), name="payment_state"),
        CheckConstraint("total_minor = goods_minor + shipping_minor", name="total"),
        CheckConstraint("goods_minor >= 0 AND shipping_minor >= 0", name="not_negative"),
        CheckConstraint("0 <= vat_minor AND vat_minor <= total_minor", name="vat_inside"),
        CheckConstraint("paid_minor >= 0", name="paid"),
        Index("ix_customer_order_phone_state", "phone", "state"),
        Index("ix_customer_order_placed_at", "placed_at"),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    public_token: Mapped[str] = mapped_column(String(64), unique=True)
    checkout_token: Mapped[str] = mapped_column(String(64), unique=True)
    """Digest of the cart's and the form's token: the same form sent twice is one order."""
    channel: Mapped[str] = mapped_column(String(16), default="retail")
    locale: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(20), default=OrderState.PLACED.value)
    payment_state: Mapped[str] = mapped_column(String(20), default=PaymentState.PENDING.value)
    payment_method: Mapped[str] = mapped_column(String(20))

    recipient: Mapped[str] = mapped_column(NfcString(120))
    phone: Mapped[str] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(NfcString(254))
    country: Mapped[str] = mapped_column(String(2))
    province_code: Mapped[str] = mapped_column(String(8))
    commune: Mapped[str] = mapped_column(NfcString(120))
    street: Mapped[str] = mapped_column(NfcString(200))
    note: Mapped[str | None] = mapped_column(NfcText)

    coupon_code: Mapped[str | None] = mapped_column(String(24))
    currency: Mapped[str] = mapped_column(String(3))
    goods_minor: Mapped[int] = mapped_column(BigInt)
    shipping_minor: Mapped[int] = mapped_column(BigInt)
    vat_minor: Mapped[int] = mapped_column(BigInt)
    total_minor: Mapped[int] = mapped_column(BigInt)
    paid_minor: Mapped[int] = mapped_column(BigInt, default=0)

    judged_on: Mapped[date] = mapped_column(Date)
    """The Vietnam date on which publication, claims and tax rates were judged."""
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    pay_by: Mapped[datetime | None] = mapped_column(UtcDateTime)

    sub_orders: Mapped[list[SubOrder]] = relationship(
        back_populates="order", order_by="SubOrder.position"
    )


class SubOrder(Base):
    """One producer's part of an order: one parcel with its own fulfilment."""

    __tablename__ = "sub_order"
    __table_args__ = (
        UniqueConstraint("order_id", "producer_id"),
        CheckConstraint(_one_of("state", FulfilmentState), name="state"),
        CheckConstraint("total_minor = goods_minor + shipping_minor", name="total"),
        Index("ix_sub_order_producer_id_state", "producer_id", "state"),
    )

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(BigInt, ForeignKey("customer_order.id"))
    producer_id: Mapped[int] = mapped_column(BigInt, ForeignKey("producer.id"))
    producer_name: Mapped[str] = mapped_column(NfcString(300))
    position: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(20), default=FulfilmentState.NEW.value)
    weight_g: Mapped[int] = mapped_column(BigInt)
    goods_minor: Mapped[int] = mapped_column(BigInt)
    shipping_minor: Mapped[int] = mapped_column(BigInt)
    vat_minor: Mapped[int] = mapped_column(BigInt)
    total_minor: Mapped[int] = mapped_column(BigInt)

    order: Mapped[CustomerOrder] = relationship(back_populates="sub_orders")
    lines: Mapped[list[OrderLine]] = relationship(
        back_populates="sub_order", order_by="OrderLine.position"
    )


class OrderLine(Base):
    """So many of one package as it was named, priced, taxed and certified on the day of the order."""

    __tablename__ = "order_line"
    __table_args__ = (
        UniqueConstraint("sub_order_id", "package_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("line_minor = unit_price_minor * quantity", name="line"),
        CheckConstraint("0 <= vat_minor AND vat_minor <= line_minor", name="vat_inside"),
        CheckConstraint("0 <= discount_minor AND discount_minor <= line_minor", name="discount"),
    )

    id: Mapped[Id]
    sub_order_id: Mapped[int] = mapped_column(BigInt, ForeignKey("sub_order.id"))
    position: Mapped[int] = mapped_column(Integer)
    package_id: Mapped[int] = mapped_column(BigInt, ForeignKey("package.id"), index=True)
    product_id: Mapped[int] = mapped_column(BigInt, ForeignKey("product.id"), index=True)
    name: Mapped[str] = mapped_column(NfcString(300))
    name_locale: Mapped[str] = mapped_column(String(12))
    label: Mapped[str] = mapped_column(NfcString(200))
    sku: Mapped[str] = mapped_column(String(64))
    quantity: Mapped[int] = mapped_column(BigInt)
    unit_price_minor: Mapped[int] = mapped_column(BigInt)
    line_minor: Mapped[int] = mapped_column(BigInt)
    price_list: Mapped[str | None] = mapped_column(NfcString(80))
    """The code of the price list that gave the unit price; None for the retail price of the package."""
    price_from_quantity: Mapped[int | None] = mapped_column(BigInt)
    """The tier of that list: the quantity from which each costs this."""
    discount_minor: Mapped[int] = mapped_column(BigInt, default=0, server_default="0")
    """The line's share of the order's coupon; what it costs is the line less this, tax included."""
    live_item_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("live_item.id"), index=True)
    """The livestream session whose locked price this is."""
    vat_rate_bp: Mapped[int] = mapped_column(Integer)
    vat_rule: Mapped[str | None] = mapped_column(String(100))
    """The version of the tax rule of that day (`catalog.rules.regulation`); None before there were any."""
    vat_minor: Mapped[int] = mapped_column(BigInt)
    claim: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """The star claim that was true on the day of the order, or nothing."""

    sub_order: Mapped[SubOrder] = relationship(back_populates="lines")


class OrderEvent(Base):
    """One thing that happened to an order: who did what, from which state to which. Never changed."""

    __tablename__ = "order_event"
    __table_args__ = (CheckConstraint(_one_of("axis", Axis), name="axis"),)

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(BigInt, ForeignKey("customer_order.id"), index=True)
    sub_order_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("sub_order.id"))
    axis: Mapped[str] = mapped_column(String(12))
    event: Mapped[str] = mapped_column(String(24))
    from_state: Mapped[str | None] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    actor_name: Mapped[str] = mapped_column(NfcString(200))
    actor_person_id: Mapped[int | None] = mapped_column(BigInt)
    acting_for: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(NfcText)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class OrderNumberCounter(Base):
    """The last number given out in a month; gaps are allowed, doubles are not."""

    __tablename__ = "order_number_counter"

    month: Mapped[str] = mapped_column(String(4), primary_key=True)
    """Year and month as yymm, Vietnam time."""
    last: Mapped[int] = mapped_column(BigInt, default=0)
