"""Which lots go into a parcel: proposed first expired first out, said by whoever packs it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from catalog.models import Lot
from catalog.queries.lots import list_lots, recalled_lots
from catalog.rules.traceability import (
    LotFacts,
    first_expired_first_out,
    lot_state,
    may_be_sold,
)
from core import audit
from core.actor import Actor
from core.people.permissions import require
from orders.errors import LotCalledBack, LotsDoNotFit, NoSuchStep, OrderNotFound
from orders.models import OrderLine, OrderLineLot, SubOrder
from orders.rules.states import Axis

NOT_SENT = ("rejected", "cancelled")
"""Parcels in these states hold no goods any more."""

_MOST_LOTS = 200


@dataclass(frozen=True, slots=True)
class LineLots:
    """A line to pack: the lots it may come from, and which were named or, failing that, are proposed."""

    line_id: int
    options: tuple[LotFacts, ...]
    chosen: Mapping[int, int]
    is_recorded: bool


def lots_on_shelf(
    session: Session, package_ids: Collection[int], *, on: date
) -> dict[int, list[LotFacts]]:
    """The lots of each package with what is left of them after all parcels that named them."""
    if not package_ids:
        return {}
    lines = list_lots(session, package_ids=package_ids, on=on, limit=_MOST_LOTS)
    sent = sent_of(session, [line.id for line in lines])
    found: dict[int, list[LotFacts]] = {}
    for line in lines:
        facts = line.facts
        left = max(facts.left - sent.get(line.id, 0), Decimal(0))
        found.setdefault(line.package_id or 0, []).append(
            LotFacts(
                facts.id,
                facts.number,
                facts.produced_on,
                facts.expires_on,
                facts.expiry_kind,
                facts.recalled,
                left,
            )
        )
    return found


def sent_of(session: Session, lot_ids: Collection[int]) -> dict[int, int]:
    """How many packages of each lot are in parcels that were not refused or cancelled."""
    rows = session.execute(
        select(OrderLineLot.lot_id, func.sum(OrderLineLot.quantity))
        .join(OrderLine, OrderLine.id == OrderLineLot.order_line_id)
        .join(SubOrder, SubOrder.id == OrderLine.sub_order_id)
        .where(OrderLineLot.lot_id.in_(sorted(set(lot_ids))), SubOrder.state.not_in(NOT_SENT))
        .group_by(OrderLineLot.lot_id)
    )
    return {row[0]: int(row[1]) for row in rows}


def lots_to_pack(session: Session, parcel: SubOrder, *, on: date) -> list[LineLots]:
    """For each line whose goods have lots: what may go in, and what was named or is proposed."""
    shelf = lots_on_shelf(session, {line.package_id for line in parcel.lines}, on=on)
    named = _named(session, [line.id for line in parcel.lines])
    lines = []
    for line in parcel.lines:
        lots = shelf.get(line.package_id, [])
        own = named.get(line.id, {})
        options = [lot for lot in lots if lot.id in own or (may_be_sold(lot, on) and lot.left > 0)]
        if not options:
            continue
        wanted = Decimal(line.quantity)
        proposed = {n: int(q) for n, q in first_expired_first_out(options, wanted, on)}
        lines.append(LineLots(line.id, tuple(options), own or proposed, bool(own)))
    return lines


def name_lots(
    session: Session,
    sub_order_id: int,
    chosen: Mapping[int, Mapping[int, int]],
    *,
    actor: Actor,
    on: date,
    now: datetime,
) -> None:
    """Write down the lots of a parcel's lines, in place of what was named before.

    Lines that are not mentioned keep what they have. Raises LotsDoNotFit, LotCalledBack, NoSuchStep
    when the parcel has left, OrderNotFound, NotAllowed.
    """
    parcel = session.get(SubOrder, sub_order_id)
    if parcel is None:
        raise OrderNotFound(sub_order_id=sub_order_id)
    require(actor, "order.manage", producer_id=parcel.producer_id)
    if parcel.state not in ("new", "accepted", "packed"):
        raise NoSuchStep(axis=Axis.FULFILMENT.value, event="name_lots", state=parcel.state)
    lines = {line.id: line for line in parcel.lines}
    lots = _sellable(session, {lot_id for named in chosen.values() for lot_id in named}, on)
    for line_id, named in chosen.items():
        line = lines.get(line_id)
        fits = line is not None and all(
            quantity > 0 and lots[lot_id].package_id == line.package_id
            for lot_id, quantity in named.items()
        )
        if line is None or not fits or (named and sum(named.values()) != line.quantity):
            raise LotsDoNotFit(line_id=line_id)
    session.execute(delete(OrderLineLot).where(OrderLineLot.order_line_id.in_(sorted(chosen))))
    session.add_all(
        OrderLineLot(
            order_line_id=line_id,
            lot_id=lot_id,
            quantity=quantity,
            recorded_at=now,
            recorded_by=actor.name,
        )
        for line_id, named in chosen.items()
        for lot_id, quantity in named.items()
    )
    session.flush()
    audit.record(
        session, actor, "order.lots", subject=f"sub_order:{sub_order_id}", now=now,
        lots={str(line): {str(n): q for n, q in named.items()} for line, named in chosen.items()},
    )  # fmt: skip


def refuse_unsafe(session: Session, sub_order_id: int, *, on: date) -> None:
    """Raise LotCalledBack when the parcel holds, or could only be packed from, goods that must not go out."""
    lines = session.execute(
        select(OrderLine.id, OrderLine.package_id).where(OrderLine.sub_order_id == sub_order_id)
    ).all()
    named = _named(session, [line.id for line in lines])
    _sellable(session, {lot_id for own in named.values() for lot_id in own}, on)
    silent = {line.package_id for line in lines if line.id not in named}
    for lots in lots_on_shelf(session, silent, on=on).values():
        called_back = [lot for lot in lots if lot.recalled]
        if called_back and not any(may_be_sold(lot, on) and lot.left > 0 for lot in lots):
            raise LotCalledBack(number=called_back[0].number, state="recalled")


def _named(session: Session, line_ids: Collection[int]) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {}
    for line_id, lot_id, quantity in session.execute(
        select(OrderLineLot.order_line_id, OrderLineLot.lot_id, OrderLineLot.quantity)
        .where(OrderLineLot.order_line_id.in_(sorted(line_ids)))
        .order_by(OrderLineLot.id)
    ):
        found.setdefault(line_id, {})[lot_id] = quantity
    return found


def _sellable(session: Session, lot_ids: Collection[int], on: date) -> dict[int, Lot]:
    """The lots, all of which may be sent on that day; raises LotsDoNotFit, LotCalledBack."""
    if not lot_ids:
        return {}
    lots = {lot.id: lot for lot in session.scalars(select(Lot).where(Lot.id.in_(sorted(lot_ids))))}
    if len(lots) != len(set(lot_ids)):
        raise LotsDoNotFit(lots=sorted(set(lot_ids) - set(lots)))
    recalled = recalled_lots(session, lot_ids)
    for lot in lots.values():
        facts = LotFacts(
            lot.id, lot.number, lot.produced_on, lot.expires_on, lot.expiry_kind, lot.id in recalled
        )
        if not may_be_sold(facts, on):
            raise LotCalledBack(number=lot.number, state=lot_state(facts, on))
    return lots
