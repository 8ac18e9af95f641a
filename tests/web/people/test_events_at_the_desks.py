"""Events, requests, collections and articles as the office, producers and a supermarket work on them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from catalog.models import (
    Article,
    Booth,
    Collection,
    EventOutcome,
    Participation,
    Product,
    SupplyRequest,
    TradeEvent,
)
from core import clock
from core.audit import AuditEntry
from tests.factories.browser import Browser
from tests.factories.house import House

PARTNER = "demo-supermarket"


def _in_english(browser: Browser) -> Browser:
    browser.client.set_cookie("locale", "en", domain="localhost")
    return browser


def _day(days: int) -> str:
    return (clock.today() + timedelta(days=days)).strftime("%d/%m/%Y")


def _announced(house: House, starts: int = 0) -> tuple[Browser, int]:
    office = _in_english(house.browser("office"))
    office.get("/office/events/new")
    office.submit(
        "", name="Hội chợ OCOP Đất Mũi", kind="fair", organiser="Sở Nông nghiệp và Môi trường",
        province_code="96", starts_on=_day(starts), ends_on=_day(starts + 2),
        sign_up_until=_day(starts + 1),
    )  # fmt: skip
    office.submit("/move", step="announce")
    with house.looking() as session:
        number = session.scalars(select(TradeEvent.id)).one()
    return office, number


def test_an_event_from_the_announcement_to_what_came_of_it(house: House) -> None:
    office, number = _announced(house)
    office.submit("/booths/add", number="A1")
    producer = _in_english(house.browser("producer"))
    producer.get("/portal/events")
    producer.submit(f"/producers/{house.producers['producer']}", note="Cần ổ điện")
    producer.submit("/goods", product=[str(house.products["producer"])])
    office.get("/office/")
    assert office.links().count("/office/events") == 2, "a sign-up waits"
    assert "Cần ổ điện" in office.get(f"/office/events/{number}")
    with house.looking() as session:
        row = session.scalars(select(Participation)).one()
        booth = session.scalars(select(Booth)).one()
    office.submit(f"/sign-ups/{row.id}", booth=str(booth.id), do="accept")
    sheets = office.get(f"/office/events/{number}/booths")
    assert f"/b/{booth.code}/code.svg" in sheets
    producer.get(f"/portal/places/{row.id}")
    producer.submit("/results", status=422, kind="order", with_whom="", amount_vnd="1")
    producer.submit("/results", kind="order", with_whom="Siêu thị Sen", amount_vnd="12.000.000")
    assert "12,000,000" in office.get(f"/office/events/{number}")
    with house.looking() as session:
        assert session.scalars(select(EventOutcome.amount_vnd)).all() == [12_000_000]
        slug = session.get_one(Product, house.products["producer"]).slug
    visitor = house.browser()
    assert f"/en/products/{slug}" in visitor.get(f"/en/booths/{booth.code}")


def test_a_refused_producer_reads_why_and_others_see_nothing_of_it(house: House) -> None:
    office, number = _announced(house, 5)
    producer = _in_english(house.browser("producer"))
    producer.get("/portal/events")
    producer.submit(f"/producers/{house.producers['producer']}")
    with house.looking() as session:
        row = session.scalars(select(Participation)).one()
    office.get(f"/office/events/{number}")
    office.submit(f"/sign-ups/{row.id}", reason="Hết gian hàng.", do="refuse")
    assert "Hết gian hàng." in producer.get("/portal/events")
    other = house.browser("other")
    assert "Hết gian hàng." not in other.get("/portal/events")
    other.get(f"/portal/places/{row.id}", status=403)
    assert other.client.get(f"/office/events/{number}").status_code == 403


def test_days_that_cannot_be_are_refused_beside_their_field(house: House) -> None:
    office = _in_english(house.browser("office"))
    office.get("/office/events/new")
    said = office.submit(
        "", status=422, name="Hội chợ", kind="fair", organiser="Sở", starts_on=_day(5),
        ends_on=_day(2),
    )  # fmt: skip
    assert "The last day comes before the first." in said
    with house.looking() as session:
        assert session.scalars(select(TradeEvent)).all() == []


def test_a_supermarket_asks_a_producer_offers_and_the_office_prints_both(house: House) -> None:
    office, number = _announced(house, 5)
    with house.looking() as session:
        product = session.get_one(Product, house.products["producer"])
        subgroup = product.subgroup_code or ""
    partner = _in_english(house.browser("partner"))
    partner.get(f"/partners/{PARTNER}/requests")
    partner.submit(
        "/requests", buyer="Siêu thị Sen", what="Tôm khô loại 1", subgroup_code=subgroup,
        quantity="200", unit="kg", needed_from=_day(1), needed_to=_day(30),
        deliver_to="Cần Thơ", event_id=str(number),
    )  # fmt: skip
    producer = _in_english(house.browser("producer"))
    assert "Tôm khô loại 1" in producer.get("/portal/supply")
    producer.get(f"/portal/producers/{house.producers['producer']}/offers/new")
    producer.submit(
        "", product_id=str(house.products["producer"]), quantity="150", unit="kg",
        ready_from=_day(10), ready_to=_day(20),
    )  # fmt: skip
    for page in ("/office/requests", f"/office/events/{number}/sheet"):
        said = office.get(page)
        assert "Tôm khô loại 1" in said, page
        assert "75 % of what is asked" in said, page
    assert "75 % of what is asked" in partner.get(f"/partners/{PARTNER}/requests")
    partner.submit("/close")
    assert "Tôm khô loại 1" not in office.get("/office/requests")
    with house.looking() as session:
        assert session.scalars(select(SupplyRequest.partner_code)).all() == [PARTNER]
    producer.get(f"/partners/{PARTNER}/requests", status=403)


def test_an_article_goes_from_draft_to_published_to_withdrawn_and_all_is_written_down(
    house: House,
) -> None:
    office, visitor = _in_english(house.browser("office")), house.browser()
    office.get("/office/articles/new")
    office.submit("", kind="guide", name="Giữ tôm khô", summary="", body="Để **tủ lạnh**.")
    with house.looking() as session:
        row = session.scalars(select(Article)).one()
    visitor.get(f"/vi/news/{row.slug}", status=404)
    office.submit("/move", step="publish")
    assert "<strong>tủ lạnh</strong>" in visitor.get(f"/vi/news/{row.slug}")
    office.get(f"/portal/translations/article/{row.id}/en")
    office.submit("/en", text="Keeping dried shrimp", do="reviewed")
    assert "Keeping dried shrimp" in visitor.get("/en/news")
    office.get(f"/office/articles/{row.id}")
    office.submit("/move", step="withdraw")
    visitor.get(f"/vi/news/{row.slug}", status=404)
    with house.looking() as session:
        subject = AuditEntry.subject == f"article:{row.id}"
        deeds = session.scalars(select(AuditEntry.action).where(subject).order_by(AuditEntry.id))
        assert [deed for deed in deeds if deed.startswith("article.")] == [
            "article.create", "article.publish", "article.withdraw",
        ]  # fmt: skip
    house.browser("producer").get(f"/portal/translations/article/{row.id}", status=403)


def test_a_collection_takes_addresses_as_people_copy_them(house: House) -> None:
    with house.looking() as session:
        slug = session.get_one(Product, house.products["producer"]).slug
    office = _in_english(house.browser("office"))
    office.get("/office/collections/new")
    said = office.submit(
        "", name="Quà Tết", products=f"https://shop.example/vi/products/{slug}?x=1\nkhong-co",
        months=["12", "1"], province="96",
    )  # fmt: skip
    assert "khong-co" in said
    office.submit("/move", step="publish")
    with house.looking() as session:
        row = session.scalars(select(Collection)).one()
    assert (row.months, row.rule) == ((1, 12), {"province": ["96"]})
    assert f"/vi/products/{slug}" in house.browser().get(f"/vi/collections/{row.slug}")
    form = office.get(f"/office/collections/{row.id}/edit")
    assert slug in form


@pytest.mark.parametrize("path", ["/office/events", "/office/collections", "/office/articles", "/office/requests"])  # fmt: skip
def test_only_the_office_keeps_campaigns(house: House, path: str) -> None:
    assert house.browser("producer").client.get(path).status_code == 403
