"""How a session moves: one function applies an event to its state, or refuses, and writes it down."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.facts import announce
from orders.errors import LiveNotFound, NoSuchStep
from orders.lifecycle import EventNotAllowed
from orders.models import LiveEvent, LiveSession
from orders.rules import live as rules


def lock(session: Session, live_id: int) -> LiveSession:
    """The session, fresh and locked until the end of the transaction; raises LiveNotFound."""
    found = session.scalar(
        select(LiveSession)
        .where(LiveSession.id == live_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise LiveNotFound(live_id=live_id)
    return found


def apply(
    session: Session,
    live: LiveSession,
    event: str,
    *,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
) -> str:
    """Apply one event to a locked session; returns the new state.

    Raises EventNotAllowed for people with other roles, NoSuchStep when the state leads nowhere with it.
    """
    state = live.state
    targets = rules.sources_of(event, actor.roles)
    if state not in targets:
        if rules.step_of(state, event) is not None:
            raise EventNotAllowed(event=event)
        raise NoSuchStep(axis="live", event=event, state=state)
    session.flush()
    changed = session.execute(
        update(LiveSession)
        .where(LiveSession.id == live.id, LiveSession.state == state)
        .values(state=targets[state], version=LiveSession.version + 1, changed_at=now)
    )
    if cast("CursorResult[Any]", changed).rowcount != 1:
        raise NoSuchStep(axis="live", event=event, state=state)
    note(session, live, event, targets[state], actor=actor, now=now, reason=reason, before=state)
    session.refresh(live)
    return targets[state]


def note(
    session: Session,
    live: LiveSession,
    event: str,
    to_state: str,
    *,
    actor: Actor,
    now: datetime,
    before: str | None,
    reason: str | None = None,
) -> None:
    """Write down what happened and tell whoever shows the session."""
    session.add(
        LiveEvent(
            session_id=live.id,
            event=event,
            from_state=before,
            to_state=to_state,
            actor_name=actor.name,
            actor_person_id=actor.person_id,
            acting_for=actor.acting_for,
            reason=reason,
            at=now,
        )
    )
    announce(session, "live.changed", session_ids=[live.id])
    session.flush()
