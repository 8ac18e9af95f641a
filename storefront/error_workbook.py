"""The sheet somebody sent, again, with a column that says in Vietnamese what to mend in each line."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from catalog.importing.report import ImportReport, RowProblem
from catalog.importing.sheets import Sheet
from catalog.importing.understanding import Understood
from i18n.catalogue import gettext as _
from i18n.catalogue import speaking
from storefront.import_messages import problem_sentences

_PALE = "FFF2CC"
_WIDTH = 60


def write_error_workbook(path: Path, read: Understood, report: ImportReport) -> int:
    """Write the workbook; returns how many lines have something to mend. No cell of it is a formula."""
    from openpyxl import Workbook

    told = _told([*report.problems, *report.warnings])
    book = Workbook(write_only=True)
    tables = {table.sheet: table for table in read.tables}
    with speaking("vi"):
        for number, sheet in enumerate(read.document.sheets, start=1):
            table = tables.get(sheet.name) or (
                read.tables[0] if len(read.tables) == 1 and number == 1 else None
            )
            if not sheet.has_text():
                continue
            head = set(table.header.lines[:1]) if table else set()
            lines = {
                line: text for (at, line), text in told.items() if table and at in ("", sheet.name)
            }
            _write_sheet(book, sheet, head, lines, f"{_('Sheet')} {number}")
    book.save(path)
    return len(told)


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


def _write_sheet(book: Any, sheet: Sheet, head: set[int], told: dict[int, str], name: str) -> None:
    from openpyxl.utils import get_column_letter

    width = max((len(cells) for _line, cells in sheet.rows), default=0)
    target = book.create_sheet("".join(c for c in sheet.name if c not in "[]:*?/\\")[:31] or name)
    target.column_dimensions[get_column_letter(width + 1)].width = _WIDTH
    at = 0
    for line, cells in sheet.rows:
        for _blank in range(at + 1, min(line, at + 1000)):
            target.append([])
        at = line
        mend = _("What to mend") if line in head else told.get(line, "")
        shown = [*cells, *[""] * (width - len(cells)), mend]
        target.append([_text_cell(target, text, marked=bool(told.get(line))) for text in shown])


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
