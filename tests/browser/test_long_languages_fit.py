from __future__ import annotations

from typing import Any

import pytest

from core.db import write_session
from tests.browser.conftest import PHONE, LiveShop
from tests.factories.catalog import make_product
from tests.factories.pseudo import CLOSES, put_on


@pytest.mark.parametrize("locale", ["pseudo", "de", "bn"])
def test_no_page_is_wider_than_a_phone_in_a_long_language(
    shop: LiveShop, visit: Any, monkeypatch: pytest.MonkeyPatch, locale: str
) -> None:
    with write_session(shop.engine) as session:
        product = make_product(session, "Muối tôm Bạc Liêu hạt to phơi nắng")
        slug = product.slug
        session.commit()
    shop.work()
    address = locale
    if locale == "pseudo":
        put_on(monkeypatch, "en")
        address = "en"
    buyer = visit(PHONE)
    for path in ("/", "/products", f"/products/{slug}", "/search?q=muoi", "/cart", "/about"):
        page = buyer.go(f"/{address}{path}")
        assert buyer.overflow() <= 0, path
        assert (CLOSES in page.inner_text("main")) == (locale == "pseudo"), path
    buyer.go(f"/{address}/account/sign-in")
    assert buyer.overflow() <= 0
