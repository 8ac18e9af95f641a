"""News and guides that the programme office writes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, Synonym, mapped_column, synonym

from core.db import Base, Id, NfcString, NfcText, UtcDateTime

ARTICLE_KINDS = ("news", "guide", "producers")


class Article(Base):
    """News, a guide, or something for producers; `body` is Markdown, `published_on` its date.

    `media_id` is a picture of a product or producer that stands above it.
    """

    __tablename__ = "article"
    __table_args__ = (
        CheckConstraint("kind IN ('news','guide','producers')", name="kind_known"),
        CheckConstraint("state IN ('draft','published','withdrawn')", name="state_known"),
        CheckConstraint(
            "state <> 'published' OR published_on IS NOT NULL", name="dated_when_published"
        ),
        Index("ix_article_published_on", "published_on", "id"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(NfcString(300))
    summary: Mapped[str | None] = mapped_column(NfcText)
    body: Mapped[str | None] = mapped_column(NfcText)
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"))
    state: Mapped[str] = mapped_column(String(12), default="draft")
    published_on: Mapped[date | None]
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    code: Synonym[str] = synonym("slug")
    """What files of translations call it by."""
