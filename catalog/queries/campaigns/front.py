"""What the front page says is on: the collections of the season and the next event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from catalog.queries.campaigns.collections import collection
from catalog.queries.campaigns.events import event
from catalog.queries.campaigns.texts import gathered
from catalog.queries.listing import foreign_chain, translation
from catalog.rules.campaigns import is_current
from catalog.rules.fallback import Text

MOST_COLLECTIONS = 2
_ON = bindparam("on", type_=Date)


@dataclass(frozen=True, slots=True)
class Line:
    """A collection or an event in one line; days are inclusive."""

    slug: str
    name: Text
    starts_on: date | None
    ends_on: date | None
    province_code: str | None


@dataclass(frozen=True, slots=True)
class WhatIsOn:
    """Current collections, those that end soonest first, and the event that begins first."""

    collections: tuple[Line, ...]
    event: Line | None


def get_what_is_on(session: Session, *, locale: str, on: date) -> WhatIsOn:
    """One statement, however much there is."""
    rows = session.execute(_statement(), {"on": on, "locales": list(foreign_chain(locale))})
    # A collection and an event may have the same number, so the numbers of events are negative here.
    found = gathered(rows, ("name",), locale)
    lines = [(one.row, _line(one.row, one.name)) for one in found]
    seasonal = [
        (row, line) for row, line in lines
        if row.kind == "collection" and is_current("published", on, months=row.months)
    ]  # fmt: skip
    seasonal.sort(key=lambda pair: (pair[1].ends_on or date.max, -pair[0].id))
    events = [line for row, line in lines if row.kind == "trade_event"]
    return WhatIsOn(
        collections=tuple(line for _row, line in seasonal[:MOST_COLLECTIONS]),
        event=min(events, key=lambda line: line.starts_on or date.max, default=None),
    )


def _line(row: Any, name: Text) -> Line:
    return Line(row.slug, name, row.starts_on, row.ends_on, row.province_code)


@cache
def _statement() -> Select[Any]:
    own = _own().subquery("own")
    return (
        select(
            own,
            translation.c.field.label("told_field"),
            translation.c.locale.label("told_locale"),
            translation.c.text.label("told_text"),
            translation.c.status.label("told_status"),
            translation.c.is_stale.label("told_stale"),
        )
        .select_from(
            own.outerjoin(
                translation,
                and_(
                    translation.c.entity_kind == own.c.kind,
                    translation.c.entity_id == own.c.number,
                    translation.c.field == "name",
                    translation.c.locale.in_(bindparam("locales", expanding=True)),
                    translation.c.status != "draft",
                ),
            )
        )
        .order_by(own.c.id)
    )


def _own() -> Any:
    seasonal = select(
        literal("collection").label("kind"),
        collection.c.id.label("id"),
        collection.c.id.label("number"),
        collection.c.slug,
        collection.c.name,
        collection.c.starts_on,
        collection.c.ends_on,
        collection.c.months,
        cast(null(), String(2)).label("province_code"),
    ).where(
        collection.c.state == "published",
        or_(collection.c.starts_on.is_(None), collection.c.starts_on <= _ON),
        or_(collection.c.ends_on.is_(None), collection.c.ends_on >= _ON),
    )
    events = select(
        literal("trade_event").label("kind"),
        (-event.c.id).label("id"),
        event.c.id.label("number"),
        event.c.slug,
        event.c.name,
        event.c.starts_on,
        event.c.ends_on,
        cast(null(), Integer).label("months"),
        event.c.province_code,
    ).where(event.c.state == "announced", event.c.ends_on >= _ON)
    return union_all(seasonal, events)
