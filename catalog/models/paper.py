"""A paper of a producer other than an OCOP decision: what the law asks, what schemes certify, what is awarded."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, NfcString, NfcText, UtcDateTime


class Paper(Base):
    """One paper; without `product_id` it covers every product of the producer, made at `facility`.

    `issued_on` is the first day it holds and `valid_to` the last, inclusive. `checked_on` is the day on
    which the programme office compared it with the original; `evidence` names the kept copy. Rows are
    never deleted: an error is revoked with its reason. A registration or permit for a market names it
    in `market` and says in `document` which paper of that market's rules it is; the home market none.
    """

    __tablename__ = "paper"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('facility_certificate','commitment','self_declaration','registration',"
            "'test_report','haccp','iso22000','fssc22000','brcgs','vietgap','globalgap',"
            "'organic_tcvn','organic_eu','organic_jas','organic_usda','halal','asc','bap','msc',"
            "'rural_industrial','gold_brand')",
            name="kind_known",
        ),
        CheckConstraint(
            "level IS NULL OR level IN ('commune','province','region','national')",
            name="level_known",
        ),
        CheckConstraint(
            "valid_to IS NULL OR issued_on IS NULL OR valid_to >= issued_on", name="dates_ordered"
        ),
        CheckConstraint(
            "revoked_on IS NULL OR revoked_reason IS NOT NULL", name="revoked_has_reason"
        ),
        Index("ix_paper_producer_id", "producer_id", "kind"),
        Index("ix_paper_product_id", "product_id"),
        Index("ix_paper_valid_to", "valid_to"),
    )

    id: Mapped[Id]
    producer_id: Mapped[int] = mapped_column(ForeignKey("producer.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    kind: Mapped[str] = mapped_column(String(24))
    number: Mapped[str | None] = mapped_column(NfcString(80))
    issued_on: Mapped[date | None]
    valid_to: Mapped[date | None]
    issuer: Mapped[str | None] = mapped_column(NfcString(200))
    facility: Mapped[str | None] = mapped_column(NfcString(300))
    scope: Mapped[str | None] = mapped_column(NfcText)
    year: Mapped[int | None]
    level: Mapped[str | None] = mapped_column(String(12))
    market: Mapped[str | None] = mapped_column(String(2))
    document: Mapped[str | None] = mapped_column(String(40))
    evidence: Mapped[str | None] = mapped_column(NfcString(200))
    checked_on: Mapped[date | None]
    revoked_on: Mapped[date | None]
    revoked_reason: Mapped[str | None] = mapped_column(NfcText)
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
