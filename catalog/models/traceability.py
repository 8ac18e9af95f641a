"""Tables of traceability: lots, what happened to them, and what was called back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.package import Package
from catalog.models.producer import Producer
from catalog.models.product import Product
from catalog.models.types import Thousandths
from core.db import Base, BigInt, Id, Json, NfcString, NfcText, UtcDateTime


class Lot(Base):
    """So much of one thing, made or gathered together: finished packages, or a material by its name.

    `item_key` says what the number is unique for ("package:12", "product:7", "material:…"); `code`
    is the lot's own address in this house, for goods without a GTIN.
    """

    __tablename__ = "lot"
    __table_args__ = (
        UniqueConstraint("producer_id", "item_key", "number"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("product_id IS NOT NULL OR material IS NOT NULL", name="is_of_something"),
        CheckConstraint("package_id IS NULL OR product_id IS NOT NULL", name="package_of_product"),
        CheckConstraint("expiry_kind IN ('use_by','best_before')", name="expiry_kind_known"),
        CheckConstraint(
            "expires_on IS NULL OR produced_on IS NULL OR expires_on >= produced_on",
            name="expires_after_made",
        ),
        Index("ix_lot_package_id", "package_id", "expires_on", "id"),
        Index("ix_lot_product_id", "product_id"),
        Index("ix_lot_number", "number"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producer.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    package_id: Mapped[int | None] = mapped_column(ForeignKey("package.id"))
    material: Mapped[str | None] = mapped_column(NfcString(200))
    item_key: Mapped[str] = mapped_column(NfcString(240))
    number: Mapped[str] = mapped_column(String(20))
    produced_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    expiry_kind: Mapped[str] = mapped_column(String(12), default="best_before")
    quantity: Mapped[Decimal] = mapped_column(Thousandths)
    unit: Mapped[str] = mapped_column(NfcString(24))
    place: Mapped[str | None] = mapped_column(NfcString(200))
    area_code: Mapped[str | None] = mapped_column(NfcString(40))
    link: Mapped[str | None] = mapped_column(String(400))
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str | None] = mapped_column(NfcText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    producer: Mapped[Producer] = relationship()
    product: Mapped[Product | None] = relationship()
    package: Mapped[Package | None] = relationship()


class LotEvent(Base):
    """One thing that happened. Never changed: a correction is a new event that names this one."""

    __tablename__ = "lot_event"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('harvest','catch','receive','process','pack','ship','recall','void')",
            name="kind_known",
        ),
        CheckConstraint("kind <> 'void' OR corrects_id IS NOT NULL", name="void_corrects"),
        Index("ix_lot_event_producer_id", "producer_id", "happened_at", "id"),
    )

    id: Mapped[Id]
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producer.id"))
    kind: Mapped[str] = mapped_column(String(12))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str | None] = mapped_column(NfcString(200))
    party: Mapped[str | None] = mapped_column(NfcString(200))
    party_gln: Mapped[str | None] = mapped_column(String(13))
    partner: Mapped[str | None] = mapped_column(String(60))
    document: Mapped[str | None] = mapped_column(NfcString(80))
    note: Mapped[str | None] = mapped_column(NfcText)
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    corrects_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("lot_event.id"), unique=True)
    actor_name: Mapped[str] = mapped_column(NfcString(200))
    actor_person_id: Mapped[int | None] = mapped_column(BigInt)
    is_illustrative: Mapped[bool] = mapped_column(default=False)

    items: Mapped[list[LotEventItem]] = relationship(
        back_populates="event", order_by="LotEventItem.id"
    )


class LotEventItem(Base):
    """So much of a lot that went into an event or came out of it."""

    __tablename__ = "lot_event_item"
    __table_args__ = (
        UniqueConstraint("event_id", "lot_id", "role"),
        CheckConstraint("role IN ('input','output')", name="role_known"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        Index("ix_lot_event_item_lot_id", "lot_id", "role", "event_id"),
    )

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("lot_event.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    role: Mapped[str] = mapped_column(String(6))
    quantity: Mapped[Decimal] = mapped_column(Thousandths)
    unit: Mapped[str] = mapped_column(NfcString(24))

    event: Mapped[LotEvent] = relationship(back_populates="items")
    lot: Mapped[Lot] = relationship()


class Recall(Base):
    """A call to bring goods back: why, what to do with them, and from when. Ended, never deleted."""

    __tablename__ = "recall"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_reason IS NULL)", name="ended_with_reason"),
        Index("ix_recall_producer_id", "producer_id", "id"),
    )

    id: Mapped[Id]
    producer_id: Mapped[int] = mapped_column(ForeignKey("producer.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    reason: Mapped[str] = mapped_column(NfcText)
    advice: Mapped[str] = mapped_column(NfcText)
    danger: Mapped[str | None] = mapped_column(String(16))
    """One of `catalog.rules.dangers.DANGERS`; None for recalls from before kinds were asked."""
    started_on: Mapped[date]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_by: Mapped[str] = mapped_column(NfcString(200))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_reason: Mapped[str | None] = mapped_column(NfcText)
    is_illustrative: Mapped[bool] = mapped_column(default=False)

    lots: Mapped[list[RecallLot]] = relationship(back_populates="recall", order_by="RecallLot.id")


class RecallLot(Base):
    """A lot that a recall covers: the one named, and every lot made from it."""

    __tablename__ = "recall_lot"
    __table_args__ = (
        UniqueConstraint("recall_id", "lot_id"),
        Index("ix_recall_lot_lot_id", "lot_id"),
    )

    id: Mapped[Id]
    recall_id: Mapped[int] = mapped_column(ForeignKey("recall.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    withheld: Mapped[int] = mapped_column(BigInt, default=0)
    """How many packages of it were taken off the shelf when the recall began."""

    recall: Mapped[Recall] = relationship(back_populates="lots")
    lot: Mapped[Lot] = relationship()
