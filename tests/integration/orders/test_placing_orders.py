from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.facts import Fact
from orders import carts, checkout
from orders.errors import CartChanged, CartEmpty, CheckoutRefused, InsufficientStock
from orders.models import CustomerOrder, OrderLine, Reservation, SubOrder
from orders.order_pages import get_order_page
from orders.rules.order_numbers import is_order_number
from tests.factories.catalog import make_certificate, make_package, make_producer, make_product
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


def place(session: Session, request: checkout.CheckoutRequest, token: str) -> CustomerOrder:
    return checkout.place(session, request, token=token, gateways=GATEWAYS, now=NOW, on=TODAY)


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_an_order_has_one_part_for_each_producer(session: Session) -> None:
    first = make_stocked(session, 10)
    second = make_stocked(session, 10)
    order = make_order(session, (first, 2), (second, 1))
    page = get_order_page(session, order.public_token)
    assert len(page.parcels) == 2
    assert page.goods.amount == 3 * 85_000
    assert page.total == page.goods + page.shipping
    assert sum(parcel.total.amount for parcel in page.parcels) == page.total.amount
    assert is_order_number(page.number)


def test_order_numbers_follow_each_other_and_differ(session: Session) -> None:
    package = make_stocked(session, 10)
    numbers = [make_order(session, (package, 1)).number for _ in range(3)]
    assert [int(number[6:12]) for number in numbers] == list(
        range(int(numbers[0][6:12]), int(numbers[0][6:12]) + 3)
    )


def test_a_line_keeps_the_claim_that_was_true_on_that_day(session: Session) -> None:
    product = make_product(session, packages=0)
    make_certificate(session, product, stars=5)
    package = make_package(session, product)
    from orders import stock

    stock.set_on_hand(session, package.id, 5, actor=TESTER, now=NOW)
    order = make_order(session, (package, 1))
    line = session.scalars(
        select(OrderLine).join(SubOrder).where(SubOrder.order_id == order.id)
    ).one()
    assert line.claim is not None
    assert line.claim["stars"] == 5
    assert line.vat_minor == round(85_000 * 8 / 108)


def test_the_same_form_sent_twice_is_one_order(session: Session) -> None:
    package = make_stocked(session, 10)
    token = make_cart(session, (package, 2))
    request = make_request(session, token)
    before = count(session, CustomerOrder)
    assert place(session, request, token).id == place(session, request, token).id
    assert count(session, CustomerOrder) == before + 1


def test_two_review_pages_of_one_cart_make_one_order(session: Session) -> None:
    package = make_stocked(session, 10)
    token = make_cart(session, (package, 2))
    first, second = make_request(session, token), make_request(session, token)
    place(session, first, token)
    with pytest.raises(CartEmpty):
        place(session, second, token)


def test_anothers_form_token_opens_no_order_of_his(session: Session) -> None:
    package = make_stocked(session, 10)
    mine, yours = make_cart(session, (package, 1)), make_cart(session, (package, 1))
    request = make_request(session, mine)
    assert place(session, request, mine).id != place(session, request, yours).id


def test_a_price_that_rose_since_the_review_stops_the_order(session: Session) -> None:
    package = make_stocked(session, 10)
    token = make_cart(session, (package, 2))
    request = make_request(session, token)
    package.price_minor = 90_000
    session.flush()
    before = count(session, Reservation)
    with pytest.raises(CartChanged):
        place(session, request, token)
    assert count(session, Reservation) == before
    assert not carts.cart_page(session, token, locale="vi", on=TODAY, now=NOW).is_empty


def test_a_product_withdrawn_since_the_review_is_not_sold(session: Session) -> None:
    package = make_stocked(session, 10)
    token = make_cart(session, (package, 2))
    request = make_request(session, token)
    package.product.state = "withdrawn"
    session.flush()
    with pytest.raises(CartChanged):
        place(session, request, token)


def test_a_listing_is_judged_on_the_day_of_the_order(session: Session) -> None:
    package = make_stocked(session, 10, listed_until=TODAY)
    token = make_cart(session, (package, 1))
    request = make_request(session, token)
    with pytest.raises(CartChanged):
        checkout.place(
            session,
            request,
            token=token,
            gateways=GATEWAYS,
            now=NOW + timedelta(days=1),
            on=TODAY + timedelta(days=1),
        )
    assert place(session, request, token).judged_on == TODAY


def test_too_few_left_is_refused_and_nothing_is_written(session: Session) -> None:
    plenty, scarce = make_stocked(session, 10), make_stocked(session, 3)
    token = make_cart(session, (plenty, 1), (scarce, 3))
    request = make_request(session, token)
    make_order(session, (scarce, 1))
    before = count(session, Reservation)
    with pytest.raises((InsufficientStock, CartChanged)):
        place(session, request, token)
    assert count(session, Reservation) == before


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"country": "JP"}, "country"),
        ({"province_code": "999"}, "province"),
        ({"payment_method": "gold"}, "payment"),
    ],
)
def test_an_impossible_wish_is_refused_by_name(
    session: Session, change: dict[str, str], code: str
) -> None:
    token = make_cart(session, (make_stocked(session, 10), 1))
    with pytest.raises(CheckoutRefused) as refused:
        place(session, replace(make_request(session, token), **change), token)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_cash_is_limited_for_one_phone(session: Session) -> None:
    package = make_stocked(session, 10)
    for _ in range(3):
        make_order(session, (package, 1), payment_method="cod", phone="+84900000001")
    token = make_cart(session, (package, 1))
    request = make_request(session, token, payment_method="cod", phone="+84900000001")
    with pytest.raises(CheckoutRefused) as refused:
        place(session, request, token)
    assert refused.value.code == "cod_open_orders"


def test_a_cash_order_stands_at_once_and_a_transfer_has_a_day(session: Session) -> None:
    package = make_stocked(session, 10)
    cash = make_order(session, (package, 1), payment_method="cod")
    transfer = make_order(session, (package, 1))
    assert (cash.state, cash.payment_state, cash.pay_by) == ("confirmed", "authorized", None)
    assert (transfer.state, transfer.payment_state) == ("placed", "pending")
    assert transfer.pay_by == NOW + timedelta(hours=24)


def test_a_placed_order_is_announced(session: Session) -> None:
    order = make_order(session, (make_stocked(session, 10), 1))
    told = session.scalars(select(Fact).where(Fact.name == "order.placed")).all()
    assert {"order_id": order.id} in [fact.payload for fact in told]


def test_a_parcel_too_heavy_to_send_is_not_ordered(session: Session) -> None:
    producer = make_producer(session)
    package = make_stocked(session, 100, producer=producer)
    package.gross_weight_g = 16_000
    session.flush()
    token = make_cart(session, (package, 2))
    page = carts.cart_page(session, token, locale="vi", on=TODAY, now=NOW)
    assert [problem.code for problem in page.delivery_problems] == ["too_heavy"]
    with pytest.raises(CartChanged):
        place(session, make_request(session, token), token)


def test_lines_of_many_packages_are_all_ordered(session: Session) -> None:
    packages = [make_stocked(session, 5) for _ in range(8)]
    order = make_order(session, *[(package, 2) for package in packages])
    page = get_order_page(session, order.public_token)
    assert sum(line.quantity for parcel in page.parcels for line in parcel.lines) == 16
