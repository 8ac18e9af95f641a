"""Moments at which pages change by themselves, though nobody does anything: a price begins, a session ends.

Whoever plans such a moment notes it here. Kept pages ask for the last one that has passed together with
the newest fact (``core.facts``), so they change on time even when no process is awake to announce it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, BigInt, insert_into


class TurningPoint(Base):
    """One moment, as whole seconds since 1970 in UTC; rows are only ever added."""

    __tablename__ = "turning_point"

    at_epoch: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)


def note_turning_points(session: Session, *moments: datetime) -> None:
    """Note these moments; one that is known already stays. A part of a second counts as a whole one."""
    for epoch in sorted({-int(-moment.timestamp() // 1) for moment in moments}):
        session.execute(
            insert_into(session, TurningPoint).values(at_epoch=epoch).on_conflict_do_nothing()
        )
