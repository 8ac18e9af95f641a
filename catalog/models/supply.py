"""What buyers ask for and what producers offer, so that the two can be brought together."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, true
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models.types import Thousandths
from core.db import Base, Id, NfcString, UtcDateTime


class SupplyRequest(Base):
    """A buyer wants so much of a kind of goods within some days (inclusive).

    `subgroup_code` is a subgroup or a whole group; `province_code` where it should come from, None
    for anywhere; `deliver_to` where it is needed. `partner_code` is set when a supermarket wrote it.
    """

    __tablename__ = "supply_request"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("needed_to >= needed_from", name="days_in_order"),
        Index("ix_supply_request_event_id", "event_id"),
    )

    id: Mapped[Id]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("trade_event.id"))
    buyer: Mapped[str] = mapped_column(NfcString(200))
    partner_code: Mapped[str | None] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(NfcString(200))
    subgroup_code: Mapped[str] = mapped_column(String(3))
    quantity: Mapped[Decimal] = mapped_column(Thousandths)
    unit: Mapped[str] = mapped_column(String(8))
    needed_from: Mapped[date]
    needed_to: Mapped[date]
    province_code: Mapped[str | None] = mapped_column(String(2))
    deliver_to: Mapped[str] = mapped_column(NfcString(200))
    is_open: Mapped[bool] = mapped_column(default=True, server_default=true())
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SupplyOffer(Base):
    """A producer can deliver so much of a product within some days (inclusive)."""

    __tablename__ = "supply_offer"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("ready_to >= ready_from", name="days_in_order"),
        Index("ix_supply_offer_product_id", "product_id"),
        Index("ix_supply_offer_event_id", "event_id"),
    )

    id: Mapped[Id]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("trade_event.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    quantity: Mapped[Decimal] = mapped_column(Thousandths)
    unit: Mapped[str] = mapped_column(String(8))
    ready_from: Mapped[date]
    ready_to: Mapped[date]
    is_open: Mapped[bool] = mapped_column(default=True, server_default=true())
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
