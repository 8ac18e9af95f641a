"""Suspending, lifting and revoking papers, licences and protected names; nothing is ever deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import InvalidFields, LedgerEntryNotFound
from catalog.models import Licence, Paper, ProtectedName, SuspensionRow
from catalog.publishing import refresh_producer
from core import audit
from core.actor import Actor
from core.facts import announce
from core.people.permissions import require

Entry = Paper | Licence | ProtectedName
SUBJECTS: Mapping[str, type[Paper] | type[Licence] | type[ProtectedName]] = {
    "paper": Paper,
    "licence": Licence,
    "right": ProtectedName,
}
_COLUMNS = {"paper": "paper_id", "licence": "licence_id", "right": "protected_name_id"}


def find_entry(session: Session, subject: str, subject_id: int) -> Entry:
    """The paper, licence or right; raises LedgerEntryNotFound."""
    table: Any = SUBJECTS.get(subject)
    entry: Entry | None = session.get(table, subject_id) if table is not None else None
    if entry is None:
        raise LedgerEntryNotFound(subject=subject, subject_id=subject_id)
    return entry


def suspend(
    session: Session,
    subject: str,
    subject_id: int,
    *,
    starts_on: date,
    ends_on: date | None,
    reason: str,
    actor: Actor,
    on: date,
    now: datetime,
) -> SuspensionRow:
    """Take its effect away for some days, both inclusive; without `ends_on` until it is lifted.

    Raises LedgerEntryNotFound, Forbidden, and InvalidFields for no reason or an end before the start.
    """
    entry = find_entry(session, subject, subject_id)
    require(actor, "paper.suspend")
    mistakes: dict[str, str] = {}
    if not reason.strip():
        mistakes["reason"] = "missing"
    if ends_on is not None and ends_on < starts_on:
        mistakes["ends_on"] = "before_starts_on"
    if mistakes:
        raise InvalidFields(mistakes)
    row = SuspensionRow(
        **{_COLUMNS[subject]: subject_id},
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason.strip(),
        created_at=now,
    )
    session.add(row)
    session.flush()
    announce(
        session,
        {"paper": "paper.suspended", "licence": "licence.suspended", "right": "right.suspended"}[
            subject
        ],
        **_ids(subject, entry),
    )
    days = {"starts_on": starts_on.isoformat(), "ends_on": ends_on and ends_on.isoformat()}
    _after(session, subject, entry, "suspend", actor, on, now, reason=row.reason, **days)
    return row


def lift(
    session: Session, suspension_id: int, *, actor: Actor, on: date, now: datetime
) -> SuspensionRow:
    """Let it count again from `on`; a suspension that is over already stays as it is.

    Raises LedgerEntryNotFound and Forbidden.
    """
    row = session.get(SuspensionRow, suspension_id)
    if row is None:
        raise LedgerEntryNotFound(subject="suspension", subject_id=suspension_id)
    require(actor, "paper.suspend")
    subject = next(name for name, column in _COLUMNS.items() if getattr(row, column) is not None)
    entry = find_entry(session, subject, getattr(row, _COLUMNS[subject]))
    if row.ends_on is None or row.ends_on >= on:
        # One lifted on its first day, or before it began, covers no day at all.
        row.ends_on = max(on, row.starts_on) - timedelta(days=1)
        session.flush()
        announce(
            session,
            {"paper": "paper.resumed", "licence": "licence.resumed", "right": "right.resumed"}[
                subject
            ],
            **_ids(subject, entry),
        )
        _after(session, subject, entry, "resume", actor, on, now, suspension_id=suspension_id)
    return row


def revoke(
    session: Session,
    subject: str,
    subject_id: int,
    *,
    reason: str,
    actor: Actor,
    on: date,
    now: datetime,
) -> Entry:
    """End it from `on` onwards, for good; revoking twice changes nothing.

    Raises LedgerEntryNotFound, Forbidden, and InvalidFields when no reason is given.
    """
    entry = find_entry(session, subject, subject_id)
    require(actor, "paper.revoke")
    if not reason.strip():
        raise InvalidFields({"reason": "missing"})
    if entry.revoked_on is None or entry.revoked_on > on:
        entry.revoked_on, entry.revoked_reason = on, reason.strip()
        session.flush()
        announce(
            session,
            {"paper": "paper.revoked", "licence": "licence.revoked", "right": "right.revoked"}[
                subject
            ],
            **_ids(subject, entry),
        )
        _after(session, subject, entry, "revoke", actor, on, now, reason=entry.revoked_reason)
    return entry


def _ids(subject: str, entry: Entry) -> dict[str, int]:
    ids = {f"{subject}_id": entry.id}
    if not isinstance(entry, ProtectedName):
        ids["producer_id"] = entry.producer_id
    return ids


def _after(
    session: Session,
    subject: str,
    entry: Entry,
    verb: str,
    actor: Actor,
    on: date,
    now: datetime,
    **details: Any,
) -> None:
    """Note who did it, and judge again what the paper kept on sale."""
    name = f"{subject}:{entry.id}"
    audit.record(session, actor, f"{subject}.{verb}", subject=name, now=now, **details)
    if isinstance(entry, Paper):
        refresh_producer(session, entry.producer_id, on=on)
    if isinstance(entry, ProtectedName):
        licensed = select(Licence.producer_id).where(Licence.protected_name_id == entry.id)
        for producer_id in session.scalars(licensed.distinct()).all():
            announce(session, "producer.changed", producer_id=producer_id)
