"""The rows of a catalogue, and storing them a chunk at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from catalog.importing import listings
from catalog.importing.layout import FoundTable
from catalog.importing.report import ImportReport, RowRejected
from catalog.importing.rows import Row
from catalog.models import Product
from core.actor import Actor
from core.facts import newest_fact_id

ListingRow = Row


def listing_rows(table: FoundTable, report: ImportReport) -> list[ListingRow]:
    """Rows with a code nobody had before them in the file; doubles are refused here."""
    rows = []
    first_lines: dict[str, int] = {}
    headings = table.headings
    for found in table.rows:
        cells = {name: _plain(value) for name, value in found.cells.items()}
        cells.setdefault("province", cells.get("province_2025", ""))
        cells.setdefault("code", cells.get("row_no", ""))
        extra = {heading: _plain(value) for heading, value in found.extra.items()}
        row = Row(found.line, cells, headings, extra, sheet=table.sheet)
        code = row.text("code")
        if code is not None and code in first_lines:
            row.refuse("code", "duplicate_code", first_line=first_lines[code])
            report.outcomes["rejected"] += 1
            report.problems += row.problems
            continue
        if code is not None:
            first_lines[code] = found.line
        rows.append(row)
    return rows


def _plain(cell: str) -> str:
    """The cell without outer spaces and without the apostrophe that guards against formulas."""
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and cell[1:2] in {"=", "+", "-", "@"} else cell


class ListingStore:
    """Stores the rows of a catalogue."""

    def __init__(self, session: Session, *, actor: Actor, on: date, now: datetime) -> None:
        """Begin an import by `actor` that judges dates as of `on`."""
        self.session, self.actor, self.on, self.now = session, actor, on, now

    def forget(self) -> None:
        """Nothing is remembered."""

    def store(self, rows: Sequence[ListingRow]) -> list[tuple[str, int]]:
        """(created, updated or same; product id) of each row, in their order; raises what a bad row raises."""
        return [self._store(row) for row in rows]

    def _store(self, row: ListingRow) -> tuple[str, int]:
        row.problems.clear()
        before = newest_fact_id(self.session)
        existed = self._find(row) is not None
        listings.store_listing_row(self.session, row, actor=self.actor, on=self.on, now=self.now)
        if row.problems:  # found while storing, such as a text that is too long for its place
            raise RowRejected(row.problems)
        self.session.flush()
        changed = newest_fact_id(self.session) != before
        product_id = self._find(row)
        if product_id is None:
            raise LookupError(row.line)
        return ("updated" if existed and changed else "created" if changed else "same"), product_id

    def _find(self, row: ListingRow) -> int | None:
        code = row.text("code") or ""
        numbered = listings.named_number(code)
        query = select(Product.id).where(or_(Product.code == code, Product.code == numbered))
        return self.session.scalar(query)
