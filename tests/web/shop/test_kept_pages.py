from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from catalog.models import Product
from core.db import write_session
from core.facts import announce
from core.settings import Settings
from storefront.extensions import db
from storefront.kept_pages import UNSETTLED_SECONDS, KeptPage, Shelf
from tests.factories.application import application
from tests.web.page_client import PageClient, check
from tests.web.shop.conftest import Stalls


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """An application that keeps pages."""
    with application(replace(settings, kept_pages=True)) as app:
        yield app


def test_a_kept_page_costs_one_statement(
    client: PageClient, stalls: Stalls, sent: list[str]
) -> None:
    path = f"/vi/products/{stalls.starred}"
    first = client.get(path).text
    sent.clear()
    assert client.get(path).text == first
    assert len(sent) == 1
    assert "fact" in sent[0]


def test_postgresql_keeps_its_plans_of_a_page_from_one_visitor_to_the_next(
    client: PageClient, stalls: Stalls
) -> None:
    for number in range(8):  # psycopg prepares what it is asked more than five times
        client.plain.get(f"/vi/products/{stalls.starred}?number={number}")
    with client.app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":  # its driver keeps them whatever ends the reading
            return
        planned = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%product_ingredient%%'"
        ).scalar_one()
    assert planned > 0


@pytest.mark.parametrize("path", ["/vi/", "/vi/products", "/vi/products?province=ca-mau"])
def test_a_page_that_is_not_kept_yet_asks_for_the_newest_fact_once(
    client: PageClient, stalls: Stalls, sent: list[str], path: str
) -> None:
    client.get(path)
    asked = [s for s in sent if "ocop_newest_fact" in s or "max(id) FROM fact" in s]
    assert len(asked) == 1


def test_a_page_made_while_an_older_fact_may_come_is_kept_briefly(
    client: PageClient, stalls: Stalls
) -> None:
    path = f"/vi/products/{stalls.starred}"
    assert stalls.engine is not None
    if stalls.engine.dialect.name == "sqlite":  # one writer at a time: nothing older can come
        client.get(path)
        assert _seconds_left(client.app) > UNSETTLED_SECONDS
        return
    with Session(stalls.engine) as slow, Session(stalls.engine) as fast:
        announce(slow, "product.changed", product_id=1)
        slow.flush()
        announce(fast, "product.changed", product_id=2)
        fast.commit()
        client.get(path)
        assert _seconds_left(client.app) <= UNSETTLED_SECONDS
        slow.rollback()


def test_visitors_never_share_a_nonce_and_get_no_token_and_no_cookie(
    app: Flask, stalls: Stalls
) -> None:
    path = f"/vi/products/{stalls.starred}"
    one, two = PageClient(app).get(path), PageClient(app).get(path)
    assert one.form_to("/vi/cart/add")["csrf_token"] == ""
    assert "Set-Cookie" not in one.response.headers
    assert (
        one.response.headers["Content-Security-Policy"]
        != two.response.headers["Content-Security-Policy"]
    )


def test_a_shop_that_keeps_no_pages_sets_no_cookie_either(
    settings: Settings, stalls: Stalls
) -> None:
    with application(replace(settings, kept_pages=False)) as app:
        page = PageClient(app).get(f"/vi/products/{stalls.starred}")
    assert page.form_to("/vi/cart/add")["csrf_token"] == ""
    assert "Set-Cookie" not in page.response.headers


_SAME, _OTHER = {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "cross-site"}
_OWN, _FOREIGN = {"Origin": "http://localhost"}, {"Origin": "https://evil.example"}


@pytest.mark.parametrize(
    ("headers", "token", "status"),
    [
        (_SAME, "", 303),
        (_OWN, "", 303),
        (_OTHER, "", 403),
        (_FOREIGN, "", 403),
        ({**_OTHER, **_OWN}, "", 403),
        ({"Sec-Fetch-Site": "none"}, "", 400),
        ({}, "", 400),
        (_SAME, "of-another-session", 400),
    ],
)
def test_a_form_of_a_kept_page_is_known_by_where_it_comes_from(
    app: Flask, stalls: Stalls, headers: dict[str, str], token: str, status: int
) -> None:
    form = PageClient(app).get(f"/vi/products/{stalls.starred}").form_to("/vi/cart/add")
    sent = {**form, "csrf_token": token}
    answer = app.test_client().post("/vi/cart/add", data=sent, headers=headers)
    assert answer.status_code == status
    if status == 400:  # nothing is lost: the page offers to send what was chosen again
        assert f'value="{form["package_id"]}"' in answer.get_data(as_text=True)


def test_the_cart_badge_is_the_visitors_own(app: Flask, stalls: Stalls) -> None:
    client = PageClient(app)
    assert 'class="badge"' not in client.get("/vi/").html
    client.plain.set_cookie("cart_count", "3")
    assert '<b class="badge">3</b>' in client.get("/vi/").html
    client.plain.set_cookie("cart_count", "<script>")
    assert 'class="badge"' not in client.get("/vi/").html


def test_a_change_is_seen_at_once(client: PageClient, stalls: Stalls) -> None:
    path = f"/vi/products/{stalls.starred}"
    client.get(path)
    with write_session(stalls.engine) as session:
        product = session.query(Product).filter_by(slug=stalls.starred).one()
        product.name = "Nước mắm mới"
        announce(session, "product.changed", product_id=product.id)
        session.commit()
    assert client.get(path).heading == "Nước mắm mới"


def test_an_unchanged_page_is_not_sent_twice(client: PageClient, stalls: Stalls) -> None:
    first = client.get("/vi/").response
    again = client.plain.get("/vi/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert "Content-Security-Policy" not in again.headers
    client.plain.set_cookie("cart_count", "2")
    other = client.plain.get("/vi/", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_any_cache_may_keep_a_page_with_a_form_and_asks_each_time(
    app: Flask, stalls: Stalls
) -> None:
    path = f"/vi/products/{stalls.starred}"
    first = PageClient(app).get(path).response
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert first.headers["Vary"] == "Accept-Encoding"
    again = app.test_client().get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    changed = app.test_client()
    changed.set_cookie("ship_to", "jp")
    elsewhere = changed.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert elsewhere.status_code == 302


def test_kept_pages_travel_compressed(client: PageClient, app: Flask, stalls: Stalls) -> None:
    response = client.plain.get("/vi/products", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    body = gzip.decompress(response.get_data())
    response.set_data(body)
    check(app, response, "/vi/products")
    assert len(body) > 4 * int(response.headers["Content-Length"]) or len(body) > 10_000


def test_a_missing_product_is_never_kept(client: PageClient, stalls: Stalls) -> None:
    client.get("/vi/products/nowhere", 404)
    client.get("/vi/products?page=77", 404)
    assert all(key[0] != "/vi/products/nowhere" for key in _keys(client.app))
    assert all(b"page=77" not in key[1] for key in _keys(client.app))


def _keys(app: Flask) -> list[tuple[object, ...]]:
    shelf = app.extensions.get("kept_pages")
    return list(shelf._pages) if shelf else []


def _seconds_left(app: Flask) -> float:
    (page,) = app.extensions["kept_pages"]._pages.values()
    return float(page.until - time.monotonic())


def test_the_shelf_is_bounded_and_forgets_the_least_used() -> None:
    shelf = Shelf(most_bytes=2)
    for name in ("a", "b"):
        shelf.keep((name,), KeptPage(name.encode(), name, until=10.0))
    assert shelf.find(("a",), at=1.0) is not None
    shelf.keep(("c",), KeptPage(b"c", "c", until=10.0))
    assert shelf.find(("b",), at=1.0) is None
    assert shelf.find(("a",), at=11.0) is None
    assert len(shelf) == 1
