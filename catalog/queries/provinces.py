"""A province as a page: what is certified and on sale there on a day, by commune and maker, its rights and places."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import String, bindparam, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from catalog.models import ProtectedName
from catalog.queries.facets.keeping import get_table
from catalog.queries.facets.table import Table
from catalog.queries.gift_sets import GiftSetView, list_gift_sets
from catalog.queries.listing import (
    ON,
    certificate,
    chain,
    in_force,
    latest_certificate,
    list_cards,
    producer,
    product,
)
from catalog.queries.pages import Card
from catalog.queries.picked_pictures import PickedView, of_province, picked_arms, read_picked
from catalog.queries.places import PlaceView, list_places
from catalog.reference.commune_counts import COMMUNE_COUNTS
from catalog.rules.destinations import Destination
from core.bits import numbers_of
from core.facts import Newest

SHOWN = 8
MOST_PRODUCERS = 40
MOST_SETS = 4


@dataclass(frozen=True, slots=True)
class CommuneLine:
    """A commune with how many goods on sale come from it; `value` is what browsing is narrowed by."""

    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class ProducerLine:
    """A maker with how many goods it has on sale."""

    slug: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class RightLine:
    """A protected name of the province; two may be spelled the same, the number tells them apart."""

    kind: str
    number: str
    name: str
    goods: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ProvincePage:
    """A province on a day. `certified` counts recognised products by stars, on sale or not.

    `communes_in_all` is the number of communes and wards of the law, not of those with goods.
    """

    code: str
    on: date
    on_sale: int
    certified: tuple[tuple[int, int], ...]
    communes: tuple[CommuneLine, ...]
    producers: tuple[ProducerLine, ...]
    producer_count: int
    best: tuple[Card, ...]
    seasonal: tuple[Card, ...]
    rights: tuple[RightLine, ...]
    places: tuple[PlaceView, ...]
    gift_sets: tuple[GiftSetView, ...]
    communes_in_all: int
    picture: PickedView | None = None

    @property
    def certified_in_all(self) -> int:
        """Recognised products, whatever their stars."""
        return sum(number for _, number in self.certified)


_right: Any = ProtectedName.__table__
_CODE: Any = bindparam("code")
_OTHERS: Any = union_all(
    select(
        literal("certified"),
        func.count(),
        cast(certificate.c.stars, String),
        *[cast(null(), String)] * 3,
    )
    .select_from(
        product.join(producer, producer.c.id == product.c.producer_id).join(
            certificate, latest_certificate()
        )
    )
    .where(producer.c.province_code == _CODE, in_force())
    .group_by(certificate.c.stars),
    select(
        literal("right"),
        _right.c.id,
        _right.c.kind,
        _right.c.number,
        _right.c.name,
        cast(_right.c.goods, String),
    ).where(
        _right.c.province_code == _CODE,
        or_(_right.c.registered_on.is_(None), _right.c.registered_on <= ON),
        or_(_right.c.valid_to.is_(None), _right.c.valid_to >= ON),
        or_(_right.c.revoked_on.is_(None), _right.c.revoked_on > ON),
    ),
    *picked_arms(of_province(_CODE)),
)


def get_province_page(
    session: Session,
    code: str,
    *,
    locale: str,
    on: date,
    newest: Newest | None = None,
    destination: Destination | None = None,
) -> ProvincePage:
    """Everything there is to say of a province that day; four statements where nothing has changed.

    Raises KeyError for a code that is no province's. Who has asked for the newest fact already says it.
    """
    in_all = COMMUNE_COUNTS[code]
    table = get_table(session, on, newest)
    rows = table.having("province", [code]) & table.listed
    best = [table.good(row).product_id for row in table.ordered(rows, table.order("best"))[:SHOWN]]
    season = rows & table.having("season", ["now"])
    seasonal = [
        table.good(row).product_id for row in table.ordered(season, table.order("newest"))[:SHOWN]
    ]
    cards = {
        card.product_id: card
        for card in list_cards(
            session, sorted({*best, *seasonal}), locale=locale, on=on, destination=destination
        )
    }
    communes, producers = _counted(table, rows)
    others = session.execute(_OTHERS, {"code": code, "on": on}).all()
    return ProvincePage(
        code=code,
        on=on,
        on_sale=rows.bit_count(),
        certified=tuple(
            sorted(((int(r[2]), r[1]) for r in others if r[0] == "certified"), reverse=True)
        ),
        communes=communes,
        producers=producers[:MOST_PRODUCERS],
        producer_count=len(producers),
        best=tuple(cards[i] for i in best if i in cards),
        seasonal=tuple(cards[i] for i in seasonal if i in cards),
        rights=_rights(others),
        places=tuple(list_places(session, locale=locale, province_code=code)),
        gift_sets=tuple(
            list_gift_sets(session, locale=locale, province_code=code, limit=MOST_SETS)
        ),
        communes_in_all=in_all,
        picture=read_picked(others, chain(locale)),
    )


def count_by_province(
    session: Session, *, on: date, newest: Newest | None = None
) -> dict[str, int]:
    """How many goods are on sale in each province that has any; no statement where nothing changed."""
    return get_table(session, on, newest).facet("province")


def _counted(table: Table, rows: int) -> tuple[tuple[CommuneLine, ...], tuple[ProducerLine, ...]]:
    goods = [table.good(row) for row in numbers_of(rows)]
    communes = Counter(good.commune for good in goods if good.commune)
    makers = Counter(good.producer for good in goods if good.producer)
    named = table.names.get("commune", {}), table.names.get("producer", {})
    return (
        tuple(
            CommuneLine(value, named[0].get(value, value), number)
            for value, number in _ranked(communes)
        ),
        tuple(
            ProducerLine(slug, named[1].get(slug, slug), number) for slug, number in _ranked(makers)
        ),
    )


def _ranked(counted: Counter[str]) -> Iterable[tuple[str, int]]:
    return sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))


def _rights(rows: Sequence[Any]) -> tuple[RightLine, ...]:
    return tuple(
        RightLine(kind, number, name, tuple(sorted(json.loads(goods).items())))
        for tag, _, kind, number, name, goods in sorted(rows, key=lambda row: row[1])
        if tag == "right"
    )
