"""The sentences for what an import refused: what is wrong in which cell, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.importing.limits import MAX_COLUMNS, MAX_ROWS
from catalog.importing.report import RowProblem, UnusableFile
from i18n.catalogue import gettext as _

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowSentence:
    """One problem of one row in words: where it is, what is wrong, how to mend it."""

    line: int
    column: str
    value: str
    what: str
    mend: str


def problem_sentences(problems: Iterable[RowProblem]) -> list[RowSentence]:
    """Every problem in words, in the spoken language."""
    return [_sentence(problem) for problem in problems]


def file_sentence(refusal: UnusableFile) -> str:
    """Why nothing of the file can be read, and what to do."""
    make = _FILES.get(refusal.reason, _FILES["corrupt"])
    return make(refusal.facts)


def _sentence(problem: RowProblem) -> RowSentence:
    make = _ROWS.get(problem.reason, _ROWS["refused"])
    what, mend = make(problem.facts)
    return RowSentence(
        line=problem.line,
        column=problem.column or problem.field,
        value=problem.value[:80],
        what=what,
        mend=mend,
    )


def _allowed(facts: Facts) -> str:
    return ", ".join(str(value) for value in facts.get("allowed", ())[:30]) or "–"


_ROWS: dict[str, Callable[[Facts], tuple[str, str]]] = {
    "missing": lambda _f: (_("Nothing stands here."), _("Fill in this cell.")),
    "stars_out_of_range": lambda _f: (
        _("This is not a number of stars of the programme."),
        _("Write 3, 4 or 5."),
    ),
    "not_a_number": lambda _f: (
        _("This is not a number."),
        _("Write digits only, such as 120000."),
    ),
    "impossible_date": lambda _f: (
        _("There is no such day."),
        _("Write day/month/year, such as 25/08/2025."),
    ),
    "date_in_future": lambda _f: (
        _("This day has not come yet."),
        _("Copy the date from the decision again."),
    ),
    "unknown_province": lambda _f: (
        _("No province has this name."),
        _("Write one of the 34 provinces, or the name from before July 2025."),
    ),
    "former_unit_mismatch": lambda f: (
        _("This former province belongs to %(province)s today.", province=f.get("belongs_to", "–")),
        _("Correct one of the two province columns."),
    ),
    "unknown_subgroup": lambda f: (
        _("There is no such product group."),
        _("Write one of these codes: %(codes)s.", codes=_allowed(f)),
    ),
    "unknown_kind": lambda f: (
        _("This kind is not known."),
        _("Write one of these: %(codes)s.", codes=_allowed(f)),
    ),
    "duplicate_code": lambda f: (
        _("The same code stands in line %(line)s already.", line=f.get("first_line", "–")),
        _("Give every product its own code, or delete one of the two lines."),
    ),
    "unreadable_net_content": lambda _f: (
        _("The content cannot be read."),
        _("Write a number and a unit, such as 500 g or 6 × 70 ml."),
    ),
    "unreadable_shelf_life": lambda _f: (
        _("The shelf life cannot be read."),
        _("Write how many days, such as 365."),
    ),
    "unreadable_price": lambda _f: (
        _("The price cannot be read."),
        _("Write whole đồng in digits, such as 120000."),
    ),
    "unreadable_allergens": lambda _f: (
        _("The allergens cannot be read."),
        _("Write codes with commas between them, “none”, or leave the cell empty."),
    ),
    "too_long": lambda f: (
        _("This text is too long."),
        _("Use at most %(longest)s characters.", longest=f.get("longest", "–")),
    ),
    "taken": lambda _f: (
        _("This is recorded for something else already."),
        _("Compare with what is recorded and correct the one that is wrong."),
    ),
    "refused": lambda _f: (_("This cannot be right."), _("Check the cell against its source.")),
}

_FILES: dict[str, Callable[[Facts], str]] = {
    "no_such_file": lambda _f: _("The file is not there."),
    "empty": lambda _f: _("The file is empty. Choose the sheet with the data and save it again."),
    "encoding": lambda _f: _(
        "The letters of this file cannot be read. In Excel save it as .xlsx, or as “CSV UTF-8”."
    ),
    "unknown_format": lambda _f: _(
        "Only .xlsx and .csv files can be read. In Excel choose “Save as” and .xlsx."
    ),
    "unknown_columns": lambda f: _(
        "The first line must name the columns. These are missing: %(columns)s.",
        columns=", ".join(str(name) for name in f.get("missing", ())) or "–",
    ),
    "corrupt": lambda _f: _("This file is damaged. Open it in Excel and save it again as .xlsx."),
    "too_large": lambda _f: _("This file is too large. Split it into parts."),
    "too_many_rows": lambda f: _(
        "There are more than %(most)s lines. Split the file into parts.",
        most=f.get("limit") or MAX_ROWS,
    ),
    "too_many_columns": lambda _f: _("There are more than %(most)s columns.", most=MAX_COLUMNS),
    "took_too_long": lambda _f: _("This file takes too long to read. Split it into parts."),
}
