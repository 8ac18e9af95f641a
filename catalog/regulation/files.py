"""The rule files of this release: one CSV for each kind, a row for each version of each rule."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from catalog.rules.regulation import Rule, RuleSet, Suspension, rule_mistakes
from core.errors import Invalid

FILES: Mapping[str, str] = {
    "acts.csv": "act",
    "vat.csv": "vat",
    "markets.csv": "market",
    "labels.csv": "label",
    "allergens.csv": "allergens",
}
VALUE_FIELDS: Mapping[str, tuple[str, ...]] = {
    "act": ("says",),
    "vat": ("treatment", "rate_bp"),
    "market": ("decision", "reason", "documents"),
    "label": ("goods", "duty", "languages"),
    "allergens": ("codes",),
}
"""What the value of a rule of each kind is made of; all other columns are the same everywhere."""

_FOLDER = Path(__file__).parent / "data"
_PAUSE = re.compile(r"(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)?(?:\s+(.+))?")


class UnreadableRules(Invalid):
    """A rule file holds something that is no rule (facts: file, line, why)."""


@cache
def file_rules() -> tuple[Rule, ...]:
    """Every rule of the files; raises UnreadableRules."""
    return tuple(read_folder(_FOLDER))


@cache
def rules_of_files() -> RuleSet:
    """The rules of this release alone."""
    return RuleSet(file_rules())


def read_folder(folder: Path) -> Iterator[Rule]:
    """The rules of a folder, in the order of the files and rows; raises UnreadableRules."""
    for name, kind in FILES.items():
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), start=2):
                yield _read(name, line, kind, row)


def _read(name: str, line: int, kind: str, row: Mapping[str, str]) -> Rule:
    try:
        rule = Rule(
            code=row["code"],
            kind=kind,
            value={field: row[field] for field in VALUE_FIELDS[kind] if row[field]},
            legal_basis=row["legal_basis"],
            effective_from=_day(row["effective_from"]),
            effective_to=_day(row["effective_to"]),
            source=row["source"],
            checked_on=date.fromisoformat(row["checked_on"]),
            certainty=row["certainty"],
            note=row["note"],
            confirmed_to=_day(row["confirmed_to"]),
            suspensions=tuple(_pauses(row["suspended"])),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise UnreadableRules(file=name, line=line, why=str(error)) from error
    for mistake in rule_mistakes([rule]):
        raise UnreadableRules(file=name, line=line, why=mistake.code)
    return rule


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _pauses(text: str) -> Iterator[Suspension]:
    """``2026-01-26..2026-04-15 09/2026/NQ-CP``; a day may be missing, several are parted by ``;``."""
    for part in filter(None, (part.strip() for part in text.split(";"))):
        found = _PAUSE.fullmatch(part)
        if found is None:
            raise ValueError(f"not a time of suspension: {part}")
        yield Suspension(_day(found[1] or ""), _day(found[2] or ""), found[3] or "")
