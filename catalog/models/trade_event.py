"""A trade fair or supply–demand conference: its booths, who exhibits what, and what came of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, Synonym, mapped_column, synonym

from core.db import Base, BigInt, Id, NfcString, NfcText, UtcDateTime

EVENT_KINDS = ("fair", "conference")
OUTCOME_KINDS = ("contact", "order", "memorandum")


class TradeEvent(Base):
    """An event of some days, both inclusive; `state` is what the office says, the rest follows from dates.

    `sign_up_until` is the last day on which producers may ask for a booth.
    """

    __tablename__ = "trade_event"
    __table_args__ = (
        CheckConstraint("kind IN ('fair','conference')", name="kind_known"),
        CheckConstraint("state IN ('draft','announced','cancelled')", name="state_known"),
        CheckConstraint("ends_on >= starts_on", name="days_in_order"),
        Index("ix_trade_event_ends_on", "ends_on"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(NfcString(300))
    description: Mapped[str | None] = mapped_column(NfcText)
    kind: Mapped[str] = mapped_column(String(12))
    organiser: Mapped[str] = mapped_column(NfcString(200))
    province_code: Mapped[str | None] = mapped_column(String(2))
    commune: Mapped[str | None] = mapped_column(NfcString(120))
    address: Mapped[str | None] = mapped_column(NfcString(300))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    sign_up_until: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(12), default="draft")
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    code: Synonym[str] = synonym("slug")
    """What files of translations call it by."""


class Booth(Base):
    """A booth with its number at the event; `code` is the end of its short address and never changes."""

    __tablename__ = "booth"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("trade_event.id"))
    number: Mapped[str] = mapped_column(NfcString(20))
    code: Mapped[str] = mapped_column(String(8), unique=True)


class Participation(Base):
    """A producer at an event: asked, accepted, refused or withdrawn; at a booth once it has one.

    `reason` is what the office said when it refused.
    """

    __tablename__ = "participation"
    __table_args__ = (
        UniqueConstraint("event_id", "producer_id"),
        CheckConstraint("state IN ('asked','accepted','refused','withdrawn')", name="state_known"),
        Index("ix_participation_producer_id", "producer_id"),
        Index("ix_participation_booth_id", "booth_id"),
    )

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("trade_event.id"))
    producer_id: Mapped[int] = mapped_column(ForeignKey("producer.id"))
    booth_id: Mapped[int | None] = mapped_column(ForeignKey("booth.id"))
    state: Mapped[str] = mapped_column(String(12), default="asked")
    reason: Mapped[str | None] = mapped_column(NfcString(500))
    note: Mapped[str | None] = mapped_column(NfcString(500))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ShownProduct(Base):
    """A product that an exhibitor shows at its booth."""

    __tablename__ = "shown_product"

    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)


class EventOutcome(Base):
    """What came of an event for an exhibitor: a contact, an order or a memorandum, with whom.

    `amount_vnd` is whole đồng, None for a contact or where nothing was agreed.
    """

    __tablename__ = "event_outcome"
    __table_args__ = (
        CheckConstraint("kind IN ('contact','order','memorandum')", name="kind_known"),
        CheckConstraint("amount_vnd IS NULL OR amount_vnd > 0", name="amount_positive"),
        Index("ix_event_outcome_participation_id", "participation_id"),
    )

    id: Mapped[Id]
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"))
    kind: Mapped[str] = mapped_column(String(12))
    with_whom: Mapped[str] = mapped_column(NfcString(200))
    amount_vnd: Mapped[int | None] = mapped_column(BigInt)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
