"""Collections as visitors see them: which are current, and their goods on sale that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, String, cast, func, select
from sqlalchemy.orm import Session

from catalog.models import Collection, CollectionProduct
from catalog.queries.campaigns.texts import Told, read_told
from catalog.queries.errors import CampaignNotFound
from catalog.queries.facets.keeping import get_table
from catalog.queries.listing import list_cards
from catalog.queries.pages import Card
from catalog.rules.campaigns import is_current
from catalog.rules.destinations import Destination
from catalog.rules.fallback import Text
from core.facts import Newest

MOST_GOODS = 48
MOST_LISTED = 60
collection = Collection.__table__
_chosen = CollectionProduct.__table__


@dataclass(frozen=True, slots=True)
class CollectionView:
    """A collection on a day; `picked` are the products chosen by hand, in their order."""

    id: int
    slug: str
    name: Text
    description: Text | None
    starts_on: date | None
    ends_on: date | None
    months: tuple[int, ...] | None
    is_current: bool
    is_illustrative: bool
    rule: Mapping[str, Sequence[str]]
    picked: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CollectionPage:
    """A collection with the cards of its goods on sale that day."""

    collection: CollectionView
    cards: tuple[Card, ...]


def list_collections(session: Session, *, locale: str, on: date) -> tuple[CollectionView, ...]:
    """Every published collection, the current ones first. One statement."""
    chosen = (
        _with_picked()
        .where(collection.c.state == "published")
        .order_by(collection.c.id.desc())
        .limit(MOST_LISTED)
    )
    found = [_read(told, on) for told in _told(session, chosen, locale)]
    return tuple(sorted(found, key=lambda one: (not one.is_current, -one.id)))


def get_collection_page(
    session: Session,
    slug: str,
    *,
    locale: str,
    on: date,
    newest: Newest | None = None,
    destination: Destination | None = None,
) -> CollectionPage:
    """A published collection; raises CampaignNotFound. Two statements, and what `get_table` needs.

    Goods chosen by hand stand first in their order, then what the rule finds, the best first.
    """
    query = _with_picked().where(collection.c.slug == slug, collection.c.state == "published")
    told = _told(session, query, locale)
    if not told:
        raise CampaignNotFound(kind="collection", slug=slug)
    found = _read(told[0], on)
    ids = [*found.picked, *_by_rule(session, found, on, newest)]
    unique = list(dict.fromkeys(ids))[:MOST_GOODS]
    cards = list_cards(session, unique, locale=locale, on=on, destination=destination)
    return CollectionPage(found, tuple(cards))


def list_collection_addresses(session: Session) -> Sequence[tuple[str, datetime]]:
    """Slug and last change of every published collection."""
    rows = session.execute(
        select(collection.c.slug, collection.c.updated_at)
        .where(collection.c.state == "published")
        .order_by(collection.c.id)
    )
    return [(row.slug, row.updated_at) for row in rows]


def _by_rule(session: Session, found: CollectionView, on: date, newest: Newest | None) -> list[int]:
    if not found.rule:
        return []
    table = get_table(session, on, newest)
    rows = table.ordered(table.passing(found.rule), table.order("best"))
    return [table.good(row).product_id for row in rows[:MOST_GOODS]]


def _with_picked() -> Select[Any]:
    """The columns of a collection and the products chosen by hand as one text "place:number,…"."""
    place = cast(_chosen.c.position, String) + ":" + cast(_chosen.c.product_id, String)
    picked = (
        select(func.aggregate_strings(place, ","))
        .where(_chosen.c.collection_id == collection.c.id)
        .correlate(collection)
        .scalar_subquery()
    )
    return select(collection, picked.label("picked"))


def _told(session: Session, chosen: Select[Any], locale: str) -> list[Told]:
    return read_told(session, chosen, "collection", locale=locale, order=lambda c: [c.id.desc()])


def _read(told: Told, on: date) -> CollectionView:
    row = told.row
    picked = sorted(tuple(map(int, one.split(":"))) for one in (row.picked or "").split(",") if one)
    return CollectionView(
        id=row.id,
        slug=row.slug,
        name=told.name,
        description=told.texts["description"],
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        months=row.months,
        is_current=is_current(
            row.state, on, starts_on=row.starts_on, ends_on=row.ends_on, months=row.months
        ),
        is_illustrative=row.is_illustrative,
        rule=row.rule,
        picked=tuple(number for _place, number in picked),
    )
