"""Importing a file: understood first, then stored in chunks, with one report and the caller's commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from catalog.errors import InvalidFields
from catalog.importing.comparing import Change, Fields, differences, snapshot
from catalog.importing.judged import Judged
from catalog.importing.limits import MAX_ROWS
from catalog.importing.listing_rows import ListingRow, listing_rows
from catalog.importing.listing_store import ListingStore
from catalog.importing.listings import Listing, read_listing
from catalog.importing.planning import Plan, plan_row
from catalog.importing.price_store import (
    PriceRefused,
    PriceStore,
    PriceTerms,
    refused_terms,
)
from catalog.importing.record_store import add_record_facts
from catalog.importing.registering import RegisterStore, Taken
from catalog.importing.report import (
    ImportReport,
    LineOutcome,
    RowProblem,
    RowRejected,
    StorageFull,
    UnusableFile,
)
from catalog.importing.runs import Run
from catalog.importing.savepoints import is_full, savepoint
from catalog.importing.telling import (
    line_of,
    name_of,
    problem_of,
    problems_of,
    refused_price,
    sheet_of,
)
from catalog.importing.understanding import Understood, understand
from catalog.models import Product
from core.actor import Actor
from core.errors import OcopError
from core.people.permissions import require

Progress = Callable[[int, int], None]
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
CHUNK = 250
"""Rows stored at one go: large enough for bulk statements, small enough that a commit after each loses little."""

_STORED = ("import", "import_incomplete")


def import_file(
    session: Session,
    path: Path,
    *,
    actor: Actor,
    now: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    most_rows: int = MAX_ROWS,
    kind: str = "auto",
    as_of: date | None = None,
    name: str = "",
    province: str = "",
    mapping: Mapping[str, str] | None = None,
    on_chunk: Callable[[], None] | None = None,
    understood: Understood | None = None,
    compare: bool = False,
    between: Callable[[], None] | None = None,
    prices: PriceTerms | None = None,
) -> ImportReport:
    """Read a register, a catalogue or a price list (CSV, XLSX, DOCX) into the catalogue; the caller commits.

    A row is stored whole or not at all; rows that are refused or wait for a person don't stop the others. With
    `dry_run` the report is the same and nothing is kept. Importing the same file again changes nothing. With
    `on_chunk` (which commits) an import that is broken off goes on where it stopped. `as_of` is the day validity
    is judged by (today), `name` what people call the file, `province` counts where nothing in the file tells one.
    With `compare` the report tells every field that differs, for each line that changes a product. `prices`
    says what a price list is and whether it holds; without it new lists are drafts nobody is sold by.
    With `between` a dry run takes back each chunk by itself and calls it then (it rolls back), so that nobody
    waits for a long file.
    Raises UnusableFile when nothing can be read, StorageFull when the disk is full (then roll back), Forbidden.
    """
    require(actor, "catalog.import")
    on = as_of or now.astimezone(_VIETNAM).date()
    read = understood or understand(
        path, as_of=on, kind=kind, name=name, province=province, mapping=mapping
    )
    total = sum(len(table.rows) for table in read.tables)
    if total > most_rows:
        raise UnusableFile("too_many_rows", limit=most_rows)
    report = _report(read, dry_run=dry_run)
    work = _Work(session, report, actor, on, now, total, progress)
    work.compare = compare
    work.file_name, work.terms = name or path.name, prices or PriceTerms()
    work.undo = dry_run and between is not None
    after = between if dry_run else on_chunk
    whole = savepoint(session) if after is None else nullcontext()
    try:
        with whole:
            run = (
                None
                if dry_run
                else Run.begin(session, path, name or path.name, read.kind, actor=actor, now=now)
            )
            work.run(read, run, after)
            if dry_run:
                raise _NothingIsKept
    except _NothingIsKept:
        pass
    except (DBAPIError, OSError) as error:
        if is_full(error):
            raise StorageFull(line=report.rows + 1) from error
        raise
    return report


def judge_only(read: Understood) -> ImportReport:
    """The report of a dry run without any database: rows judged by themselves, nothing compared."""
    report = _report(read, dry_run=True)
    for judged in read.rows:
        _tell(report, judged)
    return report


def _report(read: Understood, *, dry_run: bool) -> ImportReport:
    report = ImportReport(read.kind, dry_run, read.document.encoding, unknown_columns=read.unknown)
    report.columns = {c.heading: n for t in read.tables for n, c in t.header.by_field.items()}
    report.ignored = {table.sheet: table.ignored for table in read.tables}
    report.judged = read.rows
    return report


def _tell(report: ImportReport, judged: Judged) -> None:
    problems = [problem_of(judged, code) for code in judged.errors]
    if judged.status in ("reject", "review"):
        _count(report, judged, "rejected" if judged.status == "reject" else "review")
        report.problems += problems
    else:
        if judged.status == "duplicate":
            _count(report, judged, "duplicate")
        report.incomplete += judged.status == "import_incomplete"
        report.warnings += problems


def _count(
    report: ImportReport,
    row: Plan | Listing | ListingRow | Judged,
    outcome: str,
    product_id: int | None = None,
    changes: tuple[Change, ...] = (),
) -> None:
    """What became of a line, in the figures and in the list."""
    report.outcomes[outcome] += 1
    said = LineOutcome(sheet_of(row), line_of(row), name_of(row), outcome, product_id, changes)
    report.lines.append(said)


class _NothingIsKept(Exception):
    """Ends the savepoint of a dry run."""


class _Work:
    """One import under way."""

    def __init__(
        self,
        session: Session,
        report: ImportReport,
        actor: Actor,
        on: date,
        now: datetime,
        total: int,
        progress: Progress | None,
    ) -> None:
        self.session, self.report, self.actor, self.on, self.now = session, report, actor, on, now
        self.total, self.progress, self.done = total, progress, 0
        self.compare = False
        self.undo = False
        self.file_name, self.terms = "", PriceTerms()
        self.prices: PriceStore | None = None

    def run(self, read: Understood, run: Run | None, on_chunk: Callable[[], None] | None) -> None:
        if read.kind == "catalogue":
            rows: Sequence[Any] = [row for table in read.tables for row in listing_rows(table)]
            store: Any = ListingStore(self.session, actor=self.actor, on=self.on, now=self.now)
        else:
            rows = read.rows
            store = RegisterStore(self.session, actor=self.actor, on=self.on, now=self.now)
        done = run.done() if run else set()
        for chunk in _chunks([row for row in rows if (row.sheet, row.line) not in done]):
            stored = self._undone(read, store, chunk) if self.undo else self._do(read, store, chunk)
            if run:
                run.write(chunk, stored)
            self.session.flush()
            if on_chunk is not None:
                on_chunk()
            self._tick(len(chunk))
        self.report.resumed = len(done)
        self.done += len(done)
        if run:
            run.finish(now=self.now)
            self.session.flush()
            if on_chunk is not None:
                on_chunk()

    def _do(self, read: Understood, store: Any, chunk: Sequence[Any]) -> dict[int, int]:
        """Take in one chunk; returns the product of each line that is stored."""
        if read.kind == "catalogue":
            return self._list(store, chunk)
        if read.kind == "price_list":
            return self._price(chunk)
        return self._register(store, chunk)

    def _undone(self, read: Understood, store: Any, chunk: Sequence[Any]) -> dict[int, int]:
        """Try one chunk and take it back."""
        with suppress(_NothingIsKept), savepoint(self.session):
            self._do(read, store, chunk)
            raise _NothingIsKept
        store.forget()
        self.prices = None
        return {}

    def _tick(self, count: int) -> None:
        self.done += count
        if self.progress is not None:
            self.progress(min(self.done, self.total), self.total)

    def _list(self, store: ListingStore, chunk: Sequence[ListingRow]) -> dict[int, int]:
        """Store the listings that can be read; refuse the others before anything is asked of the database."""
        listings = []
        for row in chunk:
            if row.problems:
                self._refuse(row, list(row.problems))
                continue
            try:
                listings.append(read_listing(row))
            except (RowRejected, InvalidFields) as error:
                self._refuse(row, problems_of(row, error))
        return self._store(store, listings)

    def _register(self, store: RegisterStore, chunk: Sequence[Judged]) -> dict[int, int]:
        """Store what may be stored; tell of the rest. Returns the product of each line."""
        plans = []
        for judged in chunk:
            _tell(self.report, judged)
            if judged.status in _STORED:
                plans.append(plan_row(judged))
        return self._store(store, plans)

    def _price(self, chunk: Sequence[Judged]) -> dict[int, int]:
        """Store the prices that may be stored, each row whole or not at all; tell of the rest."""
        self.prices = self.prices or PriceStore(
            self.session,
            self.terms,
            file_name=self.file_name,
            actor=self.actor,
            on=self.on,
            now=self.now,
        )
        stored = {}
        rows = [judged for judged in chunk if judged.status in _STORED]
        for judged in chunk:
            _tell(self.report, judged)
        self.prices.look_up(rows)
        for judged in rows:
            try:
                with savepoint(self.session):
                    found = self.prices.store(judged)
            except PriceRefused as refusal:
                found = refusal.answer
            except InvalidFields as error:
                found = refused_terms(error)
            _count(self.report, judged, found.outcome, found.product_id, found.changes)
            if found.reason:
                self.report.problems.append(refused_price(judged, found))
            elif found.product_id is not None:
                stored[judged.line] = found.product_id
        return stored

    def _store(self, store: Any, rows: Sequence[Any]) -> dict[int, int]:
        """All rows of a chunk at once; when the database refuses, one by one, so that only the bad one stays out."""
        if not rows:
            return {}
        before = self._before(rows)
        try:
            with savepoint(self.session):
                outcomes = self._stored(store, rows)
        except (OcopError, Taken, RowRejected, IntegrityError, DataError, OverflowError):
            store.forget()
            return self._one_by_one(store, rows, before)
        return self._tell_stored(rows, outcomes, before)

    def _stored(self, store: Any, rows: Sequence[Any]) -> Sequence[tuple[str, int]]:
        who: dict[str, Any] = {"actor": self.actor, "on": self.on, "now": self.now}
        return add_record_facts(self.session, rows, store.store(rows), **who)

    def _before(self, rows: Sequence[Any]) -> dict[int, Fields]:
        """The products the rows may change, as they are; {} when nobody asks for differences."""
        if not self.compare:
            return {}
        codes = {row.code for row in rows}
        ids = self.session.scalars(select(Product.id).where(Product.code.in_(codes)))
        return snapshot(self.session, ids.all())

    def _tell_stored(
        self,
        rows: Sequence[Any],
        outcomes: Sequence[tuple[str, int]],
        before: Mapping[int, Fields],
    ) -> dict[int, int]:
        updated = {number for outcome, number in outcomes if outcome == "updated"}
        after = snapshot(self.session, updated) if self.compare else {}
        stored = {}
        for row, (outcome, number) in zip(rows, outcomes, strict=True):
            changes = differences(before.get(number, {}), after[number]) if number in after else ()
            _count(self.report, row, outcome, number, changes)
            stored[line_of(row)] = number
        return stored

    def _one_by_one(
        self, store: Any, rows: Sequence[Any], before: Mapping[int, Fields]
    ) -> dict[int, int]:
        stored: dict[int, int] = {}
        for row in rows:
            try:
                with savepoint(self.session):
                    outcomes = self._stored(store, [row])
            except Exception as error:  # noqa: BLE001  # judged right below; what is not a row's fault goes on
                store.forget()
                self._refuse(row, problems_of(row, error))
                continue
            stored |= self._tell_stored([row], outcomes, before)
        return stored

    def _refuse(self, row: Plan | Listing | ListingRow, problems: list[RowProblem]) -> None:
        _count(self.report, row, "rejected")
        self.report.problems += problems
        if isinstance(row, Listing):
            row = row.row
        if isinstance(row, ListingRow):
            row.problems = problems  # they are written down with the line
        if isinstance(row, Plan):
            self.report.incomplete -= row.judged.status == "import_incomplete"
            row.judged.warnings += [problem.reason for problem in problems]


def _chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
