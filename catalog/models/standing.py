"""What happens to papers, licences and protected names: suspensions, and warnings that were given."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigInt, Id, NfcText, UtcDateTime


class SuspensionRow(Base):
    """Days on which exactly one thing gives no right, both inclusive; `ends_on` empty until lifted."""

    __tablename__ = "suspension"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN paper_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN licence_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN protected_name_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="of_one_thing",
        ),
        Index("ix_suspension_paper_id", "paper_id"),
        Index("ix_suspension_licence_id", "licence_id"),
        Index("ix_suspension_protected_name_id", "protected_name_id"),
    )

    id: Mapped[Id]
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("paper.id"))
    licence_id: Mapped[int | None] = mapped_column(ForeignKey("licence.id"))
    protected_name_id: Mapped[int | None] = mapped_column(ForeignKey("protected_name.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(NfcText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EndWarning(Base):
    """A warning that something ends: once for each threshold of days before one last day.

    `subject_kind` is certificate, paper or licence and `subject_id` its row.
    """

    __tablename__ = "end_warning"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "last_day", "threshold"),
        CheckConstraint(
            "subject_kind IN ('certificate','paper','licence')", name="subject_kind_known"
        ),
        Index("ix_end_warning_producer_id", "producer_id"),
    )

    id: Mapped[Id]
    subject_kind: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[int] = mapped_column(BigInt)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producer.id"))
    last_day: Mapped[date]
    threshold: Mapped[int]
    warned_on: Mapped[date]
