"""The producer's verbs for events: sign up, say what is shown, write down what came of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from catalog.errors import InvalidFields
from catalog.models import EventOutcome, Participation, Product, ShownProduct, TradeEvent
from catalog.models.trade_event import OUTCOME_KINDS
from catalog.producers import find_producer
from catalog.programme import keeping
from catalog.programme.errors import OutcomesClosed, SignUpClosed, StepNotPossible
from catalog.programme.events import find_participation, move_sign_up
from catalog.queries.errors import CampaignNotFound
from catalog.rules.campaigns import EventDays, takes_outcomes, takes_sign_ups
from core.actor import Actor
from core.people.permissions import require
from i18n.text import nfc

LONGEST_NOTE = 500
LONGEST_NAME = 200
MOST_VND = 10**13
"""Ten million million đồng: more is a slip of the keyboard."""


def days_of(event: TradeEvent) -> EventDays:
    """What the rules judge an event by."""
    return EventDays(event.state, event.starts_on, event.ends_on, event.sign_up_until)


def sign_up(
    session: Session,
    event_id: int,
    producer_id: int,
    *,
    note: str = "",
    actor: Actor,
    on: date,
    now: datetime,
) -> Participation:
    """Ask for a place at an event, again after a refusal or one's own withdrawal.

    Raises SignUpClosed, StepNotPossible, CampaignNotFound, ProducerNotFound, NotAllowed.
    """
    require(actor, "event.join", producer_id=producer_id)
    find_producer(session, producer_id)
    event = keeping.find(session, TradeEvent, event_id, lock=True)
    if not takes_sign_ups(days_of(event), on):
        raise SignUpClosed(event_id=event_id, on=on)
    row = session.scalar(
        select(Participation).where(
            Participation.event_id == event_id, Participation.producer_id == producer_id
        )
    )
    if row is None:
        row = Participation(
            event_id=event_id, producer_id=producer_id, state="asked", created_at=now
        )
        session.add(row)
    else:
        move_sign_up(row, "ask")
    row.note, row.reason, row.updated_at = nfc(note.strip())[:LONGEST_NOTE] or None, None, now
    session.flush()
    keeping.note(session, event, "sign_up", actor, now, producer=producer_id)
    return row


def withdraw(
    session: Session, participation_id: int, *, actor: Actor, now: datetime
) -> Participation:
    """Give the place back. Raises StepNotPossible, CampaignNotFound, NotAllowed."""
    row, event = _own(session, participation_id, actor)
    move_sign_up(row, "withdraw")
    row.booth_id, row.updated_at = None, now
    keeping.note(session, event, "withdraw", actor, now, producer=row.producer_id)
    return row


def show_products(
    session: Session,
    participation_id: int,
    product_ids: Collection[int],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Say which of one's own products are shown at the booth; others are left out silently.

    Raises StepNotPossible for a refused or withdrawn sign-up, CampaignNotFound, NotAllowed.
    """
    row, event = _own(session, participation_id, actor)
    if row.state not in ("asked", "accepted"):
        raise StepNotPossible(state=row.state, step="show")
    own = session.scalars(
        select(Product.id)
        .where(Product.producer_id == row.producer_id, Product.id.in_(product_ids))
        .order_by(Product.id)
    ).all()
    session.execute(delete(ShownProduct).where(ShownProduct.participation_id == participation_id))
    session.add_all(ShownProduct(participation_id=participation_id, product_id=i) for i in own)
    session.flush()
    keeping.note(session, event, "show", actor, now, producer=row.producer_id, products=list(own))


def record_outcome(
    session: Session,
    participation_id: int,
    *,
    kind: str,
    with_whom: str,
    amount_vnd: int | None,
    actor: Actor,
    on: date,
    now: datetime,
) -> EventOutcome:
    """Write down a contact, an order or a memorandum; the amount is whole đồng or not known.

    Raises OutcomesClosed before the first day or without a place, InvalidFields, CampaignNotFound,
    NotAllowed.
    """
    row, event = _own(session, participation_id, actor)
    if row.state != "accepted" or not takes_outcomes(days_of(event), on):
        raise OutcomesClosed(participation_id=participation_id)
    whom = nfc(" ".join(with_whom.split()))
    mistakes: dict[str, str] = {}
    if kind not in OUTCOME_KINDS:
        mistakes["kind"] = "unknown"
    if not whom or len(whom) > LONGEST_NAME:
        mistakes["with_whom"] = "missing" if not whom else "too_long"
    if amount_vnd is not None and not 0 < amount_vnd <= MOST_VND:
        mistakes["amount_vnd"] = "not_positive" if amount_vnd <= 0 else "out_of_range"
    if mistakes:
        raise InvalidFields(mistakes)
    outcome = EventOutcome(
        participation_id=participation_id,
        kind=kind,
        with_whom=whom,
        amount_vnd=None if kind == "contact" else amount_vnd,
        created_at=now,
    )
    session.add(outcome)
    session.flush()
    keeping.note(session, event, "outcome", actor, now, producer=row.producer_id, outcome=kind)
    return outcome


def remove_outcome(session: Session, outcome_id: int, *, actor: Actor, now: datetime) -> None:
    """Take back what was written by mistake. Raises CampaignNotFound, NotAllowed."""
    outcome = session.get(EventOutcome, outcome_id)
    if outcome is None:
        raise CampaignNotFound(kind="outcome", campaign_id=outcome_id)
    row, event = _own(session, outcome.participation_id, actor)
    session.delete(outcome)
    details = {"outcome": outcome.kind, "amount_vnd": outcome.amount_vnd}
    keeping.note(session, event, "remove_outcome", actor, now, producer=row.producer_id, **details)


def _own(session: Session, participation_id: int, actor: Actor) -> tuple[Participation, TradeEvent]:
    row = find_participation(session, participation_id, lock=True)
    require(actor, "event.join", producer_id=row.producer_id)
    return row, keeping.find(session, TradeEvent, row.event_id)
