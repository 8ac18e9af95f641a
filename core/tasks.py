"""Work to be done outside the request: rows claimed with a lease, retried with back-off, then parked.

The rows are the truth. A worker that dies keeps nothing: its lease runs out, ``reap`` puts the task back, and
because every reaction is idempotent and finishes in the same transaction as its effect, nothing doubles.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit
from core.actor import Actor
from core.db import Base, BigInt, Id, Json, NfcText, UtcDateTime
from core.people.permissions import require

LEASE = timedelta(seconds=60)
"""How long a worker may be silent about a task before another takes it."""

BACK_OFF = tuple(timedelta(seconds=s) for s in (2, 10, 60, 300, 900, 3600, 3 * 3600, 6 * 3600))
"""Waits before the second, third … try; after the last one the task is parked for a person."""

STATES = ("queued", "running", "done", "parked")


class Task(Base):
    """One reaction to one fact."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("fact_id", "reaction"),
        CheckConstraint("state IN ('queued', 'running', 'done', 'parked')", name="state"),
        Index("ix_task_state_run_at", "state", "run_at", "id"),
    )

    id: Mapped[Id]
    fact_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("fact.id"))
    reaction: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10), default="queued", server_default="queued")
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_by: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(NfcText)


@dataclass(frozen=True, slots=True)
class Claim:
    """A task this worker holds until the lease runs out."""

    id: int
    reaction: str
    payload: dict[str, Any]
    attempts: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much work waits, how long the oldest has waited (seconds), and what a person must look at."""

    undispatched: int
    queued: int
    running: int
    parked: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Parked:
    """A task that gave up; ``fact`` is None for work no fact caused, ``since`` when the last try was due."""

    id: int
    fact: str | None
    reaction: str
    payload: dict[str, Any]
    attempts: int
    last_error: str | None
    since: datetime

    @property
    def error(self) -> str:
        """The kind of the last failure; "" when the worker fell silent over it."""
        return error_class(self.last_error)


def add_task(session: Session, reaction: str, payload: dict[str, Any], *, now: datetime) -> Task:
    """Ask for work that no fact caused, such as a timer's."""
    task = Task(reaction=reaction, payload=payload, run_at=now)
    session.add(task)
    return task


def claim(session: Session, *, worker: str, now: datetime, limit: int = 20) -> list[Claim]:
    """Take up to ``limit`` due tasks for this worker; the caller commits at once, then works."""
    due = (
        select(Task.id)
        .where(Task.state == "queued", Task.run_at <= now)
        .order_by(Task.run_at, Task.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = session.execute(
        update(Task)
        .where(Task.id.in_(due.scalar_subquery()), Task.state == "queued")
        .values(
            state="running", leased_by=worker, lease_until=now + LEASE, attempts=Task.attempts + 1
        )
        .returning(Task.id, Task.reaction, Task.payload, Task.attempts)
        .execution_options(synchronize_session=False)
    ).all()
    return sorted((Claim(*row) for row in taken), key=lambda c: c.id)


def extend(session: Session, ids: list[int], *, worker: str, now: datetime) -> int:
    """Keep holding these tasks a while longer; returns how many are still ours."""
    return _mark(session, ids, worker, lease_until=now + LEASE)


def finish(session: Session, ids: list[int], *, worker: str, now: datetime) -> int:
    """Mark done in the transaction of the effect; fewer than asked means a lease was lost: roll back."""
    return _mark(session, ids, worker, state="done", done_at=now, lease_until=None, last_error=None)


def put_back(session: Session, ids: list[int], *, worker: str, now: datetime) -> int:
    """Give tasks back untouched, without counting the try (graceful stop)."""
    return _mark(
        session,
        ids,
        worker,
        state="queued",
        run_at=now,
        leased_by=None,
        lease_until=None,
        attempts=Task.attempts - 1,
    )


def fail(session: Session, claim: Claim, *, worker: str, now: datetime, error: str) -> str:
    """Note a failed try; returns ``queued`` with a later time or ``parked`` after the last one."""
    parked = claim.attempts > len(BACK_OFF)
    values: dict[str, Any] = {"leased_by": None, "lease_until": None, "last_error": error[:2000]}
    if parked:
        values["state"] = "parked"
    else:
        values |= {"state": "queued", "run_at": now + BACK_OFF[claim.attempts - 1]}
    _mark(session, [claim.id], worker, **values)
    return "parked" if parked else "queued"


def reap(session: Session, *, now: datetime) -> int:
    """Put back tasks whose worker fell silent; those out of tries are parked. Returns how many."""
    spent = Task.attempts > len(BACK_OFF)
    lost = (Task.state == "running", Task.lease_until < now)
    values = {"leased_by": None, "lease_until": None, "last_error": "the worker fell silent"}
    parked = session.execute(update(Task).where(*lost, spent).values(state="parked", **values))
    back = session.execute(update(Task).where(*lost).values(state="queued", run_at=now, **values))
    return int(parked.rowcount + back.rowcount)  # type: ignore[attr-defined]  # CursorResult


def list_parked(session: Session, *, after_id: int = 0, limit: int = 50) -> list[Parked]:
    """Tasks that gave up, the oldest first; page on with the last id. One statement."""
    from core.facts import Fact

    rows = session.execute(
        select(
            Task.id,
            Fact.name,
            Task.reaction,
            Task.payload,
            Task.attempts,
            Task.last_error,
            Task.run_at,
        )
        .outerjoin(Fact, Fact.id == Task.fact_id)
        .where(Task.state == "parked", Task.id > after_id)
        .order_by(Task.id)
        .limit(limit)
    )
    return [Parked(*row) for row in rows]


def count_parked(session: Session) -> int:
    """How many tasks gave up and wait for a person."""
    return session.scalar(select(func.count()).where(Task.state == "parked")) or 0


def retry_parked(session: Session, task_id: int, *, actor: Actor, now: datetime) -> bool:
    """A person says: try again from the start. False when the task is not parked (any more).

    Raises NotAllowed.
    """
    require(actor, "task.retry")
    taken = session.execute(
        update(Task)
        .where(Task.id == task_id, Task.state == "parked")
        .values(state="queued", attempts=0, run_at=now)
        .returning(Task.reaction, Task.last_error)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is None:
        return False
    audit.record(
        session,
        actor,
        "task.retry",
        subject=f"task:{task_id}",
        now=now,
        reaction=taken.reaction,
        error=error_class(taken.last_error),
    )
    return True


def error_class(last_error: str | None) -> str:
    """The kind of the last failure, without its message: "SMTPConnectError"; "" when the worker was lost."""
    kind = (last_error or "").partition(":")[0]
    return kind if kind.isidentifier() else ""


def backlog(session: Session, *, now: datetime) -> Backlog:
    """What waits; two statements."""
    from core.facts import Fact

    counts = {
        state: (n, oldest)
        for state, n, oldest in session.execute(
            select(Task.state, func.count(), func.min(Task.run_at))
            .where(Task.state != "done")
            .group_by(Task.state)
        )
    }
    undispatched, oldest_fact = session.execute(
        select(func.count(), func.min(Fact.announced_at)).where(Fact.dispatched_at.is_(None))
    ).one()
    starts = [m for m in (oldest_fact, counts.get("queued", (0, None))[1]) if m is not None]
    age = max((now - min(starts)).total_seconds(), 0.0) if starts else 0.0
    return Backlog(
        undispatched=undispatched,
        queued=counts.get("queued", (0, None))[0],
        running=counts.get("running", (0, None))[0],
        parked=counts.get("parked", (0, None))[0],
        oldest_seconds=age,
    )


def _mark(session: Session, ids: list[int], worker: str, **values: Any) -> int:
    result = session.execute(
        update(Task)
        .where(Task.id.in_(ids), Task.state == "running", Task.leased_by == worker)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]  # CursorResult
