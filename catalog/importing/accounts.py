"""The account of imports: which files were read, and what became of every line of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.importing.columns import match_columns
from catalog.importing.judged import STATUSES
from catalog.models import ImportLine, ImportRun, Product
from core.errors import NotFound


class RunNotFound(NotFound):
    """There is no such import (facts: run_id)."""


@dataclass(frozen=True, slots=True)
class RunView:
    """One file that was stored; `counts` are its lines by status, `finished_at` is None while it is broken off."""

    id: int
    file_name: str
    kind: str
    actor_name: str
    started_at: datetime
    finished_at: datetime | None
    counts: dict[str, int]

    @property
    def rows(self) -> int:
        """All lines written down."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of an import: what became of it, and its product where there is one."""

    id: int
    sheet: str
    line: int
    status: str
    name: str
    product_id: int | None
    errors: tuple[str, ...]


def list_runs(session: Session, *, limit: int) -> list[RunView]:
    """The latest imports, in two statements."""
    runs = session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(limit)).all()
    counts = _counts(session, [run.id for run in runs])
    return [_view(run, counts.get(run.id, {})) for run in runs]


def get_run(session: Session, run_id: int) -> RunView:
    """One import; raises RunNotFound."""
    run = session.get(ImportRun, run_id)
    if run is None:
        raise RunNotFound(run_id=run_id)
    return _view(run, _counts(session, [run_id]).get(run_id, {}))


def find_run(session: Session, digest: str, kind: str) -> RunView | None:
    """The latest import of the very file with that SHA-256, finished or not."""
    query = select(ImportRun).where(ImportRun.digest == digest, ImportRun.kind == kind)
    run = session.scalar(query.order_by(ImportRun.id.desc()).limit(1))
    return _view(run, _counts(session, [run.id]).get(run.id, {})) if run else None


def list_lines(
    session: Session, run_id: int, *, status: str = "", after: int = 0, limit: int
) -> list[LineView]:
    """The lines of an import in the order they were written, of one status or of all."""
    query = (
        select(ImportLine, Product.name)
        .outerjoin(Product, Product.id == ImportLine.product_id)
        .where(ImportLine.run_id == run_id, ImportLine.id > after)
        .order_by(ImportLine.id)
        .limit(limit)
    )
    if status in STATUSES:
        query = query.where(ImportLine.status == status)
    return [
        LineView(
            *(line.id, line.sheet, line.line, line.status),
            name or product_name(line.raw),
            line.product_id,
            tuple(line.errors),
        )
        for line, name in session.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class MendLine:
    """A line that was not stored or is doubted: what stood in it, by the headings of its file."""

    sheet: str
    line: int
    raw: dict[str, str]
    errors: tuple[str, ...]


def count_to_mend(session: Session, run_id: int) -> int:
    """How many lines of an import were refused or wait for a person."""
    query = select(func.count(ImportLine.id)).where(
        ImportLine.run_id == run_id, ImportLine.status.in_(_TO_MEND)
    )
    return session.scalar(query) or 0


def list_to_mend(session: Session, run_id: int, *, limit: int) -> list[MendLine]:
    """The lines of an import that were refused or wait for a person, by sheet and line."""
    query = (
        select(ImportLine.sheet, ImportLine.line, ImportLine.raw, ImportLine.errors)
        .where(ImportLine.run_id == run_id, ImportLine.status.in_(_TO_MEND))
        .order_by(ImportLine.sheet, ImportLine.line)
        .limit(limit)
    )
    found = session.execute(query)
    return [MendLine(row.sheet, row.line, row.raw, tuple(row.errors)) for row in found]


_TO_MEND = ("reject", "review")


def product_name(raw: dict[str, str]) -> str:
    """The name of the product in a line as it stood in its file; "" where no column is one."""
    headings = list(raw)
    position = match_columns(headings)[0].get("name")
    return "" if position is None else str(raw[headings[position]])


def _counts(session: Session, run_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    query = (
        select(ImportLine.run_id, ImportLine.status, func.count(ImportLine.id))
        .where(ImportLine.run_id.in_(run_ids))
        .group_by(ImportLine.run_id, ImportLine.status)
    )
    found: dict[int, dict[str, int]] = {}
    for run_id, status, count in session.execute(query):
        found.setdefault(run_id, {})[status] = count
    return found


def _view(run: ImportRun, counts: dict[str, int]) -> RunView:
    return RunView(
        *(run.id, run.file_name, run.kind, run.actor_name, run.started_at, run.finished_at),
        counts,
    )
