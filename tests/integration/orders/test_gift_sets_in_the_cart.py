from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from catalog.errors import GiftSetNotFound
from catalog.models import Package
from core.money import Money
from orders import carts, stock
from orders.carts import CartPage
from orders.errors import BadQuantity, SetNotOnSale
from orders.gift_sets import SetOffer, add_set, offer_sets
from tests.factories.around import make_gift_set
from tests.factories.catalog import make_producer
from tests.factories.orders import NOW, TODAY, make_stocked


def cart_of(session: Session, token: str) -> CartPage:
    return carts.cart_page(session, token, locale="vi", on=TODAY, now=NOW)


def offered(session: Session, slug: str) -> SetOffer:
    from catalog.queries.gift_sets import get_gift_set

    view = get_gift_set(session, slug, locale="vi")
    return offer_sets(session, [view], locale="vi", on=TODAY, now=NOW)[0]


@pytest.fixture
def parts(session: Session) -> tuple[Package, Package]:
    """Fish sauce of one maker and honey of another."""
    return (
        make_stocked(session, producer=make_producer(session, "HTX Một")),
        make_stocked(session, name="Mật ong", producer=make_producer(session, "HTX Hai")),
    )


def test_a_set_costs_the_sum_and_becomes_one_parcel_for_each_producer(
    session: Session, parts: tuple[Package, Package]
) -> None:
    gift_set = make_gift_set(session, *parts)
    gift_set.parts[1].quantity = 2
    session.flush()
    offer = offered(session, gift_set.slug)
    assert offer.price == Money(parts[0].price_minor + 2 * parts[1].price_minor, "VND")
    token = carts.new_token()
    add_set(session, token, gift_set.slug, 3, on=TODAY, now=NOW)
    page = cart_of(session, token)
    assert [(row.offer.package_id, row.quantity) for row in page.rows] == [
        (parts[0].id, 3),
        (parts[1].id, 6),
    ]
    assert len(page.parcels) == 2
    assert page.total.goods == offer.price * 3


def test_what_lies_in_the_cart_already_is_added_to(
    session: Session, parts: tuple[Package, Package]
) -> None:
    gift_set = make_gift_set(session, *parts)
    token = carts.new_token()
    carts.add(session, token, parts[0].id, 2, now=NOW, on=TODAY)
    add_set(session, token, gift_set.slug, 1, on=TODAY, now=NOW)
    assert [row.quantity for row in cart_of(session, token).rows] == [3, 1]


def test_a_set_is_not_on_sale_when_one_part_is_not(
    session: Session, parts: tuple[Package, Package]
) -> None:
    gift_set = make_gift_set(session, *parts)
    token = carts.new_token()
    stock.reserve(session, {parts[1].id: offered(session, gift_set.slug).lines[1].offer.available})
    assert offered(session, gift_set.slug).available == 0
    missing = offered(session, gift_set.slug).missing
    assert missing is not None
    assert missing.problem == "sold_out"
    with pytest.raises(SetNotOnSale) as refused:
        add_set(session, token, gift_set.slug, 1, on=TODAY, now=NOW)
    assert refused.value.facts["part"] == "Mật ong"
    assert cart_of(session, token).is_empty


def test_a_withheld_part_takes_the_set_off_sale(
    session: Session, parts: tuple[Package, Package]
) -> None:
    gift_set = make_gift_set(session, *parts)
    parts[0].product.withheld = True
    session.flush()
    missing = offered(session, gift_set.slug).missing
    assert missing is not None
    assert missing.problem == "not_for_sale"


@pytest.mark.parametrize("quantity", [0, -1, 1000])
def test_a_number_of_sets_is_one_the_shop_sells(
    session: Session, parts: tuple[Package, Package], quantity: int
) -> None:
    gift_set = make_gift_set(session, *parts)
    with pytest.raises(BadQuantity):
        add_set(session, carts.new_token(), gift_set.slug, quantity, on=TODAY, now=NOW)


def test_a_draft_can_be_neither_seen_nor_bought(
    session: Session, parts: tuple[Package, Package]
) -> None:
    gift_set = make_gift_set(session, *parts, state="draft")
    with pytest.raises(GiftSetNotFound):
        add_set(session, carts.new_token(), gift_set.slug, 1, on=TODAY, now=NOW)
