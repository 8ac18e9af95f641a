"""Many hands at once; every story begins with a shelf that already holds promises."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from core.db import write_session
from core.errors import Conflict
from core.money import Money
from orders import carts, checkout, lifecycle
from orders.models import CustomerOrder, Payment, Reservation, StockItem
from orders.payments import events
from orders.payments.gateway import ProviderEvent
from tests.factories.orders import (
    GATEWAYS,
    NOW,
    TESTER,
    TODAY,
    make_cart,
    make_order,
    make_request,
    make_stocked,
)

SCRIPT = Path(__file__).with_name("place_orders.py")


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """Run all of them, begun at the same moment; what each returned or the refusal it raised."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return work()
        except Conflict as refused:
            return refused

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def placing(engine: Engine, request: checkout.CheckoutRequest, token: str) -> Callable[[], int]:
    def work() -> int:
        with write_session(engine) as session:
            order = checkout.place(
                session, request, token=token, gateways=GATEWAYS, now=NOW, on=TODAY
            )
            session.commit()
            return order.id

    return work


def promised(engine: Engine, package_id: int) -> tuple[int, int, int]:
    """On hand, reserved, and the sum of promises that are held."""
    with Session(engine) as session:
        item = session.get_one(StockItem, package_id)
        held = session.scalar(
            select(func.coalesce(func.sum(Reservation.quantity), 0)).where(
                Reservation.package_id == package_id, Reservation.state == "held"
            )
        )
        return item.on_hand, item.reserved, int(held or 0)


def test_of_eight_buyers_who_want_the_last_piece_exactly_one_gets_it(engine: Engine) -> None:
    with write_session(engine) as session:
        package = make_stocked(session, 5)
        make_order(session, (package, 4))
        carts = [make_cart(session, (package, 1)) for _ in range(8)]
        works = [placing(engine, make_request(session, token), token) for token in carts]
        session.commit()
    results = at_once(works)
    assert sum(isinstance(result, int) for result in results) == 1
    assert promised(engine, package.id) == (5, 5, 5)


def test_twenty_times_the_same_form_is_one_order(engine: Engine) -> None:
    with write_session(engine) as session:
        package = make_stocked(session, 50)
        make_order(session, (package, 4))
        token = make_cart(session, (package, 2))
        request = make_request(session, token)
        session.commit()
    results = at_once([placing(engine, request, token)] * 20)
    assert len(set(results)) == 1
    assert isinstance(results[0], int)
    assert promised(engine, package.id) == (50, 6, 6)


def test_the_same_form_for_the_last_piece_is_never_told_it_is_sold_out(engine: Engine) -> None:
    with write_session(engine) as session:
        package = make_stocked(session, 3)
        make_order(session, (package, 2))
        token = make_cart(session, (package, 1))
        request = make_request(session, token)
        session.commit()
    results = at_once([placing(engine, request, token)] * 8)
    assert len(set(results)) == 1
    assert isinstance(results[0], int)


def test_two_forms_of_one_cart_are_one_order(engine: Engine) -> None:
    with write_session(engine) as session:
        package = make_stocked(session, 50)
        make_order(session, (package, 4))
        token = make_cart(session, (package, 2))
        works = [placing(engine, make_request(session, token), token) for _ in range(6)]
        session.commit()
    results = at_once(works)
    assert sum(isinstance(result, int) for result in results) == 1
    assert promised(engine, package.id) == (50, 6, 6)


def test_carts_filled_in_opposite_order_do_not_wait_for_each_other_for_ever(
    engine: Engine,
) -> None:
    with write_session(engine) as session:
        packages = [make_stocked(session, 100) for _ in range(5)]
        make_order(session, *[(package, 1) for package in packages])
        works = []
        for number in range(10):
            lines = packages if number % 2 else packages[::-1]
            token = make_cart(session, *[(package, 2) for package in lines])
            works.append(placing(engine, make_request(session, token), token))
        session.commit()
    assert all(isinstance(result, int) for result in at_once(works))
    assert [promised(engine, package.id) for package in packages] == [(100, 21, 21)] * 5


def test_money_and_the_end_of_time_at_the_same_moment_leave_one_truth(engine: Engine) -> None:
    late = NOW + timedelta(hours=24, seconds=1)
    for turn in range(5):
        with write_session(engine) as session:
            package = make_stocked(session, 9)
            make_order(session, (package, 2), payment_method="cod", phone=f"+8491234560{turn}")
            order = make_order(session, (package, 3))
            session.commit()
        event = ProviderEvent(
            provider="vietqr",
            event_id=f"evt-{turn}",
            kind="transfer",
            reference=order.number,
            provider_ref=f"FT{turn}",
            amount=Money(order.total_minor, "VND"),
            occurred_at=late,
        )

        def pay(event: ProviderEvent = event) -> str:
            with write_session(engine) as session:
                applied = events.apply(session, event, actor=TESTER, now=late)
                session.commit()
                return applied.outcome

        def sweep() -> int:
            with write_session(engine) as session:
                swept = lifecycle.expire_unpaid(session, now=late)
                session.commit()
                return swept

        at_once([pay, sweep, pay, sweep])
        with Session(engine) as session:
            found = session.get_one(CustomerOrder, order.id)
            assert (found.state, found.payment_state) == ("confirmed", "paid")
            payments = session.scalar(
                select(func.count()).select_from(Payment).where(Payment.order_id == order.id)
            )
            assert payments == 1
        assert promised(engine, package.id) == (6, 2, 2)


def test_two_processes_never_sell_more_than_there_is(engine: Engine) -> None:
    with write_session(engine) as session:
        first, second = make_stocked(session, 14), make_stocked(session, 40)
        make_order(session, (first, 3), (second, 3))
        session.commit()
    url = engine.url.render_as_string(hide_password=False)
    running = [
        subprocess.Popen(
            [sys.executable, str(SCRIPT), url, order, "9", "1"],
            stdout=subprocess.PIPE,
            text=True,
        )
        for order in (f"{first.id},{second.id}", f"{second.id},{first.id}")
    ]
    lines = [
        line for process in running for line in process.communicate(timeout=120)[0].split("\n")
    ]
    assert [process.returncode for process in running] == [0, 0]
    assert sum(line.startswith("placed") for line in lines) == 11
    assert promised(engine, first.id) == (14, 14, 14)
    assert len({line for line in lines if line.startswith("placed")}) == 11


def test_the_same_goods_put_in_twice_at_once_lie_in_the_cart_twice(engine: Engine) -> None:
    with write_session(engine) as session:
        first, second = make_stocked(session), make_stocked(session)
        token = make_cart(session, (first, 1))
        session.commit()
        package_id = second.id

    def put_in() -> int:
        with write_session(engine) as session:
            carts.add(session, token, package_id, 1, now=NOW, on=TODAY)
            session.commit()
            return carts.count_items(session, token)

    at_once([put_in] * 8)
    with Session(engine) as session:
        assert carts.count_items(session, token) == 9


def test_money_and_a_cancellation_at_the_same_moment_send_the_money_back(engine: Engine) -> None:
    for turn in range(6):
        with write_session(engine) as session:
            package = make_stocked(session, 5)
            order = make_order(session, (package, 2))
            session.commit()
        event = ProviderEvent(
            provider="vietqr",
            event_id=f"cancelled-{turn}",
            kind="transfer",
            reference=order.number,
            provider_ref=f"CX{turn}",
            amount=Money(order.total_minor, "VND"),
            occurred_at=NOW,
        )

        def pay(event: ProviderEvent = event) -> None:
            with write_session(engine) as session:
                events.apply(session, event, actor=TESTER, now=NOW)
                session.commit()

        def cancel(order_id: int = order.id) -> None:
            with write_session(engine) as session:
                lifecycle.cancel(session, order_id, actor=TESTER, now=NOW, reason="test")
                session.commit()

        at_once([pay, cancel] if turn % 2 else [cancel, pay])
        with Session(engine) as session:
            kept = session.get_one(type(order), order.id)
            payment = session.scalars(select(Payment).where(Payment.order_id == order.id)).one()
            shelf = session.get_one(StockItem, package.id)
            assert kept.state == "cancelled"
            assert payment.refund_due_minor == order.total_minor
            assert (shelf.on_hand, shelf.reserved) == (5, 0)
