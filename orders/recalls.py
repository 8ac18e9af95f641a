"""A recall's reach: the stock taken off the shelf, and every order line and delivery that holds the goods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from catalog.lots.recalls import load_recall, open_recall
from catalog.models import Lot, LotEvent, LotEventItem, Recall
from catalog.queries.lots import effective
from core.actor import Actor
from core.clock import VIETNAM
from orders import stock
from orders.models import CustomerOrder, OrderLine, OrderLineLot, SubOrder
from orders.tracing import NOT_SENT, lots_on_shelf

GONE_OUT = ("packed", "shipped", "delivered", "returned")


@dataclass(frozen=True, slots=True)
class AffectedLine:
    """A line of an order that holds goods of the recall, or may: its parcel named no lots.

    `quantity` is how many packages of that lot are in the line; all of the line when unsure.
    """

    order_id: int
    order_number: str
    public_token: str
    placed_at: datetime
    parcel_state: str
    recipient: str
    phone: str
    email: str | None
    locale: str
    name: str
    label: str
    sku: str
    lot_number: str
    quantity: int
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    """Goods of the recall that were sent to a shop or another buyer outside the shop's orders."""

    happened_at: datetime
    party: str
    partner: str | None
    document: str | None
    lot_number: str
    name: str
    quantity: Decimal
    unit: str


def start_recall(
    session: Session,
    lot_id: int,
    *,
    reason: str,
    advice: str,
    actor: Actor,
    on: date,
    now: datetime,
    danger: str | None = None,
) -> Recall:
    """Call a lot and all that was made from it back, and take what is left of them off the shelf.

    Raises InvalidFields, AlreadyRecalled, LotNotFound, NotAllowed.
    """
    recall = open_recall(
        session, lot_id, reason=reason, advice=advice, danger=danger, actor=actor, on=on, now=now
    )
    lots = {
        row.lot_id: row
        for row in recall.lots
        if session.get_one(Lot, row.lot_id).package_id is not None
    }
    packages = {session.get_one(Lot, lot_id).package_id or 0 for lot_id in lots}
    for package_id, shelf in sorted(lots_on_shelf(session, packages, on=on).items()):
        for facts in sorted(shelf, key=lambda lot: lot.id):
            row = lots.get(facts.id)
            if row is not None and facts.left > 0:
                row.withheld = stock.take_off(
                    session, package_id, int(facts.left), actor=actor, now=now, why="recall"
                )
    session.flush()
    return recall


def affected_lines(session: Session, recall_id: int) -> list[AffectedLine]:
    """Every order line that holds a lot of the recall or may hold it; surest and newest first.

    A line may hold it when its parcel has been packed without naming lots and the order was placed
    since the lot was made. Raises RecallNotFound.
    """
    recall = load_recall(session, recall_id)
    lots = [row.lot for row in recall.lots]
    sure = _sure_lines(session, {lot.id: lot.number for lot in lots})
    unsure: list[AffectedLine] = []
    for lot in lots:
        if lot.package_id is not None:
            unsure += _unsure_lines(session, lot)
    return [*sure, *unsure]


def deliveries(session: Session, recall_id: int) -> list[Delivery]:
    """Everything of the recall that was shipped outside the shop's own orders, the newest first."""
    recall = load_recall(session, recall_id)
    rows = session.execute(
        select(LotEvent, LotEventItem, Lot)
        .join(LotEventItem, LotEventItem.event_id == LotEvent.id)
        .join(Lot, Lot.id == LotEventItem.lot_id)
        .where(
            LotEvent.kind == "ship",
            LotEventItem.lot_id.in_([row.lot_id for row in recall.lots]),
            effective(),
        )
        .order_by(LotEvent.happened_at.desc(), LotEvent.id)
    )
    return [
        Delivery(
            event.happened_at,
            event.party or "",
            event.partner,
            event.document,
            lot.number,
            lot.product.name if lot.product else lot.material or "",
            item.quantity,
            item.unit,
        )
        for event, item, lot in rows
    ]


_COLUMNS: tuple[Any, ...] = (
    CustomerOrder.id,
    CustomerOrder.number,
    CustomerOrder.public_token,
    CustomerOrder.placed_at,
    SubOrder.state,
    CustomerOrder.recipient,
    CustomerOrder.phone,
    CustomerOrder.email,
    CustomerOrder.locale,
    OrderLine.name,
    OrderLine.label,
    OrderLine.sku,
)


_NAMES = (
    "order_id",
    "order_number",
    "public_token",
    "placed_at",
    "parcel_state",
    "recipient",
    "phone",
    "email",
    "locale",
    "name",
    "label",
    "sku",
)
"""The fields of a line in the order of `_COLUMNS`."""


def _sure_lines(session: Session, numbers: dict[int, str]) -> list[AffectedLine]:
    rows = session.execute(
        select(*_COLUMNS, OrderLineLot.lot_id, OrderLineLot.quantity)
        .join(SubOrder, SubOrder.order_id == CustomerOrder.id)
        .join(OrderLine, OrderLine.sub_order_id == SubOrder.id)
        .join(OrderLineLot, OrderLineLot.order_line_id == OrderLine.id)
        .where(OrderLineLot.lot_id.in_(sorted(numbers)), SubOrder.state.not_in(NOT_SENT))
        .order_by(CustomerOrder.placed_at.desc(), OrderLine.id)
    )
    return [_line(row[:-2], numbers[row[-2]], row[-1], is_sure=True) for row in map(tuple, rows)]


def _unsure_lines(session: Session, lot: Lot) -> list[AffectedLine]:
    silent: ColumnElement[bool] = ~exists(
        select(OrderLineLot.id).where(OrderLineLot.order_line_id == OrderLine.id)
    )
    query = (
        select(*_COLUMNS, OrderLine.quantity)
        .join(SubOrder, SubOrder.order_id == CustomerOrder.id)
        .join(OrderLine, OrderLine.sub_order_id == SubOrder.id)
        .where(OrderLine.package_id == lot.package_id, SubOrder.state.in_(GONE_OUT), silent)
        .order_by(CustomerOrder.placed_at.desc(), OrderLine.id)
    )
    if lot.produced_on is not None:
        since = datetime.combine(lot.produced_on, time.min, VIETNAM)
        query = query.where(CustomerOrder.placed_at >= since)
    rows = map(tuple, session.execute(query))
    return [_line(row[:-1], lot.number, row[-1], is_sure=False) for row in rows]


def _line(
    values: tuple[Any, ...], lot_number: str, quantity: int, *, is_sure: bool
) -> AffectedLine:
    """A line from the values of `_COLUMNS`."""
    named = dict(zip(_NAMES, values, strict=True))
    return AffectedLine(**named, lot_number=lot_number, quantity=quantity, is_sure=is_sure)
