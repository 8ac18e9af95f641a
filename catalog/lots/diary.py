"""Diaries of other software as lots and events, through a profile that says how their columns are named."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from catalog.errors import InvalidFields
from catalog.importing.limits import MAX_ROWS
from catalog.importing.profiles import (
    Heading,
    NoKnownColumns,
    SoftwareProfile,
    UnknownProfile,
    find_heading,
    likely_headings,
)
from catalog.importing.profiles import load_profile as load_shipped
from catalog.lots.errors import EventRefused, LotNumberTaken
from catalog.lots.recording import Flow, NewEvent, NewLot, create_lot, record_event
from catalog.models import Lot, LotEvent, LotEventItem, Product
from catalog.queries.lots import effective
from catalog.rules.traceability import BEGINNINGS
from core.actor import Actor
from core.clock import VIETNAM, vietnam_date
from core.people.permissions import require
from i18n.text import fold

__all__ = [
    "DiaryLine",
    "DiaryReport",
    "NoKnownColumns",
    "UnknownProfile",
    "export_diary",
    "import_diary",
    "load_profile",
]

FOLDER = Path(__file__).parent / "profiles"
_NAMESPACE = uuid.UUID("6f1d3f0e-6d7c-4c43-9d0c-0c2b1d4b7a55")
_NEEDED = ("day", "activity", "lot")
_IDENTIFYING = frozenset((*_NEEDED, "quantity"))


@dataclass(frozen=True, slots=True)
class DiaryLine:
    """What became of one line of a diary.

    `outcome` is "event" (kept), "same" (kept before), "other" (field work, which makes no lot) or
    "refused" with `problems` of (column, code). `told` are its cells by our names of the columns.
    """

    line: int
    outcome: str
    told: Mapping[str, str]
    kind: str | None = None
    new_lot: bool = False
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class DiaryReport:
    """What became of each row; a problem is (line, column, code)."""

    lines: list[DiaryLine] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Rows with anything in them."""
        return len(self.lines)

    @property
    def lots(self) -> int:
        """Lots that are new."""
        return sum(line.new_lot for line in self.lines)

    @property
    def events(self) -> int:
        """Events that are new."""
        return self.count("event")

    @property
    def same(self) -> int:
        """Rows that were known already."""
        return self.count("same")

    @property
    def other(self) -> int:
        """Rows of field work, from which no lot comes or goes."""
        return self.count("other")

    @property
    def refused(self) -> list[int]:
        """The lines of rows of which nothing was kept."""
        return [line.line for line in self.lines if line.outcome == "refused"]

    @property
    def problems(self) -> list[tuple[int, str, str]]:
        """Every problem with its line and column."""
        return [(one.line, column, code) for one in self.lines for column, code in one.problems]

    def count(self, outcome: str) -> int:
        """How many lines ended so."""
        return sum(line.outcome == outcome for line in self.lines)


def load_profile(name: str) -> SoftwareProfile:
    """A shipped profile of a diary; raises UnknownProfile."""
    return load_shipped(FOLDER, name)


def import_diary(
    session: Session,
    path: Path,
    profile: SoftwareProfile,
    producer_id: int,
    *,
    actor: Actor,
    on: date,
    now: datetime,
    said: Mapping[str, str] | None = None,
    most_rows: int = MAX_ROWS,
) -> DiaryReport:
    """Read a diary row by row; a row is kept whole or not at all, and a row known already adds nothing.

    `said` is what the producer said about headings the profile does not know. Raises UnusableFile,
    NoKnownColumns, NotAllowed.
    """
    from catalog.importing.report import UnusableFile
    from catalog.importing.tables import read_document

    require(actor, "lot.record", producer_id=producer_id)
    sheets = read_document(path).sheets
    for sheet in sheets:
        heading = find_heading(sheet.rows, profile, [(key,) for key in _NEEDED], said or {})
        if heading is None:
            continue
        rows = [row for row in sheet.rows[heading.place + 1 :] if any(map(str.strip, row[1]))]
        if len(rows) > most_rows:
            raise UnusableFile("too_many_rows", limit=most_rows)
        products = _products(session, producer_id)
        reader = _Reader(session, profile, producer_id, heading, products, actor, on, now)
        report = DiaryReport(unknown_columns=list(heading.unknown.values()))
        report.lines += [reader.read(line, cells) for line, cells in rows]
        return report
    raise NoKnownColumns(
        wanted=[profile.heading(key) for key in _NEEDED],
        headings=likely_headings(sheets[0].rows) if sheets else [],
    )


def _products(session: Session, producer_id: int) -> dict[str, int]:
    """The producer's products by folded name; of two with one name the older."""
    rows = session.execute(
        select(Product.name, Product.id)
        .where(Product.producer_id == producer_id)
        .order_by(Product.id.desc())
    )
    return {fold(name): number for name, number in rows}


class _RowRefused(Exception):
    def __init__(self, *mistakes: tuple[str, str]) -> None:
        super().__init__(mistakes)
        self.mistakes = mistakes


@dataclass(slots=True)
class _Reader:
    """Whose diary is read, and how."""

    session: Session
    profile: SoftwareProfile
    producer_id: int
    heading: Heading
    products: Mapping[str, int]
    actor: Actor
    on: date
    now: datetime

    def read(self, line: int, cells: list[str]) -> DiaryLine:
        """Keep one row, whole or not at all."""
        row = {key: cells[i].strip() for key, i in self.heading.named.items() if i < len(cells)}
        unknown = self.heading.unknown.items()
        extra = {name: cells[i] for i, name in unknown if i < len(cells) and cells[i]}
        told = fold(row.get("activity", ""))
        activities = self.profile.more["activities"].items()
        kind = next((k for k, names in activities if told in map(fold, names)), None)
        if kind is None:
            return DiaryLine(line, "other", row)  # field work: no lot comes or goes
        number = self._identity(row)
        if self.session.scalar(select(LotEvent.id).where(LotEvent.uuid == number)) is not None:
            return DiaryLine(line, "same", row, kind)
        try:
            with self.session.begin_nested():
                made = self._take(kind, number, row, extra)
        except _RowRefused as refusal:
            return DiaryLine(line, "refused", row, kind, problems=refusal.mistakes)
        return DiaryLine(line, "event", row, kind, made)

    def _identity(self, row: Mapping[str, str]) -> str:
        """The same for the same row of the same producer, also after somebody explained another column."""
        telling = self.heading.shipped | _IDENTIFYING
        said = (f"{key}={value}" for key, value in sorted(row.items()) if key in telling)
        return str(uuid.uuid5(_NAMESPACE, "|".join([str(self.producer_id), *said])))

    def _take(self, kind: str, number: str, row: dict[str, str], extra: dict[str, str]) -> bool:
        """Write the event down, and its lot if it is new; whether it was."""
        if not row.get("lot"):
            raise _RowRefused(("lot", "missing"))
        day = _day(row.get("day", ""))
        quantity, unit = _quantity(row.get("quantity", ""), "quantity"), row.get("unit", "") or "kg"
        try:
            if kind == "ship":
                lot, made = self._known_lot(row["lot"], "lot"), False
            else:
                lot, made = self._lot(row, day, quantity, unit)
            inputs: tuple[Flow, ...] = ()
            outputs: tuple[Flow, ...] = (
                Flow(lot.id, quantity, lot.unit if kind == "ship" else unit),
            )
            if kind == "ship":
                inputs, outputs = outputs, ()
            elif kind not in BEGINNINGS:
                source = self._known_lot(row.get("source_lot", ""), "source_lot")
                used = _quantity(row["used"], "used") if row.get("used") else source.quantity
                inputs = (Flow(source.id, used, source.unit),)
            event = NewEvent(
                kind,
                min(self.now, _noon(day)) if day == self.on else _noon(day),
                inputs,
                outputs,
                place=row.get("place"),
                party=row.get("party"),
                document=row.get("document"),
                note=row.get("note"),
                details={"profile": self.profile.name, "row": {**row, **extra}},
                uuid=number,
            )
            record_event(
                self.session, self.producer_id, event, actor=self.actor, on=self.on, now=self.now
            )
        except InvalidFields as refusal:
            raise _RowRefused(*refusal.mistakes.items()) from refusal
        except EventRefused as refusal:
            raise _RowRefused(*((p.field, p.code) for p in refusal.problems)) from refusal
        return made

    def _lot(
        self, row: Mapping[str, str], day: date, quantity: Decimal, unit: str
    ) -> tuple[Lot, bool]:
        """The lot of that number, written down now if nobody has; whether it was."""
        found = self.session.scalar(
            select(Lot).where(Lot.producer_id == self.producer_id, Lot.number == row["lot"])
        )
        if found is not None:
            return found, False
        item = row.get("item", "")
        product_id = self.products.get(fold(item))
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
            made = create_lot(
                self.session, self.producer_id, new, actor=self.actor, on=self.on, now=self.now
            )
        except LotNumberTaken as refusal:
            raise _RowRefused(("lot", "number_taken")) from refusal
        return made, True

    def _known_lot(self, number: str, column: str) -> Lot:
        lots = self.session.scalars(
            select(Lot).where(Lot.producer_id == self.producer_id, Lot.number == number)
        ).all()
        if len(lots) != 1:
            raise _RowRefused((column, "unknown_lot" if not lots else "several_lots"))
        return lots[0]


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), VIETNAM)


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


def export_diary(session: Session, path: Path, profile: SoftwareProfile, producer_id: int) -> int:
    """Write the producer's events as CSV in the columns of the profile; returns the rows."""
    from catalog.exporting import guard

    events = session.scalars(
        select(LotEvent)
        .where(
            LotEvent.producer_id == producer_id,
            LotEvent.kind.in_(tuple(profile.more["activities"])),
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


def _rows(event: LotEvent, profile: SoftwareProfile) -> list[dict[str, str]]:
    """One row for each lot that came about (or was sent), with the first input beside it."""
    sources = [item for item in event.items if item.role == "input"]
    shown = [item for item in event.items if item.role == "output"] or sources
    rows = []
    for item in shown:
        row = {
            "day": f"{vietnam_date(event.happened_at):%d/%m/%Y}",
            "activity": profile.more["activities"][event.kind][0].capitalize(),
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
