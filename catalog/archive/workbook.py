"""Writing a workbook of nothing but text, row by row and straight into its archive.

XlsxWriter needs a minute of processor time for the half million rows of a large catalogue (ADR 0018); what is
written here is the part of ECMA-376 that a table of text needs: inline strings, a bold first row that stays.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

MAX_ROWS = 1_048_576
"""Rows a sheet can have, its heading included; Excel takes no more."""
_LEVEL = 2
_AT_ONCE = 500
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_SHEET = (
    f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
    'topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)


class TextWorkbook:
    """A workbook being written: a sheet after the other, each row when it comes."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Begin a workbook in an empty archive."""
        self._archive = archive
        self._names: list[str] = []

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator[TextWorkbook]:
        """A workbook that is whole when the block ends."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            book = cls(archive)
            yield book
            book._finish()

    def add_sheet(self, name: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Write a sheet; "" leaves a cell out. Texts hold no control characters but line breaks and tabs.

        Raises OverflowError when there are more rows than a sheet can have.
        """
        self._names.append(name)
        letters = [_letters(number) for number in range(len(heads))]
        part = f"xl/worksheets/sheet{len(self._names)}.xml"
        with self._archive.open(part, "w", force_zip64=True) as file:
            file.write((_HEAD + _SHEET).encode())
            kept = [_row(1, letters, heads, style=' s="1"')]
            for number, row in enumerate(rows, 2):
                if number > MAX_ROWS:
                    raise OverflowError(name)
                kept.append(_row(number, letters, row))
                if len(kept) >= _AT_ONCE:
                    _write(file, kept)
            _write(file, kept)
            file.write(b"</sheetData></worksheet>")

    def _finish(self) -> None:
        """The parts that name the others."""
        numbers = range(1, len(self._names) + 1)
        sheets = "".join(
            f'<sheet name="{_escaped(name)}" sheetId="{number}" r:id="rId{number}"/>'
            for number, name in zip(numbers, self._names, strict=True)
        )
        links = "".join(_link(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
        links += _link(len(self._names) + 1, "styles", "styles.xml")
        kinds = "".join(_part_kind(f"/xl/worksheets/sheet{n}.xml", "worksheet") for n in numbers)
        self._part("xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
                   f"{sheets}</sheets></workbook>")  # fmt: skip
        self._part("xl/_rels/workbook.xml.rels", _links(links))
        self._part("xl/styles.xml", _STYLES)
        self._part("_rels/.rels", _links(_link(1, "officeDocument", "xl/workbook.xml")))
        self._part(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>'
            f"{_part_kind('/xl/workbook.xml', 'sheet.main')}{_part_kind('/xl/styles.xml', 'styles')}"
            f"{kinds}</Types>",
        )

    def _part(self, name: str, content: str) -> None:
        self._archive.writestr(name, _HEAD + content)


def _row(number: int, letters: Sequence[str], cells: Sequence[str], *, style: str = "") -> str:
    shown = [
        f'<c r="{letter}{number}"{style} t="inlineStr"><is><t xml:space="preserve">{_escaped(text)}</t></is></c>'
        for letter, text in zip(letters, cells, strict=True)
        if text
    ]
    return f'<row r="{number}">{"".join(shown)}</row>'


def _write(file: IO[bytes], kept: list[str]) -> None:
    file.write("".join(kept).encode())
    kept.clear()


def _escaped(text: str) -> str:
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    return text


def _letters(number: int) -> str:
    """The name of a column, counted from 0: A … Z, AA …"""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _links(links: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _link(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _part_kind(name: str, kind: str) -> str:
    return f'<Override PartName="{name}" ContentType="{_KIND}.{kind}+xml"/>'
