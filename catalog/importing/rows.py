"""One row of a file: its cells by our names, and the problems found while reading them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from catalog.importing.parsing import parse_stars
from catalog.importing.report import RowProblem, RowRejected
from catalog.reference import Province, find_province
from catalog.rules.certification import STARS

Parsed = TypeVar("Parsed")


@dataclass(slots=True)
class Row:
    """The cells of one line; `refuse` collects problems, `finish` raises them all at once."""

    line: int
    cells: Mapping[str, str]
    headings: Mapping[str, str]
    extra: Mapping[str, str] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)
    sheet: str = ""

    @property
    def status(self) -> str:
        """How the line is written down."""
        return "reject" if self.problems else "import"

    @property
    def raw(self) -> dict[str, str]:
        """What stood in every column, by the headings of the file."""
        named = {
            self.headings.get(name) or name: value for name, value in self.cells.items() if value
        }
        return named | dict(self.extra)

    @property
    def errors(self) -> list[str]:
        """The codes of what is wrong."""
        return [problem.reason for problem in self.problems]

    def text(self, name: str, longest: int = 20_000) -> str | None:
        """The cell without outer and doubled spaces and without NUL, which no database keeps.

        None when it is empty or not in the file.
        """
        cell = self.cells.get(name)
        if not cell:
            return None
        if cell.isprintable() and "  " not in cell:  # no white space but single blanks
            value = cell.strip(" ")
        else:
            value = " ".join(cell.replace("\x00", "").split())
        if len(value) > longest:
            self.refuse(name, "too_long", longest=longest)
        return value or None

    def required(self, name: str, longest: int = 300) -> str:
        """The cell; a problem when it is empty."""
        value = self.text(name, longest)
        if value is None:
            self.refuse(name, "missing")
        return value or ""

    def parsed(self, name: str, parse: Callable[[str], Parsed], reason: str) -> Parsed | None:
        """The cell read by `parse`; None when it is empty, a problem when it can't be read."""
        value = self.text(name)
        if value is None:
            return None
        try:
            return parse(value)
        except (ValueError, ArithmeticError):
            self.refuse(name, reason)
            return None

    def stars(self) -> int | None:
        """The stars; a problem when they are not 3, 4 or 5."""
        stars = self.parsed("stars", parse_stars, "not_a_number")
        if stars is not None and stars not in STARS:
            self.refuse("stars", "stars_out_of_range", allowed=list(STARS))
            return None
        return stars

    def province(self) -> Province | None:
        """The province of the row; a problem when it is missing or unknown."""
        name = self.required("province")
        if not name:
            return None
        province = find_province(name)
        if province is None:
            self.refuse("province", "unknown_province")
        return province

    def refuse(self, name: str, reason: str, **facts: Any) -> None:
        """Note a problem; the row will not be stored."""
        self.problems.append(self._problem(name, reason, facts))

    def warn(self, name: str, reason: str, **facts: Any) -> None:
        """Note something a person should look at; the row is stored."""
        self.warnings.append(self._problem(name, reason, facts))

    def _problem(self, name: str, reason: str, facts: dict[str, Any]) -> RowProblem:
        value = self.cells.get(name, "")[:200]
        column = self.headings.get(name, "")
        return RowProblem(self.line, name, reason, value, column, facts, self.sheet)

    def finish(self) -> None:
        """Raise RowRejected when there is any problem."""
        if self.problems:
            raise RowRejected(self.problems)
