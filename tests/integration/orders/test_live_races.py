"""Many hands at a livestream: the last piece, the last use of a code, and the end at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from catalog.models import Package
from core.db import write_session
from core.errors import Conflict
from orders import carts, checkout, lifecycle
from orders.live import checking
from orders.live.planning import CouponPlan
from orders.models import Coupon, CouponUse, CustomerOrder, LiveItem, Reservation, StockItem
from tests.factories.live import DURING, ENDS, make_checked
from tests.factories.orders import GATEWAYS, OFFICE, TODAY, make_stocked


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


def placing(
    engine: Engine, session: Session, package: Package, code: str = ""
) -> Callable[[], int]:
    """A buyer with one piece in his cart and the review page open."""
    token = carts.new_token()
    carts.add(session, token, package.id, 1, now=DURING, on=TODAY)
    carts.set_coupon(session, token, code, now=DURING)
    page = carts.cart_page(session, token, locale="vi", on=TODAY, now=DURING)
    form = checkout.CheckoutRequest(
        checkout_token=checkout.new_checkout_token(), quote_digest=page.digest, locale="vi",
        recipient="Lê Văn An", phone="+84912345678", email=None, province_code="96",
        commune="An Xuyên", street="1 Lê Lợi", note=None, payment_method="vietqr",
    )  # fmt: skip

    def work() -> int:
        with write_session(engine) as own:
            order = checkout.place(own, form, token=token, gateways=GATEWAYS, now=DURING, on=TODAY)
            own.commit()
            return order.id

    return work


def held_and_left(engine: Engine, package_id: int) -> tuple[int, int, int]:
    """Reserved on the shelf, held for orders, left in open sessions."""
    with Session(engine) as session:
        held = session.scalar(
            select(func.coalesce(func.sum(Reservation.quantity), 0)).where(
                Reservation.package_id == package_id, Reservation.state == "held"
            )
        )
        left = session.scalar(
            select(func.coalesce(func.sum(LiveItem.set_aside - LiveItem.taken), 0)).where(
                LiveItem.package_id == package_id, LiveItem.is_open
            )
        )
        return session.get_one(StockItem, package_id).reserved, int(held or 0), int(left or 0)


def test_of_eight_buyers_two_get_the_last_two_pieces_of_the_session(engine: Engine) -> None:
    with write_session(engine) as session:
        package = make_stocked(session, 4)
        make_checked(session, (package, 70_000, 3))
        works = [placing(engine, session, package) for _ in range(8)]
        first = placing(engine, session, package)
        session.commit()
    first()
    results = at_once(works)
    assert sum(isinstance(result, int) for result in results) == 2
    assert held_and_left(engine, package.id) == (3, 3, 0)


def test_buyers_refusals_and_the_end_at_once_leave_every_piece_somewhere(engine: Engine) -> None:
    for turn in range(4):
        with write_session(engine) as session:
            package = make_stocked(session, 20)
            live = make_checked(session, (package, 70_000, 6))
            given_up = placing(engine, session, package)
            works: list[Callable[[], Any]] = [
                placing(engine, session, package) for _ in range(3 + turn)
            ]
            session.commit()
        order_id = given_up()

        def cancel(order_id: int = order_id) -> None:
            with write_session(engine) as own:
                lifecycle.cancel(own, order_id, actor=OFFICE, now=DURING)
                own.commit()

        def end(live_id: int = live.id) -> str:
            with write_session(engine) as own:
                state = checking.follow_clock(own, live_id, now=ENDS)
                own.commit()
                return state

        results = at_once([*works, cancel, end, end])
        assert results[-2:] == ["ended", "ended"]
        bought = sum(isinstance(result, int) for result in results[: len(works)])
        assert held_and_left(engine, package.id) == (bought, bought, 0)


def test_a_worker_killed_at_the_end_loses_nothing(engine: Engine) -> None:
    with write_session(engine) as session:
        package = make_stocked(session, 20)
        live = make_checked(session, (package, 70_000, 6))
        buy = placing(engine, session, package)
        session.commit()
    buy()
    with write_session(engine) as killed:
        checking.follow_clock(killed, live.id, now=ENDS)
        killed.flush()
        killed.rollback()  # what the database does for a process that dies before its commit
    assert held_and_left(engine, package.id) == (6, 1, 5)
    with write_session(engine) as next_worker:
        assert checking.due(next_worker, now=ENDS) == [live.id]
        checking.follow_clock(next_worker, live.id, now=ENDS)
        next_worker.commit()
    assert held_and_left(engine, package.id) == (1, 1, 0)


def test_the_last_use_of_a_code_goes_to_one_of_six(engine: Engine) -> None:
    with write_session(engine) as session:
        package = make_stocked(session, 20)
        make_checked(session, (package, 70_000, 10), coupon=CouponPlan("CUOI1", "amount", 5_000, 2))
        first = placing(engine, session, package, "CUOI1")
        works = [placing(engine, session, package, "CUOI1") for _ in range(6)]
        session.commit()
    first()
    results = at_once(works)
    assert sum(isinstance(result, int) for result in results) == 1
    with Session(engine) as session:
        assert session.scalars(select(Coupon.used)).one() == 2
        assert session.scalar(select(func.count()).select_from(CouponUse)) == 2
        assert session.scalars(select(CustomerOrder.goods_minor)).all() == [65_000, 65_000]
    assert held_and_left(engine, package.id) == (10, 2, 8)
