"""People of every kind for tests, and the sessions they are signed in with."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from core.actor import Actor, Role
from core.people import registration, sessions
from core.people.models import Person

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def make_person(session: Session, name: str = "Nguyễn Thị Sáu", **values: Any) -> Person:
    """Somebody with an e-mail address and no role."""
    person = Person(
        **{
            "full_name": name,
            "email": f"person{next(_numbers)}@example.test",
            "locale": "vi",
            "created_at": NOW,
            **values,
        }
    )
    session.add(person)
    session.flush()
    return person


def make_member(session: Session, producer_id: int, **values: Any) -> Person:
    """A member of that producer."""
    return _with_role(session, Role.PRODUCER, producer_id=producer_id, **values)


def make_officer(session: Session, **values: Any) -> Person:
    """A member of the programme office."""
    return _with_role(session, Role.OFFICE, **values)


def make_partner_user(
    session: Session, partner_code: str = "demo-supermarket", **values: Any
) -> Person:
    """Somebody at a supermarket."""
    return _with_role(session, Role.PARTNER, partner_code=partner_code, **values)


def sign_in(session: Session, person: Person, *, now: datetime = NOW) -> str:
    """Start a session; returns its token."""
    return sessions.start_session(
        session,
        person,
        user_agent="Mozilla/5.0 (Linux; Android 14) Chrome/156",
        by_link=False,
        now=now,
    ).token


def _with_role(
    session: Session,
    role: Role,
    *,
    producer_id: int | None = None,
    partner_code: str | None = None,
    **values: Any,
) -> Person:
    person = make_person(session, **values)
    registration.add_membership(
        session,
        person.id,
        role,
        producer_id=producer_id,
        partner_code=partner_code,
        actor=Actor.system("test"),
        now=NOW,
    )
    return person
