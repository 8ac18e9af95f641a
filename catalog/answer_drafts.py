"""Keeping what somebody typed until it can be stored, so that no bad connection or mistake loses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from catalog.models import AnswerDraft
from core.actor import Actor

LONGEST = 20_000
"""Characters of one draft; what is beyond is not kept."""

Key = tuple[str, int, str, str]
"""Subject ("product" or "producer"), its id, the question, and the item or ""."""


def keep_draft(
    session: Session,
    key: Key,
    typed: Mapping[str, Sequence[str]],
    *,
    version: int,
    actor: Actor,
    now: datetime,
) -> bool:
    """Keep an unfinished answer of the person; returns False for nobody and for far too much."""
    if actor.person_id is None or sum(len(v) for vs in typed.values() for v in vs) > LONGEST:
        return False
    row = session.get(AnswerDraft, (actor.person_id, *key))
    if row is None:
        subject, subject_id, question, item = key
        row = AnswerDraft(
            person_id=actor.person_id,
            subject=subject,
            subject_id=subject_id,
            question=question,
            item=item,
        )
        session.add(row)
    row.typed = {name: list(values) for name, values in typed.items()}
    row.version, row.saved_at = version, now
    return True


def find_draft(session: Session, key: Key, *, actor: Actor) -> AnswerDraft | None:
    """The person's unfinished answer to that question."""
    if actor.person_id is None:
        return None
    return session.get(AnswerDraft, (actor.person_id, *key))


def drop_draft(session: Session, key: Key, *, actor: Actor) -> None:
    """Forget it: the answer is stored, or the person wants the stored one."""
    row = find_draft(session, key, actor=actor)
    if row is not None:
        session.delete(row)
