"""Photographs on the pages of the shop: which, how heavy, how described, and how they are sent."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Media, Producer, Product
from catalog.pictures import sandbox
from catalog.pictures.store import FolderStore, name_of
from catalog.rules.pictures import rendition_names
from core import clock
from core.db import write_session
from core.settings import Settings
from tests.factories.pictures import draw, encoded, make_picture
from tests.web.page_client import PageClient
from tests.web.shop.conftest import Stalls
from tests.web.shop.test_pages_are_light import KB, MOST_STATEMENTS, weigh

WIDTH, HEIGHT = 1280, 960


@cache
def heavy() -> dict[str, bytes]:
    """The renditions of a picture as hard to compress as a grainy photograph."""
    return sandbox.render(encoded(draw(WIDTH, HEIGHT), quality=90), WIDTH)


@pytest.fixture
def pictures(stalls: Stalls, settings: Settings) -> dict[str, str]:
    """Two pictures of every product, one of the producer; what the first of the starred one is called."""
    assert stalls.engine is not None
    store = FolderStore(settings.media_dir)
    with write_session(stalls.engine) as session:
        made: list[Media] = []
        for product in session.scalars(select(Product)):
            made += [
                make_picture(session, product, clock.now(), width=WIDTH, height=HEIGHT)
                for _ in range(2)
            ]
            if product.slug == stalls.starred:
                made[-2].alt = "Chai nước mắm bên bát cá cơm"
                starred = made[-2].digest[:32]
        producer = session.scalars(select(Producer).where(Producer.slug == stalls.producer)).one()
        made.append(make_picture(session, producer, clock.now(), width=WIDTH, height=HEIGHT))
        session.commit()
    for media in made:
        for name in rendition_names(WIDTH):
            path = store.path(name_of(media.digest, name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(heavy()[name])
    return {"starred": starred}


def test_pictures_cost_no_page_a_statement(
    client: PageClient, stalls: Stalls, pictures: dict[str, str], sent: list[str]
) -> None:
    for path in (
        "/ja/",
        "/ja/products",
        f"/ja/products/{stalls.starred}",
        f"/ja/producers/{stalls.producer}",
    ):
        sent.clear()
        page = client.get(path)
        assert "/media/" in page.html
        assert len(sent) <= MOST_STATEMENTS, (path, sent)


@pytest.mark.parametrize("locale", ["vi", "ja", "zh-hant", "bn"])
def test_the_first_view_with_grainy_photographs_fits_a_slow_line(
    client: PageClient, app: Flask, stalls: Stalls, pictures: dict[str, str], locale: str
) -> None:
    """What a phone of 360 points loads at once: of a list the first row, of a product the main picture.

    A list shows two beside each other: its pictures count with the size such a phone takes (320), the
    main picture of a product with 640.
    """
    for path, budget, width in (
        ("/", 140, 320),
        ("/products", 140, 320),
        (f"/products/{stalls.starred}", 150, 640),
    ):
        page = client.get(f"/{locale}{path}")
        shown = [img for img in page.all("img") if "/media/" in img.get("src")]
        eager = [img for img in shown if img.get("loading") != "lazy"]
        above_fold = max(len(eager), 4) if width == 320 else 1
        assert len(eager) <= 4  # one row on a wide screen
        assert all(f"/{width}.jpg" in img.get("src") for img in eager)
        weight = weigh(app, page.html) + above_fold * len(heavy()[f"{width}.avif"])
        assert weight <= budget * KB, (path, weight)


def test_even_the_first_row_at_640_keeps_a_list_within_its_budget(
    client: PageClient, app: Flask, stalls: Stalls, pictures: dict[str, str]
) -> None:
    for path in ("/vi/products", "/ja/products"):
        weight = weigh(app, client.get(path).html) + 2 * len(heavy()["640.avif"])
        assert weight <= 140 * KB, (path, weight)


def test_a_product_page_shows_its_pictures_and_asks_for_the_first_at_once(
    client: PageClient, stalls: Stalls, pictures: dict[str, str]
) -> None:
    page = client.get(f"/en/products/{stalls.starred}")
    first, small, second = [img for img in page.all("img") if "/media/" in img.get("src")][:3]
    assert first.get("fetchpriority") == "high"
    assert first.get("alt") == "Chai nước mắm bên bát cá cơm"
    assert first.get("lang") == "vi"
    assert (first.get("width"), first.get("height")) == ("640", "480")
    assert small.get("loading") == second.get("loading") == "lazy"
    assert second.get("alt") == "Picture 2 of Anchovy fish sauce"
    preload = page.one("link", rel="preload", as_="image")
    source = next(s for s in page.all("source") if pictures["starred"] in s.get("srcset"))
    assert preload.get("imagesrcset") == source.get("srcset")
    assert preload.get("imagesizes") == source.get("sizes") == first.get("sizes")
    assert "Drawing" not in page.text


def test_every_picture_can_be_chosen_without_a_script(
    client: PageClient, stalls: Stalls, pictures: dict[str, str]
) -> None:
    page = client.get(f"/ja/products/{stalls.starred}")
    buttons = page.all("input", name="picture")
    assert [button.get("checked") is not None for button in buttons] == [True, False]
    for button in buttons:
        label = page.one("label", for_=button.get("id"))
        small = next(label.iter("{http://www.w3.org/1999/xhtml}img"))
        assert small.get("alt")
        assert "/320.jpg" in small.get("src")
        assert small.get("width") == "320"


def test_search_engines_and_messengers_are_told_of_the_picture(
    client: PageClient, stalls: Stalls, pictures: dict[str, str]
) -> None:
    page = client.get(f"/vi/products/{stalls.starred}")
    image = f"http://localhost/media/{pictures['starred']}/1280.jpg"
    assert page.one("meta", property="og:image").get("content") == image
    graph = json.loads(page.one("script", type="application/ld+json").text)["@graph"]
    assert graph[0]["image"][0] == image
    assert len(graph[0]["image"]) == 2
    client.get(f"/vi/producers/{stalls.producer}")


def test_without_a_picture_the_drawing_stays(client: PageClient, stalls: Stalls) -> None:
    page = client.get(f"/en/products/{stalls.starred}")
    assert "/media/" not in page.html
    assert "Drawing" in page.text


def test_a_picture_is_sent_once_and_for_ever(
    client: PageClient, app: Flask, pictures: dict[str, str]
) -> None:
    for ending, kind in (("avif", "image/avif"), ("jpg", "image/jpeg")):
        answer = app.test_client().get(f"/media/{pictures['starred']}/640.{ending}", buffered=True)
        assert answer.status_code == 200
        assert answer.data == heavy()[f"640.{ending}"]
        assert answer.mimetype == kind
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers


def test_sending_a_picture_asks_the_database_nothing(
    client: PageClient, app: Flask, pictures: dict[str, str], sent: list[str]
) -> None:
    sent.clear()
    app.test_client().get(f"/media/{pictures['starred']}/640.avif", buffered=True)
    assert sent == []


@pytest.mark.parametrize(
    "path",
    [
        "/media/{key}/master.jpg",
        "/media/{key}/641.jpg",
        "/media/{key}/640.png",
        "/media/{key}/640.avif.jpg",
        "/media/{key}/..%2f..%2fsecret_key",
        "/media/..%2f..%2fetc/640.jpg",
        "/media/0000000000000000/640.jpg",
        "/media/ffffffffffffffffffffffffffffffff/640.jpg",
    ],
)
def test_nothing_else_of_the_store_has_an_address(
    client: PageClient, app: Flask, pictures: dict[str, str], path: str
) -> None:
    answer = app.test_client().get(path.format(key=pictures["starred"]))
    assert answer.status_code == 404


def test_the_text_of_a_picture_stays_a_text(
    client: PageClient, stalls: Stalls, pictures: dict[str, str]
) -> None:
    assert stalls.engine is not None
    hostile = '"><script>alert(1)</script>'
    with Session(stalls.engine) as session:
        media = session.scalars(
            select(Media).where(Media.digest.startswith(pictures["starred"]))
        ).one()
        media.alt = hostile
        session.commit()
    page = client.get(f"/vi/products/{stalls.starred}")
    assert not re.search(r"<script>alert", page.html)
    assert hostile in [img.get("alt") for img in page.all("img")]
