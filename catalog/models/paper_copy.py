"""The copy of a paper: a photo or PDF that its producer sent, for the producer and the programme office only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigInt, Id, NfcString, UtcDateTime


class PaperCopy(Base):
    """One file beside one entry of the ledger: an OCOP decision, a paper or a licence.

    `digest` is the SHA-256 of the file as it is kept; a picture is kept as its pixels only. A removed
    copy leaves its row; its file goes when no other row names it.
    """

    __tablename__ = "paper_copy"
    __table_args__ = (
        CheckConstraint("kind IN ('picture','pdf')", name="kind_known"),
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint(
            "(CASE WHEN certificate_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN paper_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN licence_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="of_one_entry",
        ),
        Index("ix_paper_copy_certificate_id", "certificate_id"),
        Index("ix_paper_copy_paper_id", "paper_id"),
        Index("ix_paper_copy_licence_id", "licence_id"),
        Index("ix_paper_copy_digest", "digest"),
    )

    id: Mapped[Id]
    producer_id: Mapped[int] = mapped_column(ForeignKey("producer.id"))
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("paper.id"))
    licence_id: Mapped[int | None] = mapped_column(ForeignKey("licence.id"))
    digest: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(8))
    size: Mapped[int] = mapped_column(BigInt)
    file_name: Mapped[str] = mapped_column(NfcString(120), default="")
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_by: Mapped[str] = mapped_column(NfcString(200))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
