"""An OCOP recognition of a product: the decision, its stars and the days it covers."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.types import Thousandths
from core.db import Base, Id, NfcString, NfcText, UtcDateTime

if TYPE_CHECKING:
    from catalog.models.product import Product

ISSUING_LEVELS = ("district", "province", "central")


class Certificate(Base):
    """A recognition; verifiable only with a decision number and a date, and only then a claim.

    A decision number repeats between provinces and years and one decision names many products, so
    the key is number + date + issuer + product.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("decision_number", "issued_on", "issuer", "product_id"),
        CheckConstraint("scheme IN ('ocop')", name="scheme_known"),
        CheckConstraint("stars IS NULL OR (stars >= 3 AND stars <= 5)", name="stars_range"),
        CheckConstraint(
            "stars IS NOT NULL OR decision_number IS NULL OR issued_on IS NULL",
            name="verified_has_stars",
        ),
        CheckConstraint(
            "valid_to IS NULL OR (issued_on IS NOT NULL AND valid_to > issued_on)",
            name="valid_to_needs_issued_on",
        ),
        CheckConstraint("issued_on IS NULL OR valid_to IS NOT NULL", name="issued_has_valid_to"),
        CheckConstraint(
            "issuing_level IS NULL OR issuing_level IN ('district','province','central')",
            name="issuing_level_known",
        ),
        Index("ix_certificate_product_id", "product_id", "issued_on", "id"),
        Index("ix_certificate_valid_to", "valid_to"),
    )

    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    scheme: Mapped[str] = mapped_column(String(16), default="ocop")
    decision_number: Mapped[str | None] = mapped_column(NfcString(80))
    issued_on: Mapped[date | None]
    issuer: Mapped[str | None] = mapped_column(NfcString(200))
    issuing_level: Mapped[str | None] = mapped_column(String(12))
    stars: Mapped[int | None]
    score: Mapped[Decimal | None] = mapped_column(Thousandths)
    score_a: Mapped[Decimal | None] = mapped_column(Thousandths)
    score_b: Mapped[Decimal | None] = mapped_column(Thousandths)
    score_c: Mapped[Decimal | None] = mapped_column(Thousandths)
    valid_to: Mapped[date | None]
    rating_year: Mapped[int | None]
    revoked_on: Mapped[date | None]
    revoked_reason: Mapped[str | None] = mapped_column(NfcText)
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str | None] = mapped_column(NfcText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    product: Mapped[Product] = relationship(back_populates="certificates")
