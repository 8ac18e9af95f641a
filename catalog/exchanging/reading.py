"""Reading a returned file: which pieces it holds, what was written, and what its author says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from catalog.exchanging.writing import COLUMNS, XLIFF, format_of
from catalog.importing.report import UnusableFile

MOST_BYTES = 40 * 1024 * 1024
MOST_PIECES = 200_000
MOST_DEEP = 40
LONGEST = 20_000
_SETTLED = {"final", "signed-off"}
_YES = {"yes", "y", "x", "1", "true", "có", "ja", "oui", "はい", "是", "예", "হ্যাঁ"}


@dataclass(frozen=True, slots=True)
class Returned:
    """One piece as it came back; `line` counts from 1, `is_reviewed` is what the file itself says."""

    line: int
    key: str
    text: str
    is_reviewed: bool
    is_formula: bool = False


def read_work(path: Path) -> list[Returned]:
    """All pieces of a file; raises UnusableFile for anything hostile, broken or of another form."""
    kind = format_of(path)
    if not path.is_file():
        raise UnusableFile("no_such_file")
    if kind is None:
        raise UnusableFile("unknown_format", suffix=path.suffix[:12])
    if path.stat().st_size > MOST_BYTES:
        raise UnusableFile("too_large", bytes=path.stat().st_size)
    found = _read_workbook(path) if kind == "xlsx" else list(_read_xliff(path))
    if not found:
        raise UnusableFile("empty")
    return found


def _read_workbook(path: Path) -> list[Returned]:
    from catalog.importing.sandbox import read_office_file

    for sheet in read_office_file(path).sheets:
        if not sheet.rows:
            continue
        titles = [cell.strip().lower() for cell in sheet.rows[0][1]]
        if not {"key", "translation"} <= set(titles):
            continue
        place = {title: titles.index(title) for title in COLUMNS if title in titles}
        found = []
        for line, cells in sheet.rows[1:]:
            row = [*cells, *[""] * len(titles)]
            if not row[place["key"]].strip():
                continue
            reviewed = row[place["reviewed"]] if "reviewed" in place else ""
            found.append(
                Returned(
                    line=line,
                    key=row[place["key"]],
                    text=row[place["translation"]],
                    is_reviewed=reviewed.strip().lower() in _YES,
                    is_formula=(line, place["translation"]) in sheet.formulas,
                )
            )
        return found
    raise UnusableFile("unknown_columns")


def _read_xliff(path: Path) -> Iterator[Returned]:
    from defusedxml import ElementTree as SafeXml
    from defusedxml.common import DefusedXmlException

    depth = count = 0
    root: Element | None = None
    try:
        steps = SafeXml.iterparse(path, events=("start", "end"), forbid_dtd=True)
        for event, element in steps:
            if event == "start":
                depth += 1
                if root is None:
                    root = element
                    if element.tag != f"{{{XLIFF}}}xliff":
                        raise UnusableFile("unknown_format", root=str(element.tag)[:80])
                if depth > MOST_DEEP:
                    raise UnusableFile("corrupt")
                continue
            depth -= 1
            if element.tag != f"{{{XLIFF}}}trans-unit":
                continue
            count += 1
            if count > MOST_PIECES:
                raise UnusableFile("too_many_rows", limit=MOST_PIECES)
            yield _piece(element, count)
            element.clear()
    except (ParseError, DefusedXmlException, UnicodeError, LookupError) as error:
        raise UnusableFile("corrupt") from error


def _piece(element: Element, line: int) -> Returned:
    target = element.find(f"{{{XLIFF}}}target")
    text = "".join(target.itertext()) if target is not None else ""
    state = target.get("state", "") if target is not None else ""
    return Returned(
        line=line,
        key=element.get("id", "")[:200],
        text=text[: LONGEST + 1],
        is_reviewed=element.get("approved") == "yes" or state in _SETTLED,
    )
