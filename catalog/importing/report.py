"""What became of each row of an import, and why a row or a file was refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from catalog.importing.comparing import Change
from catalog.importing.judged import ERRORS, Judged
from core.errors import Invalid, Unavailable

CELL_REASONS = (
    "missing",
    "stars_out_of_range",
    "not_a_number",
    "impossible_date",
    "unknown_subgroup",
    "unknown_kind",
    "unreadable_net_content",
    "unreadable_shelf_life",
    "unreadable_price",
    "unreadable_allergens",
    "taken",
    "refused",
)
"""Codes of a catalogue's cells and of what the database holds against a row."""

PRICE_REASONS = (
    "product_unknown",
    "product_by_name",
    "product_not_sure",
    "other_content",
    "price_of_no_list",
    "other_currency",
    "other_producer",
    "other_list",
    "other_tax",
    "list_in_force",
)
"""Why a row of a price list is not stored."""

REASONS = (*CELL_REASONS, *PRICE_REASONS, *ERRORS)
"""Codes of row problems; `storefront/import_messages.py` has a sentence for each."""

FILE_REASONS = (
    "no_such_file",
    "empty",
    "encoding",
    "unknown_format",
    "unknown_columns",
    "corrupt",
    "too_large",
    "too_many_rows",
    "too_many_columns",
    "took_too_long",
)
"""Codes of `UnusableFile`."""

OUTCOMES = ("created", "updated", "same", "rejected", "review", "duplicate")


class UnusableFile(Invalid):
    """Nothing of the file can be read (facts: reason, one of FILE_REASONS, and details)."""

    def __init__(self, reason: str, **details: Any) -> None:
        """Keep the reason and what is known about it."""
        super().__init__(reason=reason, **details)
        self.reason = reason


class StorageFull(Unavailable):
    """The disk is full: nothing of this import has been stored (facts: line)."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong with one row.

    `line` is the line of the file as a spreadsheet numbers it (the heading is line 1), `field` our
    name of the column, `column` the heading in the file, `value` what stood there.
    """

    line: int
    field: str
    reason: str
    value: str = ""
    column: str = ""
    facts: dict[str, Any] = dataclass_field(default_factory=dict)
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """What became of one line: one of OUTCOMES, and for a comparing dry run what changes in its product."""

    sheet: str
    line: int
    name: str
    outcome: str
    product_id: int | None = None
    changes: tuple[Change, ...] = ()


class RowRejected(Exception):
    """A row can't be stored; carries every problem found in it."""

    def __init__(self, problems: list[RowProblem]) -> None:
        """Keep the problems."""
        super().__init__(problems)
        self.problems = problems


@dataclass(slots=True)
class ImportReport:
    """The outcome: counts by what became of the rows, each problem, and every row as it was understood.

    Outcomes are created, updated and same for what is stored, rejected, review and duplicate for what is not;
    `incomplete` counts the stored drafts that ask for something. Rows of a price list become offers of a list.
    """

    kind: str
    dry_run: bool
    encoding: str = ""
    outcomes: Counter[str] = dataclass_field(default_factory=Counter)
    problems: list[RowProblem] = dataclass_field(default_factory=list)
    warnings: list[RowProblem] = dataclass_field(default_factory=list)
    unknown_columns: tuple[str, ...] = ()
    incomplete: int = 0
    judged: list[Judged] = dataclass_field(default_factory=list)
    columns: dict[str, str] = dataclass_field(default_factory=dict)
    ignored: dict[str, dict[int, str]] = dataclass_field(default_factory=dict)
    resumed: int = 0
    lines: list[LineOutcome] = dataclass_field(default_factory=list)

    @property
    def rows(self) -> int:
        """All rows read."""
        return self.outcomes.total()

    @property
    def rejected(self) -> int:
        """Rows of which nothing was stored."""
        return self.outcomes["rejected"]

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON for programs."""
        return {
            "kind": self.kind,
            "dry_run": self.dry_run,
            "encoding": self.encoding,
            "rows": self.rows,
            "outcomes": {name: self.outcomes[name] for name in OUTCOMES},
            "incomplete": self.incomplete,
            "resumed": self.resumed,
            "columns": self.columns,
            "unknown_columns": list(self.unknown_columns),
            "problems": [_problem(problem) for problem in self.problems],
            "warnings": [_problem(problem) for problem in self.warnings],
        }


def _problem(problem: RowProblem) -> dict[str, Any]:
    return {
        "line": problem.line,
        "field": problem.field,
        "column": problem.column,
        "reason": problem.reason,
        "value": problem.value,
        "facts": problem.facts,
    }
