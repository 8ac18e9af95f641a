"""A picture of a product or of its producer: whose it is, its place in the row, and what it shows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, Synonym, mapped_column, synonym

from core.db import Base, Id, NfcString, UtcDateTime


class Media(Base):
    """One picture. Without a product it shows the producer itself. The first of a row is the main one.

    `digest` is the SHA-256 of the cleaned picture as it is kept (`catalog.pictures`), `width` and
    `height` its size in pixels after turning it upright. `alt` says in Vietnamese what is to be seen;
    other languages are translations. It is shown once its renditions are made (`ready_at`) and until
    it is removed; a removed one can be put back for some weeks.
    """

    __tablename__ = "media"
    __table_args__ = (
        CheckConstraint("width > 0 AND height > 0", name="size_known"),
        Index("ix_media_product_id", "product_id", "position", "id"),
        Index("ix_media_producer_id", "producer_id", "position", "id"),
        Index("ix_media_digest", "digest"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(80), unique=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producer.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    digest: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    position: Mapped[int]
    alt: Mapped[str | None] = mapped_column(NfcString(300))
    file_name: Mapped[str] = mapped_column(NfcString(200))
    version: Mapped[int] = mapped_column(default=1)
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    name: Synonym[str | None] = synonym("alt")
    """What it is called where its texts are translated."""
