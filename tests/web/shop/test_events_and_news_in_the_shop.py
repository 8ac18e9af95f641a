"""What is on, what a booth's code opens, collections of the season, and articles that cannot do anything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Product
from catalog.programme import articles, collections, events
from catalog.translating import set_translation
from core import clock
from core.db import write_session
from tests.factories import campaigns as make
from tests.web.page_client import Page, PageClient, words
from tests.web.shop.conftest import HOSTILE, Stalls

HERE = "/vi"


@contextmanager
def _changing(stalls: Stalls) -> Iterator[Session]:
    assert stalls.engine is not None
    with write_session(stalls.engine) as session:
        yield session
        session.commit()


def _product(session: Session, slug: str) -> Product:
    return session.scalars(select(Product).where(Product.slug == slug)).one()


def _fair(stalls: Stalls, starts_in: int = 5, **values: Any) -> make.Fair:
    with _changing(stalls) as session:
        product = _product(session, stalls.starred)
        return make.make_fair(
            session, product, on=clock.today(), starts_in=starts_in, now=clock.now(), **values
        )


def _graph(page: Page) -> list[dict[str, Any]]:
    script = page.one("script", type="application/ld+json")
    return json.loads(script.text)["@graph"]


def test_a_booths_code_opens_its_goods_in_the_scanners_language(
    client: PageClient, stalls: Stalls
) -> None:
    fair = _fair(stalls)
    answer = client.plain.get(f"/b/{fair.code}", headers={"Accept-Language": "ja"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/ja/booths/{fair.code}")
    page = client.get(f"/ja/booths/{fair.code}")
    assert f"/ja/products/{stalls.starred}" in page.links()
    assert f"/ja/events/{fair.slug}" in page.links()
    drawing = client.plain.get(f"/b/{fair.code}/code.svg")
    assert drawing.mimetype == "image/svg+xml"
    assert etree.fromstring(drawing.get_data()).tag.endswith("svg")
    assert "immutable" in drawing.headers["Cache-Control"]
    for path in ("/b/nobody", "/b/nobody/code.svg", "/vi/booths/nobody"):
        assert client.plain.get(path).status_code == 404, path


def test_after_the_event_the_code_still_leads_to_the_goods_and_to_the_next_event(
    client: PageClient, stalls: Stalls
) -> None:
    past = _fair(stalls, -10)
    following = _fair(stalls, 20, name="Hội nghị cung cầu", kind="conference")
    page = client.get(f"/vi/booths/{past.code}")
    assert f"/vi/products/{stalls.starred}" in page.links()
    assert f"/vi/events/{following.slug}" in page.links()
    listed = client.get("/vi/events").links()
    assert listed.index(f"/vi/events/{following.slug}") < listed.index(f"/vi/events/{past.slug}")


def test_an_event_says_when_where_and_who_and_is_an_event_to_machines(
    client: PageClient, stalls: Stalls
) -> None:
    fair = _fair(stalls)
    page = client.get(f"/en/events/{fair.slug}")
    assert "Đất Mũi" in page.text
    assert f"/en/producers/{stalls.producer}" in page.links()
    event, _crumbs = _graph(page)
    first = clock.today() + timedelta(days=5)
    assert (event["@type"], event["startDate"]) == ("Event", first.isoformat())
    assert event["location"]["address"]["addressCountry"] == "VN"
    with _changing(stalls) as session:
        events.move_event(session, fair.event, "cancel", actor=make.OFFICE, now=clock.now())
    event, _crumbs = _graph(client.get(f"/en/events/{fair.slug}"))
    assert event["eventStatus"].endswith("EventCancelled")


def test_a_draft_is_nobodys_business(client: PageClient, stalls: Stalls) -> None:
    with _changing(stalls) as session:
        article = articles.create_article(
            session, {"kind": "news", "name": "Bản nháp", "body": "…"}, actor=make.OFFICE,
            now=clock.now(),
        )  # fmt: skip
        collection = collections.create_collection(
            session, {"name": "Bản nháp"}, actor=make.OFFICE, now=clock.now()
        )
        paths = [f"/vi/news/{article.slug}", f"/vi/collections/{collection.slug}"]
    for path in paths:
        assert client.plain.get(path).status_code == 404, path
    assert "Bản nháp" not in client.get("/vi/news").text
    assert "Bản nháp" not in client.get("/vi/collections").text


def test_a_collection_shows_what_was_chosen_by_hand_first_and_only_what_is_on_sale(
    client: PageClient, stalls: Stalls
) -> None:
    with _changing(stalls) as session:
        gone = _product(session, stalls.hostile)
        gone.withheld = True
        row = make.make_collection(
            session, stalls.lapsed, stalls.hostile, now=clock.now(), rule={"province": ["96"]}
        )
    page = client.get(f"/vi/collections/{row.slug}")
    goods = [link for link in page.links() if link.startswith("/vi/products/")]
    assert goods[:2] == [f"/vi/products/{stalls.lapsed}", f"/vi/products/{stalls.starred}"]
    assert f"/vi/products/{stalls.hostile}" not in goods
    assert len(goods) == 29  # thirty goods of the province, one of which is withheld


def test_the_front_page_shows_the_season_and_the_next_event_only_while_they_last(
    client: PageClient, stalls: Stalls
) -> None:
    today = clock.today()
    _fair(stalls, -10, name="Phiên chợ đã qua")
    fair = _fair(stalls, 5)
    _fair(stalls, 30, name="Phiên chợ sau")
    with _changing(stalls) as session:
        row = make.make_collection(session, stalls.starred, ends_on=today, now=clock.now())
        make.make_collection(
            session, name="Mùa đã qua", ends_on=today - timedelta(days=1), now=clock.now()
        )
        other = 1 if today.month != 1 else 2
        make.make_collection(session, name="Mùa khác", months=(other,), now=clock.now())
    page = client.get("/vi/")
    assert {f"/vi/collections/{row.slug}", f"/vi/events/{fair.slug}"} <= set(page.links())
    for past in ("Phiên chợ đã qua", "Phiên chợ sau", "Mùa đã qua", "Mùa khác"):
        assert past not in page.text


def test_an_article_is_markdown_without_a_way_to_do_harm(
    client: PageClient, stalls: Stalls
) -> None:
    body = (
        f"# Đầu mục\n\n{HOSTILE}\n\n<script>alert(1)</script>\n\n[xấu](javascript:alert(1)) "
        "[tốt](https://example.org/a) ![theo dõi](https://tracker.example/p.gif)\n\n"
        "<img src=x onerror=alert(1)> **đậm**"
    )
    with _changing(stalls) as session:
        row = make.make_article(
            session, on=clock.today(), name=HOSTILE, summary=HOSTILE, body=body, now=clock.now()
        )
    page = client.get(f"/vi/news/{row.slug}")
    written = next(e for e in page.all("div") if e.get("class") == "written")
    tags = {e.tag.rpartition("}")[2] for e in written.iter() if isinstance(e.tag, str)}
    assert tags <= {"div", "h2", "p", "a", "strong"}
    links = [e.get("href") for e in written.iter() if e.get("href")]
    # A picture from elsewhere is a link that nobody follows unasked.
    assert links == ["https://example.org/a", "https://tracker.example/p.gif"]
    assert "noopener nofollow" in page.html
    assert words(page.one("h1")) == " ".join(HOSTILE.split())
    article = _graph(page)[0]
    assert (article["@type"], article["headline"]) == ("NewsArticle", HOSTILE)
    client.get("/vi/news")


def test_a_text_in_another_language_says_so_until_it_is_translated(
    client: PageClient, stalls: Stalls
) -> None:
    with _changing(stalls) as session:
        row = make.make_article(session, on=clock.today(), now=clock.now())
        set_translation(
            session, entity_kind="article", entity_id=row.id, field="name", locale="en",
            text="The country market opens", status="reviewed", actor=make.OFFICE,
            now=clock.now(),
        )  # fmt: skip
    page = client.get(f"/ja/news/{row.slug}")
    assert page.one("h1").get("lang") == "en"
    assert next(e for e in page.all("div") if e.get("class") == "written").get("lang") == "vi"
    assert client.get(f"/en/news/{row.slug}").one("h1").get("lang") is None


def test_the_feed_of_articles_is_atom_and_the_site_map_knows_every_page(
    client: PageClient, stalls: Stalls
) -> None:
    fair = _fair(stalls)
    with _changing(stalls) as session:
        article = make.make_article(session, on=clock.today(), now=clock.now())
        later = make.make_article(
            session, on=clock.today() + timedelta(days=1), name="Mai mới đăng", now=clock.now()
        )
        collection = make.make_collection(session, stalls.starred, now=clock.now())
    feed = etree.fromstring(client.plain.get("/en/news.atom").get_data())
    atom = "{http://www.w3.org/2005/Atom}"
    assert [e.findtext(f"{atom}title") for e in feed.findall(f"{atom}entry")] == [article.name]
    site_map = client.plain.get("/sitemap-0.xml").get_data(as_text=True)
    for path in (f"events/{fair.slug}", f"news/{article.slug}", f"collections/{collection.slug}"):
        assert f"<loc>http://localhost/de/{path}</loc>" in site_map
    assert later.slug not in site_map


@pytest.mark.usefixtures("app")
def test_no_page_of_these_sends_more_than_six_statements(
    client: PageClient, stalls: Stalls, sent: list[str]
) -> None:
    fair = _fair(stalls, -10)
    _fair(stalls, 3, name="Phiên chợ sau")
    with _changing(stalls) as session:
        article = make.make_article(session, on=clock.today(), now=clock.now())
        row = make.make_collection(session, stalls.starred, now=clock.now())
        ruled = make.make_collection(
            session, name="Theo tỉnh", rule={"province": ["96"]}, now=clock.now()
        )
    for path in (
        "/ja/", "/ja/events", f"/ja/events/{fair.slug}", f"/ja/booths/{fair.code}",
        "/ja/collections", f"/ja/collections/{row.slug}", f"/ja/collections/{ruled.slug}",
        "/ja/news", f"/ja/news/{article.slug}", "/ja/news.atom",
    ):  # fmt: skip
        sent.clear()
        client.plain.get(path)
        assert len(sent) <= 6, (path, sent)


def test_a_kept_page_follows_what_the_office_changes_at_once(
    client: PageClient, app: Flask, stalls: Stalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storefront import rendering

    monkeypatch.setattr(rendering, "is_keeping_allowed", lambda: True)
    with _changing(stalls) as session:
        row = make.make_article(session, on=clock.today(), now=clock.now())
    assert "Chợ quê mở cửa" in client.get("/vi/news").text
    with _changing(stalls) as session:
        articles.update_article(
            session, row.id, {"name": "Chợ quê đã mở"}, actor=make.OFFICE, now=clock.now()
        )
    assert "Chợ quê đã mở" in client.get("/vi/news").text
