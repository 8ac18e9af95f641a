"""What lies in the store and belongs to no picture, what is missing there, and taking the first away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from catalog.models import Media
from catalog.pictures.store import MASTER, Store, Stored, name_of
from catalog.rules.pictures import DAYS_KEPT, rendition_names

GRACE = timedelta(days=1)
"""A younger file may belong to a picture whose row is being written just now."""


@dataclass(frozen=True, slots=True)
class Findings:
    """`orphans` are files no picture needs; `missing` names of files that should be there."""

    pictures: int
    files: int
    bytes: int
    orphans: tuple[Stored, ...]
    missing: tuple[str, ...]

    @property
    def orphan_bytes(self) -> int:
        """What sweeping would free."""
        return sum(one.size for one in self.orphans)


def check(session: Session, store: Store, *, now: datetime) -> Findings:
    """Compare the store with the pictures: those shown, those being made, those that can be put back."""
    wanted: set[str] = set()
    needed: set[str] = set()
    pictures = 0
    kept = or_(Media.removed_at.is_(None), Media.removed_at >= now - timedelta(days=DAYS_KEPT))
    for digest, width, ready_at in session.execute(
        select(Media.digest, Media.width, Media.ready_at).where(kept)
    ):
        pictures += 1
        names = {name_of(digest, name) for name in (MASTER, *rendition_names(width))}
        wanted |= names
        needed |= names if ready_at is not None else {name_of(digest, MASTER)}
    files = list(store.files())
    there = {one.name for one in files}
    return Findings(
        pictures=pictures,
        files=len(files),
        bytes=sum(one.size for one in files),
        orphans=tuple(
            one for one in files if one.name not in wanted and one.changed_at < now - GRACE
        ),
        missing=tuple(sorted(needed - there)),
    )


def sweep(store: Store, findings: Findings) -> int:
    """Take the orphans away; returns how many."""
    for one in findings.orphans:
        store.delete(one.name)
    return len(findings.orphans)
