"""One build or one booking for a partner at a time."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import insert_into
from feeds.models import FeedSequence


def lock_partner(session: Session, partner: str) -> int:
    """Hold the partner's sequence row until the transaction ends; returns the last batch number given.

    On SQLite the write transaction itself is the lock.
    """
    session.execute(
        insert_into(session, FeedSequence).values(partner=partner).on_conflict_do_nothing()
    )
    return session.scalars(
        select(FeedSequence.last_number).where(FeedSequence.partner == partner).with_for_update()
    ).one()
