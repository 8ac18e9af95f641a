"""A producer gets a link, signs in on a phone, fills in what is missing, and sells with stars."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from catalog.models import Product
from core.actor import Actor
from core.audit import AuditEntry
from core.facts import Fact
from core.people import sign_in_links
from tests.factories.browser import Browser
from tests.factories.house import House


def _days_ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).strftime("%d/%m/%Y")


def _arrive(house: House, who: str = "producer") -> Browser:
    with house.changing() as session:
        token = sign_in_links.issue_link(
            session, house.people[who], actor=Actor.system("test"), now=datetime.now(UTC)
        )
    browser = house.browser()
    browser.get(f"/vi/account/link/{token}")
    browser.submit()
    assert browser.path == "/vi/account/password"
    browser.submit("/password", new_password="ba con tôm càng xanh")
    assert browser.path == "/portal/"
    return browser


def test_from_a_link_to_stars_in_the_shop(house: House) -> None:
    browser = _arrive(house)
    producer = house.producers["producer"]
    browser.get(f"/portal/producers/{producer}/products/new")
    browser.submit(name="Tôm khô Rạch Gốc loại một")
    here = browser.path
    number = int(here.rsplit("/", 1)[1])

    # Everything that is missing is named at once, and each point leads to where it is mended.
    mends = [a for a in browser.links() if a.startswith(f"/portal/products/{number}/")]
    assert {"group", "package"} <= {a.split("?")[0].rsplit("/", 1)[1] for a in mends}

    browser.get(f"{here}/group")
    browser.submit(subgroup_code="F08")
    browser.get(f"{here}/package?sku=new")
    page = browser.submit(status=422, price="12o.000", net_content="500", unit="g")
    assert "12o.000" in page  # what was typed is kept beside the explanation
    browser.submit(price="450.000 đ", net_content="0,5", unit="kg")
    browser.get(f"{here}/ingredients")
    browser.submit(ingredients="Tôm đất (98 %), muối")
    browser.get(f"{here}/allergens")
    browser.submit(state="none_declared", contains=["CRU"], status=422)
    browser.submit(state="declared", contains=["CRU"])
    browser.get(f"{here}/keeping")
    browser.submit(shelf_life_days="180", storage_kind="ambient")
    browser.get(f"{here}/stock")
    browser.submit(on_hand="1.000")

    browser.get(f"{here}/certificate")
    browser.submit(stars="4", decision_number="123/QĐ-UBND", issued_on="31/02/2026",
                   issuer="UBND tỉnh Cà Mau", status=422)  # fmt: skip
    browser.submit(issued_on=_days_ago(100))

    browser.get(here)
    browser.submit("/publish")
    with house.looking() as session:
        product = session.get_one(Product, number)
        assert product.state == "published"
        assert product.price_from_minor == 450_000
        facts = set(session.scalars(select(Fact.name)))
        who = session.scalars(
            select(AuditEntry.person_id).where(AuditEntry.subject == f"product:{number}")
        ).all()
    assert {"product.published", "certificate.recorded", "stock.changed"} <= facts
    assert set(who) == {house.people["producer"]}
    shop = house.browser()
    page = shop.get(f"/vi/products/{product.slug}")
    assert "Tôm khô Rạch Gốc loại một" in page
    assert "123/QĐ-UBND" in page
    assert re.search(r"OCOP", page)

    browser.get(here)
    browser.submit("/withdraw")
    shop.client.get(f"/vi/products/{product.slug}")
    assert shop.client.get(f"/vi/products/{product.slug}").status_code in (404, 410)


def test_a_listing_without_its_papers_is_not_sold(house: House) -> None:
    browser = _arrive(house)
    browser.get(f"/portal/producers/{house.producers['producer']}/products/new")
    browser.submit(name="Mắm ba khía")
    here = browser.path
    browser.get(here)
    form = next(f for f in browser.forms() if "csrf_token" in f.fields) if browser.forms() else None
    assert form is None  # no button offers what cannot be done
    browser.get("/vi/account/sessions")
    token = browser.forms()[0].fields["csrf_token"]
    answer = browser.client.post(f"{here}/publish", data={"csrf_token": token})
    assert answer.status_code == 303
    with house.looking() as session:
        assert session.get_one(Product, int(here.rsplit("/", 1)[1])).state == "draft"


def test_two_devices_that_answer_at_once_lose_nothing(house: House) -> None:
    here = f"/portal/products/{house.products['producer']}/ingredients"
    phone, laptop = house.browser("producer"), house.browser("producer")
    phone.get(here)
    laptop.get(here)
    laptop.submit(ingredients="Tôm, muối, ớt")
    page = phone.submit(ingredients="Tôm, muối, tỏi", status=409)
    assert "ớt" in page
    assert "tỏi" in page
    phone.submit(status=409)  # nothing is chosen yet
    phone.submit(**{"choose-ingredients": "mine"})
    with house.looking() as session:
        product = session.get_one(Product, house.products["producer"])
        assert product.ingredients == "Tôm, muối, tỏi"


def test_an_officer_who_helps_is_noted_as_helping(house: House) -> None:
    office = house.browser("office")
    office.get(f"/portal/products/{house.products['producer']}/name")
    office.submit(name="Tôm khô loại một")
    with house.looking() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "product.update")
        ).one()
    assert entry.person_id == house.people["office"]
    assert entry.acting_for == f"producer:{house.producers['producer']}"
