"""The tables of the feeds: numbered batches, their lines and files, and what each partner accepted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, BigInt, Id, Json, NfcString, NfcText, UtcDateTime

BATCH_STATES = ("built", "sending", "unknown", "sent", "acknowledged", "superseded")
"""``unknown``: the connection broke; the same bytes may be sent again under the same names."""

LINE_STATES = ("pending", "sent", "received", "accepted", "rejected", "superseded")
ACTIONS = ("add", "change", "withdraw")
ITEM_STATES = ("accepted", "rejected", "withdrawn")
OUTCOMES = ("applied", "unknown_batch", "unreadable", "nothing_new")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class FeedSequence(Base):
    """The last batch number given to a partner; its row lock lets one build per partner run at a time."""

    __tablename__ = "feed_sequence"

    partner: Mapped[str] = mapped_column(String(60), primary_key=True)
    last_number: Mapped[int] = mapped_column(Integer, default=0, server_default="0")


class FeedBatch(Base):
    """One numbered delivery to one partner. Content never changes; only its fate is written down."""

    __tablename__ = "feed_batch"
    __table_args__ = (
        UniqueConstraint("partner", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("kind IN ('delta', 'full')", name="kind"),
        CheckConstraint(_one_of("state", BATCH_STATES), name="state"),
        Index("ix_feed_batch_state", "state", "ack_due_at"),
    )

    id: Mapped[Id]
    partner: Mapped[str] = mapped_column(String(60))
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20), default="built", server_default="built")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    item_count: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ack_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    receipt: Mapped[dict[str, Any] | None] = mapped_column(Json)
    last_error: Mapped[str | None] = mapped_column(NfcText)

    lines: Mapped[list[FeedBatchLine]] = relationship(
        back_populates="batch", order_by="FeedBatchLine.line_no"
    )
    files: Mapped[list[FeedBatchFile]] = relationship(
        back_populates="batch", order_by="FeedBatchFile.name"
    )
    check: Mapped[FeedBatchCheck | None] = relationship(viewonly=True)


class FeedBatchFile(Base):
    """One rendered file of a batch, kept byte for byte: what is sent again is what was sent before."""

    __tablename__ = "feed_batch_file"
    __table_args__ = (UniqueConstraint("batch_id", "name"),)

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(BigInt, ForeignKey("feed_batch.id"))
    name: Mapped[str] = mapped_column(String(120))
    format: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    batch: Mapped[FeedBatch] = relationship(back_populates="files")


class FeedBatchCheck(Base):
    """What was found in the files of a batch: only a good one is sent. No row: nobody has looked yet."""

    __tablename__ = "feed_batch_check"

    batch_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("feed_batch.id"), primary_key=True, autoincrement=False
    )
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_good: Mapped[bool]
    faults: Mapped[list[dict[str, Any]]] = mapped_column(Json)


class FeedBatchLine(Base):
    """One item in one batch: what we said about it and what the partner answered."""

    __tablename__ = "feed_batch_line"
    __table_args__ = (
        UniqueConstraint("batch_id", "line_no"),
        UniqueConstraint("batch_id", "item_key"),
        CheckConstraint("line_no > 0", name="line_no_positive"),
        CheckConstraint(_one_of("action", ACTIONS), name="action"),
        CheckConstraint(_one_of("state", LINE_STATES), name="state"),
        Index("ix_feed_batch_line_item_key", "item_key", "batch_id"),
        Index("ix_feed_batch_line_package_id", "package_id"),
    )

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(BigInt, ForeignKey("feed_batch.id"))
    line_no: Mapped[int] = mapped_column(Integer)
    package_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("package.id"))
    item_key: Mapped[str] = mapped_column(String(14))
    action: Mapped[str] = mapped_column(String(10))
    content_hash: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(12), default="pending", server_default="pending")
    reason_code: Mapped[str | None] = mapped_column(NfcString(60))
    reason_text: Mapped[str | None] = mapped_column(NfcText)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    batch: Mapped[FeedBatch] = relationship(back_populates="lines")


class FeedItem(Base):
    """What a partner knows of an item: the content it last accepted, and its newest answer."""

    __tablename__ = "feed_item"
    __table_args__ = (
        UniqueConstraint("partner", "item_key"),
        CheckConstraint(_one_of("state", ITEM_STATES), name="state"),
    )

    id: Mapped[Id]
    partner: Mapped[str] = mapped_column(String(60))
    item_key: Mapped[str] = mapped_column(String(14))
    package_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("package.id"))
    accepted_hash: Mapped[str | None] = mapped_column(String(64))
    accepted_payload: Mapped[dict[str, Any] | None] = mapped_column(Json)
    accepted_batch: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(12))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FeedAcknowledgement(Base):
    """One answer file as it arrived, whatever became of it; the same bytes are booked only once."""

    __tablename__ = "feed_acknowledgement"
    __table_args__ = (
        UniqueConstraint("partner", "sha256"),
        CheckConstraint(_one_of("outcome", OUTCOMES), name="outcome"),
        Index("ix_feed_acknowledgement_partner", "partner", "id"),
    )

    id: Mapped[Id]
    partner: Mapped[str] = mapped_column(String(60))
    file_name: Mapped[str] = mapped_column(NfcString(200))
    sha256: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    batch_number: Mapped[int | None] = mapped_column(Integer)
    raw: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    outcome: Mapped[str] = mapped_column(String(20))
    report: Mapped[dict[str, Any]] = mapped_column(Json)


class FeedHeldItem(Base):
    """A package that could not go into the newest batch, with every reason; rewritten by each build."""

    __tablename__ = "feed_held_item"
    __table_args__ = (UniqueConstraint("partner", "package_id"),)

    id: Mapped[Id]
    partner: Mapped[str] = mapped_column(String(60))
    package_id: Mapped[int] = mapped_column(BigInt, ForeignKey("package.id"))
    sku: Mapped[str] = mapped_column(NfcString(64))
    name: Mapped[str] = mapped_column(NfcString(300))
    problems: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
