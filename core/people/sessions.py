"""Signed-in devices: how a session starts, how long it lives, and how it is ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import CursorResult, delete, or_, select, update
from sqlalchemy.orm import Session

from core import audit
from core.actor import Actor, Role
from core.people.models import Membership, Person, UserSession
from core.people.tokens import digest, new_token

TOUCH_EVERY = timedelta(minutes=1)


class Lifetime(NamedTuple):
    """How long a session lives without being used, and at most."""

    idle: timedelta
    absolute: timedelta


_WORKPLACE = Lifetime(idle=timedelta(hours=8), absolute=timedelta(hours=12))
LIFETIMES = {
    # A producer signs in on one phone, often with help; making that a daily task keeps people out.
    Role.PRODUCER: Lifetime(idle=timedelta(days=30), absolute=timedelta(days=90)),
    # An office desk may be shared: one working day.
    Role.OFFICE: _WORKPLACE,
    Role.PARTNER: _WORKPLACE,
}


class StartedSession(NamedTuple):
    """A new session; the token is known here once and never again."""

    id: int
    token: str
    expires_at: datetime


def lifetime(roles: Iterable[str]) -> Lifetime:
    """The shortest lifetime among the roles; without any role, a workplace's."""
    known = [LIFETIMES[Role(role)] for role in roles if role in LIFETIMES]
    return min(known, default=_WORKPLACE)


def start_session(
    session: Session, person: Person, *, user_agent: str, by_link: bool, now: datetime
) -> StartedSession:
    """Sign a person in on one device with a token nobody has seen before (rule A13: no fixation).

    Call only after a password or a one-time link has been accepted.
    """
    roles = session.scalars(select(Membership.role).where(Membership.person_id == person.id)).all()
    idle, absolute = lifetime(roles)
    token = new_token()
    started = UserSession(
        person_id=person.id,
        token_hash=digest(token),
        user_agent=_printable(user_agent)[:200],
        created_at=now,
        last_seen_at=now,
        idle_minutes=int(idle.total_seconds() // 60),
        expires_at=now + absolute,
        by_link=by_link,
    )
    session.add(started)
    session.flush()
    actor = Actor(person_id=person.id, name=person.full_name)
    audit.record(
        session, actor, "session.started", subject=f"person:{person.id}", now=now, by_link=by_link
    )
    return StartedSession(started.id, token, started.expires_at)


def list_sessions(session: Session, person_id: int, *, now: datetime) -> Sequence[UserSession]:
    """The person's living sessions, the one used last first."""
    rows = session.scalars(
        select(UserSession)
        .where(
            UserSession.person_id == person_id,
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > now,
        )
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
    )
    return [row for row in rows if now < row.last_seen_at + timedelta(minutes=row.idle_minutes)]


def revoke(session: Session, session_id: int, *, person_id: int, now: datetime) -> bool:
    """End one session of this person at once; False when it is not theirs or has ended already."""
    ended = session.execute(
        update(UserSession)
        .where(
            UserSession.id == session_id,
            UserSession.person_id == person_id,
            UserSession.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    return cast(CursorResult[Any], ended).rowcount == 1


def revoke_others(session: Session, *, person_id: int, keep: int | None, now: datetime) -> int:
    """End all sessions of this person but `keep`; returns how many."""
    which = update(UserSession).where(
        UserSession.person_id == person_id, UserSession.revoked_at.is_(None)
    )
    if keep is not None:
        which = which.where(UserSession.id != keep)
    ended = session.execute(which.values(revoked_at=now))
    return cast(CursorResult[Any], ended).rowcount


def needs_touch(last_seen_at: datetime, now: datetime) -> bool:
    """Whether the session was last noted as used more than a minute ago."""
    return now - last_seen_at >= TOUCH_EVERY


def touch(session: Session, session_id: int, now: datetime) -> None:
    """Note that the session is in use; conditional, so that many requests at once write once."""
    session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.last_seen_at <= now - TOUCH_EVERY)
        .values(last_seen_at=now)
    )


def prune(session: Session, *, now: datetime, keep_days: int = 30) -> int:
    """Delete sessions that ended more than `keep_days` ago; returns how many."""
    long_ago = now - timedelta(days=keep_days)
    gone = session.execute(
        delete(UserSession).where(
            or_(UserSession.revoked_at < long_ago, UserSession.expires_at < long_ago)
        )
    )
    return cast(CursorResult[Any], gone).rowcount


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())
