from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.models import Package
from core.actor import Actor, Role
from core.people.permissions import NotAllowed
from orders import stock
from orders.errors import InsufficientStock, StockBelowPromises
from orders.models import StockItem
from tests.factories.orders import TESTER, make_order, make_stocked


def shelf(session: Session, package: Package) -> tuple[int, int]:
    item = session.get_one(StockItem, package.id, populate_existing=True)
    return item.on_hand, item.reserved


def test_what_is_promised_is_no_longer_available(session: Session) -> None:
    package = make_stocked(session, 10)
    make_order(session, (package, 3))
    assert shelf(session, package) == (10, 3)
    assert stock.available(session, [package.id]) == {package.id: 7}


def test_the_last_piece_cannot_be_promised_twice(session: Session) -> None:
    package = make_stocked(session, 3)
    make_order(session, (package, 2))
    with pytest.raises(InsufficientStock) as refused:
        stock.reserve(session, {package.id: 2})
    assert refused.value.facts == {"package_id": package.id, "asked": 2, "available": 1}
    assert shelf(session, package) == (3, 2)


def test_a_package_nobody_counted_cannot_be_promised(session: Session) -> None:
    package = make_stocked(session, 1)
    with pytest.raises(InsufficientStock):
        stock.reserve(session, {package.id + 1: 1})


def test_committed_goods_leave_the_shelf_once(session: Session, now: datetime) -> None:
    package = make_stocked(session, 10)
    first, second = make_order(session, (package, 3)), make_order(session, (package, 4))
    assert stock.commit(session, first.id, now=now) == 1
    assert stock.commit(session, first.id, now=now) == 0
    assert shelf(session, package) == (7, 4)
    assert stock.held(session, second.id) == {package.id: 4}


def test_released_goods_are_available_again_once(session: Session, now: datetime) -> None:
    package = make_stocked(session, 10)
    first = make_order(session, (package, 3))
    make_order(session, (package, 4))
    assert stock.release(session, [first.id], now=now) == 1
    assert stock.release(session, [first.id], now=now) == 0
    assert shelf(session, package) == (10, 4)


def test_the_shelf_cannot_be_counted_below_what_is_promised(
    session: Session, now: datetime
) -> None:
    package = make_stocked(session, 10)
    make_order(session, (package, 4))
    with pytest.raises(StockBelowPromises):
        stock.set_on_hand(session, package.id, 3, actor=TESTER, now=now)
    stock.set_on_hand(session, package.id, 4, actor=TESTER, now=now)
    assert shelf(session, package) == (4, 4)


def test_a_producer_counts_only_his_own_shelf(session: Session, now: datetime) -> None:
    package = make_stocked(session, 10)
    stranger = Actor(7, "Lạ", frozenset({Role.PRODUCER}), frozenset({999_999}))
    with pytest.raises(NotAllowed):
        stock.set_on_hand(session, package.id, 5, actor=stranger, now=now)


def test_the_database_itself_refuses_to_promise_too_much(session: Session) -> None:
    package = make_stocked(session, 10)
    item = session.get_one(StockItem, package.id, populate_existing=True)
    item.reserved = 11
    with pytest.raises(IntegrityError), session.begin_nested():
        session.flush()


def test_the_demonstration_is_stocked_once(session: Session, now: datetime) -> None:
    make_stocked(session, 10)
    before = session.scalar(select(func.count()).select_from(StockItem))
    from tests.factories.catalog import make_product

    make_product(session, is_illustrative=True)
    assert stock.stock_demo(session, actor=TESTER, now=now) == 1
    assert stock.stock_demo(session, actor=TESTER, now=now) == 0
    assert session.scalar(select(func.count()).select_from(StockItem)) == (before or 0) + 1
