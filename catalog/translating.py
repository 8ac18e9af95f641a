"""Translations of a product's or producer's text: who wrote them, and whether they are still right."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.announcing import announce_once
from catalog.errors import InvalidFields
from catalog.models import Translation
from catalog.models.translation import TRANSLATABLE
from catalog.producers import find_producer
from catalog.publishing import find_product
from core import audit
from core.actor import Actor
from core.people.permissions import require
from i18n.locales import LOCALES
from i18n.text import nfc

STATUSES = ("draft", "machine", "reviewed")


@dataclass(frozen=True, slots=True)
class TranslationState:
    """A stored translation; `is_stale` when the Vietnamese text has changed since it was made."""

    field: str
    locale: str
    text: str
    status: str
    author: str
    is_stale: bool


def digest(source: str | None) -> str:
    """A fingerprint of the Vietnamese text; "" for no text."""
    if not source:
        return ""
    return hashlib.sha256(nfc(source).encode()).hexdigest()


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
) -> Translation | None:
    """Write one field in one language; an empty text removes it. None when there is nothing left.

    The translation remembers the present Vietnamese text. Raises InvalidFields, ProductNotFound,
    ProducerNotFound, Forbidden.
    """
    _check(entity_kind, field, locale, status)
    entity = _entity(session, entity_kind, entity_id)
    producer_id = entity.id if entity_kind == "producer" else entity.producer_id
    require(actor, "translation.edit", producer_id=producer_id)
    row = session.scalar(
        select(Translation).where(
            Translation.entity_kind == entity_kind,
            Translation.entity_id == entity_id,
            Translation.field == field,
            Translation.locale == locale,
        )
    )
    text, source = nfc(text.strip()), digest(getattr(entity, field))
    if row is None and not text:
        return None
    if row is not None and (row.text, row.status, row.source_digest) == (text, status, source):
        return row
    if row is not None and not text:
        session.delete(row)
        row = None
    elif row is None:
        row = Translation(entity_kind=entity_kind, entity_id=entity_id, field=field, locale=locale)
        session.add(row)
    if row is not None:
        row.text, row.status, row.source_digest = text, status, source
        row.author, row.updated_at = actor.name, now
    session.flush()
    audit.record(
        session,
        actor,
        "translation.edit",
        subject=f"{entity_kind}:{entity_id}",
        now=now,
        field=field,
        locale=locale,
        status=status if row is not None else "removed",
    )
    announce_once(session, f"{entity_kind}.changed", **{f"{entity_kind}_id": entity_id})
    return row


def list_translations(session: Session, entity_kind: str, entity_id: int) -> list[TranslationState]:
    """Everything stored for a product or producer, each with whether it is stale."""
    entity = _entity(session, entity_kind, entity_id)
    rows = session.scalars(
        select(Translation)
        .where(Translation.entity_kind == entity_kind, Translation.entity_id == entity_id)
        .order_by(Translation.field, Translation.locale)
    )
    return [
        TranslationState(
            field=row.field,
            locale=row.locale,
            text=row.text,
            status=row.status,
            author=row.author,
            is_stale=row.source_digest != digest(getattr(entity, row.field)),
        )
        for row in rows
    ]


def _check(entity_kind: str, field: str, locale: str, status: str) -> None:
    mistakes: dict[str, str] = {}
    if field not in TRANSLATABLE.get(entity_kind, ()):
        mistakes["field"] = "not_translatable"
    if locale not in LOCALES or locale == "vi":
        mistakes["locale"] = "unknown_locale"
    if status not in STATUSES:
        mistakes["status"] = "unknown_status"
    if mistakes:
        raise InvalidFields(mistakes)


def _entity(session: Session, entity_kind: str, entity_id: int) -> Any:
    if entity_kind == "producer":
        return find_producer(session, entity_id)
    return find_product(session, entity_id)
