"""Reading the XML of a worksheet as it streams by: texts of cells, merged ranges, hidden columns, bare formulas.

openpyxl builds an object for every element and then once more for every cell; for the half million cells of a
large catalogue that takes twenty seconds, the callbacks of expat take two (ECMA-376 part 1, 18.3 and 18.4).
What a value is (a number, a date by its style, a shared string) follows openpyxl, which tests compare it with.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import IO, Any
from xml.parsers import expat

from catalog.importing.limits import MAX_COLUMNS, MAX_MERGES

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
_AT_ONCE = 1 << 16
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")

TextOf = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Meanings:
    """What the numbers in a sheet stand for: shared texts, styles that show a date, the first day."""

    strings: Sequence[str]
    dates: Collection[int]
    durations: Collection[int]
    epoch: datetime
    text_of: TextOf


@dataclass(slots=True)
class Layout:
    """Merged ranges, hidden columns (from 0), and (line, column) of formulas without a stored result."""

    merged: list[list[int]] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    formulas: list[list[int]] = field(default_factory=list)


def read_strings(source: IO[bytes], text_of: TextOf) -> list[str]:
    """The shared strings of a workbook in their order, without the readings of East Asian letters."""
    found: list[str] = []
    reader = _Strings(found, text_of)
    for piece in _pieces(source):
        reader.parser.Parse(piece, False)
    reader.parser.Parse(b"", True)
    return found


def read_rows(
    source: IO[bytes], meanings: Meanings, layout: Layout
) -> Iterator[tuple[int, list[str]]]:
    """(line from 1, texts up to the last one) of every row that has any; `layout` is filled meanwhile.

    Raises OverflowError("too_many_columns"), ExpatError and ValueError for what is no worksheet.
    """
    reader = _Rows(meanings, layout)
    for piece in _pieces(source):
        reader.parser.Parse(piece, False)
        yield from reader.take()
    reader.parser.Parse(b"", True)
    yield from reader.take()


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    while piece := source.read(_AT_ONCE):
        yield piece


class _Parts(ABC):
    """An expat parser that hands elements to `start` and `end`, and collects the text of those that ask for it."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = _refuse
        self.said: list[str] | None = None
        self.phonetic = False

    @abstractmethod
    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    @abstractmethod
    def end(self, name: str) -> None:
        """An element is whole."""

    def text(self, text: str) -> None:
        if self.said is not None:
            self.said.append(text)


def _refuse(*_told: Any) -> None:
    raise ValueError("a document type in a worksheet")


_SI, _T, _RPH = f"{_MAIN}si", f"{_MAIN}t", f"{_MAIN}rPh"


class _Strings(_Parts):
    """Texts of the `si` elements."""

    def __init__(self, found: list[str], text_of: TextOf) -> None:
        super().__init__()
        self.found, self.text_of = found, text_of
        self.parts: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        if name == _T and not self.phonetic:
            self.said = self.parts
        elif name == _SI:
            self.parts = []
        elif name == _RPH:
            self.phonetic = True

    def end(self, name: str) -> None:
        if name == _T:
            self.said = None
        elif name == _SI:
            self.found.append(self.text_of("".join(self.parts).replace("x005F_", "")))
        elif name == _RPH:
            self.phonetic = False


_C, _V, _F, _IS, _ROW = (f"{_MAIN}{tag}" for tag in ("c", "v", "f", "is", "row"))
_MERGED, _COL = f"{_MAIN}mergeCell", f"{_MAIN}col"


class _Rows(_Parts):
    """Rows of a worksheet; a row that does not stand below the one before it is left out, as openpyxl does."""

    def __init__(self, meanings: Meanings, layout: Layout) -> None:
        super().__init__()
        self.meanings, self.layout = meanings, layout
        self.rows: list[tuple[int, list[str]]] = []
        self.line, self.next_line, self.column = 0, 1, -1
        self.cells: dict[int, str] = {}
        self.cell: dict[str, str] = {}
        self.value: list[str] = []
        self.inline: list[str] = []
        self.in_cell = self.in_inline = self.has_value = self.has_formula = False

    def take(self) -> list[tuple[int, list[str]]]:
        """The rows that are whole by now."""
        rows, self.rows = self.rows, []
        return rows

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _C:
            self._begin_cell(attributes)
        elif self.in_cell:
            self._within(name)
        elif name == _ROW:
            said = attributes.get("r")
            self.line = self.line + 1 if said is None else _whole(said)
            self.cells, self.column = {}, -1
        elif name == _MERGED and len(self.layout.merged) < MAX_MERGES:
            first, _, last = attributes.get("ref", "").partition(":")
            self.layout.merged.append([*_position(first), *_position(last or first)])
        elif name == _COL and attributes.get("hidden") in {"1", "true"}:
            left = int(attributes.get("min", "1"))
            right = min(int(attributes.get("max", left)), MAX_COLUMNS)
            self.layout.hidden_columns += range(left - 1, right)

    def _within(self, name: str) -> None:
        """A part of a cell begins."""
        if name == _V:
            self.said = None if self.has_value else self.value
            self.has_value = True
        elif name == _F:
            self.has_formula = True
        elif name == _IS:
            self.in_inline = True
        elif name == _RPH:
            self.phonetic = True
        elif name == _T and self.in_inline and not self.phonetic:
            self.said = self.inline

    def end(self, name: str) -> None:
        if name in (_V, _T):
            self.said = None
        elif name == _C:
            self._end_cell()
        elif name == _ROW:
            self._end_row()
        elif name == _IS:
            self.in_inline = False
        elif name == _RPH:
            self.phonetic = False

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self.in_cell, self.cell = True, attributes
        place = attributes.get("r")
        self.column = self.column + 1 if place is None else _column(place.rstrip("0123456789"))
        self.value, self.inline = [], []
        self.has_value = self.has_formula = False

    def _end_cell(self) -> None:
        self.in_cell = False
        value = "".join(self.value)
        if self.has_formula and not value.strip() and len(self.layout.formulas) < MAX_MERGES:
            self.layout.formulas.append([self.line, self.column])
        kind = self.cell.get("t", "n")
        if kind == "inlineStr":
            text = self.meanings.text_of("".join(self.inline))
        elif not value:
            text = ""
        elif kind == "s":
            text = self.meanings.strings[int(value)]
        else:
            text = self._typed(kind, value)
        self.cells[self.column] = text

    def _typed(self, kind: str, value: str) -> str:
        """The text of a number, a date, a truth value or a text."""
        said: Any = value
        if kind == "n":
            said = float(value) if "." in value or "E" in value or "e" in value else int(value)
            style = int(self.cell.get("s", "0"))
            if style in self.meanings.dates:
                said = self._moment(said, style)
        elif kind == "b":
            said = bool(int(value))
        elif kind == "d":
            from openpyxl.utils import datetime as moments

            said = moments.from_ISO8601(value)  # type: ignore[no-untyped-call]
        return self.meanings.text_of(said)

    def _moment(self, number: float, style: int) -> Any:
        from openpyxl.utils.datetime import from_excel

        try:
            return from_excel(
                number, self.meanings.epoch, timedelta=style in self.meanings.durations
            )
        except (OverflowError, ValueError):
            return "#VALUE!"

    def _end_row(self) -> None:
        filled = [column for column, text in self.cells.items() if text]
        if self.line < self.next_line:
            return
        self.next_line = self.line + 1
        if not filled:
            return
        last = max(filled)
        if last >= MAX_COLUMNS:
            raise OverflowError("too_many_columns")
        get = self.cells.get
        self.rows.append((self.line, [get(column, "") for column in range(last + 1)]))


@cache
def _column(letters: str) -> int:
    """The place of a column, from 0: "A" is 0."""
    from openpyxl.utils import column_index_from_string

    return int(column_index_from_string(letters)) - 1


def _position(reference: str) -> tuple[int, int]:
    """(line from 1, column from 0) of "B3"."""
    found = _CELL.fullmatch(reference)
    if not found:
        raise ValueError(reference)
    return int(found[2]), _column(found[1])


def _whole(text: str) -> int:
    """The number of a row, which some programs write as "3.0"."""
    try:
        return int(text)
    except ValueError:
        number = float(text)
        if not number.is_integer():
            raise
        return int(number)
