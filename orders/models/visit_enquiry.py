"""Somebody asks a producer for a day: what was asked, what was answered, where it stands."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, NfcString, NfcText, UtcDateTime
from orders.rules.visits import VisitState


class VisitEnquiry(Base):
    """One enquiry; no money and no stock is bound by it.

    `public_token` opens its page to whoever asked; `form_token` (a digest) makes a form that is sent
    twice one enquiry. Contact data and words are blanked (`forgotten_at`) some time after the day.
    """

    __tablename__ = "visit_enquiry"
    __table_args__ = (
        CheckConstraint(
            f"state IN ({', '.join(repr(str(state)) for state in VisitState)})", name="state_known"
        ),
        CheckConstraint("people > 0", name="people_positive"),
        CheckConstraint(
            "email IS NOT NULL OR phone IS NOT NULL OR forgotten_at IS NOT NULL",
            name="can_be_answered",
        ),
        Index("ix_visit_enquiry_producer_id", "producer_id", "state", "id"),
        Index("ix_visit_enquiry_wished_on", "wished_on"),
    )

    id: Mapped[Id]
    public_token: Mapped[str] = mapped_column(String(64), unique=True)
    form_token: Mapped[str] = mapped_column(String(64), unique=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    producer_id: Mapped[int] = mapped_column(ForeignKey("producer.id"))
    product_name: Mapped[str] = mapped_column(NfcString(300))
    wished_on: Mapped[date]
    people: Mapped[int]
    name: Mapped[str] = mapped_column(NfcString(120))
    email: Mapped[str | None] = mapped_column(NfcString(254))
    phone: Mapped[str | None] = mapped_column(String(20))
    message: Mapped[str | None] = mapped_column(NfcText)
    locale: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default=VisitState.NEW.value)
    answer: Mapped[str | None] = mapped_column(NfcText)
    steps: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    forgotten_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
