"""A sheet, a Word table or a text file as rows of text, before anybody knows what stands in it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Sheet:
    """Rows of cells; line numbers count from 1 as the file shows them, columns from 0.

    `merged` are (first line, first column, last line, last column); `formulas` the cells that are computed and
    have no stored result; `above` what stands before the table (paragraphs of a Word file).
    """

    name: str = ""
    hidden: bool = False
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    above: list[str] = field(default_factory=list)

    def move_down(self, lines: int) -> None:
        """Count the lines from where an earlier table ended."""
        self.rows = [(line + lines, cells) for line, cells in self.rows]
        self.merged = [(a + lines, b, c + lines, d) for a, b, c, d in self.merged]
        self.formulas = {(line + lines, column) for line, column in self.formulas}

    def by_line(self) -> dict[int, list[str]]:
        """The rows by their line."""
        return dict(self.rows)

    def has_text(self) -> bool:
        """Whether any cell holds something."""
        return any(any(cells) for _line, cells in self.rows)


@dataclass(slots=True)
class Document:
    """Everything read from one file: its format ("csv", "xlsx", "docx"), its letters and its sheets."""

    format: str
    encoding: str
    sheets: list[Sheet]
    file_name: str = ""
