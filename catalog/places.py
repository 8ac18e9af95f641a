"""Keeping places to visit: the programme office writes them, shows them, takes them back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.announcing import announce_once
from catalog.changing import refuse_stale
from catalog.errors import InvalidFields, PlaceNotFound
from catalog.models import Media, Place, Producer, Product
from catalog.models.place import SCENES
from catalog.reference import PROVINCES
from catalog.rules.own_texts import translation_mistakes, write_texts
from catalog.slugs import free_slug
from core import audit
from core.actor import Actor
from core.people.permissions import require
from i18n.text import typed

TEXT_FIELDS = ("name", "story", "directions")
NEEDED_TO_PUBLISH = ("name", "story", "directions")
Thing = TypeVar("Thing", Product, Producer)
LONGEST = {"name": 200, "commune": 120, "story": 4000, "directions": 2000}


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """What the office says of a place, in Vietnamese; `media_id` is a picture of one of its producers."""

    name: str
    province_code: str
    commune: str = ""
    story: str = ""
    directions: str = ""
    scene: str = "village"
    media_id: int | None = None
    product_ids: Collection[int] = field(default_factory=tuple)
    producer_ids: Collection[int] = field(default_factory=tuple)


def keep_place(
    session: Session,
    place_id: int | None,
    facts: PlaceFacts,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    is_illustrative: bool = False,
) -> Place:
    """Enter a place (as a draft) or change it; raises InvalidFields, PlaceNotFound, StaleVersion, Forbidden.

    A published place cannot lose what it needed to be published.
    """
    require(actor, "place.edit")
    place = find_place(session, place_id) if place_id is not None else None
    texts = {key: typed(getattr(facts, key)) for key in (*TEXT_FIELDS, "commune")}
    mistakes = _mistakes(facts, texts)
    if place is not None:
        refuse_stale(place, version)
        if place.state == "published":
            mistakes |= _lacking(texts)
    products = _all(session, Product, facts.product_ids, "product_ids", mistakes)
    producers = _all(session, Producer, facts.producer_ids, "producer_ids", mistakes)
    if facts.media_id is not None and not _shows(session, facts.media_id, producers, products):
        mistakes["media_id"] = "not_of_this_producer"
    if mistakes:
        raise InvalidFields(mistakes)
    if place is None:
        place = Place(
            slug=free_slug(session, Place, texts["name"]),
            texts={},
            is_illustrative=is_illustrative,
            created_at=now,
        )
        session.add(place)
    place.name, place.province_code, place.scene = texts["name"], facts.province_code, facts.scene
    place.commune, place.story = texts["commune"] or None, texts["story"] or None
    place.directions, place.media_id = texts["directions"] or None, facts.media_id
    place.products, place.producers, place.updated_at = products, producers, now
    session.flush()
    _tell(session, place, "place.keep", actor, now)
    return place


def write_place_texts(
    session: Session,
    place_id: int,
    locale: str,
    texts: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> Place:
    """Write name, story and directions in another language; an empty text is taken out.

    Raises InvalidFields for Vietnamese and unknown languages, PlaceNotFound, Forbidden.
    """
    require(actor, "place.edit")
    place = find_place(session, place_id)
    new = {key: typed(texts.get(key, "")) for key in TEXT_FIELDS}
    mistakes = translation_mistakes(locale, new, LONGEST)
    if mistakes:
        raise InvalidFields(mistakes)
    sources = {key: getattr(place, key) for key in TEXT_FIELDS}
    place.texts, place.updated_at = write_texts(place.texts, locale, new, sources), now
    _tell(session, place, "place.translate", actor, now, locale=locale)
    return place


def show_place(
    session: Session, place_id: int, *, published: bool, actor: Actor, now: datetime
) -> Place:
    """Publish a place or make it a draft again; raises InvalidFields naming what it lacks."""
    require(actor, "place.edit")
    place = find_place(session, place_id)
    if published:
        lacking = _lacking({key: getattr(place, key) or "" for key in TEXT_FIELDS})
        if lacking:
            raise InvalidFields(lacking)
    place.state, place.updated_at = "published" if published else "draft", now
    _tell(session, place, "place.publish" if published else "place.withdraw", actor, now)
    return place


def find_place(session: Session, place_id: int) -> Place:
    """The place; raises PlaceNotFound."""
    place = session.get(Place, place_id)
    if place is None:
        raise PlaceNotFound(place_id=place_id)
    return place


def _lacking(texts: Mapping[str, str]) -> dict[str, str]:
    return {key: "missing" for key in NEEDED_TO_PUBLISH if not texts.get(key)}


def _mistakes(facts: PlaceFacts, texts: Mapping[str, str]) -> dict[str, str]:
    mistakes = {key: "too_long" for key, text in texts.items() if len(text) > LONGEST[key]}
    if not texts["name"]:
        mistakes["name"] = "missing"
    if facts.province_code not in PROVINCES:
        mistakes["province_code"] = "missing"
    if facts.scene not in SCENES:
        mistakes["scene"] = "unknown_kind"
    return mistakes


def _all(
    session: Session,
    table: type[Thing],
    ids: Collection[int],
    name: str,
    mistakes: dict[str, str],
) -> list[Thing]:
    found = list(session.scalars(select(table).where(table.id.in_(sorted(ids))).order_by(table.id)))
    if len(found) != len(set(ids)):
        mistakes[name] = "unknown_kind"
    return found


def _shows(
    session: Session, media_id: int, producers: Collection[Producer], products: Collection[Product]
) -> bool:
    makers = {maker.id for maker in producers} | {product.producer_id for product in products}
    query = select(Media.id).where(
        Media.id == media_id, Media.producer_id.in_(makers), Media.removed_at.is_(None)
    )
    return session.scalar(query) is not None


def _tell(
    session: Session, place: Place, action: str, actor: Actor, now: datetime, **details: str
) -> None:
    audit.record(session, actor, action, subject=f"place:{place.id}", now=now, **details)
    announce_once(session, "place.changed", place_id=place.id)
