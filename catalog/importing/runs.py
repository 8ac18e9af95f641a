"""Writing down what was read: the run, its lines with everything that stood in them, and where it was broken off."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from catalog.bulk import insert_rows
from catalog.models import ImportLine, ImportRun
from core.actor import Actor
from core.db import keep_more_pages

_LINES = cast("Table", ImportLine.__table__)


class Run:
    """One file being stored."""

    def __init__(self, session: Session, row: ImportRun) -> None:
        """Go on with a run."""
        self.session, self.row = session, row

    @classmethod
    def begin(
        cls, session: Session, path: Path, name: str, kind: str, *, actor: Actor, now: datetime
    ) -> Run:
        """The run of this very file that was broken off, or a new one."""
        keep_more_pages(session)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        row = session.scalar(
            select(ImportRun)
            .where(
                ImportRun.digest == digest, ImportRun.kind == kind, ImportRun.finished_at.is_(None)
            )
            .order_by(ImportRun.id.desc())
            .limit(1)
        )
        if row is None:
            row = ImportRun(
                digest=digest,
                file_name=name[:300],
                kind=kind,
                actor_name=actor.name,
                started_at=now,
            )
            session.add(row)
            session.flush()
        return cls(session, row)

    def done(self) -> set[tuple[str, int]]:
        """The (sheet, line)s that are stored already."""
        query = select(ImportLine.sheet, ImportLine.line).where(ImportLine.run_id == self.row.id)
        return {(sheet, line) for sheet, line in self.session.execute(query)}

    def write(self, rows: Sequence[Any], stored: Mapping[int, int]) -> None:
        """Keep the lines of a chunk as they stood in the file."""
        lines = [
            {
                "run_id": self.row.id,
                "sheet": row.sheet[:80],
                "line": row.line,
                "status": row.status
                if row.line in stored or row.status not in _STORED
                else "reject",
                "product_id": stored.get(row.line),
                "raw": _storable(row.raw),
                "errors": row.errors or _NONE,
            }
            for row in rows
        ]
        insert_rows(self.session, _LINES, lines)

    def finish(self, *, now: datetime) -> None:
        """Every line is written."""
        self.row.finished_at = now


_STORED = ("import", "import_incomplete")
_NONE: list[str] = []
"""The errors of every row that has none: written as JSON once."""


def _storable(raw: dict[str, str]) -> dict[str, str]:
    """Without NUL, which PostgreSQL can't hold in JSON."""
    if not any("\x00" in text for text in (*raw, *raw.values())):
        return raw
    return {name.replace("\x00", ""): value.replace("\x00", "") for name, value in raw.items()}
