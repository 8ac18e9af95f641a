"""The last visited pages of the catalogue are readable without a connection, and nothing private is kept."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.db import write_session
from tests.browser.conftest import DESKTOP, PHONE, LiveShop
from tests.conftest import TODAY
from tests.factories.catalog import make_producer, make_product

KEPT = """async (path) => {
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys())
      if (new URL(url).pathname === path) return true;
  return false;
}"""
ALL = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname);
  return found;
}"""


@pytest.fixture
def slugs(shop: LiveShop) -> list[str]:
    shop.set_day(TODAY)
    with write_session(shop.engine) as session:
        maker = make_producer(session, "HTX Muối Bạc Liêu")
        names = ("Muối tôm", 'Mật ong & "rừng" <b>', "Mắm ba khía")
        made = [make_product(session, name, maker).slug for name in names]
        session.commit()
    return made


def _wait_until_kept(page: Page, path: str) -> None:
    page.wait_for_function(KEPT, arg=path, timeout=60_000)


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_visited_pages_are_readable_offline_and_others_say_so(
    visit: Any, slugs: list[str], width: int
) -> None:
    visitor = visit(width)
    first, second, never = (f"/vi/products/{slug}" for slug in slugs)
    page = visitor.go(first)
    page.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=60_000)
    _wait_until_kept(page, first)
    page = visitor.go(second)
    _wait_until_kept(page, second)
    _wait_until_kept(page, "/vi/offline")
    visitor.go("/vi/cart")
    visitor.go("/vi/account")
    kept = page.evaluate(ALL)
    assert not [path for path in kept if any(word in path for word in ("cart", "account", "check"))]

    visitor.context.set_offline(True)
    page = visitor.go(second)
    expect(page.locator("h1")).to_contain_text("Mật ong")
    expect(page.locator("#no-connection")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.top')).display") == "grid"
    page = visitor.go(first)
    expect(page.locator("h1")).to_have_text("Muối tôm")
    for path in (never, "/vi/cart"):
        page = visitor.go(path)
        expect(page.locator("h1")).to_have_text("Không có kết nối")
        expect(page.get_by_role("link", name='Mật ong & "rừng" <b>')).to_be_visible()
        assert visitor.overflow() <= 0
    visitor.look(f"offline-{width}")
    visitor.context.set_offline(False)
    page = visitor.go(never)
    expect(page.locator("h1")).to_have_text("Mắm ba khía")
    expect(page.locator("#no-connection")).to_be_hidden()
    visitor.complaints[:] = [text for text in visitor.complaints if "net::ERR_" not in text]


def test_an_address_is_copied_and_the_code_is_loaded_when_it_is_asked_for(
    visit: Any, slugs: list[str]
) -> None:
    visitor = visit(PHONE, permissions=["clipboard-read", "clipboard-write"])
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    page = visitor.go(f"/en/products/{slugs[1]}")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/qr-" in url]
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    own = f"{visitor.base_url}/en/products/{slugs[1]}"
    assert page.evaluate("navigator.clipboard.readText()") == own
    with page.expect_response(lambda response: "/qr-" in response.url) as answered:
        page.locator(".sharing summary").click()
        page.locator(".sharing img").scroll_into_view_if_needed()
    assert answered.value.ok
    assert visitor.overflow() <= 0
    visitor.look("sharing")
