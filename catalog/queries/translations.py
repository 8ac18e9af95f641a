"""Translations as people who work on them see them: side by side, with drafts and history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models import Translation
from catalog.models.translation import TRANSLATABLE, TranslationEntry
from catalog.queries.translatable import called, find_thing, producer_of
from catalog.rules.fallback import is_shown
from catalog.rules.translation import digest


@dataclass(frozen=True, slots=True)
class TranslationState:
    """A stored translation; `is_stale` when the Vietnamese text has changed since it was made."""

    field: str
    locale: str
    text: str
    status: str
    author: str
    is_stale: bool


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry of the history, newest first in lists."""

    id: int
    field: str
    locale: str
    text: str
    status: str
    is_stale: bool
    source_text: str | None
    origin: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field side by side: the Vietnamese text, what is stored, and a draft that waits beside it.

    `help` is the English text for a translator who knows no Vietnamese; `newest` the number of the
    newest entry of the history (0: none), by which two people who write at once are told apart;
    `older_source` the Vietnamese text the translation was made from when that is not the present one.
    """

    field: str
    source: str
    stored: TranslationState | None
    draft: EntryView | None
    help: str | None
    newest: int
    older_source: str | None

    @property
    def is_shown(self) -> bool:
        """Whether buyers read the stored text."""
        it = self.stored
        return it is not None and is_shown(self.field, it.status, is_stale=it.is_stale)


@dataclass(frozen=True, slots=True)
class Review:
    """A thing of the catalogue in one language, for the page where it is translated and reviewed.

    `producer_id` is None for what the programme office writes.
    """

    entity_kind: str
    entity_id: int
    name: str
    producer_id: int | None
    locale: str
    fields: tuple[FieldView, ...]


def list_translations(session: Session, entity_kind: str, entity_id: int) -> list[TranslationState]:
    """Everything stored for a product or producer, each with whether it is stale."""
    entity = find_thing(session, entity_kind, entity_id)
    rows = session.scalars(
        select(Translation)
        .where(Translation.entity_kind == entity_kind, Translation.entity_id == entity_id)
        .order_by(Translation.field, Translation.locale)
    )
    return [_state(row, getattr(entity, row.field)) for row in rows]


def get_review(session: Session, entity_kind: str, entity_id: int, locale: str) -> Review:
    """Every field that has a Vietnamese text or a translation, side by side.

    Raises ProductNotFound, ProducerNotFound.
    """
    entity = find_thing(session, entity_kind, entity_id)
    stored = {
        (row.field, row.locale): row
        for row in session.scalars(
            select(Translation).where(
                Translation.entity_kind == entity_kind,
                Translation.entity_id == entity_id,
                Translation.locale.in_({locale, "en"}),
            )
        )
    }
    entries: dict[str, list[TranslationEntry]] = {}
    for entry in _entries(session, entity_kind, entity_id, locale):
        entries.setdefault(entry.field, []).append(entry)
    fields = []
    for field in TRANSLATABLE[entity_kind]:
        source = getattr(entity, field) or ""
        row = stored.get((field, locale))
        if not source and row is None and field not in entries:
            continue
        english = stored.get((field, "en")) if locale != "en" else None
        history = entries.get(field, [])
        fields.append(
            FieldView(
                field=field,
                source=source,
                stored=_state(row, source) if row is not None else None,
                draft=_waiting(history, row),
                help=english.text if english is not None else None,
                newest=history[0].id if history else 0,
                older_source=_older_source(history, row),
            )
        )
    return Review(
        entity_kind, entity_id, called(entity), producer_of(entity), locale, tuple(fields)
    )


def list_history(
    session: Session, entity_kind: str, entity_id: int, locale: str, *, limit: int = 500
) -> list[EntryView]:
    """Every state the translations of a thing in one language ever had, newest first."""
    find_thing(session, entity_kind, entity_id)
    found = _entries(session, entity_kind, entity_id, locale)
    return [_view(entry) for entry in found[:limit]]


def waiting_drafts(session: Session, locale: str | None = None) -> Mapping[str, int]:
    """How many drafts wait for a review in each language: stored ones and those beside a text."""
    newest = select(func.max(TranslationEntry.id)).group_by(
        TranslationEntry.entity_kind,
        TranslationEntry.entity_id,
        TranslationEntry.locale,
        TranslationEntry.field,
    )
    query = (
        select(TranslationEntry.locale, func.count())
        .where(TranslationEntry.id.in_(newest), TranslationEntry.status == "draft")
        .group_by(TranslationEntry.locale)
    )
    if locale is not None:
        query = query.where(TranslationEntry.locale == locale)
    return {row[0]: row[1] for row in session.execute(query)}


def _entries(
    session: Session, entity_kind: str, entity_id: int, locale: str
) -> list[TranslationEntry]:
    return list(
        session.scalars(
            select(TranslationEntry)
            .where(
                TranslationEntry.entity_kind == entity_kind,
                TranslationEntry.entity_id == entity_id,
                TranslationEntry.locale == locale,
            )
            .order_by(TranslationEntry.id.desc())
        )
    )


def _waiting(history: list[TranslationEntry], row: Translation | None) -> EntryView | None:
    """The draft beside a text that buyers read; a stored draft is no waiting one."""
    if not history or history[0].status != "draft" or row is None or row.status == "draft":
        return None
    return _view(history[0])


def _older_source(history: list[TranslationEntry], row: Translation | None) -> str | None:
    if row is None or not row.is_stale:
        return None
    made = (e.source_text for e in history if e.source_digest == row.source_digest)
    return next((text for text in made if text and digest(text) == row.source_digest), None)


def _state(row: Translation, source: str | None) -> TranslationState:
    return TranslationState(
        field=row.field,
        locale=row.locale,
        text=row.text,
        status=row.status,
        author=row.author,
        is_stale=row.source_digest != digest(source),
    )


def _view(entry: TranslationEntry) -> EntryView:
    return EntryView(
        id=entry.id,
        field=entry.field,
        locale=entry.locale,
        text=entry.text,
        status=entry.status,
        is_stale=entry.is_stale,
        source_text=entry.source_text,
        origin=entry.origin,
        author=entry.author,
        at=entry.at,
    )
