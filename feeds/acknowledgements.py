"""Booking a partner's answers: each to the batch and line it names, once, and never to another."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.facts import announce
from feeds.delivery import lines_left
from feeds.locking import lock_partner
from feeds.models import FeedAcknowledgement, FeedBatch, FeedBatchLine, FeedItem
from feeds.rules.answers import Booking, Judgement, Mistake, SentLine, judge, read_answers
from feeds.transports.sftp import Seen

LEFT = frozenset({"sending", "unknown", "sent", "acknowledged"})
"""States of a batch that may be at the partner: an answer to any other can't be true."""


@dataclass(frozen=True, slots=True)
class AcknowledgementReport:
    """What became of a file: outcome ``applied``, ``nothing_new``, ``unknown_batch``, ``unreadable`` or
    ``received_before``; how many lines were booked by state; rows that were not, with a code why."""

    file_name: str
    outcome: str
    batches: tuple[int, ...]
    booked: dict[str, int]
    reported: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True)
class Overdue:
    """A batch whose answer is late."""

    partner: str
    number: int
    sent_at: datetime | None
    due_at: datetime
    unanswered: int


def apply_file(
    session: Session, partner: str, *, name: str, raw: bytes, now: datetime
) -> AcknowledgementReport:
    """Keep the file as it came and book what can be booked; the same bytes are never booked twice.

    The session's transaction began as a write.
    """
    lock_partner(session, partner)
    digest = hashlib.sha256(raw).hexdigest()
    if _received_before(session, partner, digest):
        return AcknowledgementReport(name, "received_before", (), {}, ())
    read = read_answers(raw)
    batches = _load_batches(session, partner, read.batches)
    lines = _load_lines(session, batches.values())
    sent = frozenset(number for number, batch in batches.items() if batch.state in LEFT)
    verdict = judge(read.answers, lines, sent)
    booked = _book(session, partner, verdict, batches, lines, now=now)
    mistakes = (*read.mistakes, *verdict.reported)
    outcome = _outcome(verdict, mistakes)
    session.add(
        FeedAcknowledgement(
            partner=partner,
            file_name=name[:200],
            sha256=digest,
            received_at=now,
            batch_number=read.batches[0] if len(read.batches) == 1 else None,
            raw=raw,
            outcome=outcome,
            report={"booked": booked, "reported": [asdict(m) for m in mistakes[:500]]},
        )
    )
    session.flush()
    return AcknowledgementReport(name, outcome, read.batches, booked, mistakes)


def seen_files(session: Session, partner: str) -> dict[str, Seen]:
    """The files fetched so far, with the newest size and moment for each name."""
    rows = session.execute(
        select(
            FeedAcknowledgement.file_name,
            func.length(FeedAcknowledgement.raw),
            FeedAcknowledgement.received_at,
        )
        .where(FeedAcknowledgement.partner == partner)
        .order_by(FeedAcknowledgement.id)
    )
    return {name: Seen(size, moment) for name, size, moment in rows}


def list_overdue(session: Session, *, now: datetime) -> list[Overdue]:
    """Batches that are out and whose answer is late: no answer is an incident, not silence."""
    unanswered = func.count(FeedBatchLine.id)
    rows = session.execute(
        select(
            FeedBatch.partner, FeedBatch.number, FeedBatch.sent_at, FeedBatch.ack_due_at, unanswered
        )
        .join(FeedBatchLine, FeedBatchLine.batch_id == FeedBatch.id)
        .where(
            FeedBatch.state.in_(("sent", "unknown")),
            FeedBatch.ack_due_at < now,
            FeedBatchLine.state.in_(("pending", "sent", "received")),
        )
        .group_by(FeedBatch.id)
        .order_by(FeedBatch.ack_due_at, FeedBatch.id)
    )
    return [Overdue(p, n, sent, due, count) for p, n, sent, due, count in rows if due is not None]


def _received_before(session: Session, partner: str, digest: str) -> bool:
    found = session.scalar(
        select(FeedAcknowledgement.id).where(
            FeedAcknowledgement.partner == partner, FeedAcknowledgement.sha256 == digest
        )
    )
    return found is not None


def _load_batches(session: Session, partner: str, numbers: Iterable[int]) -> dict[int, FeedBatch]:
    batches = session.scalars(
        select(FeedBatch)
        .where(FeedBatch.partner == partner, FeedBatch.number.in_(list(numbers)[:500]))
        .execution_options(populate_existing=True)
    )
    return {batch.number: batch for batch in batches}


def _load_lines(session: Session, batches: Iterable[FeedBatch]) -> dict[int, dict[int, SentLine]]:
    numbers = {batch.id: batch.number for batch in batches}
    lines: dict[int, dict[int, SentLine]] = {number: {} for number in numbers.values()}
    rows = session.execute(
        select(
            FeedBatchLine.id,
            FeedBatchLine.batch_id,
            FeedBatchLine.line_no,
            FeedBatchLine.item_key,
            FeedBatchLine.state,
        ).where(FeedBatchLine.batch_id.in_(numbers))
    )
    for line_id, batch_id, line_no, item_key, state in rows:
        number = numbers[batch_id]
        lines[number][line_no] = SentLine(line_id, number, line_no, item_key, state)
    return lines


def _book(
    session: Session,
    partner: str,
    verdict: Judgement,
    batches: dict[int, FeedBatch],
    lines: dict[int, dict[int, SentLine]],
    *,
    now: datetime,
) -> dict[str, int]:
    numbers = {line.id: line.batch for batch in lines.values() for line in batch.values()}
    by_batch: dict[int, list[Booking]] = defaultdict(list)
    booked: dict[str, int] = defaultdict(int)
    for booking in verdict.bookings:
        by_batch[numbers[booking.line_id]].append(booking)
        booked[booking.state] += 1
    for number in sorted(by_batch):
        batch = batches[number]
        # An answer proves that the batch arrived, whatever the connection said.
        lines_left(session, partner, batch.id, number)
        for booking in by_batch[number]:
            _book_line(session, partner, number, booking, now=now)
        _settle(session, batch, now=now)
    return dict(booked)


def _book_line(
    session: Session, partner: str, number: int, booking: Booking, *, now: datetime
) -> None:
    line = session.get_one(FeedBatchLine, booking.line_id, populate_existing=True)
    line.state = booking.state
    line.reason_code = booking.code or None
    line.reason_text = booking.text or None
    line.answered_at = now
    if booking.state == "received":
        return
    item = session.scalar(
        select(FeedItem).where(FeedItem.partner == partner, FeedItem.item_key == line.item_key)
    )
    if item is None:
        item = FeedItem(partner=partner, item_key=line.item_key, state="rejected", updated_at=now)
        session.add(item)
    _tell_item(item, line, number, now=now)
    session.flush()


def _tell_item(item: FeedItem, line: FeedBatchLine, number: int, *, now: datetime) -> None:
    """What the partner holds now; an answer to an older batch never overwrites a newer acceptance."""
    if item.accepted_batch is not None and number < item.accepted_batch:
        return
    item.package_id = line.package_id
    item.updated_at = now
    if line.state == "rejected":
        item.state = "rejected"
        return
    withdrawn = line.action == "withdraw"
    item.state = "withdrawn" if withdrawn else "accepted"
    item.accepted_hash = None if withdrawn else line.content_hash
    item.accepted_payload = None if withdrawn else line.payload
    item.accepted_batch = number


def _settle(session: Session, batch: FeedBatch, *, now: datetime) -> None:
    """The batch is acknowledged when no line waits for an answer any more."""
    session.flush()
    waiting = session.scalar(
        select(func.count())
        .select_from(FeedBatchLine)
        .where(
            FeedBatchLine.batch_id == batch.id,
            FeedBatchLine.state.in_(("pending", "sent", "received")),
        )
    )
    values: dict[str, Any] = {"sent_at": batch.sent_at or now}
    if not waiting:
        values |= {"state": "acknowledged", "acknowledged_at": now, "claimed_until": None}
    elif batch.state == "unknown":
        values["state"] = "sent"
    session.execute(
        update(FeedBatch)
        .where(FeedBatch.id == batch.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    session.expire(batch)
    announce(session, "feed.acknowledged", batch_id=batch.id)


def _outcome(verdict: Judgement, mistakes: tuple[Mistake, ...]) -> str:
    if verdict.bookings:
        return "applied"
    codes = {mistake.code for mistake in mistakes}
    if codes & {"unknown_batch", "batch_not_sent"}:
        return "unknown_batch"
    return "unreadable" if codes - {"repeated", "contradiction"} or not codes else "nothing_new"
