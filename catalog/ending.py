"""Warning producers that something of theirs ends: each threshold once, however late anybody looks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from catalog.models import EndWarning
from catalog.queries.endings import Ending
from catalog.rules.ending import due_threshold
from core.db import insert_into
from core.facts import announce


def warn_of(session: Session, endings: Iterable[Ending], *, on: date) -> int:
    """Write down the warnings that are due and new, and announce them by producer; returns how many.

    The table allows each (thing, last day, threshold) once, so a timer that runs twice, late, or in two
    workers at the same time warns nobody twice. A moved last day is warned of anew.
    """
    rows = [
        {
            "subject_kind": ending.subject_kind,
            "subject_id": ending.subject_id,
            "producer_id": ending.producer_id,
            "last_day": ending.last_day,
            "threshold": threshold,
            "warned_on": on,
        }
        for ending in endings
        if (threshold := due_threshold(ending.last_day, on)) is not None
    ]
    new: dict[int, list[int]] = {}
    for producer_id, warning_id in _insert(session, rows):
        new.setdefault(producer_id, []).append(warning_id)
    for producer_id, ids in sorted(new.items()):
        announce(session, "papers.ending", producer_id=producer_id, warning_ids=sorted(ids))
    return sum(map(len, new.values()))


def _insert(session: Session, rows: list[dict[str, object]]) -> Sequence[tuple[int, int]]:
    """Add the rows that are not there; returns (producer, id) of those added."""
    if not rows:
        return []
    added = session.execute(
        insert_into(session, EndWarning)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(EndWarning.producer_id, EndWarning.id)
    )
    return [(row[0], row[1]) for row in added]
