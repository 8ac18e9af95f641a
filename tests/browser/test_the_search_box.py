"""The search box with a keyboard and with a finger: the combobox pattern of WAI-ARIA."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from catalog.search.index import Index
from core.db import write_session
from tests.browser.conftest import DESKTOP, PHONE, LiveShop
from tests.conftest import TODAY
from tests.factories.catalog import make_producer, make_product, make_translation

pytestmark = pytest.mark.slow


@pytest.fixture
def stocked(shop: LiveShop) -> Any:
    """A shop with an index, a hostile name and some Japanese ones."""
    shop.set_day(TODAY)
    with write_session(shop.engine) as session:
        maker = make_producer(session, "Hợp tác xã Muối Bạc Liêu", province_code="96")
        for vi, ja in (
            ("Muối tôm Tây Ninh", "エビ塩"),
            ("Muối biển hạt to phơi nắng ba lần của diêm dân Bạc Liêu", "天日塩"),
            ("Mật ong rừng U Minh", "ウーミンの森の蜂蜜"),
            ("Mắm ba khía", "バーキアの塩辛"),
            ("Mực khô Cà Mau", "スルメイカ"),
            ("Mứt dừa Bến Tre", "ココナッツの砂糖漬け"),
            ('Mít "><svg onload=alert(1)>', "ジャックフルーツ"),
        ):
            product = make_product(session, vi, maker)
            make_translation(session, product, "ja", "name", ja)
        session.commit()
    shop.work()
    yield shop
    Index.open(shop.settings.search_dir).forget()


def typed(page: Page, text: str) -> Any:
    box = page.locator("#find")
    box.click()
    box.press_sequentially(text)
    expect(page.get_by_role("option").first).to_be_visible()
    return box


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize(("locale", "text"), [("vi", "m"), ("ja", "塩")])
def test_the_list_opens_fits_and_can_be_walked(
    stocked: LiveShop, visit: Any, width: int, locale: str, text: str
) -> None:
    visitor = visit(width)
    page = visitor.go(f"/{locale}/products")
    box = typed(page, text)
    options = page.get_by_role("option")
    count = options.count()
    visitor.look(f"suggest-{locale}-{width}")

    assert 0 < count <= 8
    assert visitor.overflow() == 0
    expect(box).to_have_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    box.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") is None
    box.press("ArrowUp")
    expect(options.nth(count - 1)).to_have_attribute("aria-selected", "true")
    visitor.look(f"suggest-{locale}-{width}-chosen")
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value(text)
    assert min(o["height"] for o in [box.bounding_box()]) >= 44


def test_enter_follows_the_chosen_one_and_otherwise_searches(stocked: LiveShop, visit: Any) -> None:
    page = visit(DESKTOP).go("/vi/")
    box = typed(page, "muc kho")
    box.press("ArrowDown")
    while "Mực khô Cà Mau" not in page.locator("[aria-selected=true]").inner_text():
        box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/vi/products/muc-kho-ca-mau*")

    page.goto(stocked.settings.base_url + "/vi/")
    typed(page, "muối").press("Enter")
    page.wait_for_url("**/vi/search?q=mu*")


def test_a_suggestion_keeps_where_goods_are_sent(stocked: LiveShop, visit: Any) -> None:
    page = visit(DESKTOP).go("/vi/products?to=jp")
    typed(page, "muc kho")
    page.get_by_role("option").filter(has_text="Mực khô Cà Mau").click()
    page.wait_for_url("**/vi/products/muc-kho-ca-mau*to=jp")


def test_a_finger_follows_a_suggestion_and_a_hostile_name_stays_text(
    stocked: LiveShop, visit: Any
) -> None:
    page = visit(PHONE, has_touch=True).go("/vi/")
    typed(page, "mít")
    option = page.get_by_role("option").filter(has_text="<svg onload")
    option.tap()
    page.wait_for_url("**/vi/products/mit*")


def test_leaving_the_box_closes_the_list(stocked: LiveShop, visit: Any) -> None:
    page = visit(PHONE).go("/vi/products")
    box = typed(page, "m")
    box.press("Tab")

    expect(page.get_by_role("listbox")).to_be_hidden()


def test_without_scripts_the_box_is_a_form(stocked: LiveShop, visit: Any) -> None:
    page = visit(PHONE, java_script_enabled=False).go("/vi/")
    page.locator("#find").fill("mật ong")
    page.locator("#find").press("Enter")
    page.wait_for_url("**/vi/search?q=*")

    assert "Mật ong rừng U Minh" in page.locator("main").inner_text()
