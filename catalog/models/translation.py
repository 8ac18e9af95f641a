"""Text of the catalogue in a language other than Vietnamese, field by field, with its history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Index,
    String,
    UniqueConstraint,
    event,
    false,
    inspect,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from catalog.rules.translation import digest
from core.db import Base, BigInt, Id, NfcString, NfcText, UtcDateTime

TRANSLATABLE = {
    "product": (
        "name",
        "summary",
        "description",
        "ingredients",
        "usage",
        "storage_note",
        "warnings",
    ),
    "producer": ("story",),
    "media": ("alt",),
    "trade_event": ("name", "description"),
    "collection": ("name", "description"),
    "article": ("name", "summary", "body"),
}
_KIND_KNOWN = f"entity_kind IN ({','.join(repr(kind) for kind in TRANSLATABLE)})"


class Translation(Base):
    """One field in one language as it stands: what buyers read, or a draft while there is no better.

    `source_digest` tells which Vietnamese text it was made from; `is_stale` says that this text has
    changed since (kept by `_mark_what_is_old`, checked by `ocop translations check`).
    """

    __tablename__ = "translation"
    __table_args__ = (
        UniqueConstraint("entity_kind", "entity_id", "field", "locale"),
        CheckConstraint(_KIND_KNOWN, name="entity_kind_known"),
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
    is_stale: Mapped[bool] = mapped_column(default=False, server_default=false())
    author: Mapped[str] = mapped_column(NfcString(200))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TranslationEntry(Base):
    """One state a translation once had: rows are only ever added (triggers refuse anything else).

    `status` is draft, machine, reviewed or removed; `origin` says how it came: by hand, from a file of a
    translator, from a machine, with an import of listings, because the source changed, or carried over
    from before there was a history. `source_text` is the Vietnamese it was made from, None if unknown.
    """

    __tablename__ = "translation_entry"
    __table_args__ = (
        CheckConstraint(_KIND_KNOWN, name="entity_kind_known"),
        CheckConstraint("status IN ('draft','machine','reviewed','removed')", name="status_known"),
        CheckConstraint(
            "origin IN ('hand','file','machine','import','source','carried')", name="origin_known"
        ),
        Index("ix_translation_entry_thing", "entity_kind", "entity_id", "locale", "field", "id"),
    )

    id: Mapped[Id]
    entity_kind: Mapped[str] = mapped_column(String(12))
    entity_id: Mapped[int] = mapped_column(BigInt)
    field: Mapped[str] = mapped_column(String(24))
    locale: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(NfcText)
    status: Mapped[str] = mapped_column(String(12))
    is_stale: Mapped[bool]
    source_digest: Mapped[str] = mapped_column(String(64))
    source_text: Mapped[str | None] = mapped_column(NfcText)
    origin: Mapped[str] = mapped_column(String(8))
    author: Mapped[str] = mapped_column(NfcString(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


@event.listens_for(Session, "before_flush")
def _mark_what_is_old(session: Session, _context: Any, _instances: Any) -> None:
    """Mark the translations of every Vietnamese text that is about to change, whoever changes it."""
    for thing in session.dirty:
        kind = getattr(type(thing), "__tablename__", "")
        if kind not in TRANSLATABLE:
            continue
        state = inspect(thing)
        changed = [
            field for field in TRANSLATABLE[kind] if state.attrs[field].history.has_changes()
        ]
        if not changed:
            continue
        rows = session.scalars(
            select(Translation).where(
                Translation.entity_kind == kind,
                Translation.entity_id == thing.id,
                Translation.field.in_(changed),
            )
        )
        for row in rows:
            _mark(session, row, getattr(thing, row.field), thing.updated_at)


def _mark(session: Session, row: Translation, source: str | None, at: datetime) -> None:
    is_stale = row.source_digest != digest(source)
    # A text whose source is gone speaks of nothing: it is kept, but nobody is shown it.
    status = "draft" if is_stale and not source else row.status
    if (row.is_stale, row.status) == (is_stale, status):
        return
    row.is_stale, row.status = is_stale, status
    session.add(
        TranslationEntry(
            entity_kind=row.entity_kind,
            entity_id=row.entity_id,
            field=row.field,
            locale=row.locale,
            text=row.text,
            status=status,
            is_stale=is_stale,
            source_digest=row.source_digest,
            source_text=source,
            origin="source",
            author="",
            at=at,
        )
    )
