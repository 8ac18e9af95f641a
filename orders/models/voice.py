"""Tables of what buyers say: reviews of what arrived, questions about goods, wholesale requests."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigInt, Id, NfcString, NfcText, UtcDateTime
from orders.rules.voices import (
    LONGEST_NAME,
    MOST_POINTS,
    QUESTION,
    REFUSALS,
    REVIEW,
    UNITS,
    WHOLESALE,
    states,
)


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Review(Base):
    """What the buyer of one order line says about it; only illustrative ones stand without an order.

    A change holds it again and drops the producer's answer, which spoke to another text. Withdrawing
    deletes the row.
    """

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint(_one_of("state", states(REVIEW, "held")), name="state"),
        CheckConstraint(f"points BETWEEN 1 AND {MOST_POINTS}", name="points"),
        CheckConstraint(_one_of("refusal", REFUSALS), name="refusal_known"),
        CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name="refused_with_reason"),
        CheckConstraint("order_line_id IS NOT NULL OR is_illustrative", name="bought"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer"),
        Index("ix_review_product_id_state", "product_id", "state", "id"),
        Index("ix_review_producer_id", "producer_id", "id"),
        Index("ix_review_state", "state", "id"),
    )

    id: Mapped[Id]
    order_line_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("order_line.id"), unique=True
    )
    product_id: Mapped[int] = mapped_column(BigInt, ForeignKey("product.id"))
    producer_id: Mapped[int] = mapped_column(BigInt, ForeignKey("producer.id"))
    points: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(NfcText)
    shown_name: Mapped[str | None] = mapped_column(NfcString(LONGEST_NAME))
    """What the buyer wants to be called; None shows nobody's name."""
    locale: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default="held")
    refusal: Mapped[str | None] = mapped_column(String(24))
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)
    """Counts the changes of the text, so that nobody decides about one they have not read."""
    answer: Mapped[str | None] = mapped_column(NfcText)
    answer_locale: Mapped[str | None] = mapped_column(String(12))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Question(Base):
    """What somebody wants to know about a product; nobody reads it before there is an answer."""

    __tablename__ = "product_question"
    __table_args__ = (
        CheckConstraint(_one_of("state", states(QUESTION, "held")), name="state"),
        CheckConstraint(_one_of("refusal", REFUSALS), name="refusal_known"),
        CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name="refused_with_reason"),
        CheckConstraint("state <> 'answered' OR answer IS NOT NULL", name="answered"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer"),
        Index("ix_product_question_product_id_state", "product_id", "state", "id"),
        Index("ix_product_question_producer_id_state", "producer_id", "state", "id"),
    )

    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(BigInt, ForeignKey("product.id"))
    producer_id: Mapped[int] = mapped_column(BigInt, ForeignKey("producer.id"))
    text: Mapped[str] = mapped_column(NfcText)
    locale: Mapped[str] = mapped_column(String(12))
    email: Mapped[str | None] = mapped_column(NfcString(254))
    """Only to send the answer to; forgotten when it is sent, and after ninety days at the latest."""
    state: Mapped[str] = mapped_column(String(12), default="held")
    refusal: Mapped[str | None] = mapped_column(String(24))
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(NfcText)
    answer_locale: Mapped[str | None] = mapped_column(String(12))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_office: Mapped[bool] = mapped_column(default=False)


class WholesaleRequest(Base):
    """A trade buyer's enquiry to one producer about one product, and what the producer replied."""

    __tablename__ = "wholesale_request"
    __table_args__ = (
        CheckConstraint(_one_of("state", states(WHOLESALE, "new")), name="state"),
        CheckConstraint(_one_of("unit", UNITS), name="unit"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("state = 'new' OR reply IS NOT NULL", name="replied"),
        CheckConstraint("(reply IS NULL) = (replied_at IS NULL)", name="reply"),
        Index("ix_wholesale_request_producer_id_state", "producer_id", "state", "id"),
    )

    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(BigInt, ForeignKey("product.id"))
    producer_id: Mapped[int] = mapped_column(BigInt, ForeignKey("producer.id"))
    person: Mapped[str] = mapped_column(NfcString(120))
    company: Mapped[str] = mapped_column(NfcString(200))
    country: Mapped[str] = mapped_column(String(2))
    email: Mapped[str] = mapped_column(NfcString(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    quantity: Mapped[int] = mapped_column(BigInt)
    unit: Mapped[str] = mapped_column(String(12))
    needed_by: Mapped[date | None] = mapped_column(Date)
    wishes: Mapped[str | None] = mapped_column(NfcText)
    locale: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default="new")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Also the moment of the consent: the form cannot be sent without it."""
    reply: Mapped[str | None] = mapped_column(NfcText)
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
