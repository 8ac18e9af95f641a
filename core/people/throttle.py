"""How often something may be tried: counters in the database, right across processes and restarts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import CursorResult, case, delete, update
from sqlalchemy.orm import Session

from core.db import insert_into
from core.errors import Unavailable
from core.people.models import RateBucket


class Limit(NamedTuple):
    """So many tries in a window of time."""

    tries: int
    window: timedelta


class Throttled(Unavailable):
    """Too many tries; `retry_after` is in whole seconds, for the header of the same name."""

    def __init__(self, *, retry_after: int) -> None:
        """Keep how long to wait."""
        super().__init__(retry_after=retry_after)
        self.retry_after = retry_after


def spend(session: Session, key: str, limit: Limit, *, now: datetime) -> None:
    """Count one try of `key`; raises Throttled once more than `limit.tries` fell into one window.

    One statement, so two processes can never both take the last try. The caller commits before it
    does the costly or revealing thing; a refused try need not be kept.
    """
    table = RateBucket.__table__
    over = table.c.window_start <= now - limit.window
    statement = (
        insert_into(session, RateBucket)
        .values(key=key, window_start=now, tries=1)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={
                "tries": case((over, 1), else_=table.c.tries + 1),
                "window_start": case((over, now), else_=table.c.window_start),
            },
        )
        .returning(RateBucket.tries, RateBucket.window_start)
    )
    tries, window_start = session.execute(statement).one()
    if tries > limit.tries:
        left = window_start + limit.window - now
        raise Throttled(retry_after=max(1, int(left.total_seconds()) + 1))


def refund(session: Session, key: str) -> None:
    """Give one try back, after a success: only failures shall count against an address."""
    session.execute(
        update(RateBucket)
        .where(RateBucket.key == key, RateBucket.tries > 0)
        .values(tries=RateBucket.tries - 1)
    )


def forget(session: Session, key: str) -> None:
    """Start `key` afresh, after a success."""
    session.execute(delete(RateBucket).where(RateBucket.key == key))


def prune(session: Session, *, now: datetime, older_than: timedelta = timedelta(days=1)) -> int:
    """Delete buckets nobody has used for a day; returns how many."""
    gone = session.execute(delete(RateBucket).where(RateBucket.window_start < now - older_than))
    return cast(CursorResult[Any], gone).rowcount
