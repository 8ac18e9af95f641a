"""Writing translation work to a file: a workbook for people, XLIFF 1.2 for translators' tools."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from catalog.exchanging.units import WorkUnit
from core.errors import Invalid
from i18n.locales import bcp47

FORMATS = ("xlsx", "xliff")
XLIFF = "urn:oasis:names:tc:xliff:document:1.2"
COLUMNS = (
    "key",
    "product",
    "field",
    "vietnamese",
    "english (for orientation)",
    "translation",
    "reviewed",
    "state",
)
MOST_ROWS = 20_000
"""Of a workbook; XLIFF files may be longer."""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class TooMuchWork(Invalid):
    """More rows than a workbook should have (facts: rows, most): send it as XLIFF or in parts."""


def format_of(path: Path) -> str | None:
    """The format a file name asks for: .xlsx, .xlf or .xliff; None for others."""
    suffix = path.suffix.lower()
    return {".xlsx": "xlsx", ".xlf": "xliff", ".xliff": "xliff"}.get(suffix)


def write_work(path: Path, units: Sequence[WorkUnit], locale: str, file_format: str) -> None:
    """Write the units; raises TooMuchWork for a workbook that nobody could use."""
    if file_format == "xlsx":
        _write_workbook(path, units, locale)
    else:
        _write_xliff(path, units, locale)


def state_of(unit: WorkUnit) -> str:
    """Where a text stands: missing, or its status, with a word for being older than its source."""
    if not unit.target:
        return "missing"
    return f"{unit.status}, older than the source" if unit.is_stale else unit.status


def _write_workbook(path: Path, units: Sequence[WorkUnit], locale: str) -> None:
    if len(units) > MOST_ROWS:
        raise TooMuchWork(rows=len(units), most=MOST_ROWS)
    import xlsxwriter

    with xlsxwriter.Workbook(
        str(path),
        # Whatever people wrote stays text: nothing is ever read as a formula or a link.
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    ) as book:
        sheet = book.add_worksheet(f"vi - {bcp47(locale)}")
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        answer = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFF8E1"})
        for place, title in enumerate(COLUMNS):
            sheet.write_string(0, place, title, head)
        for line, unit in enumerate(units, start=1):
            cells = (
                str(unit.key),
                unit.name,
                unit.key.field,
                unit.source,
                unit.help,
                unit.target,
                "",
                state_of(unit),
            )
            for place, cell in enumerate(cells):
                sheet.write_string(line, place, cell, answer if place in (5, 6) else text)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 0, 6)
        sheet.set_column(1, 2, 18)
        sheet.set_column(3, 5, 48)
        sheet.set_column(6, 7, 12)


def _write_xliff(path: Path, units: Sequence[WorkUnit], locale: str) -> None:
    ET.register_namespace("", XLIFF)
    root = ET.Element(f"{{{XLIFF}}}xliff", {"version": "1.2"})
    file = ET.SubElement(
        root,
        f"{{{XLIFF}}}file",
        {
            "original": "ocop",
            "datatype": "plaintext",
            "source-language": "vi",
            "target-language": bcp47(locale),
        },
    )
    body = ET.SubElement(file, f"{{{XLIFF}}}body")
    for unit in units:
        settled = unit.status == "reviewed" and not unit.is_stale
        piece = ET.SubElement(
            body,
            f"{{{XLIFF}}}trans-unit",
            {
                "id": _clean(str(unit.key)),
                "resname": _clean(f"{unit.key.code}/{unit.key.field}"),
                "approved": "yes" if settled else "no",
                "{http://www.w3.org/XML/1998/namespace}space": "preserve",
            },
        )
        ET.SubElement(piece, f"{{{XLIFF}}}source").text = _clean(unit.source)
        if unit.target:
            state = "final" if settled else "needs-review-translation"
            target = ET.SubElement(piece, f"{{{XLIFF}}}target", {"state": state})
            target.text = _clean(unit.target)
        note = f"{unit.name} / {unit.key.field} / {state_of(unit)}"
        ET.SubElement(piece, f"{{{XLIFF}}}note", {"from": "shop"}).text = _clean(note)
        if unit.help:
            ET.SubElement(piece, f"{{{XLIFF}}}note", {"from": "English"}).text = _clean(unit.help)
    ET.indent(root)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _clean(text: str) -> str:
    """Without the control characters that XML cannot carry."""
    return _NOT_IN_XML.sub("", text)
