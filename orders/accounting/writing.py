"""A journal as a file: one line for each amount, in the columns of the accounting program."""

from __future__ import annotations

from pathlib import Path

from catalog.importing.profiles import SoftwareProfile
from catalog.tables_out import Cell, write_table
from orders.accounting.journal import Journal
from orders.rules.bookkeeping import JournalLine


def write_journal(path: Path, journal: Journal, profile: SoftwareProfile) -> int:
    """Write the journal as CSV or XLSX; returns the lines. A past period is the same file every time.

    Raises UnknownTableFormat.
    """
    return write_table(
        path,
        [profile.heading(column) for column in profile.columns],
        ([_cell(column, line, profile) for column in profile.columns] for line in journal.lines),
        name=profile.name,
        made_on=journal.last,
    )


def _cell(column: str, line: JournalLine, profile: SoftwareProfile) -> Cell:
    if column == "amount":
        return line.amount.amount
    if column == "currency":
        return line.amount.currency
    if column == "vat_rate":
        return None if line.vat_rate_bp is None else _per_cent(line.vat_rate_bp)
    if column == "note":
        return _note(line, profile)
    value: Cell = getattr(line, column)
    return value


def _per_cent(rate_bp: int) -> str:
    """8, or 8,5 as Vietnamese write it."""
    return f"{rate_bp // 100}" if rate_bp % 100 == 0 else f"{rate_bp / 100:.2f}".replace(".", ",")


def _note(line: JournalLine, profile: SoftwareProfile) -> str:
    notes = profile.more["notes"]
    told = notes.get(line.kind, notes["other"])
    if line.part in ("vat", "delivery"):
        told = f"{told}: {notes[line.part]}"
    return f"{told}, {line.document}" if line.document else str(told)
