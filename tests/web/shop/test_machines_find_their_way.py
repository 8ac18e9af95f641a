from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from lxml import etree
from sqlalchemy import update
from sqlalchemy.orm import Session

from catalog.models import Certificate
from core import clock
from core.facts import announce
from core.settings import Settings
from i18n.locales import ENABLED, OPEN_GRAPH, bcp47
from storefront.extensions import db
from storefront.shop import filters, machine_views
from tests.factories import catalog as make
from tests.factories.application import application
from tests.web.page_client import PageClient
from tests.web.shop.conftest import Stalls

A = "{http://www.w3.org/2005/Atom}"
S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
X = "{http://www.w3.org/1999/xhtml}"
BASE = "http://localhost"


def _feed(client: PageClient, locale: str) -> Any:
    response = client.plain.get(f"/{locale}/feed.atom")
    assert response.status_code == 200
    assert response.mimetype == "application/atom+xml"
    return etree.fromstring(response.get_data())


def _check_common(element: Any) -> None:
    """What RFC 4287 asks of a feed (4.1.1) and of an entry (4.1.2) alike."""
    for tag in ("id", "title", "updated"):
        assert len(element.findall(A + tag)) == 1, tag
        assert element.findtext(A + tag)
    assert element.findtext(A + "id").startswith(f"{BASE}/")
    assert len(element.findall(A + "author")) == 1
    assert element.find(A + "author").findtext(A + "name")
    assert datetime.fromisoformat(element.findtext(A + "updated")).tzinfo is not None
    links = [
        (link.get("rel"), link.get("type"), link.get("hreflang"))
        for link in element.findall(A + "link")
    ]
    assert len(set(links)) == len(links)
    assert all(link.get("href").startswith(BASE) for link in element.findall(A + "link"))


@pytest.mark.parametrize("locale", ENABLED)
def test_the_feed_of_each_language_is_atom(client: PageClient, stalls: Stalls, locale: str) -> None:
    root = _feed(client, locale)
    assert root.tag == A + "feed"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == bcp47(locale)
    _check_common(root)
    relations = {link.get("rel"): link.get("href") for link in root.findall(A + "link")}
    assert relations["self"] == f"{BASE}/{locale}/feed.atom"
    entries = root.findall(A + "entry")
    for entry in entries:
        _check_common(entry)
        assert entry.find(A + "summary").get("type", "text") == "text"
        assert entry.findtext(A + "published") <= entry.findtext(A + "updated")
    ids = [entry.findtext(A + "id") for entry in entries]
    assert len(set(ids)) == len(ids)
    addresses = [entry.find(A + "link").get("href") for entry in entries]
    assert addresses == [f"{BASE}/{locale}/products/{stalls.starred}"]
    client.get(addresses[0].removeprefix(BASE))


def test_the_feed_names_only_goods_whose_certificate_holds_the_latest_first(
    client: PageClient, stalls: Stalls
) -> None:
    assert stalls.engine is not None
    with Session(stalls.engine) as session:
        newer = make.make_product(session, "Trà \x1b hoa <b>vàng</b>")
        make.make_certificate(session, newer, 5, issued_on=clock.today())
        older = session.get_one(Certificate, stalls.certificate)
        session.commit()
        titles = [entry.findtext(A + "title") for entry in _feed(client, "vi").findall(A + "entry")]
        assert titles == ["Trà  hoa <b>vàng</b>", "Nước mắm cá cơm"]
        older.revoked_on = clock.today()
        session.commit()
    assert len(_feed(client, "vi").findall(A + "entry")) == 1


def test_every_page_names_the_feed_of_its_language(client: PageClient) -> None:
    for locale in ENABLED:
        link = client.get(f"/{locale}/about").one("link", type="application/atom+xml")
        assert link.get("href") == f"/{locale}/feed.atom"
        assert link.get("rel") == "alternate"


@pytest.fixture
def keeping(settings: Settings) -> Iterator[Flask]:
    with application(replace(settings, kept_pages=True)) as app:
        yield app


def test_the_feed_is_kept_until_a_fact_changes_it(
    keeping: Flask, stalls: Stalls, sent: list[str]
) -> None:
    with keeping.app_context():
        seen = _statements(keeping)
    client = keeping.test_client()
    first = client.get("/en/feed.atom")
    seen.clear()
    again = client.get("/en/feed.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert len(seen) == 1
    with keeping.app_context():
        db.session.execute(update(Certificate).values(revoked_on=clock.today()))
        announce(db.session(), "product.changed", product_id=1)
        db.session.commit()
    changed = client.get("/en/feed.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert b"<entry>" not in changed.get_data()


def _statements(app: Flask) -> list[str]:
    from sqlalchemy import event

    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SELECT pg_catalog")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    return seen


def test_a_feed_that_is_not_kept_has_an_etag_too(client: PageClient, stalls: Stalls) -> None:
    tag = client.plain.get("/en/feed.atom").headers["ETag"]
    again = client.plain.get("/en/feed.atom", headers={"If-None-Match": tag})
    assert again.status_code == 304


def test_site_maps_name_every_language_of_every_page_and_its_last_change(
    client: PageClient, stalls: Stalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine_views, "PER_FILE", 10)
    index = etree.fromstring(client.plain.get("/sitemap.xml").get_data())
    maps = index.findall(S + "sitemap")
    assert len(maps) == 1 + 3  # thirty goods, ten in a file
    goods: set[str] = set()
    for place, one in enumerate(maps):
        assert one.findtext(S + "lastmod")
        path = one.findtext(S + "loc").removeprefix(BASE)
        found = etree.fromstring(client.plain.get(path).get_data()).findall(S + "url")
        pages = {url.findtext(S + "loc"): url for url in found}
        assert len(pages) == len(found)
        for address, url in pages.items():
            others = {link.get("hreflang"): link.get("href") for link in url.findall(X + "link")}
            assert set(others) == {*map(bcp47, ENABLED), "x-default"}
            assert address in others.values()
            # reciprocal: each of the others names this one as well
            for tag in map(bcp47, ENABLED):
                back = pages[others[tag]].findall(X + "link")
                assert address in {link.get("href") for link in back}
            if place:
                assert url.findtext(S + "lastmod")
                assert url.findtext(S + "lastmod") <= one.findtext(S + "lastmod")
                goods.add(address.rsplit("/", 1)[1])
    assert len(goods) == 30


def test_a_list_in_another_order_is_the_same_list_to_search_engines() -> None:
    assert [
        filters.query_for_engines(filters.Chosen(sort=sort, page=page))
        for sort, page in (("", 1), ("", 2), ("price", 1), ("price", 2))
    ] == ["", "?page=2", "", ""]


def test_a_page_and_its_other_languages_name_each_other(client: PageClient, stalls: Stalls) -> None:
    tails = ("/", "/products?province=ca-mau", f"/products/{stalls.starred}", "/policies/terms")
    for tail in tails:
        named = []
        for locale in ENABLED:
            page = client.get(f"/{locale}{tail}")
            own = page.one("link", rel="canonical").get("href")
            assert own == f"{BASE}/{locale}{tail}"
            others = {
                link.get("hreflang"): link.get("href")
                for link in page.all("link", rel="alternate")
                if link.get("hreflang")
            }
            assert others[bcp47(locale)] == own
            named.append(others)
        assert all(others == named[0] for others in named)
        assert set(named[0]) == {*map(bcp47, ENABLED), "x-default"}


def test_crawlers_are_kept_out_of_what_is_private_only(client: PageClient) -> None:
    from urllib.robotparser import RobotFileParser

    robots = RobotFileParser()
    robots.parse(client.plain.get("/robots.txt").text.splitlines())
    for locale in ENABLED:
        for path in ("cart", "checkout", "orders/x", "account", "search?q=x"):
            assert not robots.can_fetch("any", f"{BASE}/{locale}/{path}")
        for path in ("", "products", "products/x", "producers/x", "policies/terms", "feed.atom"):
            assert robots.can_fetch("any", f"{BASE}/{locale}/{path}")
    assert robots.site_maps() == [f"{BASE}/sitemap.xml"]


@pytest.mark.parametrize("locale", ["vi", "zh-hant", "bn"])
def test_a_chat_shows_name_words_and_one_picture_of_every_kind_of_page(
    client: PageClient, stalls: Stalls, locale: str
) -> None:
    pages = ["", "products", "about", "policies", "policies/complaints", "provinces", "live"]
    pages += [f"products/{stalls.starred}", f"producers/{stalls.producer}"]
    for path in pages:
        page = client.get(f"/{locale}/{path}", follow_redirects=True)
        said = {
            name: [one.get("content") for one in page.all("meta", property=f"og:{name}")]
            for name in ("title", "description", "type", "locale", "url", "image", "site_name")
        }
        assert all(len(values) == 1 and values[0] for values in said.values()), (path, said)
        assert said["locale"] == [OPEN_GRAPH[locale]]
        assert said["image"][0].startswith(f"{BASE}/")
        with client.plain.get(said["image"][0].removeprefix(BASE)) as picture:
            assert picture.mimetype == "image/png"
        described = page.one("meta", name="description").get("content")
        assert said["description"] == [described]
