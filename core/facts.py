"""Facts that happened, written in the same transaction as the change they tell of (an outbox).

The worker reads undispatched facts and makes a task for each reaction (``storefront/worker.py``). A fact is
never lost: it commits with the change or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, String, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, Id, Json, UtcDateTime, partial_index
from core.statements import bare_row


class Fact(Base):
    """One thing that happened: its name in the past tense and the ids it is about."""

    __tablename__ = "fact"
    __table_args__ = (partial_index("ix_fact_undispatched", "id", where="dispatched_at IS NULL"),)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    announced_at: Mapped[datetime] = mapped_column(
        UtcDateTime, server_default=func.current_timestamp()
    )
    dispatched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def announce(session: Session, name: str, **payload: Any) -> Fact:
    """Write down that something happened; it becomes visible when the caller's transaction commits."""
    fact = Fact(name=name, payload=payload)
    session.add(fact)
    return fact


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest fact: its id, 0 for none, and whether no older fact can still appear beside it.

    Ids are given when a fact is written down, not when it is committed: on PostgreSQL a transaction that
    still runs may bring an older one. Whoever keeps something for this fact then keeps it briefly.
    `turned_at` is the last noted moment (``core.moments``) that has passed, in seconds since 1970.
    """

    fact_id: int
    is_settled: bool
    turned_at: int = 0


_NEWEST = """
SELECT (SELECT max(id) FROM fact), (SELECT max(at_epoch) FROM turning_point WHERE at_epoch <= ?), true
"""
_NEWEST_OF_MANY_WRITERS = "SELECT fact_id, turned_at, is_settled FROM ocop_newest_fact(%s)"
"""The function is in migration 0032, with the reason why its answer is certain."""


def newest_fact(asked: Session | Connection | Engine, now: datetime | None = None) -> Newest:
    """A cheap sign that anything at all has changed; one statement.

    Asked for every page of the shop, so it goes past the ORM, and an engine is asked with less ado than a
    connection. SQLite has one writer at a time, so nothing older can appear there. With a moment, the answer
    also says which turning point was the last before it.
    """
    asked = asked.connection() if isinstance(asked, Session) else asked
    query = _NEWEST_OF_MANY_WRITERS if asked.dialect.name == "postgresql" else _NEWEST
    values = (0 if now is None else int(now.timestamp()),)
    if isinstance(asked, Engine):
        row = bare_row(asked, query, values)
    else:
        row = asked.exec_driver_sql(query, values).one()
    fact_id, turned_at, is_settled = row
    return Newest(fact_id or 0, bool(is_settled), turned_at or 0)


def newest_fact_id(asked: Session | Connection) -> int:
    """The id of the newest fact, 0 for none."""
    return newest_fact(asked).fact_id


def dispatch(
    session: Session, reactions: Mapping[str, Sequence[str]], *, now: datetime, limit: int = 200
) -> int:
    """Turn up to ``limit`` facts into tasks, one for each reaction; returns how many facts.

    Run in one write transaction by one process at a time or many: a task is unique per (fact, reaction), and
    marking a fact is conditional, so nothing doubles. The order of ids is not the order of commits on
    PostgreSQL, so facts are taken by a mark and never by "id greater than the last one seen".
    """
    from core.tasks import Task

    facts = session.execute(
        select(Fact.id, Fact.name, Fact.payload)
        .where(Fact.dispatched_at.is_(None))
        .order_by(Fact.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not facts:
        return 0
    tasks = [
        {"fact_id": fact.id, "reaction": reaction, "payload": fact.payload, "run_at": now}
        for fact in facts
        for reaction in reactions.get(fact.name, ())
    ]
    if tasks:
        session.execute(insert(Task), tasks)
    session.execute(
        update(Fact).where(Fact.id.in_([fact.id for fact in facts])).values(dispatched_at=now)
    )
    return len(facts)
