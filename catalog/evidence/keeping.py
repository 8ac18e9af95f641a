"""Which copies belong to which entry of the ledger, who may add, see and remove them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.errors import LedgerEntryNotFound
from catalog.evidence.receiving import ReceivedCopy, file_of
from catalog.models import Certificate, Licence, Paper, PaperCopy, Product
from catalog.pictures.store import Store
from core import audit
from core.actor import Actor
from core.errors import Conflict, NotFound
from core.people.permissions import allows, require

SUBJECTS = ("certificate", "paper", "licence")
MOST_COPIES = 6
LONGEST_NAME = 60


class CopyNotFound(NotFound):
    """There is no such copy, or it was removed (facts: copy_id)."""


class TooManyCopies(Conflict):
    """The entry has as many copies as it may have (facts: most)."""


class CopyCompared(Conflict):
    """The office has compared the paper with this copy: only the office removes it now (facts: copy_id)."""


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """An entry of the ledger as far as its copies are concerned.

    `code` is "ocop", the kind of the paper or of the right; `market` and `document` are those of a
    paper for a market.
    """

    subject: str
    id: int
    producer_id: int
    code: str
    number: str | None
    is_compared: bool
    market: str | None = None
    document: str | None = None


def find_entry(session: Session, subject: str, entry_id: int) -> EvidenceEntry:
    """The entry; raises LedgerEntryNotFound."""
    if subject == "certificate":
        row = session.execute(
            select(Certificate, Product.producer_id)
            .join(Product, Product.id == Certificate.product_id)
            .where(Certificate.id == entry_id)
        ).one_or_none()
        if row is not None:
            stars: Certificate = row[0]
            return EvidenceEntry(
                subject, entry_id, row[1], stars.scheme, stars.decision_number, is_compared=False
            )
    elif subject == "paper" and (paper := session.get(Paper, entry_id)) is not None:
        return EvidenceEntry(
            subject, entry_id, paper.producer_id, paper.kind, paper.number,
            paper.checked_on is not None, paper.market, paper.document,
        )  # fmt: skip
    elif subject == "licence" and (licence := session.get(Licence, entry_id)) is not None:
        kind = licence.protected_name.kind
        return EvidenceEntry(
            subject, entry_id, licence.producer_id, kind, licence.number, is_compared=True
        )
    raise LedgerEntryNotFound(subject=subject, subject_id=entry_id)


def list_copies(session: Session, subject: str, entry_id: int) -> Sequence[PaperCopy]:
    """The copies of an entry, the first sent first."""
    return session.scalars(
        select(PaperCopy)
        .where(_column(subject) == entry_id, PaperCopy.removed_at.is_(None))
        .order_by(PaperCopy.id)
    ).all()


def count_copies(session: Session, subject: str, entry_ids: Collection[int]) -> dict[int, int]:
    """How many copies each of some entries has; entries without any are left out."""
    if not entry_ids:
        return {}
    column = _column(subject)
    rows = session.execute(
        select(column, func.count())
        .where(column.in_(sorted(entry_ids)), PaperCopy.removed_at.is_(None))
        .group_by(column)
    )
    return {row[0]: row[1] for row in rows}


def find_copy(session: Session, copy_id: int, *, actor: Actor) -> PaperCopy:
    """A copy, for its producer and the office; raises CopyNotFound, NotAllowed."""
    found = session.get(PaperCopy, copy_id)
    if found is None or found.removed_at is not None:
        raise CopyNotFound(copy_id=copy_id)
    require(actor, "paper.record", producer_id=found.producer_id)
    return found


def add_copy(
    session: Session,
    subject: str,
    entry_id: int,
    received: ReceivedCopy,
    *,
    file_name: str,
    actor: Actor,
    now: datetime,
) -> PaperCopy:
    """Put a kept file beside an entry; the same file again is the copy that is there already.

    Raises LedgerEntryNotFound, TooManyCopies, NotAllowed.
    """
    entry = find_entry(session, subject, entry_id)
    require(actor, "paper.record", producer_id=entry.producer_id)
    present = list_copies(session, subject, entry_id)
    same = next((copy for copy in present if copy.digest == received.digest), None)
    if same is not None:
        return same
    if len(present) >= MOST_COPIES:
        raise TooManyCopies(most=MOST_COPIES)
    added = PaperCopy(
        producer_id=entry.producer_id,
        digest=received.digest,
        kind=received.kind,
        size=received.size,
        file_name=file_name[:LONGEST_NAME],
        sent_at=now,
        sent_by=actor.name,
        **{f"{subject}_id": entry_id},
    )
    session.add(added)
    session.flush()
    audit.record(
        session, actor, "evidence.add", subject=f"{subject}:{entry_id}", now=now,
        copy_id=added.id, digest=received.digest,
    )  # fmt: skip
    return added


def remove_copy(session: Session, copy_id: int, *, actor: Actor, now: datetime) -> PaperCopy:
    """Take a copy away; what the office has compared only the office removes.

    The file is taken away afterwards by `drop_file`. Raises CopyNotFound, CopyCompared, NotAllowed.
    """
    found = find_copy(session, copy_id, actor=actor)
    subject, entry_id = subject_of(found)
    entry = find_entry(session, subject, entry_id)
    if entry.is_compared and not allows(actor, "paper.check"):
        raise CopyCompared(copy_id=copy_id)
    found.removed_at = now
    session.flush()
    audit.record(
        session, actor, "evidence.remove", subject=f"{subject}:{entry_id}", now=now,
        copy_id=copy_id, digest=found.digest,
    )  # fmt: skip
    return found


def drop_file(session: Session, store: Store, digest: str, kind: str) -> None:
    """Delete the file of a removed copy unless another copy is the same file."""
    kept = select(PaperCopy.id).where(
        PaperCopy.digest == digest, PaperCopy.kind == kind, PaperCopy.removed_at.is_(None)
    )
    if session.scalar(kept.limit(1)) is None:
        store.delete(file_of(digest, kind))


def subject_of(copy: PaperCopy) -> tuple[str, int]:
    """Which entry a copy belongs to."""
    return next((name, number) for name in SUBJECTS if (number := getattr(copy, f"{name}_id")))


def _column(subject: str) -> Any:
    return {
        "certificate": PaperCopy.certificate_id,
        "paper": PaperCopy.paper_id,
        "licence": PaperCopy.licence_id,
    }[subject]
