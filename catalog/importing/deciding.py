"""Lines of an import that wait for a person: understood again with corrections, then stored as drafts or left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from catalog.errors import InvalidFields
from catalog.importing.accounts import product_name
from catalog.importing.columns import match_columns
from catalog.importing.headers import Column, Header
from catalog.importing.judged import Judged
from catalog.importing.judging import judge_register
from catalog.importing.layout import FoundRow, FoundTable
from catalog.importing.planning import plan_row
from catalog.importing.registering import RegisterStore, Taken
from catalog.importing.titles import TitleFacts
from catalog.models import ImportLine, ImportRun, Producer, Product
from catalog.reference import PROVINCES
from core import audit
from core.actor import Actor
from core.errors import Conflict, NotFound
from core.people.permissions import require

CORRECTABLE = (
    "name",
    "producer_name",
    "province_2025",
    "commune",
    "stars",
    "rating_year",
    "decision_number",
    "decision_date",
)
"""Our names of the fields an officer can correct."""

_JUDGED_AS = {"name": "product_name_vi"}
_FORM_FIELD = {"province": "province_2025", "former_province": "province_2025"}
_LEFT_TO_THE_OFFICER = frozenset(
    {
        "missing_producer",
        "missing_stars",
        "recognition_expired",
        "decision_date_suspicious",
        "diacritics_missing",
        "digits_run_in_name",
    }
)
"""What a person who has looked at it may let pass; everything else would lose what they typed."""

_OLDER = aliased(ImportLine)
_OLDER_RUN = aliased(ImportRun)


class LineNotFound(NotFound):
    """There is no such line (facts: line_id)."""


class LineDecided(Conflict):
    """Somebody has decided this line already, or it never waited (facts: line_id)."""


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A line that waits: where it stood, in which file, what stood there and what is wrong."""

    id: int
    file_name: str
    kind: str
    sheet: str
    line: int
    status: str
    raw: dict[str, str]
    errors: tuple[str, ...]
    read_at: datetime

    @property
    def name(self) -> str:
        """The name of the product as it stood there."""
        return product_name(self.raw)


def _waiting() -> Any:
    """Lines that wait, without those another reading of the same file decided or holds again."""
    same = (
        select(_OLDER.id)
        .join(_OLDER_RUN, _OLDER_RUN.id == _OLDER.run_id)
        .where(
            _OLDER_RUN.digest == ImportRun.digest,
            _OLDER.sheet == ImportLine.sheet,
            _OLDER.line == ImportLine.line,
            _OLDER.id != ImportLine.id,
            (_OLDER.id > ImportLine.id) | (_OLDER.status != "review"),
        )
    )
    return ImportLine.status == "review", ~same.exists()


def count_waiting(session: Session) -> int:
    """How many lines wait for a person."""
    query = select(func.count(ImportLine.id)).join(ImportRun, ImportRun.id == ImportLine.run_id)
    return session.scalar(query.where(*_waiting())) or 0


def list_waiting(session: Session, *, after_id: int, limit: int) -> Sequence[WaitingLine]:
    """Lines that wait for a person, the oldest first; page on with the last id seen."""
    query = (
        select(ImportLine, ImportRun)
        .join(ImportRun, ImportRun.id == ImportLine.run_id)
        .where(*_waiting(), ImportLine.id > after_id)
        .order_by(ImportLine.id)
        .limit(limit)
    )
    return [_line(line, run) for line, run in session.execute(query)]


def get_line(session: Session, line_id: int) -> WaitingLine:
    """One line; raises LineNotFound."""
    query = (
        select(ImportLine, ImportRun)
        .join(ImportRun, ImportRun.id == ImportLine.run_id)
        .where(ImportLine.id == line_id)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise LineNotFound(line_id=line_id)
    return _line(found[0], found[1])


def _line(line: ImportLine, run: ImportRun) -> WaitingLine:
    return WaitingLine(
        line.id,
        run.file_name,
        run.kind,
        line.sheet,
        line.line,
        line.status,
        dict(line.raw),
        tuple(line.errors),
        run.started_at,
    )


def suggest(session: Session, line: WaitingLine, *, on: date) -> dict[str, str]:
    """What the form begins with: the line as it was understood; its neighbours tell a missing province."""
    judged = _judge(line, {}, on=on)
    values = {name: _said(judged, name) for name in CORRECTABLE}
    if not values["province_2025"]:
        values["province_2025"] = _usual_province(session, line)
    for name in ("stars", "decision_date"):
        values[name] = values[name] or judged.cells.get(name, "")[:40]
    return values


def _said(judged: Judged, name: str) -> str:
    value = judged.values.get(_JUDGED_AS.get(name, name))
    if name == "decision_date" and value:
        return date.fromisoformat(str(value)).strftime("%d/%m/%Y")
    return "" if value is None else str(value)


def _usual_province(session: Session, line: WaitingLine) -> str:
    """The province of most products that came from the same file."""
    run_id = select(ImportLine.run_id).where(ImportLine.id == line.id).scalar_subquery()
    count = func.count(ImportLine.id)
    code = session.scalar(
        select(Producer.province_code)
        .join(Product, Product.producer_id == Producer.id)
        .join(ImportLine, ImportLine.product_id == Product.id)
        .where(ImportLine.run_id == run_id, Producer.province_code.is_not(None))
        .group_by(Producer.province_code)
        .order_by(count.desc(), Producer.province_code)
        .limit(1)
    )
    return PROVINCES[code].names["vi"] if code and code in PROVINCES else ""


def accept_line(
    session: Session,
    line_id: int,
    corrections: Mapping[str, str],
    *,
    actor: Actor,
    on: date,
    now: datetime,
) -> tuple[str, int]:
    """Store a line with an officer's corrections as a draft; (created, updated or same; product id).

    A product the catalogue knows under the same name and maker is brought up to date instead. Raises InvalidFields
    (our field → code of what is wrong), LineNotFound, LineDecided, Forbidden. The caller commits.
    """
    require(actor, "catalog.import")
    line = get_line(session, line_id)
    if line.kind != "register":
        raise LineDecided(line_id=line_id)
    judged = _judge(line, corrections, on=on)
    mistakes = {
        _FORM_FIELD.get(judged.fields[code], judged.fields[code]): code
        for code in judged.errors
        if code not in _LEFT_TO_THE_OFFICER
    }
    if mistakes:
        raise InvalidFields(mistakes)
    status = "import_incomplete" if judged.status == "import_incomplete" else "import"
    _decide(session, line_id, status)
    store = RegisterStore(session, actor=actor, on=on, now=now)
    try:
        ((outcome, product_id),) = store.store([plan_row(judged)])
    except Taken as taken:
        name = "producer_name" if taken.field == "code" else taken.field
        raise InvalidFields({name: "taken"}) from taken
    session.execute(
        update(ImportLine).where(ImportLine.id == line_id).values(product_id=product_id)
    )
    audit.record(
        session,
        actor,
        "import.line_accepted",
        subject=f"import_line:{line_id}",
        now=now,
        product_id=product_id,
        outcome=outcome,
        values={name: corrections.get(name, "") for name in CORRECTABLE},
        passed=list(judged.errors),
    )
    session.flush()
    return outcome, product_id


def leave_out(session: Session, line_id: int, reason: str, *, actor: Actor, now: datetime) -> None:
    """Leave a line out for good, with the reason; raises InvalidFields, LineNotFound, LineDecided, Forbidden."""
    require(actor, "catalog.import")
    get_line(session, line_id)
    if not reason.strip():
        raise InvalidFields({"reason": "missing"})
    _decide(session, line_id, "reject")
    audit.record(
        session,
        actor,
        "import.line_left_out",
        subject=f"import_line:{line_id}",
        now=now,
        reason=reason.strip()[:500],
    )
    session.flush()


def _decide(session: Session, line_id: int, status: str) -> None:
    """Only one person decides a line, however many have it open."""
    done = session.execute(
        update(ImportLine)
        .where(ImportLine.id == line_id, ImportLine.status == "review")
        .values(status=status)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE has one
        raise LineDecided(line_id=line_id)


def _judge(line: WaitingLine, corrections: Mapping[str, str], *, on: date) -> Judged:
    """The line read again; corrected fields stand for what the file said about them."""
    headings = list(line.raw)
    known, _unknown = match_columns(headings)
    if corrections:
        cells = {name: corrections.get(name, "") for name in CORRECTABLE}
        kept = {name: headings[at] for name, at in known.items() if name in _KEPT}
        cells |= {name: line.raw[heading] for name, heading in kept.items()}
    else:
        cells = {name: line.raw[headings[at]] for name, at in known.items()}
    extra = {heading: line.raw[heading] for heading in _unknown}
    columns = [Column(at, headings[at], name) for name, at in known.items()]
    header = Header([1], columns, {column.field: column for column in columns})
    row = FoundRow(line.line, cells, extra)
    table = FoundTable(line.sheet, header, [row], TitleFacts(), [], {})
    (judged,) = judge_register(table, as_of=on)
    return judged


_KEPT = ("code", "producer_code", "producer_type", "group_guess", "source_site", "source_title",
         "source_date", "issuer", "issuing_level", "hamlet", "district")  # fmt: skip
"""Columns nobody corrects in the form, taken as they stood in the file."""
