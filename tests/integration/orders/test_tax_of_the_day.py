from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Package
from core.money import vat_included
from orders import carts, checkout, stock
from orders.errors import CartChanged
from orders.models import CustomerOrder, OrderLine
from orders.offers import load_offers
from tests.factories.catalog import make_package, make_producer, make_product
from tests.factories.orders import GATEWAYS, NOW, TESTER, make_cart, make_request, make_stocked

LAST_DAY = date(2026, 12, 31)
NEW_YEAR = date(2027, 1, 1)


def stocked(session: Session, kind: str, **values: object) -> Package:
    producer = make_producer(session, kind=kind)
    product = make_product(session, producer=producer, packages=0, **values)
    package = make_package(session, product, vat_rate_bp=0)
    stock.set_on_hand(session, package.id, 10, actor=TESTER, now=NOW)
    return package


def order_on(session: Session, package: Package, day: date) -> tuple[CustomerOrder, OrderLine]:
    token = make_cart(session, (package, 2))
    page = carts.cart_page(session, token, locale="vi", on=day, now=NOW)
    request = make_request(session, token, quote_digest=page.digest)
    order = checkout.place(session, request, token=token, gateways=GATEWAYS, now=NOW, on=day)
    line = session.scalars(select(OrderLine).order_by(OrderLine.id.desc())).first()
    assert line is not None
    return order, line


@pytest.mark.parametrize(("day", "rate_bp"), [(LAST_DAY, 800), (NEW_YEAR, 1000)])
def test_an_order_is_taxed_by_the_rule_of_its_day(
    session: Session, day: date, rate_bp: int
) -> None:
    make_stocked(session)
    package = stocked(session, "cooperative", vat_class="8")
    order, line = order_on(session, package, day)
    gross = package.price_minor * 2
    assert line.vat_rate_bp == rate_bp
    assert line.vat_minor == round(gross * rate_bp / (10_000 + rate_bp)) == order.vat_minor
    assert line.line_minor == gross, "the price is the same, tax included"
    assert str(line.vat_rule).startswith("vat.standard.any.any.VN/")


def test_lines_keep_the_version_they_were_taxed_under(session: Session) -> None:
    package = stocked(session, "cooperative", vat_class="8")
    before = order_on(session, package, LAST_DAY)[1].vat_rule
    after = order_on(session, package, NEW_YEAR)[1].vat_rule
    assert before != after
    assert str(after).startswith("vat.standard.any.any.VN/2027-01-01/")


@pytest.mark.parametrize(
    ("kind", "mark", "rate_bp"),
    [
        ("cooperative", "N", 0),
        ("household", "N/5", 0),
        ("enterprise", "N", 500),
        ("enterprise", "S", 0),
        ("enterprise", "5", 500),
        ("cooperative", "X", 1000),
        ("cooperative", None, 800),
    ],
)
def test_the_rate_follows_goods_and_seller_not_the_stored_column(
    session: Session, kind: str, mark: str | None, rate_bp: int
) -> None:
    package = stocked(session, kind, vat_class=mark)
    offer = load_offers(session, [package.id], locale="vi", on=LAST_DAY, now=NOW)[package.id]
    assert offer.vat_rate_bp == rate_bp
    assert offer.is_for_sale


def test_a_cart_reviewed_before_midnight_is_shown_again_with_the_new_tax(session: Session) -> None:
    package = stocked(session, "cooperative", vat_class="8")
    token = make_cart(session, (package, 1))
    seen = carts.cart_page(session, token, locale="vi", on=LAST_DAY, now=NOW)
    request = make_request(session, token, quote_digest=seen.digest)
    with pytest.raises(CartChanged):
        checkout.place(session, request, token=token, gateways=GATEWAYS, now=NOW, on=NEW_YEAR)
    now_shown = carts.cart_page(session, token, locale="vi", on=NEW_YEAR, now=NOW)
    assert now_shown.total.vat == vat_included(now_shown.total.goods, 1000)
