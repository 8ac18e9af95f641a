"""Recalled goods: they leave the shelf at once, are never packed, and everybody who holds them is found."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Lot, Package
from orders import lifecycle, stock
from orders.errors import LotCalledBack, LotsDoNotFit, NoSuchStep
from orders.models import CustomerOrder, OrderLineLot, SubOrder
from orders.recalls import affected_lines, deliveries, start_recall
from orders.tracing import lots_on_shelf, lots_to_pack, name_lots
from tests.factories.lots import happened, make_lot
from tests.factories.orders import NOW, TESTER, TODAY, make_order, make_stocked


@pytest.fixture
def package(session: Session) -> Package:
    return make_stocked(session, 60)


def accepted(session: Session, package: Package, quantity: int = 3) -> SubOrder:
    """A parcel paid in cash on delivery, which the producer has accepted."""
    order = make_order(session, (package, quantity), payment_method="cod")
    parcel = order.sub_orders[0]
    session.refresh(order)
    lifecycle.advance_parcel(session, parcel.id, "accept", actor=TESTER, now=NOW)
    session.refresh(parcel)
    return parcel


def name(session: Session, parcel: SubOrder, named: dict[int, int]) -> None:
    lines = {parcel.lines[0].id: named}
    name_lots(session, parcel.id, lines, actor=TESTER, on=TODAY, now=NOW)


def move(session: Session, parcel: SubOrder, *events: str) -> None:
    for event in events:
        lifecycle.advance_parcel(session, parcel.id, event, actor=TESTER, now=NOW)


def call_back(session: Session, lot: Lot) -> int:
    return start_recall(
        session, lot.id, reason="Histamin vượt ngưỡng", advice="Không dùng, gửi lại",
        actor=TESTER, on=TODAY, now=NOW,
    ).id  # fmt: skip


def test_the_lot_that_ends_first_is_proposed(session: Session, package: Package) -> None:
    late = make_lot(session, package, "B", quantity=Decimal(9), expires_on=date(2027, 9, 1))
    soon = make_lot(session, package, "A", quantity=Decimal(2), expires_on=date(2027, 3, 1))
    (line,) = lots_to_pack(session, accepted(session, package), on=TODAY)
    assert (line.chosen, line.is_recorded) == ({soon.id: 2, late.id: 1}, False)


def test_what_was_packed_is_no_longer_on_the_shelf(session: Session, package: Package) -> None:
    lot = make_lot(session, package, quantity=Decimal(10))
    parcel = accepted(session, package)
    name(session, parcel, {lot.id: 3})
    assert [facts.left for facts in lots_on_shelf(session, [package.id], on=TODAY)[package.id]] == [
        7
    ]
    assert lots_to_pack(session, parcel, on=TODAY)[0].is_recorded
    move(session, parcel, "reject")
    assert lots_on_shelf(session, [package.id], on=TODAY)[package.id][0].left == 10


@pytest.mark.parametrize("named", [{"own": 2}, {"own": 4}, {"other": 3}, {"own": 0}])
def test_lots_must_be_of_the_goods_and_add_up(
    session: Session, package: Package, named: dict[str, int]
) -> None:
    lots = {
        "own": make_lot(session, package),
        "other": make_lot(session, make_stocked(session, 5)),
    }
    parcel = accepted(session, package)
    with pytest.raises(LotsDoNotFit):
        name(session, parcel, {lots[key].id: quantity for key, quantity in named.items()})


def test_lots_are_named_anew_until_the_parcel_leaves(session: Session, package: Package) -> None:
    one, two = make_lot(session, package, "A"), make_lot(session, package, "B")
    parcel = accepted(session, package)
    name(session, parcel, {one.id: 3})
    name(session, parcel, {one.id: 1, two.id: 2})
    kept = session.execute(select(OrderLineLot.lot_id, OrderLineLot.quantity)).all()
    assert sorted(map(tuple, kept)) == [(one.id, 1), (two.id, 2)]
    move(session, parcel, "pack", "ship")
    session.refresh(parcel)
    with pytest.raises(NoSuchStep):
        name(session, parcel, {one.id: 3})


def test_a_recall_takes_what_is_left_off_the_shelf(session: Session, package: Package) -> None:
    lot = make_lot(session, package, quantity=Decimal(40))
    make_lot(session, package, "B", quantity=Decimal(20))
    name(session, accepted(session, package), {lot.id: 3})
    call_back(session, lot)  # 37 of it are still there; 60 on the shelf, 3 promised
    assert stock.available(session, [package.id]) == {package.id: 20}


def test_goods_promised_to_others_stay_counted_but_cannot_be_packed(
    session: Session, package: Package
) -> None:
    lot = make_lot(session, package, quantity=Decimal(60))
    parcel = accepted(session, package)
    call_back(session, lot)
    assert stock.available(session, [package.id]) == {package.id: 0}
    with pytest.raises(LotCalledBack):
        move(session, parcel, "pack")
    fresh = make_lot(session, package, "NEW", quantity=Decimal(10))
    name(session, parcel, {fresh.id: 3})
    move(session, parcel, "pack", "ship")


@pytest.mark.parametrize("step", ["pack", "ship"])
def test_a_parcel_that_holds_recalled_goods_goes_no_further(
    session: Session, package: Package, step: str
) -> None:
    lot = make_lot(session, package)
    parcel = accepted(session, package)
    name(session, parcel, {lot.id: 3})
    if step == "ship":
        move(session, parcel, "pack")
    call_back(session, lot)
    with pytest.raises(LotCalledBack):
        move(session, parcel, step)


def test_goods_past_their_date_are_not_packed(session: Session, package: Package) -> None:
    old = make_lot(session, package, expires_on=TODAY - timedelta(days=1))
    with pytest.raises(LotCalledBack) as refusal:
        name(session, accepted(session, package), {old.id: 3})
    assert refusal.value.facts["state"] == "past_best_before"


def test_goods_without_lots_are_sent_as_ever(session: Session, package: Package) -> None:
    parcel = accepted(session, package)
    assert lots_to_pack(session, parcel, on=TODAY) == []
    move(session, parcel, "pack", "ship", "deliver")


def test_everybody_who_holds_the_lot_is_found(session: Session, package: Package) -> None:
    lot, other = make_lot(session, package), make_lot(session, package, "B")
    certain = accepted(session, package)
    name(session, certain, {lot.id: 2, other.id: 1})
    move(session, certain, "pack", "ship", "deliver")
    silent = accepted(session, package, 4)  # sent without naming its lots
    move(session, silent, "pack", "ship")
    safe = accepted(session, package, 5)
    name(session, safe, {other.id: 5})
    move(session, safe, "pack")
    waiting = accepted(session, package, 1)  # not packed: it will get other goods
    happened(
        session, package.product.producer_id, "ship", inputs=((lot, 24),),
        party="Co.opmart Cà Mau", partner="demo-supermarket", document="PXK-0119",
    )  # fmt: skip
    recall = call_back(session, lot)
    found = affected_lines(session, recall)
    assert [(line.order_number, line.quantity, line.is_sure) for line in found] == [
        (number(session, certain), 2, True),
        (number(session, silent), 4, False),
    ]
    assert number(session, waiting) not in {line.order_number for line in found}
    (sent,) = deliveries(session, recall)
    assert (sent.party, sent.document, sent.quantity) == ("Co.opmart Cà Mau", "PXK-0119", 24)


def test_an_order_from_before_the_lot_was_made_cannot_hold_it(
    session: Session, package: Package
) -> None:
    silent = accepted(session, package)
    move(session, silent, "pack", "ship")
    order: Any = session.get(CustomerOrder, silent.order_id)
    order.placed_at = NOW - timedelta(days=400)
    lot = make_lot(session, package, produced_on=TODAY - timedelta(days=30))
    assert affected_lines(session, call_back(session, lot)) == []


def number(session: Session, parcel: SubOrder) -> str:
    return session.get_one(CustomerOrder, parcel.order_id).number
