"""The journey of a gift: by province, check its certificate, does it go to Japan, in Japanese, into the cart."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from catalog.models import Package
from catalog.price_list_offers import set_offer
from catalog.price_lists import create_price_list
from catalog.rules.pricing import Tier
from core.actor import Actor
from core.db import write_session
from orders.models import StockItem
from tests.browser.conftest import DESKTOP, PHONE, LiveShop
from tests.conftest import NOW, TODAY
from tests.factories.catalog import make_certificate, make_producer, make_product, make_translation

SYSTEM = Actor.system("test")
HONEY, NAME_JA = "Mật ong rừng U Minh", "ウミンの森の蜂蜜"


@pytest.fixture
def stalls(shop: LiveShop) -> None:
    """A certified honey that may go to Japan at a price in yen, and pork that may not, both of Cà Mau."""
    shop.set_day(TODAY)
    with write_session(shop.engine) as session:
        maker = make_producer(session, province_code="96")
        honey = make_product(
            session, HONEY, maker, subgroup_code="F04", hs6="040900", ingredients="Mật ong",
            allergens_state="none_declared", packshot="honey",
        )  # fmt: skip
        pork = make_product(
            session, "Chả lụa Bạc Liêu", maker, ingredients="Thịt heo", hs6="160249"
        )
        for field, text in (("name", NAME_JA), ("ingredients", "蜂蜜")):
            make_translation(session, honey, "ja", field, text)
        make_certificate(session, honey, 4, issued_on=TODAY - timedelta(days=40))
        for product in (honey, pork):
            package = session.query(Package).filter_by(product_id=product.id).one()
            session.add(StockItem(package_id=package.id, on_hand=9, reserved=0))
        japan = create_price_list(
            session, maker.id, "japan", name="Nhật Bản", kind="retail", currency="JPY",
            actor=SYSTEM, now=NOW,
        )  # fmt: skip
        package = session.query(Package).filter_by(product_id=honey.id).one()
        set_offer(
            session, japan.id, package.id, tiers=[Tier(1, 2_680)], valid_from=date(2026, 1, 1),
            actor=SYSTEM, now=NOW,
        )  # fmt: skip
        session.commit()
    shop.work()  # the worker judges the goods for every market


def switch_to_japanese(page: Page) -> None:
    link = page.locator('a[data-locale="ja"]')
    if not link.is_visible():
        page.locator(".languages summary").click()
    link.click()


@pytest.mark.parametrize(("width", "scripts"), [(DESKTOP, True), (PHONE, False)])
def test_a_gift_is_found_checked_judged_for_japan_and_put_into_the_cart(
    visit: Any, stalls: None, width: int, scripts: bool
) -> None:
    visitor = visit(width, java_script_enabled=scripts)
    page = visitor.go("/vi/")
    page.locator(".chips").get_by_role("link", name="Cà Mau").click()
    assert page.url.endswith("/vi/provinces/ca-mau")
    page.get_by_role("link", name=HONEY).click()
    page.get_by_role("link", name="Kiểm tra giấy chứng nhận này").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "/certificates/" in page.url
    page.go_back()

    page.locator("a.ship-to").click()
    page.locator("select[name=country]").select_option("jp")
    page.locator("main form button[type=submit]").click()
    assert page.url.endswith("?to=jp")
    expect(page.locator("#there")).to_contain_text("Gửi được")
    expect(page.locator(".buy .amount")).to_contain_text("2.680")
    assert visitor.overflow() <= 0 or not scripts

    switch_to_japanese(page)
    assert "/ja/products/" in page.url
    assert page.url.endswith("?to=jp")
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME_JA)
    expect(page.locator("a.ship-to")).to_contain_text("日本")
    expect(page.locator(".buy .amount")).to_contain_text("2,680")

    page.locator(".buy-form button[type=submit]").click()
    assert "/ja/cart" in page.url
    expect(page.locator("section.totals")).to_contain_text("2,680")
    expect(page.locator(".cart-row .there")).to_have_class("there open")
    page.goto(visitor.base_url + "/ja/products?province=ca-mau")
    assert page.url.endswith("province=ca-mau&to=jp"), "remembered, and sent on"
    expect(page.locator(".card .there.closed")).to_have_count(1)
    expect(page.locator(".card .there.open")).to_have_count(1)
    visitor.look(f"gift-{width}-{scripts}")
