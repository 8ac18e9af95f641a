"""Text of a product or producer in a language other than Vietnamese, field by field."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigInt, Id, NfcString, NfcText, UtcDateTime

TRANSLATABLE = {
    "product": ("name", "summary", "description", "ingredients", "usage", "storage_note"),
    "producer": ("story",),
}


class Translation(Base):
    """One field in one language; `source_digest` tells which Vietnamese text it was made from."""

    __tablename__ = "translation"
    __table_args__ = (
        UniqueConstraint("entity_kind", "entity_id", "field", "locale"),
        CheckConstraint("entity_kind IN ('product','producer')", name="entity_kind_known"),
        CheckConstraint("status IN ('draft','machine','reviewed')", name="status_known"),
        CheckConstraint("locale <> 'vi'", name="not_the_source_language"),
    )

    id: Mapped[Id]
    entity_kind: Mapped[str] = mapped_column(String(12))
    entity_id: Mapped[int] = mapped_column(BigInt)
    field: Mapped[str] = mapped_column(String(24))
    locale: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(NfcText)
    status: Mapped[str] = mapped_column(String(12))
    source_digest: Mapped[str] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(NfcString(200))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
