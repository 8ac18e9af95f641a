from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from core.money import Money
from orders import carts
from orders.carts import CartPage
from orders.errors import BadQuantity, CartFull, NeverSent, PackageNotFound
from orders.models import Cart
from tests.factories.catalog import make_producer, make_product, make_translation
from tests.factories.orders import NOW, TODAY, make_cart, make_order, make_stocked


def page_of(session: Session, token: str, locale: str = "vi") -> CartPage:
    return carts.cart_page(session, token, locale=locale, on=TODAY, now=NOW)


def codes(page: CartPage) -> list[str]:
    return [problem.code for row in page.rows for problem in row.problems]


def test_the_token_itself_is_not_stored(session: Session) -> None:
    token = make_cart(session, (make_stocked(session), 1))
    cart = carts.get_cart(session, token)
    assert cart is not None
    assert token not in cart.token_hash
    assert carts.get_cart(session, "") is None


def test_the_same_thing_twice_is_one_line(session: Session) -> None:
    package = make_stocked(session)
    token = make_cart(session, (package, 1), (package, 2))
    assert [row.quantity for row in page_of(session, token).rows] == [3]


@pytest.mark.parametrize("quantity", [0, -1, 1000, 10**30, True])
def test_a_quantity_is_a_whole_number_the_shop_sells(session: Session, quantity: int) -> None:
    package = make_stocked(session)
    with pytest.raises(BadQuantity):
        make_cart(session, (package, quantity))


def test_a_cart_holds_only_so_many_different_things(session: Session) -> None:
    producer = make_producer(session)
    packages = [make_stocked(session, producer=producer) for _ in range(carts.MOST_LINES)]
    token = make_cart(session, *[(package, 1) for package in packages])
    with pytest.raises(CartFull):
        carts.add(session, token, make_stocked(session).id, 1, now=NOW, on=TODAY)


def test_what_is_not_for_sale_cannot_be_put_in(session: Session) -> None:
    draft = make_stocked(session, state="draft", published_at=None)
    for package_id in (draft.id, 10**9):
        with pytest.raises(PackageNotFound):
            carts.add(session, carts.new_token(), package_id, 1, now=NOW, on=TODAY)


def test_a_visit_is_asked_for_and_never_put_in(session: Session) -> None:
    visit = make_stocked(session, subgroup_code="T01", vat_class="8")
    with pytest.raises(NeverSent) as refused:
        carts.add(session, carts.new_token(), visit.id, 1, now=NOW, on=TODAY)
    assert refused.value.code == "service_not_goods"


def test_what_became_a_visit_in_the_cart_blocks_the_order(session: Session) -> None:
    goods, other = make_stocked(session), make_stocked(session)
    token = make_cart(session, (goods, 1), (other, 1))
    other.product.subgroup_code = "T01"
    session.flush()
    page = page_of(session, token)
    assert codes(page) == ["service_not_goods"]
    assert not page.can_be_ordered
    assert [row.offer.package_id for row in page.unavailable] == [other.id]


def test_a_changed_price_is_said_once_seen_it_is_quiet(session: Session) -> None:
    package = make_stocked(session)
    token = make_cart(session, (package, 1))
    package.price_minor = 90_000
    session.flush()
    page = page_of(session, token)
    (problem,) = page.rows[0].problems
    assert problem.facts == {"old": Money(85_000, "VND"), "new": Money(90_000, "VND")}
    assert page.can_be_ordered
    assert page.total.goods == Money(90_000, "VND")
    carts.note_prices_seen(session, token, page)
    assert codes(page_of(session, token)) == []


def test_what_was_sold_meanwhile_is_said_and_not_charged(session: Session) -> None:
    scarce, plenty, gone = make_stocked(session, 5), make_stocked(session, 9), make_stocked(session)
    token = make_cart(session, (scarce, 4), (plenty, 1), (gone, 1))
    make_order(session, (scarce, 3))
    gone.active = False
    session.flush()
    page = page_of(session, token)
    assert codes(page) == ["too_few", "not_for_sale"]
    assert [row.offer.package_id for row in page.unavailable] == [gone.id]
    assert page.total.goods == Money(5 * 85_000, "VND")
    assert not page.can_be_ordered


def test_sold_out_is_said(session: Session) -> None:
    package = make_stocked(session, 3)
    token = make_cart(session, (package, 1))
    make_order(session, (package, 3))
    assert codes(page_of(session, token)) == ["sold_out"]


def test_a_name_says_which_language_it_is_in(session: Session) -> None:
    package = make_stocked(session)
    token = make_cart(session, (package, 1))
    assert page_of(session, token, "ja").rows[0].offer.name.locale == "vi"
    make_translation(session, package.product, "ja", "name", "魚醤")
    name = page_of(session, token, "ja").rows[0].offer.name
    assert (name.value, name.locale) == ("魚醤", "ja")


def test_the_cart_shows_the_same_total_the_order_will_have(session: Session) -> None:
    lines = [(make_stocked(session), 2), (make_stocked(session), 1)]
    total = page_of(session, make_cart(session, *lines)).total.total
    assert make_order(session, *lines).total_minor == total.amount


def test_a_cart_untouched_for_ninety_days_is_forgotten(session: Session) -> None:
    old, kept = make_cart(session, (make_stocked(session), 1)), carts.new_token()
    later = NOW + timedelta(days=91)
    carts.add(session, kept, make_stocked(session).id, 1, now=later, on=TODAY)
    carts.drop_expired(session, now=later)
    session.expire_all()
    assert carts.get_cart(session, old) is None
    assert isinstance(carts.get_cart(session, kept), Cart)


def test_the_cart_asks_four_questions_however_full_it_is(
    session: Session, statements: list[str]
) -> None:
    token = make_cart(session, *[(make_stocked(session), 1) for _ in range(9)])
    statements.clear()
    assert len(page_of(session, token, "ja").rows) == 9
    assert len(statements) == 4, "its lines, the rules of today, the price lists, the offers"


def test_a_minimum_order_is_kept_to(session: Session) -> None:
    make_product(session)
    package = make_stocked(session, 20)
    package.min_order = 3
    session.flush()
    token = make_cart(session, (package, 1))
    assert page_of(session, token).rows[0].quantity == 3
    carts.set_quantity(session, token, package.id, 2, now=NOW)
    assert codes(page_of(session, token)) == ["below_minimum"]
