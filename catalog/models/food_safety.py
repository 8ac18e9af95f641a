"""A food-safety paper of a producer, or of one of its products."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, NfcString, UtcDateTime


class FoodSafetyDocument(Base):
    """One paper; without `product_id` it covers every product of the producer."""

    __tablename__ = "food_safety_document"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('facility_certificate','commitment','self_declaration','registration',"
            "'haccp','iso22000','test_report')",
            name="kind_known",
        ),
        CheckConstraint(
            "valid_to IS NULL OR issued_on IS NULL OR valid_to >= issued_on", name="dates_ordered"
        ),
        Index("ix_food_safety_document_producer_id", "producer_id"),
        Index("ix_food_safety_document_product_id", "product_id"),
        Index("ix_food_safety_document_valid_to", "valid_to"),
    )

    id: Mapped[Id]
    producer_id: Mapped[int] = mapped_column(ForeignKey("producer.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    kind: Mapped[str] = mapped_column(String(24))
    number: Mapped[str | None] = mapped_column(NfcString(80))
    issued_on: Mapped[date | None]
    valid_to: Mapped[date | None]
    issuer: Mapped[str | None] = mapped_column(NfcString(200))
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
