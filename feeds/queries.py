"""What people see of the feeds: batches, their lines and answers, held items, and what needs attention."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, undefer

from core.errors import NotFound
from feeds.acknowledgements import Overdue, list_overdue
from feeds.checking import FileFault, is_good
from feeds.models import (
    FeedAcknowledgement,
    FeedBatch,
    FeedBatchFile,
    FeedBatchLine,
    FeedHeldItem,
    FeedItem,
)

OUT = ("sending", "unknown", "sent", "acknowledged")
"""States of a batch whose files have left the house, or may have."""


class BatchMissing(NotFound):
    """The partner has no such batch or file; facts: partner, number, name."""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch in a list: ``counts`` is the number of lines by state, ``faults`` why its files are not good."""

    number: int
    kind: str
    state: str
    created_at: datetime
    item_count: int
    sent_at: datetime | None
    ack_due_at: datetime | None
    acknowledged_at: datetime | None
    attempts: int
    last_error: str | None
    counts: Mapping[str, int]
    is_checked: bool
    faults: tuple[FileFault, ...]

    @property
    def fate(self) -> str:
        """The state for people: "faulty" for a batch that is not sent because of its files."""
        return "faulty" if self.faults and self.state == "built" else self.state

    @property
    def is_fit_for_partner(self) -> bool:
        """Whether the partner may have the files: they are good, or went out."""
        return self.is_checked and not self.faults or self.state in OUT

    def is_overdue(self, now: datetime) -> bool:
        """Whether the partner's answer is late."""
        due = self.ack_due_at
        return self.state in ("sent", "unknown") and due is not None and due < now


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of a batch: item, what was said, and the answer."""

    line_no: int
    gtin: str
    sku: str
    name: str
    action: str
    state: str
    stars: int | None
    reason_code: str | None
    reason_text: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of a batch."""

    name: str
    format: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer file as it came; ``reported`` are rows that were not booked (row, code, found)."""

    file_name: str
    received_at: datetime
    batch_number: int | None
    outcome: str
    booked: Mapping[str, int]
    reported: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class BatchPage:
    """Everything about one batch."""

    partner: str
    batch: BatchRow
    sha256: str
    lines: tuple[LineRow, ...]
    files: tuple[FileRow, ...]
    answers: tuple[AnswerRow, ...]


@dataclass(frozen=True, slots=True)
class HeldRow:
    """An item that is on sale but not complete for the partner; problems have code, field and facts."""

    package_id: int
    sku: str
    name: str
    problems: tuple[Mapping[str, Any], ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class PartnerStatus:
    """The partner at a glance; ``items`` is the number of items by what the partner holds of them."""

    partner: str
    items: Mapping[str, int]
    batches: tuple[BatchRow, ...]
    held: tuple[HeldRow, ...]
    overdue: tuple[Overdue, ...]
    stray_answers: tuple[AnswerRow, ...]


def list_batches(session: Session, partner: str, *, limit: int = 50) -> list[BatchRow]:
    """The newest batches first; 2 statements."""
    batches = session.scalars(
        select(FeedBatch)
        .options(joinedload(FeedBatch.check))
        .where(FeedBatch.partner == partner)
        .order_by(FeedBatch.number.desc())
        .limit(limit)
    ).all()
    counts = _counts(session, [batch.id for batch in batches])
    return [_batch_row(batch, counts.get(batch.id, {})) for batch in batches]


def get_batch_page(session: Session, partner: str, number: int) -> BatchPage:
    """One batch with lines, files and answers; raises BatchMissing. 5 statements."""
    batch = session.scalar(
        select(FeedBatch)
        .options(joinedload(FeedBatch.check))
        .where(FeedBatch.partner == partner, FeedBatch.number == number)
    )
    if batch is None:
        raise BatchMissing(partner=partner, number=number)
    lines = session.scalars(
        select(FeedBatchLine)
        .where(FeedBatchLine.batch_id == batch.id)
        .order_by(FeedBatchLine.line_no)
    )
    files = session.execute(
        select(
            FeedBatchFile.name,
            FeedBatchFile.format,
            FeedBatchFile.sha256,
            func.length(FeedBatchFile.content),
        )
        .where(FeedBatchFile.batch_id == batch.id)
        .order_by(FeedBatchFile.name)
    )
    answers = session.scalars(
        select(FeedAcknowledgement)
        .where(FeedAcknowledgement.partner == partner, FeedAcknowledgement.batch_number == number)
        .order_by(FeedAcknowledgement.id)
    )
    return BatchPage(
        partner=partner,
        batch=_batch_row(batch, _counts(session, [batch.id]).get(batch.id, {})),
        sha256=batch.sha256,
        lines=tuple(_line_row(line) for line in lines),
        files=tuple(FileRow(*row) for row in files),
        answers=tuple(_answer_row(answer) for answer in answers),
    )


def get_file(
    session: Session, partner: str, number: int, name: str, *, only_fit: bool = False
) -> bytes:
    """The stored bytes of one file of a batch; raises BatchMissing.

    With ``only_fit``, only a file that was found good or went out, for fetching it is sending it.
    """
    wanted = (
        select(FeedBatchFile)
        .join(FeedBatch, FeedBatch.id == FeedBatchFile.batch_id)
        .where(FeedBatch.partner == partner, FeedBatch.number == number, FeedBatchFile.name == name)
        .options(undefer(FeedBatchFile.content))
    )
    if only_fit:
        wanted = wanted.where(or_(FeedBatch.state.in_(OUT), is_good()))
    file = session.scalar(wanted)
    if file is None:
        raise BatchMissing(partner=partner, number=number, name=name)
    return file.content


def list_held(session: Session, partner: str) -> list[HeldRow]:
    """Items that are on sale but held, longest first."""
    held = session.scalars(
        select(FeedHeldItem)
        .where(FeedHeldItem.partner == partner)
        .order_by(FeedHeldItem.since, FeedHeldItem.id)
    )
    return [HeldRow(h.package_id, h.sku, h.name, tuple(h.problems), h.since) for h in held]


def partner_status(session: Session, partner: str, *, now: datetime) -> PartnerStatus:
    """The partner at a glance: items, ten newest batches, held items, late and stray answers."""
    items = session.execute(
        select(FeedItem.state, func.count())
        .where(FeedItem.partner == partner)
        .group_by(FeedItem.state)
    )
    stray = session.scalars(
        select(FeedAcknowledgement)
        .where(
            FeedAcknowledgement.partner == partner,
            FeedAcknowledgement.outcome.in_(("unknown_batch", "unreadable")),
        )
        .order_by(FeedAcknowledgement.id.desc())
        .limit(10)
    )
    return PartnerStatus(
        partner=partner,
        items={row[0]: row[1] for row in items},
        batches=tuple(list_batches(session, partner, limit=10)),
        held=tuple(list_held(session, partner)),
        overdue=tuple(o for o in list_overdue(session, now=now) if o.partner == partner),
        stray_answers=tuple(_answer_row(answer) for answer in stray),
    )


def _counts(session: Session, batch_ids: list[int]) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = {}
    rows = session.execute(
        select(FeedBatchLine.batch_id, FeedBatchLine.state, func.count())
        .where(FeedBatchLine.batch_id.in_(batch_ids))
        .group_by(FeedBatchLine.batch_id, FeedBatchLine.state)
    )
    for batch_id, state, count in rows:
        counts.setdefault(batch_id, {})[state] = count
    return counts


def _batch_row(batch: FeedBatch, counts: Mapping[str, int]) -> BatchRow:
    return BatchRow(
        number=batch.number,
        kind=batch.kind,
        state=batch.state,
        created_at=batch.created_at,
        item_count=batch.item_count,
        sent_at=batch.sent_at,
        ack_due_at=batch.ack_due_at,
        acknowledged_at=batch.acknowledged_at,
        attempts=batch.attempts,
        last_error=batch.last_error,
        counts=counts,
        is_checked=batch.check is not None,
        faults=tuple(FileFault(**fault) for fault in (batch.check.faults if batch.check else ())),
    )


def _line_row(line: FeedBatchLine) -> LineRow:
    recognition = line.payload.get("recognition") or {}
    return LineRow(
        line_no=line.line_no,
        gtin=line.item_key,
        sku=line.payload.get("sku", ""),
        name=line.payload.get("name_vi", ""),
        action=line.action,
        state=line.state,
        stars=recognition.get("stars"),
        reason_code=line.reason_code,
        reason_text=line.reason_text,
        answered_at=line.answered_at,
    )


def _answer_row(answer: FeedAcknowledgement) -> AnswerRow:
    return AnswerRow(
        file_name=answer.file_name,
        received_at=answer.received_at,
        batch_number=answer.batch_number,
        outcome=answer.outcome,
        booked=answer.report["booked"],
        reported=tuple(answer.report["reported"]),
    )
