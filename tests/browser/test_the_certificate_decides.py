"""The exemplary story, in a browser: recorded, published, found; the day after expiry no star is left."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from catalog.rules.certification import valid_to
from core.actor import Actor
from core.db import write_session
from core.people import sign_in_links
from feeds import batches, profiles
from orders.models import StockItem
from tests.browser.conftest import DESKTOP, PHONE, LiveShop
from tests.conftest import NOW, TODAY
from tests.factories.catalog import make_certificate, make_package, make_product, make_translation
from tests.factories.people import make_member

pytestmark = pytest.mark.slow

ISSUED_ON = TODAY - timedelta(days=40)
LAST_DAY = valid_to(ISSUED_ON)


@dataclass
class Story:
    slug: str
    product_id: int
    link: str


@pytest.fixture
def story(shop: LiveShop) -> Story:
    """A complete draft without a certificate, beside goods that already have one."""
    shop.set_day(TODAY)
    with write_session(shop.engine) as session:
        other = make_product(session, "Nước mắm Phú Quốc")
        make_certificate(session, other, 5)
        product = make_product(
            session,
            "Nước mắm Hòn Đất",
            state="draft",
            published_at=None,
            packages=0,
            price_from_minor=None,
        )
        package = make_package(session, product, gtin="2000000000015", gtin_is_internal=True)
        session.add(StockItem(package_id=package.id, on_hand=12, reserved=0))
        make_translation(session, product, "ja", "name", "ホンダットのヌクマム（魚醤）")
        member = make_member(session, product.producer_id)
        token = sign_in_links.issue_link(
            session, member.id, actor=Actor.system("test"), now=NOW, valid_for=timedelta(days=1)
        )
        session.commit()
        return Story(product.slug, product.id, f"/vi/account/link/{token}")


def _structured_data(page: Page) -> list[dict[str, Any]]:
    blocks = page.locator('script[type="application/ld+json"]').all_text_contents()
    found = [json.loads(block) for block in blocks]
    return [
        item
        for block in found
        for item in (block.get("@graph", [block]) if isinstance(block, dict) else block)
    ]


def _product_data(page: Page) -> dict[str, Any]:
    return next(item for item in _structured_data(page) if item["@type"] == "Product")


def _feed_lines(shop: LiveShop, on: date) -> dict[str, dict[str, Any]]:
    profile = profiles.load("demo-supermarket", shop.settings.partners_dir)
    with write_session(shop.engine) as session:
        plan = batches.make_plan(session, profile, on=on)
        return {line.payload["gtin"]: line.payload for line in plan.lines}


def _record_and_publish(page: Page, product_id: int, base: str) -> None:
    page.goto(f"{base}/portal/products/{product_id}")
    page.locator(f'a[href="/portal/products/{product_id}/certificate"]').click()
    page.locator('[name="stars"][value="4"], select[name="stars"]').first.wait_for()
    if page.locator('select[name="stars"]').count():
        page.select_option('select[name="stars"]', "4")
    else:
        page.locator('[name="stars"][value="4"]').check(force=True)
    page.fill('[name="decision_number"]', "2865/QĐ-UBND")
    page.fill('[name="issued_on"]', ISSUED_ON.strftime("%d/%m/%Y"))
    page.fill('[name="issuer"]', "UBND tỉnh An Giang")
    page.locator("main form button").last.click()
    page.locator(f'form[action="/portal/products/{product_id}/publish"] button').click()
    page.wait_for_load_state()


def test_a_recorded_certificate_shows_until_its_last_day_and_nowhere_after(
    shop: LiveShop, story: Story, visit: Any
) -> None:
    producer = visit(PHONE, locale="vi-VN")
    producer.go(story.link)
    producer.page.locator("main form button").click()
    _record_and_publish(producer.page, story.product_id, shop.settings.base_url)
    producer.look("portal-published-vi-360")
    assert producer.overflow() <= 0
    shop.work()

    buyer = visit(PHONE)
    page = buyer.go(f"/vi/products/{story.slug}")
    assert "OCOP 4 sao" in page.inner_text("main")
    assert "2865/QĐ-UBND" in page.inner_text("main")
    assert _product_data(page)["hasCertification"]["certificationIdentification"] == "2865/QĐ-UBND"
    buyer.look("product-vi-360")
    assert buyer.overflow() <= 0

    for typed in ("nuoc mam hon dat", "nước mắm hòn đất"):
        page = buyer.go(f"/vi/search?q={typed}")
        first = page.locator("main h3, main h2").filter(has_text="Nước mắm Hòn Đất").first
        assert first.count() == 1
        assert "OCOP 4 sao" in page.inner_text("main")
    page = buyer.go("/ja/search?q=ヌクマム")
    assert "ホンダットのヌクマム" in page.inner_text("main")
    buyer.look("search-ja-360")
    assert _feed_lines(shop, TODAY)["02000000000015"]["recognition"]["stars"] == 4

    shop.set_day(LAST_DAY)
    assert "OCOP 4 sao" in buyer.go(f"/vi/products/{story.slug}").inner_text("main")

    shop.set_day(LAST_DAY + timedelta(days=1))
    page = buyer.go(f"/vi/products/{story.slug}")
    shown = page.inner_text("main")
    assert "OCOP" not in shown.split(page.inner_text("h1"), 1)[1].split("2865/QĐ-UBND")[0]
    assert "★" not in shown
    assert "hasCertification" not in _product_data(page)
    assert "OCOP" not in json.dumps(_structured_data(page))
    assert page.locator('form[action="/vi/cart/add"] button').first.is_enabled()
    buyer.look("product-after-expiry-vi-360")

    page = buyer.go("/vi/search?q=nuoc+mam+hon+dat")
    card = page.locator("main li, main article").filter(has_text="Nước mắm Hòn Đất").first
    assert "OCOP" not in card.inner_text()
    line = _feed_lines(shop, LAST_DAY + timedelta(days=1))["02000000000015"]
    assert line.get("recognition") is None
    assert "OCOP" not in json.dumps(line, ensure_ascii=False)


@pytest.mark.parametrize("locale", ["vi", "ja", "zh-hant", "bn"])
def test_no_page_of_the_shop_is_wider_than_its_window(
    shop: LiveShop, story: Story, visit: Any, locale: str
) -> None:
    with write_session(shop.engine) as session:
        for number in range(12):
            make_product(session, f"Muối tôm Bạc Liêu hạt to phơi nắng số {number}")
        session.commit()
    shop.work()
    buyer = visit(320)
    other = "/products/nuoc-mam-phu-quoc"
    listing = buyer.go(f"/{locale}/products")
    slug = listing.locator(f'main a[href*="{other}"]').first.get_attribute("href")

    ways = ("/", "/products", "/search?q=nuoc+mam", "/cart", "/about", "/account/sign-in")
    for path in (*(f"/{locale}{way}" for way in ways), str(slug)):
        buyer.go(path)
        for width in (DESKTOP, PHONE, 320):  # the next page opens as on a phone
            buyer.page.set_viewport_size({"width": width, "height": 800})
            assert buyer.overflow() <= 0, (path, width)
