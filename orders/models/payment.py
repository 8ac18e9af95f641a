"""Tables of payments: attempts we started, news from providers, money that truly came and that went back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigInt, Id, Json, NfcString, NfcText, UtcDateTime, partial_index


class PaymentAttempt(Base):
    """One try of a buyer to pay an order in one way."""

    __tablename__ = "payment_attempt"
    __table_args__ = (
        UniqueConstraint("order_id", "n"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("state IN ('pending', 'succeeded', 'failed', 'expired')", name="state"),
    )

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(BigInt, ForeignKey("customer_order.id"))
    n: Mapped[int] = mapped_column(Integer)
    provider: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(64), unique=True)
    """What the provider gives back to us to find the attempt; also its idempotency key."""
    amount_minor: Mapped[int] = mapped_column(BigInt)
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(16), default="pending")
    provider_session: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ProviderEventRow(Base):
    """The inbox: every piece of news from a provider, once, with what became of it."""

    __tablename__ = "provider_event"
    __table_args__ = (UniqueConstraint("provider", "event_id"),)

    id: Mapped[Id]
    provider: Mapped[str] = mapped_column(String(20))
    event_id: Mapped[str] = mapped_column(NfcString(200))
    kind: Mapped[str] = mapped_column(String(40))
    raw: Mapped[dict[str, Any]] = mapped_column(Json)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    order_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("customer_order.id"), index=True
    )
    outcome: Mapped[str] = mapped_column(String(24))


class Payment(Base):
    """Money that came, once for each reference of the provider.

    ``refund_due_minor`` is what of it must go back, ``refunded_minor`` what of that is back already; the
    difference is the refund queue.
    """

    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("provider", "provider_ref"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint(
            "0 <= refund_due_minor AND refund_due_minor <= amount_minor", name="refund_due"
        ),
        CheckConstraint(
            "0 <= refunded_minor AND refunded_minor <= refund_due_minor", name="refunded"
        ),
        partial_index(
            "ix_payment_refund_queue",
            "recorded_at",
            where="refund_due_minor > refunded_minor",
        ),
    )

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(BigInt, ForeignKey("customer_order.id"), index=True)
    attempt_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("payment_attempt.id"))
    provider: Mapped[str] = mapped_column(String(20))
    provider_ref: Mapped[str] = mapped_column(NfcString(200))
    amount_minor: Mapped[int] = mapped_column(BigInt)
    currency: Mapped[str] = mapped_column(String(3))
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    refund_due_minor: Mapped[int] = mapped_column(BigInt, default=0)
    refunded_minor: Mapped[int] = mapped_column(BigInt, default=0, server_default="0")
    refund_reason: Mapped[str | None] = mapped_column(String(24))
    note: Mapped[str | None] = mapped_column(NfcText)


class Refund(Base):
    """One transfer back to a buyer, once for each reference of the bank. Never changed."""

    __tablename__ = "refund"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("bank_reference <> ''", name="reference"),
    )

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(BigInt, ForeignKey("customer_order.id"), index=True)
    amount_minor: Mapped[int] = mapped_column(BigInt)
    currency: Mapped[str] = mapped_column(String(3))
    bank_reference: Mapped[str] = mapped_column(NfcString(60), unique=True)
    paid_on: Mapped[date] = mapped_column(Date)
    """The day on the bank's statement, Vietnam time."""
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("person.id"))
    actor_name: Mapped[str] = mapped_column(NfcString(200))
