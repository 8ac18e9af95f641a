"""Events, collections and articles as the desks see them: drafts too, sign-ups, sums of what came of it."""

from __future__ import annotations

from collections.abc import Collection as Set
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models import (
    Article,
    Booth,
    Collection,
    CollectionProduct,
    EventOutcome,
    Media,
    Participation,
    Producer,
    Product,
    ShownProduct,
    TradeEvent,
)
from catalog.models.trade_event import OUTCOME_KINDS
from catalog.queries.campaigns.events import EventView, read_event
from catalog.queries.campaigns.texts import read_told
from catalog.queries.errors import CampaignNotFound
from catalog.queries.pictures import is_shown

MOST_LISTED = 200
MOST_PICTURES = 100


@dataclass(frozen=True, slots=True)
class SignUp:
    """A producer's sign-up with its booth, goods and what came of it (counts and đồng by kind)."""

    id: int
    producer_id: int
    producer_name: str
    state: str
    reason: str | None
    note: str | None
    booth_id: int | None
    booth_number: str | None
    booth_code: str | None
    product_ids: frozenset[int]
    product_names: tuple[str, ...]
    outcomes: tuple[EventOutcome, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """How many outcomes of a kind there are, and of how many đồng those with an amount are."""

    count: int
    amount_vnd: int


@dataclass(frozen=True, slots=True)
class EventDesk:
    """An event with its booths, its sign-ups and the sums of all outcomes by kind."""

    event: TradeEvent
    booths: Sequence[Booth]
    sign_ups: tuple[SignUp, ...]
    sums: Mapping[str, Sum]


def list_event_rows(session: Session) -> Sequence[tuple[TradeEvent, int]]:
    """Every event, the latest first, with how many producers wait for a decision."""
    waiting = (
        select(func.count())
        .where(Participation.event_id == TradeEvent.id, Participation.state == "asked")
        .correlate(TradeEvent)
        .scalar_subquery()
    )
    rows = session.execute(
        select(TradeEvent, waiting).order_by(TradeEvent.starts_on.desc(), TradeEvent.id.desc())
        .limit(MOST_LISTED)
    )  # fmt: skip
    return [(row[0], row[1]) for row in rows]


def get_event_desk(session: Session, event_id: int) -> EventDesk:
    """Everything the office sees of an event; raises CampaignNotFound."""
    event = session.get(TradeEvent, event_id)
    if event is None:
        raise CampaignNotFound(kind="trade_event", campaign_id=event_id)
    booths = session.scalars(
        select(Booth).where(Booth.event_id == event_id).order_by(Booth.number, Booth.id)
    ).all()
    sign_ups = list_sign_ups(session, event_id=event_id)
    return EventDesk(event, booths, sign_ups, sums(sign_ups))


def list_sign_ups(
    session: Session, *, event_id: int | None = None, producer_ids: Set[int] | None = None
) -> tuple[SignUp, ...]:
    """Sign-ups for an event or of some producers, those that wait first. Three statements."""
    query = (
        select(Participation, Producer.name, Booth.number, Booth.code)
        .join(Producer, Producer.id == Participation.producer_id)
        .outerjoin(Booth, Booth.id == Participation.booth_id)
        .order_by(Participation.state != "asked", Producer.name, Participation.id)
    )
    if event_id is not None:
        query = query.where(Participation.event_id == event_id)
    if producer_ids is not None:
        query = query.where(Participation.producer_id.in_(producer_ids))
    rows = session.execute(query).all()
    ids = [row[0].id for row in rows]
    shown: dict[int, list[tuple[int, str]]] = {}
    for number, product_id, name in session.execute(
        select(ShownProduct.participation_id, Product.id, Product.name)
        .join(Product, Product.id == ShownProduct.product_id)
        .where(ShownProduct.participation_id.in_(ids))
        .order_by(Product.name_key)
    ):
        shown.setdefault(number, []).append((product_id, name))
    outcomes: dict[int, list[EventOutcome]] = {}
    for outcome in session.scalars(
        select(EventOutcome).where(EventOutcome.participation_id.in_(ids)).order_by(EventOutcome.id)
    ):
        outcomes.setdefault(outcome.participation_id, []).append(outcome)
    return tuple(
        SignUp(
            id=row.id,
            producer_id=row.producer_id,
            producer_name=name,
            state=row.state,
            reason=row.reason,
            note=row.note,
            booth_id=row.booth_id,
            booth_number=number,
            booth_code=code,
            product_ids=frozenset(one for one, _name in shown.get(row.id, ())),
            product_names=tuple(name for _one, name in shown.get(row.id, ())),
            outcomes=tuple(outcomes.get(row.id, ())),
        )
        for row, name, number, code in rows
    )


def sums(sign_ups: Sequence[SignUp]) -> Mapping[str, Sum]:
    """How many of each kind, and their đồng."""
    every = [outcome for one in sign_ups for outcome in one.outcomes]
    return {
        kind: Sum(
            sum(1 for outcome in every if outcome.kind == kind),
            sum(outcome.amount_vnd or 0 for outcome in every if outcome.kind == kind),
        )
        for kind in OUTCOME_KINDS
    }


def list_events_for_producers(
    session: Session, producer_ids: Set[int], *, on: date
) -> Sequence[tuple[EventView, Mapping[int, SignUp]]]:
    """Events that take sign-ups or that the producers asked to join: with the sign-up of each."""
    joined: dict[int, dict[int, SignUp]] = {}
    own = select(Participation.event_id, Participation.id).where(
        Participation.producer_id.in_(producer_ids)
    )
    events_of = {row.id: row.event_id for row in session.execute(own)}
    for one in list_sign_ups(session, producer_ids=producer_ids):
        joined.setdefault(events_of[one.id], {})[one.producer_id] = one
    chosen = (
        select(TradeEvent.__table__)
        .where(TradeEvent.state != "draft")
        .order_by(TradeEvent.starts_on.desc())
        .limit(MOST_LISTED)
    )
    told = read_told(
        session, chosen, "trade_event", locale="vi", order=lambda c: [c.starts_on.desc()]
    )
    found = [read_event(one, on) for one in told]
    return [
        (view, joined.get(view.id, {}))
        for view in found
        if view.takes_sign_ups or view.id in joined
    ]


def list_collection_rows(session: Session) -> Sequence[Collection]:
    """Every collection, the newest first."""
    query = select(Collection).order_by(Collection.id.desc()).limit(MOST_LISTED)
    return session.scalars(query).all()


def list_picked(session: Session, collection_id: int) -> Sequence[tuple[str, str]]:
    """Slug and name of the products chosen by hand, in their order."""
    rows = session.execute(
        select(Product.slug, Product.name)
        .join(CollectionProduct, CollectionProduct.product_id == Product.id)
        .where(CollectionProduct.collection_id == collection_id)
        .order_by(CollectionProduct.position)
    )
    return [(row.slug, row.name) for row in rows]


def list_article_rows(session: Session) -> Sequence[Article]:
    """Every article, what was changed last first."""
    query = select(Article).order_by(Article.updated_at.desc(), Article.id.desc())
    return session.scalars(query.limit(MOST_LISTED)).all()


def list_usable_pictures(session: Session) -> Sequence[tuple[int, str]]:
    """Pictures that may stand above an article: number, and what is to be seen or whose it is."""
    rows = session.execute(
        select(Media.id, Media.alt, Producer.name, Product.name)
        .join(Producer, Producer.id == Media.producer_id)
        .outerjoin(Product, Product.id == Media.product_id)
        .where(is_shown(Media.__table__))
        .order_by(Media.id.desc())
        .limit(MOST_PICTURES)
    )
    return [(number, alt or product or maker) for number, alt, maker, product in rows]


def count_waiting_sign_ups(session: Session) -> int:
    """How many producers wait for the office's decision."""
    query = select(func.count()).where(Participation.state == "asked")
    return session.scalar(query) or 0
