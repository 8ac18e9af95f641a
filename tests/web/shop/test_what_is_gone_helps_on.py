from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from catalog.models import Product
from i18n.locales import ENABLED
from storefront.extensions import db
from storefront.request_context import LOCALE_PREFIX
from tests.web.page_client import H, Page, PageClient, check
from tests.web.shop.conftest import Stalls


def _change(app: Flask, slug: str, **values: Any) -> None:
    with app.app_context():
        db.session.execute(update(Product).where(Product.slug == slug).values(**values))
        db.session.commit()


@pytest.mark.parametrize("locale", ENABLED)
def test_a_withdrawn_product_is_gone_and_shows_goods_instead(
    client: PageClient, stalls: Stalls, locale: str
) -> None:
    _change(client.app, stalls.lapsed, state="withdrawn")
    page = client.get(f"/{locale}/products/{stalls.lapsed}", 410)
    assert "Mật ong rừng U Minh" in page.text
    assert f"/{locale}/producers/{stalls.producer}" in page.links()
    found = page.root.xpath("//*[@class='goods']//*[local-name()='a']")
    goods = [link.get("href") for link in found]
    assert goods
    assert f"/{locale}/products/{stalls.lapsed}" not in goods
    assert page.one("input", id="find-here").get("name") == "q"
    assert page.response.headers["X-Request-Id"] in page.text
    assert page.one("meta", name="robots").get("content") == "noindex"


def test_what_is_gone_is_named_in_the_language_of_the_page(
    client: PageClient, stalls: Stalls
) -> None:
    _change(client.app, stalls.starred, state="withdrawn")
    named = _named(client.get(f"/en/products/{stalls.starred}", 410))
    assert (named.text, named.get("lang")) == ("Anchovy fish sauce", None)
    named = _named(client.get(f"/vi/products/{stalls.starred}", 410))
    assert named.text != "Anchovy fish sauce"
    _change(client.app, stalls.lapsed, state="withdrawn")
    assert _named(client.get(f"/en/products/{stalls.lapsed}", 410)).get("lang") == "vi"


def _named(page: Page) -> Any:
    """The name of what is gone, as an element."""
    return page.one("p", class_="lead").find(f"{H}b")


def test_a_product_that_is_withheld_may_come_back(client: PageClient, stalls: Stalls) -> None:
    _change(client.app, stalls.lapsed, withheld=True)
    page = client.get(f"/en/products/{stalls.lapsed}", 404)
    assert "not on sale at the moment" in page.heading


def test_nobody_learns_of_a_draft(client: PageClient, stalls: Stalls) -> None:
    _change(client.app, stalls.lapsed, state="draft", published_at=None)
    page = client.get(f"/en/products/{stalls.lapsed}", 404)
    assert page.heading == client.get("/en/products/never-was", 404).heading
    assert "Mật ong" not in page.text


def test_a_hostile_name_stays_text_when_it_is_gone(client: PageClient, stalls: Stalls) -> None:
    _change(client.app, stalls.hostile, state="withdrawn")
    page = client.get(f"/vi/products/{stalls.hostile}", 410)
    assert "alert(1)" in page.text


def test_what_is_gone_costs_few_statements(
    client: PageClient, stalls: Stalls, sent: list[str]
) -> None:
    _change(client.app, stalls.lapsed, state="withdrawn")
    sent.clear()
    client.get(f"/ja/products/{stalls.lapsed}", 410)
    assert len(sent) <= 6, sent


@pytest.mark.parametrize("status", [403, 404, 410, 429, 500])
def test_every_error_page_has_a_search_box_and_a_reference(app: Flask, status: int) -> None:
    def fail() -> None:
        if status == 500:
            raise RuntimeError("a surprise")
        from flask import abort

        abort(status)

    fail.access = frozenset()  # type: ignore[attr-defined]
    app.add_url_rule(f"{LOCALE_PREFIX}/broken", "broken", fail)
    page = check(app, app.test_client().get("/vi/broken"), "/vi/broken")
    assert page.status == status
    assert page.one("input", id="find-here").get("name") == "q"
    assert page.response.headers["X-Request-Id"] in page.text
    assert "/vi/products" in page.links()
