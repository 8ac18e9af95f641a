"""The box and the interface for machines: the plan of the page, stable pages, problems that name the mistake."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.models import Product
from catalog.search import store
from catalog.search.index import Index, rebuild
from catalog.search.indexing import apply_pending
from core import clock
from core.settings import Settings
from i18n.locales import ENABLED
from tests.factories import catalog as make
from tests.web.page_client import PageClient
from tests.web.shop.conftest import Stalls

JSON = "application/json"


@pytest.fixture
def visitor(app: Flask, stalls: Stalls, settings: Settings) -> Any:
    """A program that asks a shop with a fresh index."""
    with Session(stalls.engine) as session:
        rebuild(session, settings.search_dir, on=clock.today(), now=clock.now())
    yield app.test_client()
    Index.open(settings.search_dir).forget()


def ask(visitor: FlaskClient, path: str, status: int = 200) -> dict[str, Any]:
    response = visitor.get(path)
    assert response.status_code == status, response.text
    assert response.mimetype == (JSON if status == 200 else "application/problem+json")
    return dict(response.get_json())


def test_the_box_gets_names_notes_and_addresses_that_exist(
    visitor: FlaskClient, client: PageClient, stalls: Stalls
) -> None:
    for locale in ENABLED:
        answer = ask(visitor, f"/{locale}/search/suggest?q=m")
        assert 0 < len(answer["entries"]) <= 8
        assert str(len(answer["entries"])) in answer["status"]
        for entry in answer["entries"]:
            assert entry["label"]
            client.get(entry["address"])


def test_the_box_keeps_what_has_not_changed(visitor: FlaskClient) -> None:
    first = visitor.get("/vi/search/suggest?q=mu")
    again = visitor.get("/vi/search/suggest?q=mu", headers={"If-None-Match": first.headers["ETag"]})

    assert "public" in first.headers["Cache-Control"]
    assert "Set-Cookie" not in first.headers
    assert again.status_code == 304


def test_a_hostile_name_stays_text(visitor: FlaskClient, stalls: Stalls) -> None:
    found = ask(visitor, "/vi/search/suggest?q=svg")["entries"]

    assert [entry["label"] for entry in found if "<svg" in entry["label"]]
    assert all(entry["address"].startswith("/vi/") for entry in found)


def test_every_box_is_a_plain_form_that_names_its_suggestions(client: PageClient) -> None:
    for path in ("/vi/", "/ja/search", "/en/search?q=x"):
        page = client.get(path)
        forms = page.all("form", role="search")
        assert forms
        for form in forms:
            assert form.get("action").endswith("/search")
            assert form.get("data-suggest").endswith("/search/suggest")


def test_a_browser_is_told_how_to_search(client: PageClient, visitor: FlaskClient) -> None:
    assert client.get("/ja/").all("link", rel="search", href="/ja/opensearch.xml")
    for path in ("/ja/opensearch.xml", "/opensearch.xml"):
        response = visitor.get(path)
        assert response.mimetype == "application/opensearchdescription+xml"
        assert "{searchTerms}" in response.text
    found = visitor.get("/vi/search/suggest?format=opensearch&q=muoi").get_json()
    assert found[0] == "muoi"
    assert len(found[1]) == len(found[2]) == len(found[3]) > 0


def test_pages_of_a_search_hold_every_product_once_while_goods_come_and_go(
    visitor: FlaskClient, stalls: Stalls, settings: Settings
) -> None:
    seen: list[int] = []
    cursor = ""
    for turn in range(20):
        page = ask(visitor, f"/api/v1/search?q=&sort=price&limit=7{cursor}")
        seen += [item["id"] for item in page["items"]]
        if not page["next_cursor"]:
            break
        cursor = f"&cursor={page['next_cursor']}"
        with Session(stalls.engine) as session:  # a cheap one: it comes before the cursor
            product = make.make_product(session, f"Hàng rẻ {turn}", package_price_minor=1_000)
            session.commit()
            apply_pending(session, settings, [product.id], on=clock.today(), now=clock.now())
        Index.open(settings.search_dir).forget()
    with Session(stalls.engine) as session:
        listed = {p.id for p in session.query(Product) if not p.name.startswith("Hàng rẻ")}

    assert len(seen) == len(set(seen))
    assert listed <= set(seen)


def test_the_interface_finds_what_the_page_finds(
    visitor: FlaskClient, client: PageClient, stalls: Stalls
) -> None:
    page = client.get("/en/search?q=fish+sauce")
    found = ask(visitor, "/api/v1/search?q=fish+sauce&locale=en")
    links = [a for a in page.links() if a.startswith("/en/products/")]

    assert found["items"][0]["slug"] == stalls.starred
    assert found["items"][0]["name"] == {"value": "Anchovy fish sauce", "locale": "en"}
    assert found["items"][0]["stars"] == 4
    assert date.fromisoformat(found["items"][0]["stars_valid_to"]) > clock.today()
    assert f"/en/products/{found['items'][0]['slug']}" in links
    assert {f["value"] for f in found["facets"]["province"]} == {"ca-mau"}


def test_an_ended_certificate_gives_no_stars(visitor: FlaskClient, stalls: Stalls) -> None:
    found = ask(visitor, "/api/v1/search?q=" + quote("mật ong"))
    item = next(one for one in found["items"] if one["slug"] == stalls.lapsed)

    assert item["stars"] is None
    assert item["available"] == 0


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("q=" + "x" * 2001, "q"),
        ("locale=xx", "locale"),
        ("province=atlantis", "province"),
        ("stars=6", "stars"),
        ("sort=name", "sort"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=٣", "limit"),
        ("cursor=x", "cursor"),
        ("cursor=WzFd", "cursor"),
        ("cursor=" + "W" * 4000, "cursor"),
        ("page=2", "page"),
    ],
)
def test_a_wrong_parameter_is_named(visitor: FlaskClient, query: str, parameter: str) -> None:
    answer = ask(visitor, f"/api/v1/search?{query}", 400)

    assert answer["parameter"] == parameter
    assert answer["code"] == "bad_parameter"
    assert answer["status"] == 400


def test_a_cursor_serves_only_its_own_question(visitor: FlaskClient) -> None:
    cursor = ask(visitor, "/api/v1/search?limit=2")["next_cursor"]

    ask(visitor, f"/api/v1/search?limit=9&cursor={cursor}")
    assert ask(visitor, f"/api/v1/search?sort=price&cursor={cursor}", 400)["parameter"] == "cursor"


def test_answers_are_as_the_document_says(visitor: FlaskClient) -> None:
    document = ask(visitor, "/api/v1/openapi.json")
    schemas = document["components"]
    for path, name in (
        ("/api/v1/search?q=mam&locale=ja", "SearchResult"),
        ("/api/v1/search?q=xyzzy", "SearchResult"),
        ("/api/v1/suggest?q=m&locale=bn", "Suggestions"),
    ):
        answer = ask(visitor, path)
        schema = {"$ref": f"#/components/schemas/{name}", "components": schemas}
        jsonschema.Draft202012Validator(schema).validate(answer)
    assert {f"/api/v1{path}" for path in document["paths"]} == {
        "/api/v1/search",
        "/api/v1/suggest",
        "/api/v1/openapi.json",
    }


def test_answers_are_not_sent_twice(visitor: FlaskClient) -> None:
    for path in ("/api/v1/search?q=mam", "/api/v1/suggest?q=m", "/api/v1/openapi.json"):
        first = visitor.get(path)
        again = visitor.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert first.headers["Access-Control-Allow-Origin"] == "*"


def test_without_an_index_the_database_answers_and_says_so(
    visitor: FlaskClient, settings: Settings
) -> None:
    cursor = ask(visitor, "/api/v1/search?limit=2")["next_cursor"]
    for path in store.current(settings.search_dir).iterdir():
        path.write_bytes(b"")
    Index.open(settings.search_dir).forget()

    found = ask(visitor, "/api/v1/search?q=" + quote("muối"))
    assert found["degraded"]
    assert found["items"]
    assert ask(visitor, "/api/v1/suggest?q=muoi")["degraded"]
    assert ask(visitor, f"/api/v1/search?limit=2&cursor={cursor}", 503)["code"] == (
        "index_unavailable"
    )
