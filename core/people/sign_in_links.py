"""One-time sign-in links: for the first visit, a forgotten password, or somebody without e-mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, or_, select, update
from sqlalchemy.orm import Session

from core import audit
from core.actor import Actor
from core.people.models import Person, SignInLink
from core.people.queries import LONGEST_TOKEN, get_person
from core.people.tokens import digest, new_token

HAND_OVER = timedelta(days=3)
"""Long enough to reach a producer through a commune officer."""
BY_MAIL = timedelta(minutes=30)


def issue_link(
    session: Session,
    person_id: int,
    *,
    actor: Actor,
    now: datetime,
    valid_for: timedelta = HAND_OVER,
) -> str:
    """A new link's token, known here once; an earlier unused link of the person stays valid.

    Raises PersonNotFound. A disabled person's link opens nothing.
    """
    person = get_person(session, person_id)
    token = new_token()
    session.add(
        SignInLink(
            person_id=person.id,
            token_hash=digest(token),
            created_at=now,
            expires_at=now + valid_for,
        )
    )
    audit.record(session, actor, "sign_in_link.issued", subject=f"person:{person.id}", now=now)
    return token


def find_link(session: Session, token: str, *, now: datetime) -> Person | None:
    """Whom the link would sign in, without using it up; None when it is unknown, used or too old."""
    if len(token) > LONGEST_TOKEN:
        return None
    return session.scalar(
        select(Person)
        .join(SignInLink, SignInLink.person_id == Person.id)
        .where(
            SignInLink.token_hash == digest(token),
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > now,
            Person.disabled_at.is_(None),
        )
    )


def consume_link(session: Session, token: str, *, now: datetime) -> Person | None:
    """Use the link up and return its person, or None; of two who try at once, one succeeds."""
    if len(token) > LONGEST_TOKEN:
        return None
    used = session.execute(
        update(SignInLink)
        .where(
            SignInLink.token_hash == digest(token),
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > now,
        )
        .values(used_at=now)
    )
    if cast(CursorResult[Any], used).rowcount != 1:
        return None
    return session.scalar(
        select(Person)
        .join(SignInLink, SignInLink.person_id == Person.id)
        .where(SignInLink.token_hash == digest(token), Person.disabled_at.is_(None))
    )


def prune(session: Session, *, now: datetime) -> int:
    """Delete links that can open nothing any more; returns how many."""
    gone = session.execute(
        delete(SignInLink).where(or_(SignInLink.expires_at < now, SignInLink.used_at.is_not(None)))
    )
    return cast(CursorResult[Any], gone).rowcount
