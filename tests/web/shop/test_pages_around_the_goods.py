"""Provinces, places and shared brands: what stands around the goods and leads to them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from catalog.models import Product
from core import clock
from core.db import write_session
from i18n.catalogue import speaking
from storefront.extensions import db
from storefront.shop.provinces import recognised
from tests.factories import around, rights
from tests.web import schema_org
from tests.web.page_client import PageClient
from tests.web.shop.conftest import HOSTILE, Stalls

Write = Callable[[Callable[[Session, Product], None]], None]


@pytest.fixture
def write(app: Flask, stalls: Stalls) -> Write:
    """Change something about the goods on the stalls: the callable gets the starred product."""

    def run(change: Callable[[Session, Product], None]) -> None:
        with app.app_context(), write_session(db.engine) as session:
            change(session, session.query(Product).filter_by(slug=stalls.starred).one())
            session.commit()

    return run


def test_a_province_counts_what_is_recognised_and_on_sale_that_day(
    client: PageClient, stalls: Stalls
) -> None:
    page = client.get("/en/provinces/ca-mau")
    facts = {
        dt.text: " ".join("".join(dd.itertext()).split())
        for dt, dd in zip(page.all("dt"), page.all("dd"), strict=True)
    }
    assert facts["Recognised products"].startswith("1 with 4 stars")
    assert facts["On sale here"].startswith("30")
    assert facts["Communes and wards"].startswith("64")
    assert "202/2025/QH15" in facts["Communes and wards"]
    assert "Bạc Liêu" in facts["Before July 2025"]
    assert page.all("a", href="/en/products?province=ca-mau&commune=ca-mau.dat-mui")
    assert page.all("a", href=f"/en/producers/{stalls.producer}")


@pytest.mark.parametrize(
    ("certified", "said"),
    [
        (
            [(5, 4), (4, 1), (3, 1_040)],
            "1,045, of them 4 with 5 stars, 1 with 4 stars, 1,040 with 3 stars",
        ),
        ([(3, 44)], "44 with 3 stars"),
        ([], "0"),
    ],
)
def test_stars_of_a_province_are_said_as_a_person_would(
    certified: list[tuple[int, int]], said: str
) -> None:
    with speaking("en"):
        assert recognised(certified) == said


@pytest.mark.parametrize("name", ["bac-lieu", "Cà Mau", "tinh-ca-mau"])
def test_an_older_name_of_a_province_leads_to_its_page(
    client: PageClient, stalls: Stalls, name: str
) -> None:
    response = client.plain.get(f"/vi/provinces/{name}")
    assert (response.status_code, response.headers["Location"]) == (301, "/vi/provinces/ca-mau")
    client.get("/vi/provinces/atlantis", 404)


def test_a_province_without_goods_helps_on(client: PageClient, stalls: Stalls) -> None:
    page = client.get("/vi/provinces/lai-chau")
    assert page.all("a", href="/vi/provinces")
    assert page.all("a", class_="button second", href="/vi/products")


def test_a_place_leads_to_its_goods_and_only_once_it_is_published(
    client: PageClient, write: Write
) -> None:
    def draft(session: Session, product: Product) -> None:
        around.make_place(
            session, slug="mui", state="draft", products=[product], producers=[product.producer]
        )

    write(draft)
    client.get("/en/places/mui", 404)
    write(lambda session, _: around.make_place(session, slug="rung", story=HOSTILE))

    def publish(session: Session, _product: Product) -> None:
        from catalog.models import Place

        session.query(Place).filter_by(slug="mui").one().state = "published"

    write(publish)
    page = client.get("/en/places/mui")
    assert page.heading == "Cà Mau Cape"
    assert "Anchovy fish sauce" in page.text
    assert "Not translated yet; shown in Vietnamese" in page.text  # the way there has no English
    graph = json.loads(page.all("script", type="application/ld+json")[0].text)["@graph"]
    assert graph[0]["@type"] == "TouristAttraction"
    assert client.get("/en/provinces/ca-mau").all("a", href="/en/places/mui")
    assert len(client.get("/en/places").all("h3")) == 2
    assert HOSTILE in client.get("/vi/places/rung").text


def test_two_brands_of_one_name_are_told_apart_by_number(client: PageClient, write: Write) -> None:
    def enter(session: Session, product: Product) -> None:
        shrimp = rights.make_right(session, number="00110", goods={"vi": "Tôm sú", "en": "Shrimp"})
        rights.make_right(session, number="00116", goods={"vi": "Cua", "en": "Crab"})
        rights.make_licence(session, shrimp, product)

    write(enter)
    shrimp = client.get("/en/marks/gi/00110")
    crab = client.get("/en/marks/gi/00116")
    assert shrimp.heading == "Cà Mau, 00110"
    assert crab.heading == "Cà Mau, 00116"
    assert "Anchovy fish sauce" in shrimp.text
    assert "Anchovy fish sauce" not in crab.text
    assert "No producer of this shop has a licence." in crab.text
    listed = client.get("/en/marks")
    assert listed.all("a", href="/en/marks/gi/00110")
    assert listed.all("a", href="/en/marks/gi/00116")
    client.get("/en/marks/gi/99999", 404)


@pytest.mark.parametrize(("days_left", "is_member"), [(0, True), (-1, False)])
def test_a_licence_vanishes_from_the_brand_the_day_after_its_last(
    client: PageClient, write: Write, days_left: int, is_member: bool
) -> None:
    last = clock.today() + timedelta(days=days_left)

    def enter(session: Session, product: Product) -> None:
        right = rights.make_right(session, number="00110")
        rights.make_licence(session, right, product, issued_on=date(2024, 1, 1), valid_to=last)

    write(enter)
    page = client.get("/en/marks/gi/00110")
    assert ("Anchovy fish sauce" in page.text) is is_member
    assert ("No producer of this shop has a licence." in page.text) is not is_member


def test_these_pages_send_at_most_six_statements(
    client: PageClient, write: Write, sent: list[str]
) -> None:
    def enter(session: Session, product: Product) -> None:
        right = rights.make_right(session, number="00110")
        rights.make_licence(session, right, product)
        around.make_place(session, slug="mui", products=[product], producers=[product.producer])

    write(enter)
    client.get("/ja/products")  # what is on sale is known to the process
    for path in (
        "provinces",
        "provinces/ca-mau",
        "places",
        "places/mui",
        "marks",
        "marks/gi/00110",
    ):
        sent.clear()
        client.get(f"/ja/{path}")
        assert len(sent) <= 6, (path, sent)


def test_a_gift_set_shows_stars_allergens_and_markets_of_its_parts(
    client: PageClient, write: Write, sent: list[str]
) -> None:
    def enter(session: Session, product: Product) -> None:
        other = session.query(Product).filter(Product.name == "Muối hạt 3").one()
        other.allergens_state = "unknown"
        packages = [product.packages[0], other.packages[0]]
        around.make_gift_set(session, *packages, slug="qua-tet")

    write(enter)
    client.get("/en/gift-sets")
    sent.clear()
    page = client.get("/en/gift-sets/qua-tet")
    assert len(sent) <= 6, sent
    assert page.heading == "Gift of the south"
    assert "170,000" in page.text
    claims = page.all("p", class_="claim")
    assert len(claims) == 1  # of the fish sauce, not of the set
    assert "fish" in page.text.lower()
    assert "Not said yet for: Muối hạt 3" in page.text
    graph = json.loads(page.all("script", type="application/ld+json")[0].text)["@graph"]
    assert graph[0]["@type"] == "ItemList"
    assert "OCOP" not in json.dumps(graph)


def test_one_press_puts_a_whole_set_into_the_cart(
    client: PageClient, app: Flask, write: Write
) -> None:
    def enter(session: Session, product: Product) -> None:
        other = session.query(Product).filter(Product.name == "Muối hạt 3").one()
        around.make_gift_set(session, product.packages[0], other.packages[0], slug="qua-tet")

    write(enter)
    page = client.get("/en/gift-sets/qua-tet")
    form = page.one("form", method="post", action="/en/cart/add-set")
    hidden = {
        one.get("name"): one.get("value")
        for one in form.iter("{http://www.w3.org/1999/xhtml}input")
        if one.get("type") == "hidden"
    }
    answer = client.post("/en/cart/add-set", data={**hidden, "quantity": "2"})
    assert answer.status_code == 303
    cart = client.get("/en/cart")
    assert "Anchovy fish sauce" in cart.text
    assert "Muối hạt 3" in cart.text
    refused = client.post("/en/cart/add-set", data={**hidden, "quantity": "30"})
    assert refused.headers["Location"] == "/en/gift-sets/qua-tet"
    assert "Muối hạt 3" in client.get("/en/gift-sets/qua-tet").text


def test_search_engines_hear_of_what_may_be_seen(client: PageClient, write: Write) -> None:
    def enter(session: Session, product: Product) -> None:
        rights.make_right(session, number="00110")
        around.make_place(session, slug="mui")
        around.make_place(session, slug="nhap", state="draft")
        around.make_gift_set(session, product.packages[0], slug="qua-tet")

    write(enter)
    told = client.plain.get("/sitemap-0.xml").get_data(as_text=True)
    for path in ("provinces/ca-mau", "places/mui", "gift-sets/qua-tet", "marks/gi/00110"):
        assert f"<loc>http://localhost/ja/{path}</loc>" in told
    assert "places/nhap" not in told


def test_a_visit_says_how_guests_are_received(
    client: PageClient, write: Write, sent: list[str]
) -> None:
    def enter(session: Session, _product: Product) -> None:
        around.make_visit(session, slug="mot-ngay")
        around.make_visit(session, "Chưa rõ", slug="chua-ro", most_people=5, least_people=5)

    write(enter)
    client.get("/en/visits/chua-ro")
    sent.clear()
    page = client.get("/en/visits/mot-ngay")
    assert len(sent) <= 6, sent
    assert "2–12" in page.text
    assert "November – April" in page.text
    assert "Bến tàu Năm Căn" in page.text
    document = json.loads(page.all("script", type="application/ld+json")[0].text)
    assert schema_org.problems(document) == []
    trip = document["@graph"][0]
    assert trip["@type"] == "TouristTrip"
    assert trip["offers"]["eligibleQuantity"]["maxValue"] == 12
    assert "itemCondition" not in trip["offers"], "a visit is no thing"
    assert trip["potentialAction"]["@type"] == "ReserveAction"


def test_a_gift_is_found_by_province_and_leads_to_its_certificates(
    client: PageClient, write: Write, stalls: Stalls, sent: list[str]
) -> None:
    def wrap(session: Session, product: Product) -> None:
        around.make_gift_set(session, product.packages[0], slug="qua")
        around.make_gift_set(session, product.packages[0], slug="nhap", state="draft")

    write(wrap)
    client.get("/vi/provinces/ca-mau")  # the facets are counted once after a change
    sent.clear()
    page = client.get("/ja/provinces/ca-mau")
    assert len(sent) <= 6, sent
    assert page.all("a", href="/ja/gift-sets/qua")
    assert not page.all("a", href="/ja/gift-sets/nhap")
    assert not client.get("/ja/provinces/lang-son").all("a", href="/ja/gift-sets/qua")
    gift = client.get("/ja/gift-sets/qua")
    assert gift.all("a", href=f"/ja/certificates/{stalls.certificate}")
