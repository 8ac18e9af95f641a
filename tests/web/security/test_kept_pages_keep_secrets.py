"""What is kept for all visitors holds nothing of one of them, whatever they ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest
from flask import Flask
from html5lib import HTMLParser

from storefront import kept_pages, rendering
from storefront.app import create_app
from storefront.extensions import db
from tests.factories.house import House

ODD = {"Accept": "application/json", "Accept-Language": "ja", "Accept-Encoding": "gzip;q=x, br"}


@pytest.fixture
def app(house: House) -> Iterator[Flask]:
    """The house's shop, keeping pages."""
    app = create_app(replace(house.app.config["OCOP"], kept_pages=True))
    yield app
    with app.app_context():
        db.engine.dispose()


def test_pages_have_the_same_tag_in_every_process(app: Flask) -> None:
    assert rendering.MARKS_SECRET.encode() not in app.test_client().get("/vi/").get_data()
    body = f"<p>{rendering.CART_MARK}</p>".encode()
    secret = rendering.MARKS_SECRET.encode()
    assert kept_pages.digest(body) == kept_pages.digest(body.replace(secret, b""))


@pytest.mark.parametrize("mark", ["csrf", "nonce", "cart"])
@pytest.mark.parametrize("path", ["/vi/search?q=", "/vi/products?x=", "/vi/products?province="])
def test_a_query_cannot_call_for_a_visitors_secrets(app: Flask, path: str, mark: str) -> None:
    client = app.test_client()
    client.set_cookie("cart_count", "3")
    plain = client.get(f"{path}tea", follow_redirects=True).get_data(as_text=True)
    for _ in range(2):
        answer = client.get(path + quote(f"\ue000{mark}\ue000"), follow_redirects=True)
        text = answer.get_data(as_text=True)
        HTMLParser(strict=True).parse(text)
        nonce = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
        assert nonce is not None
        assert text.count(nonce[1]) == len(re.findall(r"<script", text))
        assert text.count('class="badge"') == plain.count('class="badge"')
        assert text.count('name="csrf_token"') == len(re.findall(r'method="post"', text))


def test_the_first_visitor_decides_nothing_for_the_next(app: Flask, house: House) -> None:
    paths = ["/vi/", "/en/products", "/vi/search?q=tom", "/vi/about"]
    for path in paths:
        first = app.test_client()
        first.set_cookie("cart_count", "7")
        first.set_cookie("locale", "ja")
        first.set_cookie("market", "XX")
        poison = {"X-Forwarded-Host": "evil.example", "Referer": "https://evil.example/", **ODD}
        first.head(path, headers=poison)
        first.get(path, headers=poison)
        answer = app.test_client().get(path)
        text = answer.get_data(as_text=True)
        assert 'class="badge"' not in text
        assert "evil.example" not in text
        assert f'<html lang="{path[1:3]}"' in text
        assert len(text) > 1000


def test_a_head_request_has_the_headers_and_no_body(app: Flask) -> None:
    client = app.test_client()
    for _ in range(2):
        head, full = client.head("/vi/products"), client.get("/vi/products")
        assert head.get_data() == b""
        assert head.status_code == full.status_code == 200
        assert head.headers["ETag"] == full.headers["ETag"]


def test_a_message_is_shown_once_to_its_own_visitor(app: Flask, house: House) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    own, other = app.test_client(), app.test_client()
    own.get("/vi/")
    own.post("/vi/cart/add", data={"package_id": "1", "quantity": "0"})
    told = [client.get("/vi/").get_data(as_text=True) for client in (other, own, own, other)]
    assert ["999" in text for text in told] == [False, True, False, False]


def test_a_signed_in_persons_page_is_never_kept(app: Flask, house: House) -> None:
    member = app.test_client()
    member.set_cookie("sign-in", house.tokens["producer"], domain="localhost")
    own = member.get("/vi/")
    assert own.headers["Cache-Control"] == "no-store"
    assert "Người producer" not in app.test_client().get("/vi/").get_data(as_text=True)


def test_random_queries_fill_no_memory(app: Flask) -> None:
    client = app.test_client()
    for number in range(300):
        client.get(f"/vi/products?x{number}={'y' * 1000}")
    shelf = app.extensions["kept_pages"]
    assert sum(len(page.body) for page in shelf._pages.values()) <= 8 * 2**20
    assert sum(len(key[1]) for key in shelf._pages) <= 2**20
