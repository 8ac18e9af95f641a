"""The whole catalogue as one file: written by ``ocop catalog export``, taken back by ``ocop catalog import``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from catalog.archive.reading import BadArchive, read_archive
from catalog.archive.storing import Stored, store_archive
from catalog.archive.writing import (
    TooLongForSheet,
    TooManyForSheet,
    UnknownFormat,
    write_archive,
)
from core import clock
from storefront.commands import environment
from storefront.commands.environment import OPERATOR, say, show_json

UNUSABLE = 2
_STEP = 10_000


def export_all(file: Path) -> None:
    """Write every row of the catalogue; exit 2 when the file cannot be written in this form."""
    try:
        with environment.reading() as session:
            count = write_archive(session, file, progress=_shown("written"))
    except UnknownFormat as error:
        say(f"{file.name}: a file ending in {error.facts['ending']!r} cannot be written; use "
            ".csv, .xlsx or .jsonl")  # fmt: skip
        sys.exit(UNUSABLE)
    except TooLongForSheet as error:
        facts = error.facts
        say(f"a text of {facts['length']} characters ({facts['record']}, {facts['column']}) does not "
            "fit into a cell of a workbook; use .csv or .jsonl")  # fmt: skip
        sys.exit(UNUSABLE)
    except TooManyForSheet as error:
        facts = error.facts
        say(f"{file.name}: there are more than {facts['most']} rows of the kind {facts['record']}, "
            "more than a sheet of a workbook holds; use .csv or .jsonl")  # fmt: skip
        sys.exit(UNUSABLE)
    say(f"{count} rows written to {file}")


def import_all(file: Path, *, dry_run: bool, as_json: bool) -> None:
    """Store every row of such a file, or none: exit 2 and the place of the first row that cannot be."""
    try:
        with environment.writing() as session:
            stored = store_archive(
                session,
                read_archive(file),
                actor=OPERATOR,
                on=clock.today(),
                now=clock.now(),
                progress=_shown("read"),
            )
            if dry_run:
                session.rollback()
            else:
                session.commit()
    except BadArchive as error:
        say(f"{file.name}, {error.facts['place']}: {_reason(str(error.facts['reason']))}; "
            "nothing was stored")  # fmt: skip
        sys.exit(UNUSABLE)
    _tell(stored, dry_run=dry_run, as_json=as_json)


def _shown(done: str) -> Callable[[int], None]:
    said = 0

    def show(rows: int) -> None:
        nonlocal said
        if rows // _STEP > said:
            said = rows // _STEP
            say(f"  {rows} rows {done}")

    return show


def _tell(stored: Stored, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        counts = {"new": stored.new, "changed": stored.changed, "same": stored.same}
        show_json({name: dict(count) for name, count in counts.items()} | {"dry_run": dry_run})
    for name in dict.fromkeys([*stored.new, *stored.changed, *stored.same]):
        say(f"{name}: {stored.new[name]} new, {stored.changed[name]} changed, "
            f"{stored.same[name]} the same")  # fmt: skip
    if dry_run:
        say("a dry run: nothing was kept")


def _reason(reason: str) -> str:
    return _REASONS.get(reason, reason)


_REASONS = {
    "unknown_ending": "the name must end in .csv, .xlsx or .jsonl",
    "no_json": "this line is no JSON",
    "no_workbook": "this is no workbook that can be opened",
    "other_version": "this is no export of the catalogue, or one of another version",
    "unknown_record": "nobody knows this kind of row",
    "unknown_column": "nobody knows this column",
    "column_missing": "this column is missing",
    "sheet_missing": "this sheet is missing",
    "refers_to_nothing": "this refers to a row that does not stand before it",
    "out_of_order": "rows of this kind stand in two places; export again and keep the order",
}
