"""The office looks at the rules of a day, enters a new version and suspends one; the shop follows."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from catalog.markets import judge_products
from catalog.models import RegulationEntry
from catalog.regulation.loading import load_rules
from core import clock
from tests.factories.house import House

STANDARD = "/office/regulation/vat.standard.any.any.VN"
BACKING = {"legal_basis": "99/2026/NĐ-CP", "source": "Công báo 1234", "certainty": "published"}


def _day(days: int) -> str:
    return (clock.today() + timedelta(days=days)).strftime("%d/%m/%Y")


def test_the_office_sees_the_rules_of_any_day(house: House) -> None:
    office = house.browser("office")
    old = office.get("/office/regulation?kind=vat&on=31/12/2026")
    new = office.get("/office/regulation?kind=vat&on=01/01/2027")
    assert "8 %" in old
    assert "10 %" in new
    for kind in ("act", "market", "label", "allergens"):
        assert "<h1>" in office.get(f"/office/regulation?kind={kind}&market=JP")
    office.get("/office/regulation?kind=x&market=y&on=z")
    suspended = office.get("/office/regulation/act.food.declaration")
    assert "15/04/2026" in suspended


def test_a_new_version_is_entered_and_speaks_from_its_day(house: House) -> None:
    office = house.browser("office")
    office.get(STANDARD)
    fields = {"treatment": "rate", "rate": "5,5", "first": _day(1), "last": _day(9), **BACKING}
    office.submit("any.any.VN", **fields)
    with house.looking() as session:
        entry = session.scalars(select(RegulationEntry)).one()
        assert (entry.value, entry.entered_by) == (
            {"treatment": "rate", "rate_bp": "550"},
            "Người office",
        )
        rule = load_rules(session).find(entry.code, clock.today() + timedelta(days=1))
        assert rule is not None
        assert rule.says("rate_bp") == "550"
    assert "5,5 %" in office.get("/office/regulation?kind=vat&on=" + _day(1))


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_kept(house: House) -> None:
    office = house.browser("office")
    office.get(STANDARD)
    fields = {"treatment": "not_subject", "rate": "8", "first": _day(-1), **BACKING, "last": ""}
    page = office.submit("any.any.VN", status=422, **fields)
    assert page.count('class="error"') == 2
    assert 'value="8"' in page
    with house.looking() as session:
        assert session.scalars(select(RegulationEntry)).all() == []


def test_a_version_is_suspended_for_a_time(house: House) -> None:
    office = house.browser("office")
    page = office.get("/office/regulation/market.HK.condiments")
    link = re.search(r'href="([^"]+/suspend\?version=[^"]+)"', page)
    assert link is not None
    office.get(link[1].replace("&amp;", "&"))
    office.submit("/suspend", first=_day(0), last="", **BACKING)
    product_id = house.products["producer"]
    with house.changing() as session:
        judge_products(session, [product_id], on=clock.today(), now=clock.now())
    with house.looking() as session:
        assert load_rules(session).find("market.HK.condiments", clock.today()) is None


def test_an_unknown_rule_is_not_found(house: House) -> None:
    office = house.browser("office")
    office.get("/office/regulation/vat.x", status=404)
    office.get("/office/regulation/market.HK.honey/suspend?version=x", status=404)


def test_producers_do_not_enter_rules(house: House) -> None:
    producer = house.browser("producer")
    producer.get("/office/regulation", status=403)
    producer.get(STANDARD, status=403)
