"""Putting gift sets together: by a producer from its own packages, by the programme office from anybody's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.announcing import announce_once
from catalog.changing import refuse_stale
from catalog.errors import GiftSetNotFound, InvalidFields
from catalog.models import GiftSet, GiftSetPart, Media, Package, Product
from catalog.rules.own_texts import translation_mistakes, write_texts
from catalog.rules.sending import is_visit
from catalog.slugs import free_slug
from core import audit
from core.actor import Actor
from core.people.permissions import require
from i18n.text import typed

TEXT_FIELDS = ("name", "summary")
LONGEST = {"name": 200, "summary": 2000}
LEAST_PARTS, MOST_PARTS, MOST_OF_ONE = 2, 12, 24


@dataclass(frozen=True, slots=True)
class GiftSetFacts:
    """What is said of a set, in Vietnamese; `parts` are (package id, how many), in their order."""

    name: str
    summary: str
    parts: Sequence[tuple[int, int]]
    media_id: int | None = None


def keep_gift_set(
    session: Session,
    gift_set_id: int | None,
    facts: GiftSetFacts,
    *,
    producer_id: int | None,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    is_illustrative: bool = False,
) -> GiftSet:
    """Enter a set (as a draft) or change it; `producer_id` None is the office's own.

    Raises InvalidFields, GiftSetNotFound (also for somebody else's), StaleVersion, Forbidden.
    """
    require(actor, "gift_set.edit", producer_id=producer_id)
    gift_set = None
    if gift_set_id is not None:
        gift_set = find_gift_set(session, gift_set_id, producer_id=producer_id)
        refuse_stale(gift_set, version)
    texts = {key: typed(getattr(facts, key)) for key in TEXT_FIELDS}
    mistakes = {key: "too_long" for key, text in texts.items() if len(text) > LONGEST[key]}
    if not texts["name"]:
        mistakes["name"] = "missing"
    mistakes |= _part_mistakes(session, facts, producer_id)
    if mistakes:
        raise InvalidFields(mistakes)
    if gift_set is None:
        gift_set = GiftSet(
            slug=free_slug(session, GiftSet, texts["name"]),
            producer_id=producer_id,
            texts={},
            is_illustrative=is_illustrative,
            created_at=now,
        )
        session.add(gift_set)
    gift_set.name, gift_set.summary = texts["name"], texts["summary"] or None
    gift_set.media_id, gift_set.updated_at = facts.media_id, now
    _set_parts(session, gift_set, facts.parts)
    session.flush()
    _tell(session, gift_set, "gift_set.keep", actor, now)
    return gift_set


def write_gift_set_texts(
    session: Session,
    gift_set_id: int,
    locale: str,
    texts: Mapping[str, str],
    *,
    producer_id: int | None,
    actor: Actor,
    now: datetime,
) -> GiftSet:
    """Write name and summary in another language; an empty text is taken out. Raises like `keep_gift_set`."""
    require(actor, "gift_set.edit", producer_id=producer_id)
    gift_set = find_gift_set(session, gift_set_id, producer_id=producer_id)
    new = {key: typed(texts.get(key, "")) for key in TEXT_FIELDS}
    mistakes = translation_mistakes(locale, new, LONGEST)
    if mistakes:
        raise InvalidFields(mistakes)
    sources = {key: getattr(gift_set, key) for key in TEXT_FIELDS}
    gift_set.texts, gift_set.updated_at = write_texts(gift_set.texts, locale, new, sources), now
    _tell(session, gift_set, "gift_set.translate", actor, now, locale=locale)
    return gift_set


def show_gift_set(
    session: Session,
    gift_set_id: int,
    *,
    published: bool,
    producer_id: int | None,
    actor: Actor,
    now: datetime,
) -> GiftSet:
    """Put a set on its shelf or take it away. Whether it can be bought today its parts decide."""
    require(actor, "gift_set.edit", producer_id=producer_id)
    gift_set = find_gift_set(session, gift_set_id, producer_id=producer_id)
    gift_set.state, gift_set.updated_at = "published" if published else "draft", now
    action = "gift_set.publish" if published else "gift_set.withdraw"
    _tell(session, gift_set, action, actor, now)
    return gift_set


def find_gift_set(session: Session, gift_set_id: int, *, producer_id: int | None) -> GiftSet:
    """The set of that producer (None: the office's); raises GiftSetNotFound."""
    gift_set = session.get(GiftSet, gift_set_id)
    if gift_set is None or gift_set.producer_id != producer_id:
        raise GiftSetNotFound(gift_set_id=gift_set_id)
    return gift_set


def _part_mistakes(
    session: Session, facts: GiftSetFacts, producer_id: int | None
) -> dict[str, str]:
    """What is wrong with parts and picture: a set has several goods, each a parcel can carry."""
    ids = [package_id for package_id, _ in facts.parts]
    rows = session.execute(
        select(Package.id, Product.producer_id, Product.subgroup_code)
        .join(Product)
        .where(Package.id.in_(ids), Package.active.is_(True))
    ).all()
    if len(ids) < LEAST_PARTS and sum(number for _, number in facts.parts) < LEAST_PARTS:
        return {"parts": "too_few"}
    if len(ids) > MOST_PARTS:
        return {"parts": "too_many"}
    if len(set(ids)) != len(ids) or len(rows) != len(ids):
        return {"parts": "unknown_kind"}
    if any(not 1 <= number <= MOST_OF_ONE for _, number in facts.parts):
        return {"parts": "out_of_range"}
    if producer_id is not None and any(row.producer_id != producer_id for row in rows):
        return {"parts": "not_of_this_producer"}
    if any(is_visit(row.subgroup_code) for row in rows):
        return {"parts": "never_sent"}
    if facts.media_id is None:
        return {}
    makers = {row.producer_id for row in rows}
    shown = select(Media.id).where(
        Media.id == facts.media_id, Media.producer_id.in_(makers), Media.removed_at.is_(None)
    )
    return {} if session.scalar(shown) is not None else {"media_id": "not_of_these_producers"}


def _set_parts(session: Session, gift_set: GiftSet, parts: Sequence[tuple[int, int]]) -> None:
    known = {part.package_id: part for part in gift_set.parts}
    gift_set.parts = [
        known.get(package_id) or GiftSetPart(package_id=package_id) for package_id, _ in parts
    ]
    for position, (part, (_, number)) in enumerate(zip(gift_set.parts, parts, strict=True)):
        part.position, part.quantity = position, number
    session.flush()


def _tell(
    session: Session, gift_set: GiftSet, action: str, actor: Actor, now: datetime, **details: str
) -> None:
    audit.record(session, actor, action, subject=f"gift_set:{gift_set.id}", now=now, **details)
    announce_once(session, "gift_set.changed", gift_set_id=gift_set.id)
