"""Enquiries about visits: somebody asks, the producer answers, nobody pays and nothing is put in a cart."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import and_, case, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.queries.visits import find_visit
from core import audit
from core.actor import Actor
from core.facts import announce
from core.people.permissions import require
from i18n.text import nfc, typed
from orders.errors import NoSuchStep, VisitNotFound, VisitRefused
from orders.models import VisitEnquiry
from orders.rules.visits import (
    BY_VISITOR,
    OPEN,
    VisitEvent,
    VisitState,
    day_problem,
    next_state,
    people_problem,
)

LONGEST_WORDS = 2000
KEPT_AFTER_THE_DAY = timedelta(days=90)
"""Then name, contact and words are blanked: nobody needs them any longer."""


@dataclass(frozen=True, slots=True)
class VisitRequest:
    """What somebody asks for; `form_token` makes a form that is sent twice one enquiry."""

    slug: str
    form_token: str
    wished_on: date
    people: int
    name: str
    email: str | None
    phone: str | None
    message: str
    locale: str


def ask(session: Session, asked: VisitRequest, *, on: date, now: datetime) -> VisitEnquiry:
    """Write the enquiry down and tell of it, or return the one this form has already made.

    Raises VisitNotFound when that is no visit on sale that day, VisitRefused (code contact, past, too_far,
    out_of_season, too_few, too_many). The caller commits.
    """
    key = sha256(f"{asked.slug}\n{asked.form_token}".encode()).hexdigest()
    known = _by_form(session, key)
    if known is not None:
        return known
    visit = find_visit(session, asked.slug, on=on)
    if visit is None:
        raise VisitNotFound(slug=asked.slug)
    problem = (
        (None if asked.email or asked.phone else "contact")
        or day_problem(asked.wished_on, on, visit.months)
        or people_problem(asked.people, visit.least_people, visit.most_people)
    )
    if problem:
        raise VisitRefused(code=problem, least=visit.least_people, most=visit.most_people)
    enquiry = VisitEnquiry(
        public_token=secrets.token_urlsafe(16),
        form_token=key,
        product_id=visit.product_id,
        producer_id=visit.producer_id,
        product_name=visit.name,
        wished_on=asked.wished_on,
        people=asked.people,
        name=nfc(" ".join(asked.name.split()))[:120],
        email=asked.email or None,
        phone=asked.phone or None,
        message=nfc(asked.message.strip())[:LONGEST_WORDS] or None,
        locale=asked.locale,
        state=VisitState.NEW.value,
        steps=0,
        created_at=now,
        updated_at=now,
    )
    try:
        with session.begin_nested():
            session.add(enquiry)
    except IntegrityError:  # the same form has won at this very moment
        known = _by_form(session, key)
        if known is None:
            raise
        return known
    announce(session, "visit.asked", enquiry_id=enquiry.id)
    return enquiry


def move(
    session: Session, enquiry_id: int, event: str, words: str, *, actor: Actor, now: datetime
) -> VisitEnquiry:
    """The producer answers, agrees or declines, with words the visitor reads.

    Raises VisitNotFound, VisitRefused (code words, when an answer says nothing), NoSuchStep, Forbidden.
    """
    enquiry = get_enquiry(session, enquiry_id)
    require(actor, "visit.manage", producer_id=enquiry.producer_id)
    step = VisitEvent(event)
    if step in BY_VISITOR:
        raise NoSuchStep(axis="visit", event=event, state=enquiry.state)
    words = typed(words)[:LONGEST_WORDS]
    if step is VisitEvent.ANSWER and not words:
        raise VisitRefused(code="words")
    _apply(session, enquiry, step, words, now)
    audit.record(
        session, actor, f"visit.{event}", subject=f"visit:{enquiry.id}", now=now,
        producer_id=enquiry.producer_id,
    )  # fmt: skip
    announce(session, "visit.moved", enquiry_id=enquiry.id, step=enquiry.steps)
    return enquiry


def withdraw(session: Session, public_token: str, *, now: datetime) -> VisitEnquiry:
    """Whoever asked takes the enquiry back; raises VisitNotFound, NoSuchStep."""
    enquiry = find_enquiry(session, public_token)
    _apply(session, enquiry, VisitEvent.WITHDRAW, "", now)
    announce(session, "visit.moved", enquiry_id=enquiry.id, step=enquiry.steps)
    return enquiry


def get_enquiry(session: Session, enquiry_id: int) -> VisitEnquiry:
    """The enquiry with that number, for the desk; raises VisitNotFound."""
    found = session.get(VisitEnquiry, enquiry_id)
    if found is None:
        raise VisitNotFound(enquiry_id=enquiry_id)
    return found


def count_new(session: Session, producer_ids: Collection[int]) -> int:
    """How many enquiries to these producers nobody has answered."""
    if not producer_ids:
        return 0
    query = select(func.count()).where(
        VisitEnquiry.producer_id.in_(sorted(producer_ids)),
        VisitEnquiry.state == VisitState.NEW.value,
    )
    return session.scalar(query) or 0


def find_enquiry(session: Session, public_token: str) -> VisitEnquiry:
    """The enquiry with that unguessable name; raises VisitNotFound."""
    found = session.scalar(select(VisitEnquiry).where(VisitEnquiry.public_token == public_token))
    if found is None:
        raise VisitNotFound
    return found


def list_enquiries(
    session: Session,
    producer_ids: Collection[int],
    *,
    before: tuple[bool, int] | None = None,
    limit: int = 50,
) -> list[VisitEnquiry]:
    """Those of these producers: open ones first, then the newest. One statement.

    `before` is `is_open` and the number of the last one on the page before.
    """
    rank = case((VisitEnquiry.state.in_(OPEN), 1), else_=0)
    query = select(VisitEnquiry).where(VisitEnquiry.producer_id.in_(sorted(producer_ids)))
    if before is not None:
        last_rank, last_id = int(before[0]), before[1]
        below = and_(rank == last_rank, VisitEnquiry.id < last_id)
        query = query.where(or_(rank < last_rank, below))
    return list(session.scalars(query.order_by(rank.desc(), VisitEnquiry.id.desc()).limit(limit)))


def forget_old(session: Session, *, on: date, now: datetime, limit: int = 500) -> int:
    """Blank whom past enquiries are from and what they said; returns how many."""
    old = session.scalars(
        select(VisitEnquiry.id)
        .where(
            VisitEnquiry.wished_on < on - KEPT_AFTER_THE_DAY, VisitEnquiry.forgotten_at.is_(None)
        )
        .limit(limit)
    ).all()
    if old:
        session.execute(
            update(VisitEnquiry)
            .where(VisitEnquiry.id.in_(old))
            .values(name="", email=None, phone=None, message=None, answer=None, forgotten_at=now)
        )
    return len(old)


def _by_form(session: Session, key: str) -> VisitEnquiry | None:
    return session.scalar(select(VisitEnquiry).where(VisitEnquiry.form_token == key))


def _apply(
    session: Session, enquiry: VisitEnquiry, step: VisitEvent, words: str, now: datetime
) -> None:
    """One conditional UPDATE, so that two hands at once make one step; raises NoSuchStep."""
    state = VisitState(enquiry.state)
    after = next_state(state, step)
    values: dict[str, object] = {"state": after, "updated_at": now, "steps": enquiry.steps + 1}
    if words:
        values["answer"] = words
    moved = (
        after is not None
        and session.execute(
            update(VisitEnquiry)
            .where(
                VisitEnquiry.id == enquiry.id,
                VisitEnquiry.state == state.value,
                VisitEnquiry.steps == enquiry.steps,
            )
            .values(values)
            .returning(VisitEnquiry.id)
            .execution_options(synchronize_session=False)
        ).first()
    )
    if not moved:
        raise NoSuchStep(axis="visit", event=step.value, state=state.value)
    session.refresh(enquiry)
