"""What a look at a file found, for the page that shows it: made from a report, or kept beside a long upload."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from catalog.importing import ImportReport, RowProblem
from catalog.importing.columns import heading_key
from catalog.importing.comparing import Change
from catalog.importing.report import OUTCOMES, LineOutcome
from catalog.importing.understanding import Understood

SHOWN = 200
"""Lines of each kind that are kept of a long file; its workbook tells of all that must be mended."""


@dataclass(frozen=True)
class Look:
    """The figures, the first lines of each outcome, what is wrong with them, and every heading.

    `headings` are the headings of the file, each with whether the importer knew it by itself.
    """

    kind: str
    encoding: str
    outcomes: dict[str, int]
    incomplete: int
    to_mend: bool
    headings: list[tuple[str, bool]]
    lines: dict[str, list[LineOutcome]] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)

    def unknown_headings(self, saved: dict[str, str]) -> list[tuple[str, str]]:
        """Headings nobody knew before an officer said so, each with what was said ("?" for nothing yet)."""
        found: dict[str, str] = {}
        for heading, is_known in self.headings:
            key = heading_key(heading)
            if key and (key in saved or not is_known):
                found.setdefault(heading, (saved[key] or "-") if key in saved else "?")
        return list(found.items())


def look_at(read: Understood, report: ImportReport, *, most: int | None = None) -> Look:
    """What a dry run found; with `most` only so many lines of each outcome."""
    lines = {name: [one for one in report.lines if one.outcome == name][:most] for name in OUTCOMES}
    shown = {(line.sheet, line.line) for listed in lines.values() for line in listed}
    problems = [*report.problems, *report.warnings]
    return Look(
        report.kind,
        report.encoding,
        {name: report.outcomes[name] for name in OUTCOMES},
        report.incomplete,
        bool(problems),
        [
            (column.heading, bool(column.field or column.star))
            for table in read.tables
            for column in table.header.columns
        ],
        lines,
        [problem for problem in problems if (problem.sheet, problem.line) in shown],
    )


def write_look(path: Path, look: Look) -> None:
    """Keep it; whoever reads it meanwhile sees all of it or nothing."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(asdict(look), default=str), encoding="utf-8")
    part.replace(path)


def read_look(path: Path) -> Look | None:
    """What was kept; None when it is gone."""
    try:
        said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    said["lines"] = {name: list(_lines(listed)) for name, listed in said["lines"].items()}
    said["problems"] = [RowProblem(**problem) for problem in said["problems"]]
    said["headings"] = [(heading, bool(known)) for heading, known in said["headings"]]
    return Look(**said)


def _lines(listed: Iterable[dict[str, Any]]) -> Iterable[LineOutcome]:
    for line in listed:
        changes = tuple(Change(**change) for change in line.pop("changes"))
        yield LineOutcome(**line, changes=changes)
