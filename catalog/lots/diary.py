"""Diaries of other software as lots and events, through a profile that says how their columns are named."""

from __future__ import annotations

import csv
import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from catalog.errors import InvalidFields
from catalog.lots.errors import EventRefused, LotNumberTaken
from catalog.lots.recording import Flow, NewEvent, NewLot, create_lot, record_event
from catalog.models import Lot, LotEvent, LotEventItem, Product
from catalog.queries.lots import effective
from catalog.rules.traceability import BEGINNINGS
from core.actor import Actor
from core.clock import VIETNAM, vietnam_date
from core.errors import Invalid, NotFound
from i18n.text import fold

_PROFILES = Path(__file__).parent / "profiles"
_NAMESPACE = uuid.UUID("6f1d3f0e-6d7c-4c43-9d0c-0c2b1d4b7a55")
_NEEDED = ("day", "activity", "lot")


class UnknownProfile(NotFound):
    """No profile of that name is shipped; facts: profile, known."""


class NoDiary(Invalid):
    """No row of the file names the columns of the profile; facts: wanted."""


@dataclass(frozen=True, slots=True)
class DiaryProfile:
    """How one program names things; the first name of each is used for writing."""

    name: str
    verified: str
    columns: Mapping[str, tuple[str, ...]]
    activities: Mapping[str, tuple[str, ...]]


@dataclass(slots=True)
class DiaryReport:
    """What became of each row; a problem is (line, column, code)."""

    rows: int = 0
    lots: int = 0
    events: int = 0
    same: int = 0
    other: int = 0
    refused: list[int] = field(default_factory=list)
    problems: list[tuple[int, str, str]] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)


def load_profile(name: str) -> DiaryProfile:
    """A shipped profile; raises UnknownProfile."""
    known = sorted(path.stem for path in _PROFILES.glob("*.toml"))
    if name not in known:
        raise UnknownProfile(profile=name, known=known)
    data = tomllib.loads((_PROFILES / f"{name}.toml").read_text(encoding="utf-8"))
    return DiaryProfile(
        data["name"],
        data["verified"],
        {key: tuple(names) for key, names in data["columns"].items()},
        {key: tuple(names) for key, names in data["activities"].items()},
    )


def import_diary(
    session: Session,
    path: Path,
    profile: DiaryProfile,
    producer_id: int,
    *,
    actor: Actor,
    on: date,
    now: datetime,
) -> DiaryReport:
    """Read a diary row by row; a row is kept whole or not at all, and a row known already adds nothing.

    Raises UnusableFile, NoDiary, NotAllowed.
    """
    from catalog.importing.tables import read_document

    report = DiaryReport()
    for sheet in read_document(path).sheets:
        heading = _find_heading(sheet.rows, profile)
        if heading is None:
            continue
        place, named, unknown = heading
        report.unknown_columns += [name for name in unknown.values() if name]
        for line, cells in sheet.rows[place + 1 :]:
            if not any(cell.strip() for cell in cells):
                continue
            report.rows += 1
            row = {key: cells[i].strip() for key, i in named.items() if i < len(cells)}
            extra = {name: cells[i] for i, name in unknown.items() if i < len(cells) and cells[i]}
            try:
                with session.begin_nested():
                    _take(session, row, extra, profile, producer_id, report, actor, on, now)
            except _RowRefused as refusal:
                report.refused.append(line)
                report.problems += [(line, name, code) for name, code in refusal.mistakes]
        return report
    raise NoDiary(wanted=[profile.columns[key][0] for key in _NEEDED])


class _RowRefused(Exception):
    def __init__(self, *mistakes: tuple[str, str]) -> None:
        super().__init__(mistakes)
        self.mistakes = mistakes


def _find_heading(
    rows: Any, profile: DiaryProfile
) -> tuple[int, dict[str, int], dict[int, str]] | None:
    """The row that names the columns: its place, known columns and unknown ones by their place."""
    wanted = {fold(name): key for key, names in profile.columns.items() for name in names}
    for place, (_line, cells) in enumerate(rows[:30]):
        named: dict[str, int] = {}
        for i, cell in enumerate(cells):
            key = wanted.get(fold(cell.strip()))
            if key is not None:
                named.setdefault(key, i)
        if all(key in named for key in _NEEDED):
            known = set(named.values())
            return place, named, {i: c.strip() for i, c in enumerate(cells) if i not in known}
    return None


def _take(
    session: Session,
    row: dict[str, str],
    extra: dict[str, str],
    profile: DiaryProfile,
    producer_id: int,
    report: DiaryReport,
    actor: Actor,
    on: date,
    now: datetime,
) -> None:
    told = fold(row.get("activity", ""))
    kind = next((k for k, names in profile.activities.items() if told in map(fold, names)), None)
    if kind is None:
        report.other += 1  # field work: no lot comes or goes
        return
    identity = "|".join([str(producer_id), *(f"{k}={v}" for k, v in sorted(row.items()))])
    number = str(uuid.uuid5(_NAMESPACE, identity))
    if session.scalar(select(LotEvent.id).where(LotEvent.uuid == number)) is not None:
        report.same += 1
        return
    day = _day(row.get("day", ""))
    quantity, unit = _quantity(row.get("quantity", ""), "quantity"), row.get("unit", "") or "kg"
    try:
        if kind == "ship":
            lot, made = _known_lot(session, producer_id, row["lot"], "lot"), False
        else:
            lot, made = _lot(session, producer_id, row, day, quantity, unit, actor, on, now)
        inputs: tuple[Flow, ...] = ()
        outputs: tuple[Flow, ...] = (Flow(lot.id, quantity, lot.unit if kind == "ship" else unit),)
        if kind == "ship":
            inputs, outputs = outputs, ()
        elif kind not in BEGINNINGS:
            source = _known_lot(session, producer_id, row.get("source_lot", ""), "source_lot")
            used = _quantity(row["used"], "used") if row.get("used") else source.quantity
            inputs = (Flow(source.id, used, source.unit),)
        event = NewEvent(
            kind,
            datetime.combine(day, time(12), VIETNAM) if day != on else min(now, _noon(day)),
            inputs,
            outputs,
            place=row.get("place"),
            party=row.get("party"),
            document=row.get("document"),
            note=row.get("note"),
            details={"profile": profile.name, "row": {**row, **extra}},
            uuid=number,
        )
        record_event(session, producer_id, event, actor=actor, on=on, now=now)
    except InvalidFields as refusal:
        raise _RowRefused(*refusal.mistakes.items()) from refusal
    except EventRefused as refusal:
        raise _RowRefused(*((p.field, p.code) for p in refusal.problems)) from refusal
    report.lots += made
    report.events += 1


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), VIETNAM)


def _lot(
    session: Session,
    producer_id: int,
    row: dict[str, str],
    day: date,
    quantity: Decimal,
    unit: str,
    actor: Actor,
    on: date,
    now: datetime,
) -> tuple[Lot, bool]:
    """The lot of that number, written down now if nobody has; whether it was."""
    found = session.scalar(
        select(Lot).where(Lot.producer_id == producer_id, Lot.number == row["lot"])
    )
    if found is not None:
        return found, False
    item = row.get("item", "")
    products = session.execute(
        select(Product.id, Product.name).where(Product.producer_id == producer_id)
    )
    product_id = next((p.id for p in products if fold(p.name) == fold(item)), None)
    new = NewLot(
        quantity,
        unit,
        product_id=product_id,
        material=None if product_id else item,
        number=row["lot"],
        produced_on=day,
        place=row.get("place"),
        area_code=row.get("area_code"),
        link=row.get("link"),
    )
    try:
        return create_lot(session, producer_id, new, actor=actor, on=on, now=now), True
    except LotNumberTaken as refusal:
        raise _RowRefused(("lot", "number_taken")) from refusal


def _known_lot(session: Session, producer_id: int, number: str, column: str) -> Lot:
    lots = session.scalars(
        select(Lot).where(Lot.producer_id == producer_id, Lot.number == number)
    ).all()
    if len(lots) != 1:
        raise _RowRefused((column, "unknown_lot" if not lots else "several_lots"))
    return lots[0]


def _day(text: str) -> date:
    from catalog.importing.parsing import parse_date

    try:
        return parse_date(text)
    except ValueError as error:
        raise _RowRefused(("day", "not_a_date")) from error


def _quantity(text: str, column: str) -> Decimal:
    """12,5 and 1.250 as Vietnamese write them, 12.5 as machines do."""
    import re

    plain = text.replace(" ", "")
    if re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+(,\d{1,3})?", plain):
        plain = plain.replace(".", "")
    plain = plain.replace(",", ".")
    if not re.fullmatch(r"\d{1,9}(\.\d{1,3})?", plain):
        raise _RowRefused((column, "not_a_quantity"))
    return Decimal(plain)


def export_diary(session: Session, path: Path, profile: DiaryProfile, producer_id: int) -> int:
    """Write the producer's events as CSV in the columns of the profile; returns the rows."""
    from catalog.exporting import guard

    events = session.scalars(
        select(LotEvent)
        .where(
            LotEvent.producer_id == producer_id,
            LotEvent.kind.in_(tuple(profile.activities)),
            effective(),
        )
        .options(selectinload(LotEvent.items).joinedload(LotEventItem.lot).joinedload(Lot.product))
        .order_by(LotEvent.happened_at, LotEvent.id)
    ).all()
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([names[0] for names in profile.columns.values()])
        for event in events:
            for row in _rows(event, profile):
                writer.writerow([guard(row.get(key, "")) for key in profile.columns])
                count += 1
    return count


def _rows(event: LotEvent, profile: DiaryProfile) -> list[dict[str, str]]:
    """One row for each lot that came about (or was sent), with the first input beside it."""
    sources = [item for item in event.items if item.role == "input"]
    shown = [item for item in event.items if item.role == "output"] or sources
    rows = []
    for item in shown:
        row = {
            "day": f"{vietnam_date(event.happened_at):%d/%m/%Y}",
            "activity": profile.activities[event.kind][0].capitalize(),
            "item": item.lot.product.name if item.lot.product else item.lot.material or "",
            "lot": item.lot.number,
            "quantity": f"{item.quantity:f}".replace(".", ","),
            "unit": item.unit,
            "place": event.place or "",
            "area_code": item.lot.area_code or "",
            "party": event.party or "",
            "document": event.document or "",
            "note": event.note or "",
            "link": item.lot.link or "",
        }
        if sources and shown is not sources:
            row["source_lot"] = sources[0].lot.number
            row["used"] = f"{sources[0].quantity:f}".replace(".", ",")
        rows.append(row)
    return rows
