"""Goods set aside for a livestream are sold in it only, at its price, and what is left comes back."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Package, Paper, Product
from core.actor import Actor, Role
from core.facts import newest_fact
from core.people.permissions import NotAllowed
from orders import carts, checkout, lifecycle, live_goods, stock
from orders.errors import CartChanged, InsufficientStock, LiveRefused, NoSuchStep
from orders.live import checking, planning
from orders.live.planning import CouponPlan, ItemPlan
from orders.models import (
    Coupon,
    CustomerOrder,
    LedgerEntry,
    LiveEvent,
    LiveItem,
    LiveSession,
    OrderLine,
    StockItem,
)
from tests.factories.catalog import make_certificate, make_package
from tests.factories.live import DURING, ENDS, STARTS, make_checked, make_session
from tests.factories.orders import GATEWAYS, NOW, OFFICE, TESTER, TODAY, make_stocked, transfer


def cart_of(session: Session, package: Package, quantity: int, now: datetime = DURING) -> str:
    token = carts.new_token()
    carts.add(session, token, package.id, quantity, now=now, on=TODAY)
    return token


def order(session: Session, token: str, *, now: datetime = DURING, **values: Any) -> CustomerOrder:
    page = carts.cart_page(session, token, locale="vi", on=TODAY, now=now)
    form = checkout.CheckoutRequest(
        **{
            "checkout_token": checkout.new_checkout_token(), "quote_digest": page.digest,
            "locale": "vi", "recipient": "Nguyễn Thị Bưởi", "phone": "+84912345678",
            "email": None, "province_code": "96", "commune": "An Xuyên",
            "street": "12 Phan Ngọc Hiển", "note": None, "payment_method": "vietqr", **values,
        }
    )  # fmt: skip
    return checkout.place(session, form, token=token, gateways=GATEWAYS, now=now, on=TODAY)


def counts(session: Session, package: Package) -> tuple[int, int]:
    item = session.get_one(StockItem, package.id, populate_existing=True)
    return item.on_hand, item.reserved


def unit_price(session: Session, token: str, now: datetime) -> int:
    page = carts.cart_page(session, token, locale="vi", on=TODAY, now=now)
    return page.rows[0].price.unit.amount


def test_the_price_holds_from_the_first_moment_to_the_last_with_no_worker_awake(
    session: Session,
) -> None:
    package = make_stocked(session, 20)
    make_checked(session, (package, 70_000, 5))
    token = cart_of(session, package, 2, NOW)
    second = timedelta(seconds=1)
    prices = [
        unit_price(session, token, moment)
        for moment in (STARTS - second, STARTS, ENDS - second, ENDS)
    ]
    assert prices == [85_000, 70_000, 70_000, 85_000]


def test_what_is_set_aside_cannot_be_bought_before_the_session(session: Session) -> None:
    package = make_stocked(session, 8)
    make_checked(session, (package, 70_000, 5))
    assert counts(session, package) == (8, 5)
    token = cart_of(session, package, 4, NOW)
    (row,) = carts.cart_page(session, token, locale="vi", on=TODAY, now=NOW).rows
    assert [(p.code, p.facts) for p in row.problems] == [("too_few", {"available": 3})]


def test_cart_order_and_line_agree_on_the_price_and_the_session_counts_down(
    session: Session,
) -> None:
    package = make_stocked(session, 20)
    live = make_checked(session, (package, 70_000, 5))
    placed = order(session, cart_of(session, package, 2))
    line = session.scalars(select(OrderLine)).one()
    item = session.scalars(select(LiveItem)).one()
    session.refresh(item)
    assert (line.unit_price_minor, line.live_item_id) == (70_000, item.id)
    assert placed.goods_minor == 140_000
    assert item.set_aside - item.taken == 3
    assert counts(session, package) == (20, 5)  # the promise moved from the session to the order
    assert (
        live_goods.look_at_shelf(session, [package.id], now=DURING).live[package.id].slug
        == live.slug
    )


def test_the_shelf_is_looked_at_for_any_number_of_packages(session: Session) -> None:
    packages = [make_stocked(session, 3 + number) for number in range(9)]
    make_checked(session, (packages[8], 70_000, 5))
    on_hand = {package.id: 3 + number for number, package in enumerate(packages)}
    for many in (1, 7, 8, 9):
        ids = list(on_hand)[-many:]
        shelf = live_goods.look_at_shelf(session, ids, now=DURING)
        assert shelf.available == {one: on_hand[one] for one in ids} | {packages[8].id: 11 - 5}
        assert list(shelf.live) == [packages[8].id]


def test_more_than_the_session_has_left_is_sold_at_the_usual_price_from_the_shelf(
    session: Session,
) -> None:
    package = make_stocked(session, 20)
    make_checked(session, (package, 70_000, 3))
    order(session, cart_of(session, package, 4))
    line = session.scalars(select(OrderLine)).one()
    assert (line.unit_price_minor, line.live_item_id) == (85_000, None)
    assert counts(session, package) == (20, 7)


def test_the_end_gives_back_what_is_left_once_and_late(session: Session) -> None:
    package = make_stocked(session, 20)
    live = make_checked(session, (package, 70_000, 5))
    order(session, cart_of(session, package, 2))
    late = ENDS + timedelta(days=2)
    assert checking.due(session, now=late) == [live.id]
    assert checking.follow_clock(session, live.id, now=late) == "ended"
    assert counts(session, package) == (20, 2)
    assert checking.follow_clock(session, live.id, now=late) == "ended"
    assert counts(session, package) == (20, 2)
    session.refresh(live)
    assert live.over_at == ENDS


def test_an_order_given_up_during_the_session_goes_back_into_it_and_later_to_the_shelf(
    session: Session,
) -> None:
    package = make_stocked(session, 20)
    live = make_checked(session, (package, 70_000, 5))
    first, second = (order(session, cart_of(session, package, 2)) for _ in range(2))
    lifecycle.cancel(session, first.id, actor=OFFICE, now=DURING)
    left = live_goods.look_at_shelf(session, [package.id], now=DURING).live[package.id].price.left
    assert (left, counts(session, package)) == (3, (20, 5))
    checking.follow_clock(session, live.id, now=ENDS)
    assert counts(session, package) == (20, 2)
    lifecycle.cancel(session, second.id, actor=OFFICE, now=ENDS)
    assert counts(session, package) == (20, 0)


def test_a_session_is_refused_with_every_reason_at_once(session: Session) -> None:
    package = make_stocked(session, 3)
    product = session.get_one(Product, package.product_id)
    make_certificate(session, product, issued_on=date(2020, 1, 5), valid_to=date(2023, 1, 4))
    session.execute(Paper.__table__.delete())  # type: ignore[attr-defined]
    live = make_session(session, (package, 70_000, 5))
    with pytest.raises(LiveRefused) as refused:
        checking.check(session, live.id, actor=OFFICE, now=NOW)
    told = {(problem.code, problem.problem and problem.problem.code) for problem in
            refused.value.problems}  # fmt: skip
    assert told == {
        ("publication", "food_safety_missing"),
        ("stars_ended", None),
        ("too_few", None),
    }
    assert counts(session, package) == (3, 0)


def test_a_paper_that_ends_before_the_session_is_a_reason_today(session: Session) -> None:
    package = make_stocked(session, 9)
    paper = session.scalars(select(Paper)).one()
    paper.valid_to = TODAY
    tomorrow = {"starts_at": STARTS + timedelta(days=1), "ends_at": ENDS + timedelta(days=1)}
    make_checked(session, (package, 70_000, 2))
    second = make_session(session, (package, 70_000, 2), **tomorrow)
    with pytest.raises(LiveRefused):
        checking.check(session, second.id, actor=OFFICE, now=NOW)


def test_papers_lost_between_check_and_start_stop_the_start_and_free_the_goods(
    session: Session,
) -> None:
    package = make_stocked(session, 9)
    live = make_checked(session, (package, 70_000, 5))
    session.execute(Paper.__table__.delete())  # type: ignore[attr-defined]
    assert checking.follow_clock(session, live.id, now=STARTS) == "planned"
    assert counts(session, package) == (9, 0)
    why = session.scalars(select(LiveEvent.reason).where(LiveEvent.event == "refuse")).one()
    assert why == "publication"


def test_a_second_check_after_sales_keeps_what_buyers_hold(session: Session) -> None:
    package = make_stocked(session, 9)
    live = make_checked(session, (package, 70_000, 5))
    placed = order(session, cart_of(session, package, 2))
    paper = session.scalars(select(Paper)).one()
    paper.valid_to = TODAY - timedelta(days=1)
    checking.follow_clock(session, live.id, now=DURING)
    assert counts(session, package) == (9, 2)
    paper.valid_to = None
    checking.check(session, live.id, actor=OFFICE, now=DURING)
    assert counts(session, package) == (9, 7)
    lifecycle.cancel(session, placed.id, actor=OFFICE, now=DURING)
    checking.follow_clock(session, live.id, now=ENDS)
    assert counts(session, package) == (9, 0)


def test_a_checked_session_is_changed_only_after_it_is_opened_again(session: Session) -> None:
    package = make_stocked(session, 9)
    live = make_checked(session, (package, 70_000, 5))
    item = ItemPlan(package.id, 60_000, 5)
    with pytest.raises(NoSuchStep):
        planning.put_item(session, live.id, item, actor=TESTER, now=NOW)
    checking.reopen(session, live.id, actor=TESTER, now=NOW)
    assert counts(session, package) == (9, 0)
    planning.put_item(session, live.id, item, actor=TESTER, now=NOW)
    stranger = Actor(5, "Ai đó", frozenset({Role.PRODUCER}), frozenset({-1}))
    with pytest.raises(NotAllowed):
        planning.put_item(session, live.id, item, actor=stranger, now=NOW)
    with pytest.raises(NotAllowed):
        checking.check(session, live.id, actor=stranger, now=NOW)


def test_pieces_somebody_bought_meanwhile_are_not_set_aside_twice(session: Session) -> None:
    package = make_stocked(session, 5)
    live = make_session(session, (package, 70_000, 5))
    problems = checking.session_problems(session, live, now=NOW)
    assert problems == []
    stock.reserve(session, {package.id: 1})
    with pytest.raises(LiveRefused):
        checking.check(session, live.id, actor=OFFICE, now=NOW)


def test_kept_pages_turn_at_the_start_and_at_the_end(session: Session) -> None:
    package = make_stocked(session, 9)
    make_checked(session, (package, 70_000, 5))
    session.flush()
    second = timedelta(seconds=1)
    turned = [
        newest_fact(session, moment).turned_at
        for moment in (STARTS - second, STARTS, ENDS - second, ENDS)
    ]
    assert turned[1:] == [
        int(STARTS.timestamp()), int(STARTS.timestamp()), int(ENDS.timestamp())
    ]  # fmt: skip
    assert turned[0] < turned[1]


CODE = CouponPlan("ONG-10", "percent", 1_000, 1)


def test_a_coupon_is_shared_over_lines_and_the_books_and_the_tax_follow(session: Session) -> None:
    first = make_stocked(session, 9)
    product = session.get_one(Product, first.product_id)
    second = make_package(session, product, price_minor=33_335)
    stock.set_on_hand(session, second.id, 9, actor=TESTER, now=NOW)
    other = make_stocked(session, 9)
    make_checked(session, (first, 70_001, 5), (second, 33_334, 5), coupon=CODE)
    token = cart_of(session, first, 1)
    carts.add(session, token, second.id, 1, now=DURING, on=TODAY)
    carts.add(session, token, other.id, 1, now=DURING, on=TODAY)
    assert carts.set_coupon(session, token, "ong10", now=DURING)
    placed = order(session, token)
    assert placed.coupon_code == "ONG10"
    lines = {line.package_id: line for line in session.scalars(select(OrderLine))}
    assert (lines[first.id].discount_minor, lines[second.id].discount_minor) == (7_000, 3_334)
    assert lines[other.id].discount_minor == 0
    assert placed.goods_minor == 70_001 + 33_334 + 85_000 - 10_334
    assert lines[first.id].vat_minor == round((70_001 - 7_000) * 8 / 108)
    transfer(session, placed, placed.total_minor, "FT1", now=DURING, occurred_at=DURING)
    entries = session.scalars(select(LedgerEntry.amount_minor)).all()
    assert sum(entries) == 0
    assert placed.total_minor in entries


def test_a_code_counts_no_order_more_than_it_may_and_a_given_up_order_frees_it(
    session: Session,
) -> None:
    package = make_stocked(session, 20)
    make_checked(session, (package, 70_000, 9), coupon=CODE)
    tokens = [cart_of(session, package, 1) for _ in range(2)]
    for token in tokens:
        carts.set_coupon(session, token, "ONG10", now=DURING)
    stale = carts.cart_page(session, tokens[1], locale="vi", on=TODAY, now=DURING).digest
    first = order(session, tokens[0])
    with pytest.raises(CartChanged):
        order(session, tokens[1], quote_digest=stale)
    page = carts.cart_page(session, tokens[1], locale="vi", on=TODAY, now=DURING)
    assert page.coupon is not None
    assert (page.coupon.problem, page.total.goods.amount) == ("used_up", 70_000)
    lifecycle.cancel(session, first.id, actor=OFFICE, now=DURING)
    assert session.scalars(select(Coupon.used)).one() == 0
    assert order(session, tokens[1]).goods_minor == 63_000


def test_ending_early_ends_price_and_code_at_once(session: Session) -> None:
    package = make_stocked(session, 20)
    live = make_checked(session, (package, 70_000, 9), coupon=CODE)
    token = cart_of(session, package, 1)
    carts.set_coupon(session, token, "ONG10", now=DURING)
    checking.end_now(session, live.id, actor=TESTER, now=DURING)
    page = carts.cart_page(session, token, locale="vi", on=TODAY, now=DURING)
    assert page.coupon is not None
    assert (page.rows[0].price.unit.amount, page.coupon.problem) == (85_000, "ended")


def test_a_recording_is_kept_until_the_day_the_law_says(session: Session) -> None:
    package = make_stocked(session, 20)
    live = make_checked(session, (package, 70_000, 9))
    with pytest.raises(NoSuchStep):
        checking.keep_replay(
            session, live.id, replay_url="", place="Máy chủ HTX", reference="a" * 64,
            actor=TESTER, now=NOW,
        )  # fmt: skip
    checking.follow_clock(session, live.id, now=ENDS)
    kept = checking.keep_replay(
        session, live.id, replay_url="https://youtu.be/abc", place="Máy chủ HTX",
        reference="a" * 64, actor=TESTER, now=ENDS,
    )  # fmt: skip
    assert kept.state == "replay_kept"
    assert kept.recording_kept_until == date(2029, 11, 22)
    assert kept.recording_rule is not None


def test_taking_from_an_ended_session_fails_though_its_goods_are_still_set_aside(
    session: Session,
) -> None:
    package = make_stocked(session, 9)
    make_checked(session, (package, 70_000, 5))
    item = session.scalars(select(LiveItem)).one()
    with pytest.raises(InsufficientStock):
        live_goods.take(session, {item.id: (package.id, 1)}, now=ENDS)
    assert session.scalars(select(LiveSession.state)).one() == "checked"
