"""Places to visit as the shop shows them, and as the office lists them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, literal, select, union_all
from sqlalchemy.orm import Session

from catalog.errors import PlaceNotFound
from catalog.models import Place, place_producer, place_product
from catalog.queries.listing import chain, list_cards, media, producer
from catalog.queries.pages import Card
from catalog.queries.pictures import PICTURE_COLUMNS, is_shown, read_main_picture, with_text
from catalog.rules.destinations import Destination
from catalog.rules.fallback import Text
from catalog.rules.own_texts import read_text
from catalog.rules.pictures import Picture
from catalog.rules.sending import is_visit
from i18n.collation import sort_key
from i18n.text import vietnamese_sort_key

place: Any = Place.__table__
PLACE_COLUMNS = (
    place.c.id,
    place.c.slug,
    place.c.name,
    place.c.province_code,
    place.c.commune,
    place.c.story,
    place.c.directions,
    place.c.texts,
    place.c.scene,
    place.c.state,
    place.c.is_illustrative,
    place.c.updated_at,
)
_PICTURE = len(PLACE_COLUMNS)


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place in one language; without a picture its drawn `scene` is shown."""

    id: int
    slug: str
    name: Text
    province_code: str
    commune: str | None
    story: Text | None
    directions: Text | None
    scene: str
    state: str
    is_illustrative: bool
    updated_at: datetime
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class PlaceProducer:
    """A producer at a place."""

    slug: str
    name: str
    commune: str | None


@dataclass(frozen=True, slots=True)
class PlacePage:
    """A place with what is on sale there that day; `visits` are its services of group VI."""

    place: PlaceView
    goods: tuple[Card, ...]
    visits: tuple[Card, ...]
    producers: tuple[PlaceProducer, ...]


_PLACES = (
    select(*PLACE_COLUMNS, *PICTURE_COLUMNS)
    .select_from(place.outerjoin(media, and_(media.c.id == place.c.media_id, is_shown(media))))
    .order_by(place.c.name, place.c.id)
)
_LINKED = union_all(
    select(
        literal("product"), place_product.c.product_id, literal(""), literal(""), literal("")
    ).where(place_product.c.place_id == bindparam("place_id")),
    select(literal("producer"), producer.c.id, producer.c.slug, producer.c.name, producer.c.commune)
    .join(place_producer, place_producer.c.producer_id == producer.c.id)
    .where(place_producer.c.place_id == bindparam("place_id")),
)


def read_place(row: Sequence[Any], locale: str) -> PlaceView:
    """A place from the values of PLACE_COLUMNS, followed by those of a picture or nothing."""
    texts, tried = row[7], chain(locale)
    return PlaceView(
        id=row[0],
        slug=row[1],
        name=read_text("name", row[2], texts, tried) or Text(row[2], "vi"),
        province_code=row[3],
        commune=row[4],
        story=read_text("story", row[5], texts, tried),
        directions=read_text("directions", row[6], texts, tried),
        scene=row[8],
        state=row[9],
        is_illustrative=row[10],
        updated_at=row[11],
        picture=read_main_picture(row[_PICTURE:]) if len(row) > _PICTURE else None,
    )


def list_places(
    session: Session, *, locale: str, province_code: str | None = None, drafts: bool = False
) -> list[PlaceView]:
    """Published places by name, of one province or all; with `drafts` every one. One statement."""
    query = _PLACES if drafts else _PLACES.where(place.c.state == "published")
    if province_code is not None:
        query = query.where(place.c.province_code == province_code)
    found = [read_place(row, locale) for row in session.execute(query)]
    return sorted(found, key=lambda one: sort_key(one.name.value, locale))


def get_place_page(
    session: Session, slug: str, *, locale: str, on: date, destination: Destination | None = None
) -> PlacePage:
    """A published place by its address; raises PlaceNotFound. Three statements, four with a photograph."""
    row = session.execute(_PLACES.where(place.c.slug == slug, place.c.state == "published")).first()
    if row is None:
        raise PlaceNotFound(slug=slug)
    found = read_place(row, locale)
    if found.picture:
        found = replace(found, picture=with_text(session, found.picture, chain(locale)))
    ids: list[int] = []
    makers: list[PlaceProducer] = []
    for kind, number, maker_slug, name, commune in session.execute(_LINKED, {"place_id": found.id}):
        if kind == "product":
            ids.append(number)
        else:
            makers.append(PlaceProducer(maker_slug, name, commune))
    cards = list_cards(session, sorted(ids), locale=locale, on=on, destination=destination)
    return PlacePage(
        place=found,
        goods=_kind(cards, visits=False),
        visits=_kind(cards, visits=True),
        producers=tuple(sorted(makers, key=lambda maker: vietnamese_sort_key(maker.name))),
    )


def _kind(cards: Collection[Card], *, visits: bool) -> tuple[Card, ...]:
    return tuple(card for card in cards if is_visit(card.subgroup_code) is visits)
