"""A service of community tourism is asked for on its page; nowhere does the shop offer to send it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from catalog.markets import judge_products
from catalog.models import Product
from core import clock
from core.db import write_session
from tests.factories import catalog as make
from tests.factories.around import make_visit
from tests.web import schema_org
from tests.web.page_client import Page, PageClient
from tests.web.shop.conftest import Stalls


@pytest.fixture
def visit(stalls: Stalls) -> str:
    """The address of a visit with four stars, of which nobody ever counted a stock."""
    assert stalls.engine is not None
    with write_session(stalls.engine) as session:
        product, _ = make_visit(session)
        today = clock.today()
        make.make_certificate(session, product, 4, issued_on=today.replace(year=today.year - 1))
        session.commit()
        return product.slug


def graph_of(page: Page) -> dict[str, Any]:
    """What search engines are told of the page."""
    found: dict[str, Any] = json.loads(page.one("script", type="application/ld+json").text)
    return found


@pytest.mark.parametrize("destination", ["", "?to=jp"])
def test_the_page_of_a_visit_leads_to_the_enquiry_and_offers_no_parcel(
    client: PageClient, visit: str, destination: str
) -> None:
    page = client.get(f"/en/products/{visit}{destination}")
    assert page.all("a", class_="button main", href=f"/en/visits/{visit}{destination}")
    assert not page.all("form", action="/en/cart/add")
    assert "nothing is sent" in page.text
    for words in ("Delivery inside", "Sending abroad", "Sending to", "Storage", "Product passport"):
        assert words not in page.text
    assert "Sold out" not in page.text
    assert client.get(f"/en/visits/{visit}").all("form", action=f"/en/visits/{visit}")


@pytest.mark.parametrize("destination", ["", "?to=jp"])
def test_search_engines_are_told_of_a_service_that_is_asked_for(
    client: PageClient, visit: str, destination: str
) -> None:
    graph = graph_of(client.get(f"/en/products/{visit}{destination}"))
    assert schema_org.problems(graph) == []
    service = graph["@graph"][0]
    assert service["@type"] == "Service"
    assert service["hasCertification"]["certificationRating"]["ratingValue"] == 4
    (offer,) = service["offers"]
    assert offer["url"].endswith(f"/en/visits/{visit}")
    assert offer["availability"] == "https://schema.org/LimitedAvailability"
    assert not {"shippingDetails", "itemCondition", "eligibleRegion", "gtin"} & set(offer)
    assert not {"sku", "gtin", "countryOfOrigin"} & set(service)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_asks_for_a_visit_wholesale(
    client: PageClient, stalls: Stalls, visit: str, method: str
) -> None:
    page = f"/en/products/{visit}/wholesale"
    answer = client.plain.open(page, method=method, headers={"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/en/visits/{visit}")
    goods = client.get(f"/en/products/{stalls.starred}/wholesale")
    assert goods.all("form", method="post", action=f"/en/products/{stalls.starred}/wholesale")


def test_a_visit_in_a_list_is_never_sold_out(client: PageClient, visit: str) -> None:
    page = client.get("/en/products?subgroup=T01")
    assert page.all("a", href=f"/en/products/{visit}")
    assert "Sold out" not in page.text
    assert "In stock" not in page.text


def test_goods_that_travel_alive_say_why_they_are_not_sent_abroad(
    client: PageClient, stalls: Stalls
) -> None:
    assert stalls.engine is not None
    with write_session(stalls.engine) as session:
        product = session.scalars(select(Product).where(Product.slug == stalls.starred)).one()
        product.storage_kind = "live"
        session.flush()
        judge_products(session, [product.id], on=clock.today(), now=clock.now())
        session.commit()
    home = client.get(f"/en/products/{stalls.starred}")
    assert "only near where it is caught" in home.text
    assert "shippingDetails" not in graph_of(home)["@graph"][0]["offers"][0]
    abroad = client.get(f"/en/products/{stalls.starred}?to=jp")
    assert "Cannot be sent · Japan" in abroad.text
    assert "This cannot be sent there in a parcel." in abroad.text
    assert "Ask for an offer" not in abroad.text
