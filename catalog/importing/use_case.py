"""Importing a file: each row in its own savepoint, one report, and one commit by the caller."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from catalog.errors import CodeTaken, InvalidFields
from catalog.importing import listings, register
from catalog.importing.columns import match_columns
from catalog.importing.limits import MAX_ROWS
from catalog.importing.report import (
    ImportReport,
    RowProblem,
    RowRejected,
    StorageFull,
    UnusableFile,
)
from catalog.importing.rows import Row
from catalog.importing.tables import Table, read_table
from catalog.models import Product
from core.actor import Actor
from core.errors import OcopError
from core.facts import newest_fact_id
from core.people.permissions import require

Progress = Callable[[int, int], None]
Store = Callable[..., None]
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def import_file(
    session: Session,
    path: Path,
    *,
    actor: Actor,
    now: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    most_rows: int = MAX_ROWS,
) -> ImportReport:
    """Read a register or a catalogue (CSV or XLSX) into the catalogue; the caller commits.

    A row is stored whole or not at all; rejected rows don't stop the others. With `dry_run` the
    report is the same and nothing is kept. Importing the same file again changes nothing. Raises
    UnusableFile when nothing can be read, StorageFull when the disk is full (then roll back),
    Forbidden.
    """
    require(actor, "catalog.import")
    table = read_table(path)
    if len(table.rows) > most_rows:
        raise UnusableFile("too_many_rows", limit=most_rows)
    known, unknown = match_columns(table.headings)
    kind, store = _kind_of(known, table)
    report = ImportReport(kind, dry_run, table.encoding, unknown_columns=unknown)
    on = now.astimezone(_VIETNAM).date()
    outer = session.begin_nested()
    try:
        for row in _rows(table, known, report, progress):
            _store(session, row, store, report, actor=actor, on=on, now=now)
        session.flush()
    except (DBAPIError, OSError) as error:
        outer.rollback()
        if _is_full(error):
            raise StorageFull(line=report.rows + 1) from error
        raise
    if dry_run:
        outer.rollback()
    else:
        outer.commit()
    return report


def _kind_of(known: dict[str, int], table: Table) -> tuple[str, Store]:
    if {"net_content", "price_vnd"} <= known.keys():
        missing = [name for name in listings.REQUIRED if name not in known]
        if not missing:
            return "catalogue", listings.store_listing_row
    else:
        missing = [name for name in register.REQUIRED if name not in known]
        if not missing:
            return "register", register.store_register_row
    raise UnusableFile("unknown_columns", missing=missing, found=list(table.headings))


def _rows(
    table: Table, known: dict[str, int], report: ImportReport, progress: Progress | None
) -> Iterator[Row]:
    """Rows with a code nobody had before them in the file; doubles are rejected here."""
    headings = {name: table.headings[position] for name, position in known.items()}
    strange = {table.headings[p]: p for p in range(len(table.headings)) if p not in known.values()}
    first_lines: dict[str, int] = {}
    for number, (line, cells) in enumerate(table.rows, start=1):
        row = Row(
            line=line,
            cells={name: cells[position] for name, position in known.items()},
            headings=headings,
            extra={heading: cells[p] for heading, p in strange.items() if heading},
        )
        code = row.text("code")
        if code is not None and code in first_lines:
            row.refuse("code", "duplicate_code", first_line=first_lines[code])
            _reject(report, row.problems)
        else:
            if code is not None:
                first_lines[code] = line
            yield row
        if progress is not None:
            progress(number, len(table.rows))


def _store(
    session: Session,
    row: Row,
    store: Store,
    report: ImportReport,
    *,
    actor: Actor,
    on: date,
    now: datetime,
) -> None:
    before = newest_fact_id(session)
    existed = _exists(session, row)
    try:
        with session.begin_nested():
            store(session, row, actor=actor, on=on, now=now)
            if row.problems:  # found while storing, such as a text that is too long for its place
                raise RowRejected(row.problems)
    except RowRejected as rejected:
        _reject(report, rejected.problems)
        return
    except InvalidFields as refused:
        for name, why in refused.mistakes.items():
            row.refuse(name, "refused", why=why)
        _reject(report, row.problems)
        return
    except (CodeTaken, IntegrityError):
        row.refuse("code", "taken")
        _reject(report, row.problems)
        return
    except (DataError, OverflowError) as unfit:  # the engine's own judgement, as a last line
        row.refuse("code", "refused", why=type(unfit).__name__)
        _reject(report, row.problems)
        return
    except OcopError as refused:
        row.refuse("code", "refused", why=type(refused).__name__)
        _reject(report, row.problems)
        return
    changed = newest_fact_id(session) != before
    report.outcomes["updated" if existed and changed else "created" if changed else "same"] += 1
    report.warnings += row.warnings


def _exists(session: Session, row: Row) -> bool:
    code = row.text("code") or ""
    numbered = listings.named_number(code)
    query = select(Product.id).where(or_(Product.code == code, Product.code == numbered))
    return session.scalar(query) is not None


def _reject(report: ImportReport, problems: list[RowProblem]) -> None:
    report.outcomes["rejected"] += 1
    report.problems += problems


def _is_full(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    return isinstance(error, OperationalError) and any(
        words in str(error.orig) for words in ("disk is full", "disk I/O error", "No space left")
    )
