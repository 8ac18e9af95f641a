"""Tables of livestream sessions: who speaks and when, what is set aside at which price, what happened."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigInt, Id, Json, NfcString, NfcText, UtcDateTime
from orders.rules.live import HOST_ROLES, LiveState


def _one_of(column: str, values: Any) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


class LiveSession(Base):
    """One livestream of one producer, on platforms of others: we keep links, never their scripts.

    Of the host's identity only the fact of the check is kept: no number, no picture of a document.
    `recording_*` say where the recording lies and until when the law wants it kept
    (`recording_rule` names the version of the rule, `catalog.rules.regulation`).
    """

    __tablename__ = "live_session"
    __table_args__ = (
        CheckConstraint(_one_of("state", LiveState), name="state"),
        CheckConstraint(_one_of("host_role", HOST_ROLES), name="host_role"),
        CheckConstraint("starts_at < ends_at", name="times"),
        CheckConstraint(
            "(host_checked_at IS NULL) = (host_checked_by IS NULL)", name="host_checked"
        ),
        Index("ix_live_session_producer_id", "producer_id", "starts_at"),
        Index("ix_live_session_state_starts_at", "state", "starts_at"),
    )

    id: Mapped[Id]
    producer_id: Mapped[int] = mapped_column(BigInt, ForeignKey("producer.id"))
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(NfcString(160))
    summary: Mapped[str | None] = mapped_column(NfcText)
    host_name: Mapped[str] = mapped_column(NfcString(120))
    host_role: Mapped[str] = mapped_column(String(16))
    host_checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    host_checked_by: Mapped[str | None] = mapped_column(NfcString(200))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    links: Mapped[dict[str, str]] = mapped_column(Json)
    """Platform → https address; the platforms are those of `orders.rules.live.PLATFORMS`."""
    state: Mapped[str] = mapped_column(String(16), default=LiveState.PLANNED.value)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the papers were last found complete; stays when the session has to be checked again."""
    over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was ended or cancelled."""
    replay_url: Mapped[str | None] = mapped_column(String(400))
    recording_place: Mapped[str | None] = mapped_column(NfcString(200))
    recording_ref: Mapped[str | None] = mapped_column(NfcString(200))
    recording_kept_until: Mapped[date | None]
    recording_rule: Mapped[str | None] = mapped_column(String(100))
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(BigInt, default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LiveText(Base):
    """Title and summary of a session in another language than Vietnamese."""

    __tablename__ = "live_text"

    session_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("live_session.id", ondelete="CASCADE"), primary_key=True,
        autoincrement=False,
    )  # fmt: skip
    locale: Mapped[str] = mapped_column(String(12), primary_key=True)
    title: Mapped[str] = mapped_column(NfcString(160))
    summary: Mapped[str | None] = mapped_column(NfcText)


class LiveItem(Base):
    """One package in a session at its locked price.

    While `is_open`, `set_aside - taken` pieces are promised to the session: they are part of
    `stock_item.reserved`, nobody else can buy them, and the session cannot sell more. Closing gives
    what is left back to the shelf, once. `ad_number` names the confirmation of the advertisement's
    content where the class of goods needs one.
    """

    __tablename__ = "live_item"
    __table_args__ = (
        UniqueConstraint("session_id", "package_id"),
        CheckConstraint("price_minor > 0", name="price"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("0 <= taken AND taken <= set_aside", name="taken_was_set_aside"),
        CheckConstraint("NOT is_open OR set_aside > 0", name="open_holds_something"),
    )

    id: Mapped[Id]
    session_id: Mapped[int] = mapped_column(BigInt, ForeignKey("live_session.id"))
    package_id: Mapped[int] = mapped_column(BigInt, ForeignKey("package.id"), index=True)
    price_minor: Mapped[int] = mapped_column(BigInt)
    currency: Mapped[str] = mapped_column(String(3))
    quantity: Mapped[int] = mapped_column(BigInt)
    """How many the producer wants set aside."""
    set_aside: Mapped[int] = mapped_column(BigInt, default=0)
    taken: Mapped[int] = mapped_column(BigInt, default=0)
    is_open: Mapped[bool] = mapped_column(default=False)
    ad_number: Mapped[str | None] = mapped_column(NfcString(80))
    ad_issued_on: Mapped[date | None]


class LiveEvent(Base):
    """One thing that happened to a session: who did what, from which state to which. Never changed."""

    __tablename__ = "live_event"

    id: Mapped[Id]
    session_id: Mapped[int] = mapped_column(BigInt, ForeignKey("live_session.id"), index=True)
    event: Mapped[str] = mapped_column(String(24))
    from_state: Mapped[str | None] = mapped_column(String(16))
    to_state: Mapped[str] = mapped_column(String(16))
    actor_name: Mapped[str] = mapped_column(NfcString(200))
    actor_person_id: Mapped[int | None] = mapped_column(BigInt)
    acting_for: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(NfcText)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
