import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from catalog.models import Package
from core.db import write_session
from orders.models import CustomerOrder, StockItem
from tests.web.checkout.conftest import Visitor
from tests.web.page_client import check

ADDRESS = {
    "recipient": "Nguyễn Thị Bưởi",
    "phone": "0912 345 678",
    "email": "buoi@example.vn",
    "province": "96",
    "commune": "Phường An Xuyên",
    "street": "12 Phan Ngọc Hiển",
    "note": "Gọi trước khi giao",
    "payment_method": "vietqr",
}


def orders_in(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(CustomerOrder)) or 0


def fill_cart(visitor: Visitor, *package_ids: int) -> None:
    for package_id in package_ids:
        assert visitor.post("/en/cart/add", package_id=package_id, quantity=2).status_code == 303


def reviewed(visitor: Visitor, **changes: Any) -> dict[str, str]:
    page = visitor.post("/en/checkout", **{**ADDRESS, **changes})
    assert page.status_code == 200, page.get_data(as_text=True)
    return visitor.hidden(page, "/en/checkout/place")


def test_a_guest_buys_from_two_producers_by_transfer(
    visitor: Visitor, stocked: list[int], engine: Engine
) -> None:
    fill_cart(visitor, *stocked)
    cart = visitor.get("/en/cart").get_data(as_text=True)
    assert "340,000" in cart
    placed = visitor.client.post("/en/checkout/place", data=reviewed(visitor))
    assert placed.status_code == 303
    page = visitor.get(placed.location)
    text = page.get_data(as_text=True)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "<svg" in text
    assert "Vietcombank" in text
    assert "this account is invented" in text
    number = re.search(r"<title>Order (VN\d{11})", text)
    assert number is not None
    assert f'value="{number[1]}"' in text
    with Session(engine) as session:
        assert session.get_one(StockItem, stocked[0]).reserved == 4


def test_the_same_button_pressed_twice_leads_to_the_same_order(
    visitor: Visitor, stocked: list[int], engine: Engine
) -> None:
    fill_cart(visitor, stocked[0])
    form = reviewed(visitor)
    before = orders_in(engine)
    first = visitor.client.post("/en/checkout/place", data=form)
    second = visitor.client.post("/en/checkout/place", data=form)
    assert first.location == second.location
    assert orders_in(engine) == before + 1


def test_no_way_to_pay_is_ticked_for_the_buyer(visitor: Visitor, stocked: list[int]) -> None:
    fill_cart(visitor, *stocked)
    form = visitor.get("/en/checkout").get_data(as_text=True)
    ways = re.findall(r'<input[^>]*name="payment_method"[^>]*>', form)
    assert len(ways) == 2
    assert not [way for way in ways if "checked" in way]
    undecided = {name: value for name, value in ADDRESS.items() if name != "payment_method"}
    asked = visitor.post("/en/checkout", **undecided)
    assert asked.status_code == 422
    assert "Choose how you want to pay." in asked.get_data(as_text=True)


def test_whoever_buys_alcohol_reads_who_may(
    visitor: Visitor, stocked: list[int], engine: Engine
) -> None:
    words = "only to people aged 18 or over"
    fill_cart(visitor, *stocked)
    review = visitor.post("/en/checkout", **ADDRESS).get_data(as_text=True)
    assert words not in review
    with write_session(engine) as session:
        spirit = session.get_one(Package, stocked[1]).product
        spirit.subgroup_code = "D01"
        address = f"/en/products/{spirit.slug}"
        session.commit()
    assert words in visitor.get(address).get_data(as_text=True)
    review = visitor.post("/en/checkout", **ADDRESS).get_data(as_text=True)
    assert review.count(words) == 1


@pytest.mark.parametrize(
    "quantity", ["-1", "0", "1e3", "NaN", "99999999999999999999", "1.5", "٣", ""]
)
def test_a_strange_quantity_is_refused_in_words(
    visitor: Visitor, stocked: list[int], quantity: str
) -> None:
    fill_cart(visitor, stocked[0])
    visitor.post("/en/cart/add", package_id=stocked[0], quantity=quantity)
    page = visitor.get("/en/cart").get_data(as_text=True)
    assert "Give a whole number from 1 to 999" in page
    assert f'name="quantity-{stocked[0]}"' in page
    assert 'value="2"' in page


def test_hidden_prices_change_nothing(visitor: Visitor, stocked: list[int], engine: Engine) -> None:
    fill_cart(visitor, stocked[0])
    form = reviewed(visitor) | {
        "price": "1",
        "total": "1",
        "unit_price_minor": "1",
        "shipping": "0",
    }
    placed = visitor.client.post("/en/checkout/place", data=form)
    assert placed.status_code == 303
    with Session(engine) as session:
        order = session.scalars(select(CustomerOrder).order_by(CustomerOrder.id.desc())).first()
        assert order is not None
        assert order.goods_minor == 170_000
        assert order.total_minor > 170_000


def test_a_forged_quote_is_shown_the_real_order_and_nothing_is_bought(
    visitor: Visitor, stocked: list[int], engine: Engine
) -> None:
    fill_cart(visitor, stocked[0])
    before = orders_in(engine)
    answer = visitor.client.post("/en/checkout/place", data=reviewed(visitor) | {"quote": "0" * 32})
    assert answer.status_code == 409
    assert "Nothing has been ordered yet" in answer.get_data(as_text=True)
    assert orders_in(engine) == before


def test_a_price_that_rose_meanwhile_is_shown_before_anybody_pays(
    visitor: Visitor, stocked: list[int], engine: Engine
) -> None:
    from catalog.models import Package
    from core.db import write_session

    fill_cart(visitor, stocked[0])
    form = reviewed(visitor)
    with write_session(engine) as session:
        session.get_one(Package, stocked[0]).price_minor = 91_000
        session.commit()
    answer = visitor.client.post("/en/checkout/place", data=form)
    assert answer.status_code == 409
    text = answer.get_data(as_text=True)
    assert "182,000" in text
    assert "Nguyễn Thị Bưởi" in text
    again = visitor.hidden(answer, "/en/checkout/place")
    assert visitor.client.post("/en/checkout/place", data=again).status_code == 303


def test_a_wrong_phone_keeps_everything_that_was_typed(
    visitor: Visitor, stocked: list[int]
) -> None:
    fill_cart(visitor, stocked[0])
    page = visitor.post("/en/checkout", **{**ADDRESS, "phone": "12"})
    text = page.get_data(as_text=True)
    assert page.status_code == 422
    assert "This does not look like a telephone number" in text
    assert 'value="12 Phan Ngọc Hiển"' in text
    assert 'id="problems"' in text
    assert 'aria-invalid="true"' in text


def test_changing_the_address_from_the_review_keeps_it(
    visitor: Visitor, stocked: list[int]
) -> None:
    fill_cart(visitor, stocked[0])
    page = visitor.post("/en/checkout", **ADDRESS)
    form = visitor.hidden(page, "/en/checkout/edit")
    text = visitor.client.post("/en/checkout/edit", data=form).get_data(as_text=True)
    assert 'value="Nguyễn Thị Bưởi"' in text
    assert "Gọi trước khi giao" in text


def test_a_stale_form_comes_back_with_everything_in_it(
    visitor: Visitor, stocked: list[int]
) -> None:
    fill_cart(visitor, stocked[0])
    form = {**reviewed(visitor), "csrf_token": "from-yesterday"}
    answer = visitor.client.post("/en/checkout/place", data=form)
    assert answer.status_code == 400
    again = visitor.hidden(answer, "/en/checkout/place")
    assert again["recipient"] == "Nguyễn Thị Bưởi"
    assert visitor.client.post("/en/checkout/place", data=again).status_code == 303


def test_more_than_is_there_is_said_in_the_cart_and_blocks_the_checkout(
    visitor: Visitor, stocked: list[int]
) -> None:
    visitor.post("/en/cart/add", package_id=stocked[0], quantity=9)
    cart = visitor.get("/en/cart").get_data(as_text=True)
    assert "Only 8 are left" in cart
    assert "Go to checkout" not in cart
    assert visitor.post("/en/checkout", **ADDRESS).status_code == 422


def test_a_line_can_be_changed_and_removed(visitor: Visitor, stocked: list[int]) -> None:
    fill_cart(visitor, *stocked)
    visitor.post("/en/cart/update", **{f"quantity-{stocked[0]}": "5"})
    assert 'value="5"' in visitor.get("/en/cart").get_data(as_text=True)
    visitor.post("/en/cart/remove", package_id=stocked[0])
    page = visitor.get("/en/cart").get_data(as_text=True)
    assert f"quantity-{stocked[0]}" not in page
    assert f"quantity-{stocked[1]}" in page


def test_a_planted_cart_cookie_is_not_taken_up(visitor: Visitor, stocked: list[int]) -> None:
    visitor.client.set_cookie("ocop_cart", "planted-by-somebody-else")
    fill_cart(visitor, stocked[0])
    cookie = visitor.client.get_cookie("ocop_cart")
    assert cookie is not None
    assert cookie.value != "planted-by-somebody-else"
    assert cookie.http_only
    assert cookie.same_site == "Lax"


@pytest.mark.parametrize("token", ["1", "a" * 22, "../../etc/passwd", "x" * 3000])
def test_an_order_is_not_found_by_guessing(visitor: Visitor, token: str) -> None:
    assert visitor.get(f"/en/orders/{token}").status_code == 404


@pytest.mark.parametrize("locale", ["vi", "ja", "zh-hant", "bn"])
def test_every_page_of_buying_is_sound_in_every_open_language(
    app: Flask, visitor: Visitor, stocked: list[int], locale: str
) -> None:
    fill_cart(visitor, *stocked)
    for path in (f"/{locale}/cart", f"/{locale}/checkout"):
        check(app, visitor.get(path), path)
    wrong = visitor.post(f"/{locale}/checkout", payment_method="gold")
    assert wrong.status_code == 422
    check(app, wrong, f"/{locale}/checkout")
    page = visitor.post(f"/{locale}/checkout", **ADDRESS)
    check(app, page, f"/{locale}/checkout")
    form = visitor.hidden(page, f"/{locale}/checkout/place")
    moved = visitor.client.post(f"/{locale}/checkout/place", data={**form, "quote": "0"})
    check(app, moved, f"/{locale}/checkout/place")
    placed = visitor.client.post(f"/{locale}/checkout/place", data=form)
    assert placed.status_code == 303
    check(app, visitor.get(placed.location), placed.location)
    visitor.post(f"/{locale}/cart/add", package_id=stocked[0], quantity="9")
    check(app, visitor.get(f"/{locale}/cart"), f"/{locale}/cart")
    check(app, visitor.get(f"/{locale}/checkout"), f"/{locale}/checkout")


def test_an_empty_cart_says_so_and_checkout_leads_back_to_it(visitor: Visitor) -> None:
    assert "Your cart is empty" in visitor.get("/en/cart").get_data(as_text=True)
    assert visitor.get("/en/checkout").status_code == 303


def test_markup_in_a_name_is_shown_as_text(visitor: Visitor, stocked: list[int]) -> None:
    fill_cart(visitor, stocked[0])
    form = reviewed(visitor, recipient="<script>alert(1)</script>")
    placed = visitor.client.post(
        "/en/checkout/place", data={**form, "recipient": "<script>x</script>"}
    )
    assert "<script>x" not in visitor.get(placed.location).get_data(as_text=True)


def test_cart_and_order_pages_ask_at_most_six_questions(
    visitor: Visitor, stocked: list[int], app: Any
) -> None:
    from sqlalchemy import event

    from storefront.extensions import db

    fill_cart(visitor, *stocked)
    placed = visitor.client.post("/en/checkout/place", data=reviewed(visitor))
    fill_cart(visitor, *stocked)
    seen: list[str] = []
    with app.app_context():
        event.listen(
            db.engine, "before_cursor_execute", lambda _c, _cur, text, *_rest: seen.append(text)
        )
    for path in ("/en/cart", "/en/checkout", placed.location):
        seen.clear()
        assert visitor.get(path).status_code == 200
        questions = [text for text in seen if not text.startswith(("BEGIN", "ROLLBACK", "COMMIT"))]
        assert len(questions) <= 6, questions
