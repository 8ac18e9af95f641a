"""What was read from files: the runs, every line of them as it stood there, and the saved column mappings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Json, NfcString, UtcDateTime


class ImportRun(Base):
    """One file read for good. `digest` is the SHA-256 of its bytes; `finished_at` is empty while it was broken off."""

    __tablename__ = "import_run"
    __table_args__ = (Index("ix_import_run_digest", "digest", "id"),)

    id: Mapped[Id]
    digest: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(NfcString(300))
    kind: Mapped[str] = mapped_column(String(16))
    actor_name: Mapped[str] = mapped_column(NfcString(200))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportLine(Base):
    """One line of a run: what stood in each column, known or not, what became of it, and what is wrong with it.

    Lines with status "review" wait for a person; `product_id` is empty where nothing was stored.
    """

    __tablename__ = "import_line"
    __table_args__ = (
        UniqueConstraint("run_id", "sheet", "line"),
        CheckConstraint(
            "status IN ('import','import_incomplete','duplicate','review','reject')",
            name="status_known",
        ),
        Index("ix_import_line_product_id", "product_id"),
        Index("ix_import_line_status", "status", "run_id"),
    )

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    sheet: Mapped[str] = mapped_column(NfcString(80), default="")
    line: Mapped[int]
    status: Mapped[str] = mapped_column(String(20))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    raw: Mapped[dict[str, Any]] = mapped_column(Json)
    errors: Mapped[list[str]] = mapped_column(Json)


class ImportMapping(Base):
    """Which column of a source is which: `columns` maps its folded headings to our names; used again by itself."""

    __tablename__ = "import_mapping"
    __table_args__ = (UniqueConstraint("source"),)

    id: Mapped[Id]
    source: Mapped[str] = mapped_column(NfcString(120))
    columns: Mapped[dict[str, str]] = mapped_column(Json)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProfileColumns(Base):
    """What a producer said about columns of another program's files that the shipped profile does not know."""

    __tablename__ = "profile_columns"
    __table_args__ = (UniqueConstraint("producer_id", "profile"),)

    id: Mapped[Id]
    producer_id: Mapped[int] = mapped_column(ForeignKey("producer.id"))
    profile: Mapped[str] = mapped_column(String(24))
    columns: Mapped[dict[str, str]] = mapped_column(Json)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
