"""JSON-LD of every page that has any, against schema.org's own vocabulary, hostile names included."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from catalog.models import Producer, Product
from catalog.products import update_product
from catalog.record import read_ingredients, set_ingredients, set_nutrition
from catalog.rules.nutrition import Nutrition
from core import clock
from core.actor import Actor
from core.db import write_session
from tests.web import schema_org
from tests.web.page_client import PageClient
from tests.web.shop.conftest import HOSTILE, Stalls

SYSTEM = Actor.system("test")


def _graph(client: PageClient, path: str) -> dict[str, Any]:
    page = client.get(path)
    found: dict[str, Any] = json.loads(page.one("script", type="application/ld+json").text)
    return found


def _node(graph: Mapping[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(n for n in graph["@graph"] if n["@type"] == kind)
    return found


@pytest.fixture
def full(stalls: Stalls) -> Stalls:
    """The starred and the hostile product with everything structured data can say of a product."""
    assert stalls.engine is not None
    doing: dict[str, Any] = {"actor": SYSTEM, "on": clock.today(), "now": clock.now()}
    with write_session(stalls.engine) as session:
        for slug in (stalls.starred, stalls.hostile):
            product = session.scalars(select(Product).where(Product.slug == slug)).one()
            set_ingredients(session, product.id, read_ingredients("Cá cơm, muối"), **doing)
            declared = Nutrition(
                "100ml", energy_kcal=Decimal("61.5"), protein=Decimal(12), sodium_mg=Decimal(9800)
            )
            set_nutrition(session, product.id, declared, **doing)
            update_product(session, product.id, {"lead_time_days": 3, "brand": HOSTILE}, **doing)
        maker = session.scalars(select(Producer).where(Producer.slug == stalls.producer)).one()
        maker.address, maker.tax_number = HOSTILE, "0101234567"
        maker.gln, maker.founded_year = "8938500009990", 1998
        session.commit()
    return replace(stalls)


@pytest.mark.parametrize("locale", ["vi", "en", "ja", "zh-hant", "bn"])
def test_the_vocabulary_accepts_every_page(client: PageClient, full: Stalls, locale: str) -> None:
    for path in (
        "/",
        f"/products/{full.starred}",
        f"/products/{full.lapsed}",
        f"/products/{full.hostile}",
        f"/producers/{full.producer}",
    ):
        assert schema_org.problems(_graph(client, f"/{locale}{path}")) == [], path


def test_a_product_says_all_that_is_known_and_no_more(client: PageClient, full: Stalls) -> None:
    graph = _graph(client, f"/en/products/{full.starred}")
    product, maker = _node(graph, "Product"), _node(graph, "Organization")
    assert product["hasCertification"]["certificationRating"]["ratingValue"] == 4
    assert product["manufacturer"]["@id"] == maker["@id"]
    assert maker["taxID"] == "0101234567"
    told = {fact["propertyID"]: fact for fact in product["additionalProperty"]}
    assert told["allergens"]["value"] == "fish"
    nutrition = told["nutrition"]["valueReference"]
    assert nutrition["@type"] == "NutritionInformation"
    assert (nutrition["servingSize"], nutrition["calories"]) == ("100 ml", "61.5 kcal")
    assert "fatContent" not in nutrition
    offer = product["offers"][0]
    assert (offer["price"], offer["priceCurrency"]) == ("85000", "VND")
    sending = offer["shippingDetails"]
    assert sending["shippingRate"]["value"].isdigit()
    assert sending["deliveryTime"]["handlingTime"]["maxValue"] == 3
    assert _node(graph, "BreadcrumbList")["itemListElement"][-1]["item"] == product["url"]


def test_hostile_names_stay_names(client: PageClient, full: Stalls) -> None:
    graph = _graph(client, f"/vi/products/{full.hostile}")
    assert _node(graph, "Product")["name"] == HOSTILE
    assert _node(graph, "Organization")["address"]["streetAddress"] == HOSTILE


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"@type": "Produkt", "name": "x"}, "unknown type"),
        ({"@type": "Brand", "name": "x", "colour": "red"}, "no such property"),
        ({"@type": "Brand", "name": "x", "inLanguage": "vi"}, "belongs to"),
        ({"@type": "QuantitativeValue", "minValue": "a few"}, "none of"),
        ({"@type": "Offer", "seller": {"@type": "Brand", "name": "x"}}, "is expected"),
        ({"@type": "Offer", "availability": "https://schema.org/Plenty"}, "none of"),
        ({"@type": "Certification", "validFrom": "yesterday"}, "none of"),
        ({"@type": "NutritionInformation", "calories": "plenty"}, "none of"),
        ({"@type": "ListItem", "item": "not an address"}, "none of"),
        ({"@type": "Product", "name": "x"}, "lacks offers"),
    ],
)
def test_the_validator_finds_what_is_wrong(wrong: dict[str, Any], said: str) -> None:
    found = schema_org.problems({"@context": "https://schema.org", "@graph": [wrong]})
    assert any(said in problem for problem in found), found
