"""Reading people: who a sign-in cookie stands for, and lists of people for the programme office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from core.actor import Actor, Role
from core.errors import NotFound
from core.people.models import Membership, Person, UserSession
from core.people.tokens import digest

LONGEST_TOKEN = 200


class SignedIn(NamedTuple):
    """The person behind a living session."""

    actor: Actor
    session_id: int
    last_seen_at: datetime
    locale: str


class PersonNotFound(NotFound):
    """No person has this id, e-mail or phone."""

    def __init__(self, *, person: int | str) -> None:
        """Keep what was asked for."""
        super().__init__(person=person)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the office's list of people."""

    id: int
    full_name: str
    email: str | None
    phone: str | None
    roles: tuple[tuple[str, int | str | None], ...]  # (role, producer id or partner code)
    created_at: datetime
    disabled_at: datetime | None
    last_seen_at: datetime | None


def load_actor(session: Session, token: str, now: datetime) -> SignedIn | None:
    """Who holds `token`, or None when the session is unknown, revoked, too old, or its person disabled.

    One statement. Roles are read anew every time, so a change of membership counts at once.
    """
    if not token or len(token) > LONGEST_TOKEN:
        return None
    rows = session.execute(
        select(
            UserSession.id,
            UserSession.last_seen_at,
            UserSession.idle_minutes,
            UserSession.expires_at,
            Person.id.label("person_id"),
            Person.full_name,
            Person.locale,
            Membership.role,
            Membership.producer_id,
            Membership.partner_code,
        )
        .join(Person, Person.id == UserSession.person_id)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .where(
            UserSession.token_hash == digest(token),
            UserSession.revoked_at.is_(None),
            Person.disabled_at.is_(None),
        )
    ).all()
    if not rows:
        return None
    first = rows[0]
    if now >= first.expires_at:
        return None
    if now >= first.last_seen_at + timedelta(minutes=first.idle_minutes):
        return None
    actor = Actor(
        person_id=first.person_id,
        name=first.full_name,
        roles=frozenset(Role(row.role) for row in rows if row.role is not None),
        producer_ids=frozenset(row.producer_id for row in rows if row.producer_id is not None),
        partner_codes=frozenset(row.partner_code for row in rows if row.partner_code is not None),
    )
    return SignedIn(actor, first.id, first.last_seen_at, first.locale)


def find_actor(session: Session, person_id: int) -> Actor | None:
    """The person as who acts, with the roles held now; None when there is none or the account is closed."""
    rows = session.execute(
        select(Person.full_name, Membership.role, Membership.producer_id, Membership.partner_code)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .where(Person.id == person_id, Person.disabled_at.is_(None))
    ).all()
    if not rows:
        return None
    return Actor(
        person_id=person_id,
        name=rows[0].full_name,
        roles=frozenset(Role(row.role) for row in rows if row.role is not None),
        producer_ids=frozenset(row.producer_id for row in rows if row.producer_id is not None),
        partner_codes=frozenset(row.partner_code for row in rows if row.partner_code is not None),
    )


def get_person(session: Session, person_id: int) -> Person:
    """The person with this id; raises PersonNotFound."""
    person = session.get(Person, person_id)
    if person is None:
        raise PersonNotFound(person=person_id)
    return person


def find_person(session: Session, identifier: str) -> Person | None:
    """The person who signs in with this e-mail or phone number, in any spelling."""
    from core.people.registration import normal_identifier

    wanted = normal_identifier(identifier)
    if wanted is None:
        return None
    return session.scalar(
        select(Person).where(or_(Person.email == wanted, Person.phone == wanted)).limit(1)
    )


def list_people(session: Session, *, page: int = 1, per_page: int = 50) -> Sequence[PersonRow]:
    """People with their roles, by name; three statements however many there are."""
    people = session.scalars(
        select(Person)
        .options(selectinload(Person.memberships))
        .order_by(Person.full_name, Person.id)
        .limit(per_page)
        .offset((max(page, 1) - 1) * per_page)
    ).all()
    seen = {
        row.person_id: row.seen
        for row in session.execute(
            select(UserSession.person_id, func.max(UserSession.last_seen_at).label("seen"))
            .where(UserSession.person_id.in_([person.id for person in people]))
            .group_by(UserSession.person_id)
        )
    }
    return [
        PersonRow(
            id=person.id,
            full_name=person.full_name,
            email=person.email,
            phone=person.phone,
            roles=tuple((m.role, m.producer_id or m.partner_code) for m in person.memberships),
            created_at=person.created_at,
            disabled_at=person.disabled_at,
            last_seen_at=seen.get(person.id),
        )
        for person in people
    ]


def count_people(session: Session) -> int:
    """How many people there are, disabled ones included."""
    return session.scalar(select(func.count()).select_from(Person)) or 0
