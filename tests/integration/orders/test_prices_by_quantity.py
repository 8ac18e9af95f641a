"""Who buys much pays the price of the list for everybody, in cart, order and ledger alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Package
from catalog.price_list_offers import set_offer
from catalog.price_lists import create_price_list, wholesale_list
from catalog.rules.pricing import Tier
from core.money import Money, vat_included
from orders import carts, checkout
from orders.errors import CartChanged
from orders.models import OrderLine
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

TIERS = (Tier(12, 80_000), Tier(48, 76_000))


@pytest.fixture
def sold_by_the_dozen(session: Session) -> Package:
    package = make_stocked(session, 500)
    put_on_list(session, package, min_order=12, order_multiple=12)
    return package


def put_on_list(session: Session, package: Package, **values: Any) -> None:
    listed = wholesale_list(
        session, package.product.producer_id, name="Giá sỉ", actor=TESTER, now=NOW
    )
    facts: dict[str, Any] = {"tiers": TIERS, "valid_from": date(2026, 11, 1), **values}
    set_offer(session, listed.id, package.id, actor=TESTER, now=NOW, **facts)


def row_of(session: Session, token: str) -> carts.CartRow:
    (row,) = carts.cart_page(session, token, locale="vi", on=TODAY, now=NOW).rows
    return row


@pytest.mark.parametrize(
    ("quantity", "unit", "list_from", "hints"),
    [
        (1, 85_000, None, [12]),
        (12, 80_000, 12, [48]),
        (48, 76_000, 48, []),
        (50, 85_000, None, [48, 60]),
        (36, 80_000, 12, [48]),
    ],
)
def test_the_order_is_what_the_cart_said(
    session: Session,
    sold_by_the_dozen: Package,
    quantity: int,
    unit: int,
    list_from: int | None,
    hints: list[int],
) -> None:
    token = make_cart(session, (sold_by_the_dozen, quantity))
    page = carts.cart_page(session, token, locale="vi", on=TODAY, now=NOW)
    (row,) = page.rows
    assert (row.price.unit, row.gross) == (Money(unit, "VND"), Money(unit * quantity, "VND"))
    assert [hint.quantity for hint in row.price.cheaper] == hints
    order = make_order(session, (sold_by_the_dozen, quantity))
    line = session.scalars(select(OrderLine)).one()
    assert (line.unit_price_minor, line.line_minor) == (unit, unit * quantity)
    assert line.price_from_quantity == list_from
    assert (line.price_list is None) is (list_from is None)
    assert order.goods_minor == page.total.goods.amount == line.line_minor
    assert line.vat_minor == vat_included(Money(line.line_minor, "VND"), line.vat_rate_bp).amount
    assert order.total_minor == page.total.total.amount


def test_a_price_without_tax_is_paid_with_it(session: Session) -> None:
    package = make_stocked(session, 500)
    net = create_price_list(
        session,
        package.product.producer_id,
        "net",
        name="Giá sỉ chưa thuế",
        kind="wholesale",
        tax_inclusive=False,
        actor=TESTER,
        now=NOW,
    )
    set_offer(
        session, net.id, package.id, tiers=(Tier(10, 70_000),), valid_from=TODAY, actor=TESTER,
        now=NOW,
    )  # fmt: skip
    order = make_order(session, (package, 10))
    line = session.scalars(select(OrderLine)).one()
    assert (line.unit_price_minor, line.vat_rate_bp) == (75_600, 800)
    assert line.vat_minor == 56_000
    assert (line.price_list, line.price_from_quantity) == ("net", 10)
    assert order.goods_minor == 756_000


@pytest.mark.parametrize("terms", [{"partner_code": "mart"}, {"currency": "USD"}])
def test_lists_for_others_or_in_other_money_never_reach_the_cart(
    session: Session, terms: dict[str, str]
) -> None:
    package = make_stocked(session, 500)
    listed = create_price_list(
        session,
        package.product.producer_id,
        "theirs",
        name="Siêu thị",
        kind="wholesale",
        actor=TESTER,
        now=NOW,
        **terms,  # type: ignore[arg-type]
    )
    set_offer(
        session, listed.id, package.id, tiers=(Tier(1, 1_000),), valid_from=TODAY, actor=TESTER,
        now=NOW,
    )  # fmt: skip
    row = row_of(session, make_cart(session, (package, 50)))
    assert (row.price.unit, row.price.list_code) == (Money(85_000, "VND"), "")


def test_another_quantity_is_another_price_and_no_change_to_warn_of(
    session: Session, sold_by_the_dozen: Package
) -> None:
    token = make_cart(session, (sold_by_the_dozen, 12))
    carts.set_quantity(session, token, sold_by_the_dozen.id, 48, now=NOW)
    row = row_of(session, token)
    assert (row.price.unit, row.problems) == (Money(76_000, "VND"), ())
    put_on_list(session, sold_by_the_dozen, tiers=(Tier(12, 79_000),), min_order=12)
    carts.set_quantity(session, token, sold_by_the_dozen.id, 24, now=NOW)
    (problem,) = row_of(session, token).problems
    assert problem.facts == {"old": Money(76_000, "VND"), "new": Money(79_000, "VND")}


def end_today(session: Session, package: Package) -> None:
    put_on_list(session, package, valid_to=TODAY - timedelta(days=1), min_order=12)


def cheaper_today(session: Session, package: Package) -> None:
    put_on_list(session, package, tiers=(Tier(12, 60_000),), min_order=12)


def retail_below_the_list(session: Session, package: Package) -> None:
    package.price_minor = 70_000
    session.flush()


@pytest.mark.parametrize("moved", [end_today, cheaper_today, retail_below_the_list])
def test_a_list_that_moved_since_the_review_stops_the_order(
    session: Session, sold_by_the_dozen: Package, moved: Callable[[Session, Package], None]
) -> None:
    token = make_cart(session, (sold_by_the_dozen, 48))
    agreed = make_request(session, token)
    moved(session, sold_by_the_dozen)
    with pytest.raises(CartChanged):
        checkout.place(session, agreed, token=token, gateways=GATEWAYS, now=NOW, on=TODAY)
    assert session.scalars(select(OrderLine)).all() == []


def test_what_was_sold_keeps_its_list_when_the_list_changes(
    session: Session, sold_by_the_dozen: Package
) -> None:
    make_order(session, (sold_by_the_dozen, 48))
    cheaper_today(session, sold_by_the_dozen)
    session.expire_all()
    line = session.scalars(select(OrderLine)).one()
    maker = sold_by_the_dozen.product.producer_id
    assert (line.unit_price_minor, line.price_list, line.price_from_quantity) == (
        76_000, f"wholesale-{maker}", 48,
    )  # fmt: skip
