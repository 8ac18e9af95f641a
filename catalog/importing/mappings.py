"""What a person once said about the columns of a source, kept and used again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import InvalidFields
from catalog.importing.columns import heading_key, known_fields
from catalog.models import ImportMapping
from core import audit
from core.actor import Actor
from core.people.permissions import require
from i18n.text import nfc


def find_mapping(session: Session, source: str) -> dict[str, str]:
    """The saved mapping of a source, heading → our name; {} for a source nobody has described."""
    saved = session.scalar(select(ImportMapping).where(ImportMapping.source == _key(source)))
    return dict(saved.columns) if saved else {}


def list_sources(session: Session, *, limit: int = 200) -> list[str]:
    """The sources somebody has described, those used last first."""
    query = select(ImportMapping.source).order_by(ImportMapping.updated_at.desc()).limit(limit)
    return list(session.scalars(query))


def save_mapping(
    session: Session, source: str, columns: Mapping[str, str], *, actor: Actor, now: datetime
) -> ImportMapping:
    """Add to what is known of a source's headings ("" means: leave this column); the caller commits.

    Raises InvalidFields for a name that is not one of ours, Forbidden.
    """
    require(actor, "catalog.import")
    wrong = {
        heading: "unknown_field"
        for heading, name in columns.items()
        if name and name not in known_fields()
    }
    if wrong or not _key(source):
        raise InvalidFields(wrong or {"source": "missing"})
    said = {heading_key(heading): name for heading, name in columns.items()}
    saved = session.scalar(select(ImportMapping).where(ImportMapping.source == _key(source)))
    if saved is None:
        saved = ImportMapping(source=_key(source), columns=said, updated_at=now)
        session.add(saved)
    else:
        saved.columns = {**saved.columns, **said}
        saved.updated_at = now
    audit.record(
        session,
        actor,
        "import.mapping",
        subject=f"source:{_key(source)}"[:80],
        now=now,
        columns=said,
    )
    session.flush()
    return saved


def _key(source: str) -> str:
    return " ".join(nfc(source).split())[:120]
