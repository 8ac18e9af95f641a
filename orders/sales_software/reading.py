"""From a file of sales software to rows: which goods, how many lie there, what they cost."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog.importing.limits import MAX_ROWS
from catalog.importing.parsing.text import ascii_digits, clean
from catalog.importing.profiles import (
    NoKnownColumns,
    SoftwareProfile,
    find_heading,
    likely_headings,
    load_profile,
)

FOLDER = Path(__file__).parent / "profiles"
NEEDED = (("sku", "gtin", "name"), ("stock", "price"))
"""Something by which goods are known, and something to take over."""

MOST_COUNTED = 10_000_000
_GROUPED = re.compile(r"\d{1,3}([.,])\d{3}")
_PLAIN = re.compile(r"(\d+)(?:[.,]0{1,2})?")
_THOUSANDS = re.compile(
    r"([1-9]\d{0,2}(?:\.\d{3})+)(?:,0{1,2})?|([1-9]\d{0,2}(?:,\d{3})+)(?:\.0{1,2})?"
)


@dataclass(frozen=True, slots=True)
class SalesRow:
    """One line of the file: its number, and its cells by our names of the columns."""

    line: int
    cells: Mapping[str, str]

    def cell(self, name: str) -> str:
        """What stands there; "" for a column the file lacks."""
        return self.cells.get(name, "")


@dataclass(frozen=True, slots=True)
class SalesFile:
    """The rows of a file with the headings: `price_heading` as it stands there, `unknown` those nobody knows."""

    rows: tuple[SalesRow, ...]
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    price_heading: str


@dataclass(frozen=True, slots=True)
class CountCell:
    """How many of one thing there are; None with no error for an empty cell."""

    count: int | None = None
    error: str = ""


def sales_profile(code: str) -> SoftwareProfile:
    """A shipped profile of sales software; raises UnknownProfile."""
    return load_profile(FOLDER, code)


def read_sales_file(
    path: Path,
    profile: SoftwareProfile,
    *,
    said: Mapping[str, str] | None = None,
    most_rows: int = MAX_ROWS,
) -> SalesFile:
    """The rows of the first sheet that names the columns; raises UnusableFile, NoKnownColumns."""
    from catalog.importing.report import UnusableFile
    from catalog.importing.tables import read_document

    sheets = read_document(path).sheets
    for sheet in sheets:
        heading = find_heading(sheet.rows, profile, NEEDED, said or {})
        if heading is None:
            continue
        named = heading.named
        rows = [row for row in sheet.rows[heading.place + 1 :] if any(map(str.strip, row[1]))]
        if len(rows) > most_rows:
            raise UnusableFile("too_many_rows", limit=most_rows)
        top = sheet.rows[heading.place][1]
        return SalesFile(
            tuple(
                SalesRow(line, {key: clean(cells[i]) for key, i in named.items() if i < len(cells)})
                for line, cells in rows
            ),
            tuple(sorted(named, key=lambda key: named[key])),
            tuple(heading.unknown.values()),
            top[named["price"]] if "price" in named else "",
        )
    raise NoKnownColumns(
        wanted=[profile.heading(key) for key in ("sku", "stock", "price")],
        headings=likely_headings(sheets[0].rows) if sheets else [],
    )


def read_counts(cells: Sequence[str]) -> list[CountCell]:
    """Whole numbers of a column; codes count_negative, count_not_whole, count_ambiguous, not_a_count.

    12.000 may be twelve thousand or twelve with three decimals. Beside 12 or 1.250 it is taken for
    thousands; a column of nothing but 12.000 is refused, for a person to decide.
    """
    said = [ascii_digits(cell).replace(" ", "").replace("\u00a0", "") for cell in cells]
    filled = [text for text in said if text]
    doubtful = bool(filled) and all(re.fullmatch(r"\d+[.,]000", text) for text in filled)
    doubtful = doubtful or any(re.fullmatch(r"0[.,]\d{3}", text) for text in filled)
    return [_count(text, doubtful=doubtful) for text in said]


def _count(text: str, *, doubtful: bool) -> CountCell:
    if not text:
        return CountCell()
    if text.startswith(("-", "−", "(")) and any(c.isdigit() for c in text):
        return CountCell(error="count_negative")
    if doubtful and _GROUPED.fullmatch(text):
        return CountCell(error="count_ambiguous")
    if found := _PLAIN.fullmatch(text):
        count = int(found[1])
    elif found := _THOUSANDS.fullmatch(text):
        count = int(re.sub(r"[.,]", "", found[1] or found[2]))
    elif re.fullmatch(r"\d+[.,]\d+", text):
        return CountCell(error="count_not_whole")
    else:
        return CountCell(error="not_a_count")
    return CountCell(count) if count <= MOST_COUNTED else CountCell(error="not_a_count")
