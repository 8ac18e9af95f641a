"""A producer sends photographs from a phone without scripts, and buyers see them on small and large screens."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from catalog.models import Product
from core.db import write_session
from tests.browser.conftest import DESKTOP, PHONE, LiveShop, Visitor
from tests.factories.catalog import make_certificate, make_producer, make_product
from tests.factories.orders import make_stocked
from tests.factories.people import make_member, sign_in
from tests.factories.pictures import bad_files, draw, encoded

pytestmark = pytest.mark.slow


def sizes_taken(visitor: Visitor) -> list[str]:
    """Which file the browser chose for each picture it has loaded."""
    found = visitor.page.evaluate(
        "Array.from(document.images).filter(i => i.complete && i.currentSrc.includes('/media/'))"
        ".map(i => i.currentSrc.split('/').pop())"
    )
    return [str(name) for name in found]


_LARGEST = """() => new Promise(done => new PerformanceObserver(list => {
  const last = list.getEntries().at(-1);
  const loaded = last.url ? performance.getEntriesByName(last.url).map(e => e.initiatorType) : [];
  done([last.element.tagName, loaded, last.element.loading || '']);
}).observe({type: 'largest-contentful-paint', buffered: true}))"""
"""What is painted largest, who asked for its file (a preload is a "link"), and whether it may come late."""


def test_a_producer_without_scripts_shows_goods_to_everybody(
    shop: LiveShop, visit: Any, tmp_path: Path
) -> None:
    with write_session(shop.engine) as session:
        seller = make_producer(session)
        for number in range(6):
            make_product(session, f"Muối hạt {number}", seller)
        # the newest stands in the first row of a list: its picture may not come late
        package = make_stocked(session, 20, producer=seller)
        product = session.get_one(Product, package.product_id)
        make_certificate(session, product, 4)
        person = make_member(session, product.producer_id, name="Trần Thị Bảy")
        token = sign_in(session, person, now=datetime.now(UTC))
        slug, number, maker = product.slug, product.id, product.producer.slug
        owner = product.producer_id
        session.commit()
    files = []
    for place, (width, height) in enumerate(((1600, 1200), (900, 1200), (1200, 800))):
        files.append(tmp_path / f"IMG_{place}.jpg")
        files[-1].write_bytes(encoded(draw(width, height), quality=85))
    phone = visit(PHONE, java_script_enabled=False)
    phone.context.add_cookies([{"name": "sign-in", "value": token, "url": shop.settings.base_url}])
    page = phone.go(f"/portal/products/{number}/pictures")
    phone.look("pictures-desk-empty-360")
    page.set_input_files("#files", [str(path) for path in files])
    page.locator("form[enctype] button").click()
    assert page.locator(".thumb.waits").count() == 3
    phone.look("pictures-desk-waiting-360")

    bad = tmp_path / "iphone.heic"
    bad.write_bytes(bad_files()["iphone.heic"][0])
    phone.refusals_expected = True
    page.set_input_files("#files", [str(bad)])
    page.locator("form[enctype] button").click()
    assert "HEIC" in page.inner_text("#problems")
    phone.look("pictures-desk-refused-360")
    shop.work()
    for width in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": 800})
        phone.go(f"/portal/products/{number}/pictures")
        assert page.locator("img.thumb").count() == 3
        phone.look(f"pictures-desk-{width}")
        assert phone.overflow() <= 0
    page.locator(".own-item a").first.click()
    phone.look("pictures-text-1280")
    page.set_viewport_size({"width": PHONE, "height": 800})
    phone.look("pictures-text-360")
    page.fill("#alt", "Chai nước mắm bên bát cá cơm")
    page.locator("form.stack button").click()
    phone.go(f"/portal/producers/{owner}/pictures")
    page.set_input_files("#files", [str(files[0]), str(files[2])])
    page.locator("form[enctype] button").click()
    shop.work()

    for width in (PHONE, DESKTOP):
        buyer = visit(width, device_scale_factor=2 if width == PHONE else 1)
        for name, path in (
            ("list", "/vi/products"),  # first: a browser takes a larger one it already has
            ("product", f"/vi/products/{slug}"),
            ("maker", f"/vi/producers/{maker}"),
        ):
            buyer.go(path)
            buyer.page.wait_for_load_state("networkidle")
            buyer.look(f"pictures-{name}-{width}")
            assert buyer.overflow() <= 0
            taken = sizes_taken(buyer)
            assert taken, path
            assert all(file.endswith(".avif") for file in taken)
            if width == PHONE:
                assert taken[0] == ("320.avif" if name == "list" else "640.avif"), (name, taken)
            largest, asked, loading = buyer.page.evaluate(_LARGEST)
            if name == "product":
                assert (largest, asked) == ("IMG", ["link"])
            assert loading != "lazy", (name, width)


def test_a_browser_with_scripts_sends_less_over_a_slow_line(
    shop: LiveShop, visit: Any, tmp_path: Path
) -> None:
    with write_session(shop.engine) as session:
        product = make_product(session)
        person = make_member(session, product.producer_id, name="Trần Thị Bảy")
        token = sign_in(session, person, now=datetime.now(UTC))
        number = product.id
        session.commit()
    large, small = tmp_path / "large.jpg", tmp_path / "small.jpg"
    large.write_bytes(encoded(draw(3000, 2000), quality=92))
    small.write_bytes(encoded(draw(600, 400), quality=80))
    assert large.stat().st_size > 1_000_000
    phone = visit(PHONE)
    phone.context.add_cookies([{"name": "sign-in", "value": token, "url": shop.settings.base_url}])
    page = phone.go(f"/portal/products/{number}/pictures")
    page.set_input_files("#files", [str(large), str(small)])
    page.wait_for_selector("#files[data-shrink=done]", timeout=60_000)
    sizes = page.evaluate("Array.from(document.querySelector('#files').files).map(f => f.size)")
    assert sizes[0] < large.stat().st_size
    assert sizes[1] == small.stat().st_size
    page.locator("form[enctype] button").click()
    with shop.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT width, height, file_name FROM media ORDER BY position"
        ).all()
    assert [tuple(row) for row in rows] == [(2048, 1365, "large.jpg"), (600, 400, "small.jpg")]
