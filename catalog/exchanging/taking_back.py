"""Taking translations back from a file: nothing is overwritten unseen, nothing that was written is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import InvalidFields
from catalog.exchanging.reading import Returned, read_work
from catalog.exchanging.units import Key, read_key, short
from catalog.importing.report import UnusableFile
from catalog.models import Translation
from catalog.models.translation import TranslationEntry
from catalog.queries.translatable import MODELS
from catalog.rules.translation import digest
from catalog.translating import LONGEST, find_newest, set_translation
from core.actor import Actor
from core.people.permissions import require
from i18n.text import typed

_AT_ONCE = 500


class Outcome(StrEnum):
    """What became of one piece."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    EMPTY = "empty"
    SOURCE_CHANGED = "source_changed"
    OVERTAKEN = "overtaken"
    UNKNOWN = "unknown"
    REFUSED = "refused"


KEPT_AS_DRAFT = (Outcome.SOURCE_CHANGED, Outcome.OVERTAKEN)
"""Rejected, but kept as a draft beside what is there, so that nobody's work is lost."""


@dataclass(frozen=True, slots=True)
class Line:
    """A piece worth a look; `reason` is a code for refusals ("too_long", "formula", "as_the_source")."""

    line: int
    key: str
    outcome: Outcome
    text: str
    reason: str = ""


@dataclass(slots=True)
class Report:
    """What a returned file changes, or would change."""

    dry_run: bool
    outcomes: Counter[str] = dataclass_field(default_factory=Counter)
    lines: list[Line] = dataclass_field(default_factory=list)

    @property
    def pieces(self) -> int:
        """How many there were."""
        return sum(self.outcomes.values())

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        return {
            "dry_run": self.dry_run,
            "pieces": self.pieces,
            "outcomes": {outcome.value: self.outcomes[outcome.value] for outcome in Outcome},
            "lines": [
                {"line": one.line, "key": one.key, "outcome": one.outcome, "reason": one.reason}
                for one in self.lines
            ],
        }


def take_back(
    session: Session,
    path: Path,
    *,
    actor: Actor,
    now: datetime,
    dry_run: bool,
    reviewed: bool = False,
    most: int | None = None,
) -> Report:
    """Judge every piece of the file and, unless `dry_run`, store it.

    What the file itself calls reviewed is stored as reviewed, everything else as a draft, unless
    `reviewed` vouches for the whole file. Raises UnusableFile (also for more than `most` pieces) and
    Forbidden. The caller commits.
    """
    require(actor, "translation.exchange")
    returned = read_work(path)
    if most is not None and len(returned) > most:
        raise UnusableFile("too_many_rows", limit=most)
    report = Report(dry_run)
    for part in _parts(returned):
        keys = [read_key(one.key) for one in part]
        ids = _ids(session, [key for key in keys if key is not None])
        for one, key in zip(part, keys, strict=True):
            number = ids.get((key.kind, key.code)) if key is not None else None
            if key is None or number is None:
                _note(report, one, Outcome.UNKNOWN)
                continue
            status = "reviewed" if reviewed or one.is_reviewed else "draft"
            _take(session, report, one, key, number, status, actor=actor, now=now)
    return report


def _take(
    session: Session,
    report: Report,
    one: Returned,
    key: Key,
    number: int,
    status: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    text = typed(one.text)
    if one.is_formula:
        _note(report, one, Outcome.REFUSED, "formula")
        return
    if not text:
        report.outcomes[Outcome.EMPTY] += 1
        return
    source = _source(session, key, number)
    newest = find_newest(session, key.kind, number, key.field, key.locale)
    row = _row(session, key, number)
    outcome = _judge(text, status, key, source, newest, row)
    if outcome is Outcome.SAME:
        report.outcomes[outcome] += 1
        return
    kept = outcome in KEPT_AS_DRAFT
    if len(text) > (LONGEST.get(key.field, 20_000)):
        _note(report, one, Outcome.REFUSED, "too_long")
        return
    if not report.dry_run:
        try:
            set_translation(
                session,
                entity_kind=key.kind,
                entity_id=number,
                field=key.field,
                locale=key.locale,
                text=text,
                status="draft" if kept else status,
                actor=actor,
                now=now,
                origin="file",
                made_from=key.made_from if outcome is Outcome.SOURCE_CHANGED else None,
            )
        except InvalidFields as refusal:
            _note(report, one, Outcome.REFUSED, next(iter(refusal.mistakes.values())))
            return
    reason = "as_the_source" if text == source and len(text.split()) > 2 else ""  # noqa: PLR2004
    if kept or reason:
        _note(report, one, outcome, reason)
    else:
        report.outcomes[outcome] += 1


def _judge(
    text: str,
    status: str,
    key: Key,
    source: str,
    newest: TranslationEntry | None,
    row: Translation | None,
) -> Outcome:
    if key.made_from != short(digest(source)):
        kept = newest is not None and (newest.text, newest.status) == (text, "draft")
        return Outcome.SAME if kept else Outcome.SOURCE_CHANGED
    if row is not None and row.text == text and not row.is_stale:
        settled = row.status == "reviewed" or row.status == status
        if settled and (newest is None or newest.text == text):
            return Outcome.SAME
    known = newest is not None and (newest.text, newest.status) == (text, status)
    if known and newest is not None and not newest.is_stale:
        return Outcome.SAME
    if newest is not None and newest.id != key.entry and newest.text != text:
        return Outcome.OVERTAKEN
    return Outcome.NEW if row is None else Outcome.CHANGED


def _note(report: Report, one: Returned, outcome: Outcome, reason: str = "") -> None:
    report.outcomes[outcome] += 1
    report.lines.append(Line(one.line, one.key, outcome, one.text[:200], reason))


def _parts(returned: list[Returned]) -> Iterable[list[Returned]]:
    for start in range(0, len(returned), _AT_ONCE):
        yield returned[start : start + _AT_ONCE]


def _ids(session: Session, keys: list[Key]) -> Mapping[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for kind, model in MODELS.items():
        codes = {key.code for key in keys if key.kind == kind}
        if codes:
            rows = session.execute(select(model.code, model.id).where(model.code.in_(codes)))
            found |= {(kind, code): number for code, number in rows}
    return found


def _source(session: Session, key: Key, number: int) -> str:
    model = MODELS[key.kind]
    return session.scalar(select(getattr(model, key.field)).where(model.id == number)) or ""


def _row(session: Session, key: Key, number: int) -> Translation | None:
    return session.scalar(
        select(Translation).where(
            Translation.entity_kind == key.kind,
            Translation.entity_id == number,
            Translation.field == key.field,
            Translation.locale == key.locale,
        )
    )
