"""Translations of a product's or producer's text: who wrote them, and whether they are still right.

Every state is kept (`TranslationEntry`). A draft never takes the place of a text that buyers read: it
waits beside it, as the newest entry, until somebody reviews or drops it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.announcing import announce_once
from catalog.errors import InvalidFields, StaleVersion
from catalog.models import Translation
from catalog.models.translation import TRANSLATABLE, TranslationEntry
from catalog.queries.translatable import MODELS, Thing, find_thing, producer_of
from catalog.queries.translations import TranslationState, list_translations
from catalog.rules.fallback import STATUSES, rule_of
from catalog.rules.translation import digest
from core import audit
from core.actor import Actor
from core.people.permissions import require
from i18n.locales import LOCALES
from i18n.text import typed

__all__ = [
    "STATUSES",
    "TranslationState",
    "digest",
    "drop_draft",
    "find_entity",
    "list_translations",
    "mend_marks",
    "producer_of",
    "set_translation",
]
LONGEST = {"name": 300, "alt": 300}
"""Characters a text may have; others are limited by the files and forms they come in."""


def set_translation(
    session: Session,
    *,
    entity_kind: str,
    entity_id: int,
    field: str,
    locale: str,
    text: str,
    status: str,
    actor: Actor,
    now: datetime,
    origin: str = "hand",
    made_from: str | None = None,
    seen: int | None = None,
) -> Translation | None:
    """Write one field in one language; an empty text removes it. None when there is nothing left.

    `made_from` is the digest of the Vietnamese text it was made from, the present one unless given.
    `seen` is the newest entry the form showed (0: none): raises StaleVersion when there is a newer
    one. Raises InvalidFields, ProductNotFound, ProducerNotFound, Forbidden too.
    """
    text = typed(text)
    _check(entity_kind, field, locale, status, text)
    entity = find_entity(session, entity_kind, entity_id)
    require(actor, "translation.edit", producer_id=producer_of(entity))
    key = (entity_kind, entity_id, field, locale)
    newest = find_newest(session, *key)
    if seen is not None and seen != (newest.id if newest is not None else 0):
        raise StaleVersion(subject="translation", seen=seen, current=newest.id if newest else 0)
    source = getattr(entity, field)
    made_from = digest(source) if made_from is None else made_from
    row = _find(session, *key)
    if row is None and not text:
        return None
    waits = status == "draft" and row is not None and row.status != "draft" and bool(text)
    wanted = (text, status, made_from)
    if waits and newest is not None:
        if (newest.text, newest.status, newest.source_digest) == wanted:
            return row
    elif (
        row is not None
        and (row.text, row.status, row.source_digest) == wanted
        and (newest is None or newest.status == status)
    ):
        return row
    is_stale = made_from != digest(source)
    if row is not None and not text:
        session.delete(row)
        row = None
    elif row is None:
        row = Translation(entity_kind=entity_kind, entity_id=entity_id, field=field, locale=locale)
        session.add(row)
    if row is not None and not waits:
        row.text, row.status, row.source_digest, row.is_stale = *wanted, is_stale
        row.author, row.updated_at = actor.name, now
    session.add(
        TranslationEntry(
            entity_kind=entity_kind,
            entity_id=entity_id,
            field=field,
            locale=locale,
            text=text,
            status=status if text else "removed",
            is_stale=is_stale,
            source_digest=made_from,
            source_text=None if is_stale else source,
            origin=origin,
            author=actor.name,
            at=now,
        )
    )
    session.flush()
    _tell(session, key, actor, now, status=status if text else "removed", origin=origin)
    return row


def drop_draft(
    session: Session,
    *,
    entity_kind: str,
    entity_id: int,
    field: str,
    locale: str,
    actor: Actor,
    now: datetime,
) -> bool:
    """Decide against a waiting draft; what buyers read stays. False when no draft waits."""
    entity = find_entity(session, entity_kind, entity_id)
    require(actor, "translation.edit", producer_id=producer_of(entity))
    key = (entity_kind, entity_id, field, locale)
    newest, row = find_newest(session, *key), _find(session, *key)
    if newest is None or newest.status != "draft":
        return False
    if row is not None and row.status == "draft":
        session.delete(row)
        row = None
    session.add(
        TranslationEntry(
            entity_kind=entity_kind,
            entity_id=entity_id,
            field=field,
            locale=locale,
            text=row.text if row is not None else "",
            status=row.status if row is not None else "removed",
            is_stale=row.is_stale if row is not None else False,
            source_digest=row.source_digest if row is not None else "",
            source_text=None,
            origin="hand",
            author=actor.name,
            at=now,
        )
    )
    session.flush()
    _tell(session, key, actor, now, status="draft dropped", origin="hand")
    return True


def mend_marks(session: Session) -> list[Translation]:
    """Set the marks of age that do not agree with the texts; returns the rows that were wrong."""
    wrong: list[Translation] = []
    for kind, model in MODELS.items():
        for field in TRANSLATABLE[kind]:
            rows = session.execute(
                select(Translation, getattr(model, field))
                .join(model, model.id == Translation.entity_id)
                .where(Translation.entity_kind == kind, Translation.field == field)
            )
            for row, source in rows:
                is_stale = row.source_digest != digest(source)
                if row.is_stale != is_stale:
                    row.is_stale = is_stale
                    wrong.append(row)
    session.flush()
    return wrong


def find_entity(session: Session, entity_kind: str, entity_id: int) -> Thing:
    """The thing whose text it is; raises ProductNotFound, ProducerNotFound, PictureNotFound."""
    return find_thing(session, entity_kind, entity_id)


def find_newest(
    session: Session, entity_kind: str, entity_id: int, field: str, locale: str
) -> TranslationEntry | None:
    """The newest entry of the history of one field in one language."""
    return session.scalar(
        select(TranslationEntry)
        .where(
            TranslationEntry.entity_kind == entity_kind,
            TranslationEntry.entity_id == entity_id,
            TranslationEntry.locale == locale,
            TranslationEntry.field == field,
        )
        .order_by(TranslationEntry.id.desc())
        .limit(1)
    )


def _find(
    session: Session, entity_kind: str, entity_id: int, field: str, locale: str
) -> Translation | None:
    return session.scalar(
        select(Translation).where(
            Translation.entity_kind == entity_kind,
            Translation.entity_id == entity_id,
            Translation.field == field,
            Translation.locale == locale,
        )
    )


def _check(entity_kind: str, field: str, locale: str, status: str, text: str) -> None:
    mistakes: dict[str, str] = {}
    if field not in TRANSLATABLE.get(entity_kind, ()):
        mistakes["field"] = "not_translatable"
    if locale not in LOCALES or locale == "vi":
        mistakes["locale"] = "unknown_locale"
    if status not in STATUSES:
        mistakes["status"] = "unknown_status"
    elif status == "machine" and "field" not in mistakes and not rule_of(field).machine:
        mistakes["status"] = "never_by_machine"
    if len(text) > LONGEST.get(field, 20_000):
        mistakes["text"] = "too_long"
    if mistakes:
        raise InvalidFields(mistakes)


def _tell(
    session: Session,
    key: tuple[str, int, str, str],
    actor: Actor,
    now: datetime,
    **details: str,
) -> None:
    kind, number, field, locale = key
    audit.record(
        session,
        actor,
        "translation.edit",
        subject=f"{kind}:{number}",
        now=now,
        field=field,
        locale=locale,
        **details,
    )
    announce_once(session, f"{kind}.changed", **{f"{kind}_id": number})
