"""The sheet somebody sent, again, with a column that says in Vietnamese what to mend in each line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from catalog.archive.workbook import TextWorkbook
from catalog.archive.writing import MAX_CELL
from catalog.importing.accounts import MendLine
from catalog.importing.report import ImportReport, RowProblem
from catalog.importing.understanding import Understood
from i18n.catalogue import gettext as _
from i18n.catalogue import speaking
from storefront.import_messages import problem_sentences

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_PALE = "FFF2CC"
_WIDTH = 60


@dataclass
class _Page:
    """One sheet to be written: what stands above the table, its rows, and what to mend in which line.

    `keeps_lines`: each row stands in the line it had; the lines of Word tables are counted over all of them.
    """

    name: str
    above: list[str]
    rows: list[tuple[int, list[str]]]
    head: set[int]
    told: dict[int, str]
    keeps_lines: bool


def write_error_workbook(path: Path, read: Understood, report: ImportReport) -> int:
    """Write the workbook; returns how many lines have something to mend. No cell of it is a formula.

    Every sheet with text is in it, also those nothing was found in. A table of a Word file becomes a sheet, with
    the paragraphs above it; one that goes on from the table before, without a heading, stands below that one.
    """
    from openpyxl import Workbook

    told = _told([*report.problems, *report.warnings])
    book = Workbook(write_only=True)
    with speaking("vi"):
        for page in _pages(read, told):
            _write_page(book, page)
    book.save(path)
    return len(told)


def write_lines_to_mend(path: Path, lines: Sequence[MendLine]) -> None:
    """The lines of a kept account that must be mended, under the headings of their file, to be sent and read again."""
    with TextWorkbook.opened(path) as book, speaking("vi"):
        for number, (sheet, group) in enumerate(groupby(lines, key=lambda one: one.sheet), 1):
            own = list(group)
            heads = list(dict.fromkeys(heading for one in own for heading in one.raw))
            rows = (
                [*(_bare(one.raw.get(heading, "")) for heading in heads), _bare(_why(one))]
                for one in own
            )
            name = "".join(c for c in sheet if c not in "[]:*?/\\")[:31]
            shown = [*(_bare(heading) for heading in heads), _("What to mend")]
            book.add_sheet(_bare(name) or f"{_('Sheet')} {number}", shown, rows)


def _why(line: MendLine) -> str:
    problems = [RowProblem(line.line, "", code) for code in line.errors]
    said = dict.fromkeys(f"{one.what} {one.mend}" for one in problem_sentences(problems))
    return "\n".join([_("Line %(line)s", line=line.line), *said])


def _bare(text: str) -> str:
    """The text without control characters, which a workbook cannot hold."""
    return _CONTROL.sub("", str(text))[:MAX_CELL]


def _pages(read: Understood, told: dict[tuple[str, int], str]) -> list[_Page]:
    tables = {table.number: table for table in read.tables}
    is_word = read.document.format == "docx"
    pages: list[_Page] = []
    for number, sheet in enumerate(read.document.sheets, start=1):
        if not sheet.has_text():
            continue
        table = tables.get(number)
        own = {row.line for row in table.rows} if table else set()
        lines = {
            line: text
            for (at, line), text in told.items()
            if table and at == table.sheet and line in own
        }
        if is_word and table and not table.header.lines and pages:
            pages[-1].rows += sheet.rows
            pages[-1].told |= lines
            continue
        above = sheet.above or (pages[0].above if pages and is_word else [])
        head = set(table.header.lines[:1]) if table else set()
        name = "".join(c for c in sheet.name if c not in "[]:*?/\\")[:31]
        name = name or f"{_('Sheet')} {number}"
        pages.append(_Page(name, above, list(sheet.rows), head, lines, keeps_lines=not is_word))
    return pages


def _told(problems: list[RowProblem]) -> dict[tuple[str, int], str]:
    """What to mend in each line of each sheet, every sentence once, in Vietnamese."""
    with speaking("vi"):
        lines: dict[tuple[str, int], list[str]] = defaultdict(list)
        for problem, said in zip(problems, problem_sentences(problems), strict=True):
            text = (
                f"{said.column}: {said.what} {said.mend}"
                if said.column
                else f"{said.what} {said.mend}"
            )
            place = lines[problem.sheet, problem.line]
            if text not in place:
                place.append(text)
    return {place: "\n".join(texts) for place, texts in lines.items()}


def _write_page(book: Any, page: _Page) -> None:
    from openpyxl.utils import get_column_letter

    width = max((len(cells) for _line, cells in page.rows), default=0)
    target = book.create_sheet(page.name)
    target.column_dimensions[get_column_letter(width + 1)].width = _WIDTH
    for text in page.above:
        target.append([_text_cell(target, text, marked=False)])
    at = 0
    for line, cells in page.rows:
        for _blank in range(at + 1, min(line, at + 1000) if page.keeps_lines else 0):
            target.append([])
        at = line
        mend = _("What to mend") if line in page.head else page.told.get(line, "")
        shown = [*cells, *[""] * (width - len(cells)), mend]
        marked = bool(page.told.get(line))
        target.append([_text_cell(target, text, marked=marked) for text in shown])


def _text_cell(sheet: Any, text: str, *, marked: bool) -> Any:
    """A cell that stays text whatever it begins with."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
    from openpyxl.styles import Alignment, PatternFill

    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text) or None)
    if text:
        cell.data_type = "s"
        cell.quotePrefix = True
    if marked:
        cell.fill = PatternFill("solid", fgColor=_PALE)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
