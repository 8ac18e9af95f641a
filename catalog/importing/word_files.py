"""Reading the tables of a Word file in the child process, merged cells and what stands above each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalog.importing.limits import MAX_CELL, MAX_COLUMNS, MAX_ROWS, MAX_SHEETS

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = {f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", _MC_FALLBACK}


def read(path: Path) -> Iterator[Any]:
    """The same lines as of a workbook; each table is a sheet, with the paragraphs since the last one above it."""
    import docx

    body = docx.Document(str(path)).element.body
    state = {"tables": 0, "rows": 0}
    above: list[str] = []
    for child in body.iter(f"{_W}p", f"{_W}tbl"):
        if _is_inside_table(child, body):
            continue
        if child.tag == f"{_W}p":
            text = _text(child)
            if text:
                above.append(text)
        else:
            yield from _table(child, above, state)
            above = []


def _is_inside_table(element: Any, body: Any) -> bool:
    parent = element.getparent()
    while parent is not None and parent is not body:
        if parent.tag == f"{_W}tbl":
            return True
        parent = parent.getparent()
    return False


def _table(table: Any, above: list[str], state: dict[str, int]) -> Iterator[Any]:
    state["tables"] += 1
    if state["tables"] > MAX_SHEETS:
        raise OverflowError("too_large")
    yield {"sheet": "", "hidden": False, "above": above[-200:]}
    inner: list[Any] = []
    open_spans: dict[int, tuple[int, int, int]] = {}
    merged: list[list[int]] = []
    for line, row in enumerate(_rows(table), start=1):
        state["rows"] += 1
        if state["rows"] > MAX_ROWS + 1000:
            raise OverflowError("too_many_rows")
        cells: list[str] = []
        for cell, skip in _cells(row):
            cells += [""] * skip
            column, span = len(cells), _span(cell)
            if column + span > MAX_COLUMNS:
                raise OverflowError("too_many_columns")
            goes_on = _continues(cell)
            if goes_on and column in open_spans:
                first, width, _last = open_spans[column]
                open_spans[column] = (first, width, line)
            else:
                _close(open_spans, column, merged)
                open_spans[column] = (line, span, line)
            cells += ["" if goes_on else _text(cell)] + [""] * (span - 1)
            inner += [found for found in cell.iter(f"{_W}tbl") if _nearest_table(found, table)]
        while cells and not cells[-1]:
            cells.pop()
        yield [line, cells]
    for column in list(open_spans):
        _close(open_spans, column, merged)
    yield {"merged": merged, "hidden_columns": [], "formulas": []}
    for found in inner:
        yield from _table(found, above, state)


def _nearest_table(found: Any, table: Any) -> bool:
    parent = found.getparent()
    while parent is not None and parent.tag != f"{_W}tbl":
        parent = parent.getparent()
    return parent is table


def _rows(table: Any) -> Iterator[Any]:
    for child in table.iterchildren():
        if child.tag == f"{_W}tr" and child.find(f"{_W}trPr/{_W}del") is None:
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}ins"}:
            yield from (row for row in child.iter(f"{_W}tr") if _nearest_table(row, table))


def _cells(row: Any) -> Iterator[tuple[Any, int]]:
    """The cells of a row, each with how many columns are left out before it."""
    before = row.find(f"{_W}trPr/{_W}gridBefore")
    skip = int(before.get(f"{_W}val", "0")) if before is not None else 0
    for cell in row.iter(f"{_W}tc"):
        parent = cell.getparent()
        while parent is not None and parent.tag not in {f"{_W}tr", f"{_W}tc"}:
            parent = parent.getparent()
        if parent is row:
            yield cell, min(skip, MAX_COLUMNS)
            skip = 0


def _span(cell: Any) -> int:
    found = cell.find(f"{_W}tcPr/{_W}gridSpan")
    return max(1, min(int(found.get(f"{_W}val", "1")), MAX_COLUMNS + 1)) if found is not None else 1


def _continues(cell: Any) -> bool:
    """Whether the cell belongs to the one above (vMerge without "restart")."""
    found = cell.find(f"{_W}tcPr/{_W}vMerge")
    return found is not None and found.get(f"{_W}val", "continue") != "restart"


def _close(spans: dict[int, tuple[int, int, int]], column: int, merged: list[list[int]]) -> None:
    if column in spans:
        first, width, last = spans.pop(column)
        if last > first or width > 1:
            merged.append([first, column, last, column + width - 1])


def _text(element: Any) -> str:
    """The text people see: split runs joined, line breaks as one blank, nothing deleted, no nested table."""
    parts: list[str] = []
    _collect(element, parts)
    return " ".join("".join(parts).split())[:MAX_CELL]


def _collect(element: Any, parts: list[str]) -> None:
    for child in element.iterchildren():
        tag = child.tag
        if tag in _GONE or (tag == f"{_W}tbl"):
            continue
        if tag == f"{_W}t":
            parts.append(child.text or "")
        elif tag in {f"{_W}br", f"{_W}tab", f"{_W}cr"}:
            parts.append("\n")
        elif tag == f"{_W}noBreakHyphen":
            parts.append("-")
        elif tag != f"{_W}rPr":
            _collect(child, parts)
            if tag == f"{_W}p":
                parts.append("\n")
