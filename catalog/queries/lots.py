"""Reading lots: lists, what was made of what, one step back and one step forward."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CTE, ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.models import Lot, LotEvent, LotEventItem, Recall, RecallLot
from catalog.queries.errors import LotNotFound
from catalog.queries.listing import package, product
from catalog.rules.traceability import LotFacts, in_unit, lot_state

lot = Lot.__table__
event = LotEvent.__table__
item = LotEventItem.__table__
recall = Recall.__table__
recall_lot = RecallLot.__table__


@dataclass(frozen=True, slots=True)
class StepItem:
    """So much of a lot in a step; `name` is the product's in the page's language or the material's."""

    lot_id: int
    role: str
    name: str
    number: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened and still counts (no later event corrects it)."""

    id: int
    kind: str
    happened_at: datetime
    place: str | None
    party: str | None
    document: str | None
    note: str | None
    items: tuple[StepItem, ...]


@dataclass(frozen=True, slots=True)
class LotLine:
    """A lot in a list, with what is left of it before any order took its share."""

    id: int
    code: str
    number: str
    name: str
    label: str
    produced_on: date | None
    expires_on: date | None
    quantity: Decimal
    unit: str
    left: Decimal
    state: str
    producer_id: int
    package_id: int | None
    facts: LotFacts


def effective() -> ColumnElement[bool]:
    """The event still counts: it is no striking-out, and no later event corrects it."""
    later = event.alias("correction")
    return and_(
        event.c.kind != "void",
        ~exists(select(later.c.id).where(later.c.corrects_id == event.c.id)),
    )


def closure(lot_ids: Collection[int], *, forward: bool) -> CTE:
    """These lots and all they were made from (or all made from them), as one column `lot_id`."""
    near, far = item.alias("near"), item.alias("far")
    near_role, far_role = ("input", "output") if forward else ("output", "input")
    start = select(lot.c.id.label("lot_id")).where(lot.c.id.in_(sorted(lot_ids)))
    reached = start.cte("reached", recursive=True)
    return reached.union(  # not "union all": a circle of mistaken events must end
        select(far.c.lot_id)
        .select_from(
            reached.join(near, and_(near.c.lot_id == reached.c.lot_id, near.c.role == near_role))
            .join(event, event.c.id == near.c.event_id)
            .join(far, and_(far.c.event_id == event.c.id, far.c.role == far_role))
        )
        .where(effective())
    )


def lots_made_from(session: Session, lot_id: int) -> list[int]:
    """Every lot that holds some of this one, however many steps later, itself included."""
    return sorted(session.scalars(select(closure([lot_id], forward=True).c.lot_id)))


def active_recall() -> ColumnElement[Any]:
    """The newest recall that covers the lot of the enclosing statement and has not ended, or null."""
    return (
        select(recall.c.id)
        .select_from(recall.join(recall_lot, recall_lot.c.recall_id == recall.c.id))
        .where(recall_lot.c.lot_id == lot.c.id, recall.c.ended_at.is_(None))
        .order_by(recall.c.id.desc())
        .limit(1)
        .correlate(lot)
        .scalar_subquery()
    )


_STEP_COLUMNS = (
    event.c.id,
    event.c.kind,
    event.c.happened_at,
    event.c.place,
    event.c.party,
    event.c.document,
    event.c.note,
)

_STEP_NAMES = tuple(column.name for column in _STEP_COLUMNS)


def steps_to(session: Session, lot_id: int) -> list[Step]:
    """Everything that happened on the way to a lot and with it, the oldest first; one statement."""
    reached = closure([lot_id], forward=False)
    came_about = select(item.c.event_id).where(
        or_(
            and_(item.c.role == "output", item.c.lot_id.in_(select(reached.c.lot_id))),
            item.c.lot_id == lot_id,
        )
    )
    return _steps(session, event.c.id.in_(came_about))


def steps_around(session: Session, lot_id: int) -> tuple[list[Step], list[Step]]:
    """One step back (events this lot came out of) and one step forward (events it went into)."""
    about = select(item.c.event_id).where(item.c.lot_id == lot_id)
    steps = _steps(session, event.c.id.in_(about))
    back = [s for s in steps if any(i.lot_id == lot_id and i.role == "output" for i in s.items)]
    forward = [s for s in steps if any(i.lot_id == lot_id and i.role == "input" for i in s.items)]
    return back, forward


def _steps(session: Session, which: ColumnElement[bool]) -> list[Step]:
    rows = session.execute(
        select(
            *_STEP_COLUMNS,
            item.c.lot_id,
            item.c.role,
            item.c.quantity,
            item.c.unit,
            lot.c.number,
            lot.c.material,
            product.c.name,
        )
        .select_from(
            event.join(item, item.c.event_id == event.c.id)
            .join(lot, lot.c.id == item.c.lot_id)
            .outerjoin(product, product.c.id == lot.c.product_id)
        )
        .where(which, effective())
        .order_by(event.c.happened_at, event.c.id, item.c.id)
    ).all()
    width = len(_STEP_COLUMNS)
    items: dict[int, list[StepItem]] = {}
    heads: dict[int, dict[str, Any]] = {}
    for row in rows:
        lot_id, role, quantity, unit, number, material, name = row[width:]
        heads[row[0]] = dict(zip(_STEP_NAMES, row, strict=False))
        one = StepItem(lot_id, role, name or material, number, quantity, unit)
        items.setdefault(row[0], []).append(one)
    return [Step(**head, items=tuple(items[number])) for number, head in heads.items()]


def used_of(session: Session, lot_ids: Collection[int]) -> dict[int, Decimal]:
    """How much of each lot went into later lots or was sent away, in the unit of the lot."""
    rows = session.execute(
        select(item.c.lot_id, item.c.quantity, item.c.unit, lot.c.unit)
        .select_from(
            item.join(event, event.c.id == item.c.event_id).join(lot, lot.c.id == item.c.lot_id)
        )
        .where(
            item.c.lot_id.in_(sorted(set(lot_ids))),
            item.c.role == "input",
            event.c.kind != "recall",
            effective(),
        )
    )
    used: dict[int, Decimal] = {}
    for lot_id, quantity, unit, own in rows:
        share = in_unit(quantity, unit, own)
        if share is not None:
            used[lot_id] = used.get(lot_id, Decimal(0)) + share
    return used


def list_lots(
    session: Session,
    *,
    on: date,
    producer_ids: Collection[int] | None = None,
    package_ids: Collection[int] | None = None,
    text: str = "",
    before_id: int | None = None,
    limit: int = 50,
) -> list[LotLine]:
    """Lots, the newest first: of some producers, of some packages, or whose number begins so."""
    query = (
        select(Lot, active_recall().is_not(None))
        .options(joinedload(Lot.product), joinedload(Lot.package))
        .order_by(lot.c.id.desc())
        .limit(limit)
    )
    if producer_ids is not None:
        query = query.where(lot.c.producer_id.in_(sorted(producer_ids)))
    if package_ids is not None:
        query = query.where(lot.c.package_id.in_(sorted(package_ids)))
    if text:
        query = query.where(lot.c.number.startswith(text, autoescape=True))
    if before_id is not None:
        query = query.where(lot.c.id < before_id)
    rows = session.execute(query).all()
    used = used_of(session, [row[0].id for row in rows])
    return [_line(found, recalled, used.get(found.id, Decimal(0)), on) for found, recalled in rows]


def _line(found: Lot, recalled: bool, used: Decimal, on: date) -> LotLine:
    left = max(found.quantity - used, Decimal(0))
    facts = facts_of(found, recalled=recalled, left=left)
    return LotLine(
        id=found.id,
        code=found.code,
        number=found.number,
        name=found.product.name if found.product else found.material or "",
        label=found.package.label if found.package else "",
        produced_on=found.produced_on,
        expires_on=found.expires_on,
        quantity=found.quantity,
        unit=found.unit,
        left=left,
        state=lot_state(facts, on),
        producer_id=found.producer_id,
        package_id=found.package_id,
        facts=facts,
    )


def facts_of(found: Lot, *, recalled: bool, left: Decimal) -> LotFacts:
    """What the rules need to know of a loaded lot."""
    return LotFacts(
        found.id,
        found.number,
        found.produced_on,
        found.expires_on,
        found.expiry_kind,
        recalled,
        left,
    )


def load_lot(session: Session, lot_id: int) -> Lot:
    """One lot with its product, package and producer; raises LotNotFound."""
    found = session.scalar(
        select(Lot)
        .where(lot.c.id == lot_id)
        .options(joinedload(Lot.product), joinedload(Lot.package), joinedload(Lot.producer))
    )
    if found is None:
        raise LotNotFound(lot_id=lot_id)
    return found


def load_events(session: Session, lot_ids: Iterable[int]) -> Sequence[LotEvent]:
    """Every event these lots take part in, corrected ones included, the oldest first."""
    about = select(item.c.event_id).where(item.c.lot_id.in_(sorted(set(lot_ids))))
    return session.scalars(
        select(LotEvent)
        .where(or_(LotEvent.id.in_(about), LotEvent.corrects_id.in_(about)))
        .options(selectinload(LotEvent.items).joinedload(LotEventItem.lot).joinedload(Lot.package))
        .order_by(LotEvent.happened_at, LotEvent.id)
    ).all()


def recalled_lots(session: Session, lot_ids: Collection[int]) -> dict[int, int]:
    """Which of these lots are called back now: lot id → recall id."""
    if not lot_ids:
        return {}
    rows = session.execute(
        select(recall_lot.c.lot_id, recall.c.id)
        .select_from(recall_lot.join(recall, recall.c.id == recall_lot.c.recall_id))
        .where(recall_lot.c.lot_id.in_(sorted(lot_ids)), recall.c.ended_at.is_(None))
    )
    return {row[0]: row[1] for row in rows}


def list_packages(session: Session, producer_id: int) -> list[tuple[int, str]]:
    """The producer's packages in use by name, each with what it is called in a list."""
    rows = session.execute(
        select(package.c.id, product.c.name, package.c.label, package.c.sku)
        .select_from(package.join(product, product.c.id == package.c.product_id))
        .where(product.c.producer_id == producer_id, package.c.active.is_(True))
        .order_by(product.c.name_key, package.c.position, package.c.id)
    )
    return [(row.id, f"{row.name}, {row.label or row.sku}") for row in rows]
