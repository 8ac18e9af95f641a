"""The way of a batch to its partner, in short steps: claimed, carried (no transaction open), and written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.orm import Session, undefer

from core.errors import Conflict, NotFound
from feeds.checking import is_good
from feeds.models import FeedBatch, FeedBatchFile, FeedBatchLine
from feeds.profiles import Profile
from feeds.transports.sftp import OutFile, Receipt

LEASE = timedelta(minutes=3)
"""How long a carrier may be silent before another takes the same bytes and names."""


class BatchNotFound(NotFound):
    """The partner has no batch of that number; facts: partner, number."""


class NotResendable(Conflict):
    """Only a batch that has left the house can be sent again; facts: partner, number, state."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed batch: what to carry. ``was`` is the state it had before."""

    batch_id: int
    partner: str
    number: int
    was: str
    files: tuple[OutFile, ...]


def next_due(session: Session, partner: str, *, now: datetime) -> int | None:
    """The oldest batch that has to go out; None when all are out or one is being carried just now.

    Batches leave in the order of their numbers: what may have arrived half comes before anything newer.
    One whose files were not found to be good stays, and keeps nothing else back.
    """
    row = session.execute(
        select(FeedBatch.id, FeedBatch.state, FeedBatch.claimed_until)
        .where(
            FeedBatch.partner == partner,
            or_(
                FeedBatch.state.in_(("sending", "unknown")),
                (FeedBatch.state == "built") & is_good(),
            ),
        )
        .order_by(FeedBatch.number)
        .limit(1)
    ).first()
    if row is None or (row.state == "sending" and row.claimed_until and row.claimed_until > now):
        return None
    return int(row.id)


def claim(session: Session, batch_id: int, *, now: datetime) -> Parcel | None:
    """Take a batch for carrying; None when another carrier has it, it is out, or its files are not good.

    The caller commits at once.
    """
    was = session.scalar(select(FeedBatch.state).where(FeedBatch.id == batch_id))
    claimed = session.execute(
        update(FeedBatch)
        .where(
            FeedBatch.id == batch_id,
            or_(
                (FeedBatch.state == "built") & is_good(),
                FeedBatch.state == "unknown",
                (FeedBatch.state == "sending") & (FeedBatch.claimed_until < now),
            ),
        )
        .values(state="sending", claimed_until=now + LEASE, attempts=FeedBatch.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    if _count(claimed) != 1:
        return None
    # A carrier that was killed may have left anything behind, so "sending" counts as unknown.
    return _parcel(session, batch_id, "built" if was == "built" else "unknown")


def sent_before(session: Session, partner: str, number: int) -> Parcel:
    """The parcel of a batch that is out, to send the same bytes and names once more.

    Raises BatchNotFound or NotResendable.
    """
    row = session.execute(
        select(FeedBatch.id, FeedBatch.state).where(
            FeedBatch.partner == partner, FeedBatch.number == number
        )
    ).first()
    if row is None:
        raise BatchNotFound(partner=partner, number=number)
    if row.state not in ("sent", "acknowledged"):
        raise NotResendable(partner=partner, number=number, state=row.state)
    return _parcel(session, row.id, row.state)


def mark_sent(
    session: Session, parcel: Parcel, receipts: list[Receipt], profile: Profile, *, now: datetime
) -> None:
    """Write down that the files are at the partner; older unanswered lines of the same items are superseded."""
    session.execute(
        update(FeedBatch)
        .where(FeedBatch.id == parcel.batch_id, FeedBatch.state == "sending")
        .values(state="sent", claimed_until=None, last_error=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(FeedBatch)
        .where(FeedBatch.id == parcel.batch_id, FeedBatch.receipt.is_(None))
        .values(
            sent_at=now,
            ack_due_at=now + timedelta(hours=profile.ack_deadline_hours),
            receipt=receipt_of(receipts),
        )
        .execution_options(synchronize_session=False)
    )
    lines_left(session, parcel.partner, parcel.batch_id, parcel.number)


def lines_left(session: Session, partner: str, batch_id: int, number: int) -> None:
    """The lines of a batch are out: pending ones count as sent, older unanswered ones as superseded."""
    session.execute(
        update(FeedBatchLine)
        .where(FeedBatchLine.batch_id == batch_id, FeedBatchLine.state == "pending")
        .values(state="sent")
        .execution_options(synchronize_session=False)
    )
    older = select(FeedBatch.id).where(FeedBatch.partner == partner, FeedBatch.number < number)
    same_items = select(FeedBatchLine.item_key).where(FeedBatchLine.batch_id == batch_id)
    session.execute(
        update(FeedBatchLine)
        .where(
            FeedBatchLine.batch_id.in_(older),
            FeedBatchLine.item_key.in_(same_items),
            FeedBatchLine.state.in_(("pending", "sent", "received")),
        )
        .values(state="superseded")
        .execution_options(synchronize_session=False)
    )


def mark_failed(session: Session, parcel: Parcel, error: str, *, arrived: bool) -> None:
    """Write down a failed try. ``arrived`` says that something may be at the partner: then it is unknown."""
    state = "unknown" if arrived else parcel.was
    session.execute(
        update(FeedBatch)
        .where(FeedBatch.id == parcel.batch_id, FeedBatch.state == "sending")
        .values(state=state, claimed_until=None, last_error=error[:2000])
        .execution_options(synchronize_session=False)
    )


def receipt_of(receipts: list[Receipt]) -> dict[str, Any]:
    """What the partner's server showed after the upload, as JSON."""
    return {
        "files": [
            {"name": r.name, "size": r.size, "sha256": r.sha256, "was_there": r.was_there}
            for r in receipts
        ]
    }


def _parcel(session: Session, batch_id: int, was: str) -> Parcel:
    batch = session.execute(
        select(FeedBatch.partner, FeedBatch.number).where(FeedBatch.id == batch_id)
    ).one()
    files = session.scalars(
        select(FeedBatchFile)
        .where(FeedBatchFile.batch_id == batch_id)
        .order_by(FeedBatchFile.name)
        .options(undefer(FeedBatchFile.content))
    )
    outgoing = tuple(OutFile(f.name, f.content, f.sha256) for f in files)
    return Parcel(batch_id, batch.partner, batch.number, was, outgoing)


def _count(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
