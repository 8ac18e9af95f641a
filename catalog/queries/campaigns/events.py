"""Events and booths as visitors see them: what is on, who exhibits which goods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from catalog.models import Booth, Participation, Producer, ShownProduct, TradeEvent
from catalog.queries.campaigns.texts import Told, read_told
from catalog.queries.errors import CampaignNotFound
from catalog.queries.listing import list_cards
from catalog.queries.pages import Card
from catalog.rules.campaigns import EventDays, Phase, event_phase, last_sign_up, takes_sign_ups
from catalog.rules.destinations import Destination
from catalog.rules.fallback import Text

MOST_LISTED = 40
MOST_GOODS = 60
event = TradeEvent.__table__
_booth = Booth.__table__
_participation = Participation.__table__
_producer = Producer.__table__
_shown = ShownProduct.__table__


@dataclass(frozen=True, slots=True)
class EventView:
    """An event on a day: `phase` is what its dates and the office make of it."""

    id: int
    slug: str
    name: Text
    description: Text | None
    kind: str
    organiser: str
    province_code: str | None
    commune: str | None
    address: str | None
    starts_on: date
    ends_on: date
    last_sign_up: date
    phase: Phase
    takes_sign_ups: bool
    is_illustrative: bool


@dataclass(frozen=True, slots=True)
class Exhibitor:
    """A producer at an event, with the numbers of the products it shows."""

    name: str
    slug: str
    province_code: str | None
    booth_number: str | None
    booth_code: str | None
    product_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EventPage:
    """An event with everybody who exhibits, and the cards of goods on sale that day."""

    event: EventView
    exhibitors: tuple[Exhibitor, ...]
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class BoothPage:
    """A booth: its exhibitors and their goods; `upcoming` is the next event when this one is past."""

    event: EventView
    number: str
    code: str
    exhibitors: tuple[Exhibitor, ...]
    cards: tuple[Card, ...]
    upcoming: EventView | None


def read_event(told: Told, on: date) -> EventView:
    """An event from a row with all its columns."""
    row = told.row
    days = EventDays(row.state, row.starts_on, row.ends_on, row.sign_up_until)
    return EventView(
        id=row.id,
        slug=row.slug,
        name=told.name,
        description=told.texts["description"],
        kind=row.kind,
        organiser=row.organiser,
        province_code=row.province_code,
        commune=row.commune,
        address=row.address,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        last_sign_up=last_sign_up(days),
        phase=event_phase(days, on),
        takes_sign_ups=takes_sign_ups(days, on),
        is_illustrative=row.is_illustrative,
    )


def list_events(session: Session, *, locale: str, on: date) -> tuple[EventView, ...]:
    """What is on or to come, the nearest first, then what is over, the latest first. One statement."""
    chosen = (
        select(event)
        .where(event.c.state != "draft")
        .order_by(event.c.ends_on.desc(), event.c.id.desc())
        .limit(MOST_LISTED)
    )
    found = [
        read_event(told, on)
        for told in read_told(
            session, chosen, "trade_event", locale=locale, order=lambda c: [c.starts_on]
        )
    ]
    ahead = [one for one in found if on <= one.ends_on]
    past = [one for one in reversed(found) if on > one.ends_on and one.phase != "cancelled"]
    return (*ahead, *past)


def get_event_page(
    session: Session, slug: str, *, locale: str, on: date, destination: Destination | None = None
) -> EventPage:
    """An announced or cancelled event; raises CampaignNotFound. Three statements."""
    told = read_told(
        session,
        select(event).where(event.c.slug == slug, event.c.state != "draft"),
        "trade_event",
        locale=locale,
        order=lambda c: [c.starts_on],
    )
    if not told:
        raise CampaignNotFound(kind="trade_event", slug=slug)
    found = read_event(told[0], on)
    exhibitors = _exhibitors(session, _participation.c.event_id == found.id)
    return EventPage(
        event=found,
        exhibitors=exhibitors,
        cards=_cards(session, exhibitors, locale, on, destination),
    )


def get_booth_page(
    session: Session, code: str, *, locale: str, on: date, destination: Destination | None = None
) -> BoothPage:
    """The booth with that short code; raises CampaignNotFound. At most four statements."""
    told = read_told(
        session,
        select(event, _booth.c.id.label("booth_id"), _booth.c.number.label("booth_number"))
        .join(_booth, _booth.c.event_id == event.c.id)
        .where(_booth.c.code == code, event.c.state != "draft"),
        "trade_event",
        locale=locale,
        order=lambda c: [c.starts_on],
    )
    if not told:
        raise CampaignNotFound(kind="booth", code=code)
    found = read_event(told[0], on)
    exhibitors = _exhibitors(session, _participation.c.booth_id == told[0].row.booth_id)
    upcoming = None
    if found.phase in ("over", "cancelled"):
        upcoming = _next_event(session, locale=locale, on=on)
    return BoothPage(
        event=found,
        number=told[0].row.booth_number,
        code=code,
        exhibitors=exhibitors,
        cards=_cards(session, exhibitors, locale, on, destination),
        upcoming=upcoming,
    )


def _next_event(session: Session, *, locale: str, on: date) -> EventView | None:
    chosen = (
        select(event)
        .where(event.c.state == "announced", event.c.ends_on >= on)
        .order_by(event.c.starts_on, event.c.id)
        .limit(1)
    )
    found = read_told(session, chosen, "trade_event", locale=locale, order=lambda c: [c.starts_on])
    return read_event(found[0], on) if found else None


def _exhibitors(session: Session, where: Any) -> tuple[Exhibitor, ...]:
    rows = session.execute(
        select(
            _participation.c.id,
            _producer.c.name,
            _producer.c.slug,
            _producer.c.province_code,
            _booth.c.number,
            _booth.c.code,
            _shown.c.product_id,
        )
        .select_from(
            _participation.join(_producer, _producer.c.id == _participation.c.producer_id)
            .outerjoin(_booth, _booth.c.id == _participation.c.booth_id)
            .outerjoin(_shown, _shown.c.participation_id == _participation.c.id)
        )
        .where(and_(where, _participation.c.state == "accepted"))
        .order_by(_booth.c.number, _participation.c.id, _shown.c.product_id)
    )
    grouped: dict[int, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.id, []).append(row)
    return tuple(
        Exhibitor(
            name=own[0].name,
            slug=own[0].slug,
            province_code=own[0].province_code,
            booth_number=own[0].number,
            booth_code=own[0].code,
            product_ids=tuple(row.product_id for row in own if row.product_id is not None),
        )
        for own in grouped.values()
    )


def _cards(
    session: Session,
    exhibitors: Iterable[Exhibitor],
    locale: str,
    on: date,
    destination: Destination | None,
) -> tuple[Card, ...]:
    ids = [number for one in exhibitors for number in one.product_ids][:MOST_GOODS]
    return tuple(list_cards(session, ids, locale=locale, on=on, destination=destination))


def list_event_addresses(session: Session) -> Sequence[tuple[str, datetime]]:
    """Slug and last change of every event a visitor may read."""
    rows = session.execute(
        select(event.c.slug, event.c.updated_at)
        .where(event.c.state != "draft")
        .order_by(event.c.id)
    )
    return [(row.slug, row.updated_at) for row in rows]


def has_booth(session: Session, code: str) -> bool:
    """Whether a visitor may open the booth with that short code."""
    query = select(_booth.c.id).join(event, event.c.id == _booth.c.event_id)
    found = session.scalar(query.where(_booth.c.code == code, event.c.state != "draft"))
    return found is not None
