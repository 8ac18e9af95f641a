"""Price lists at the desks: a draft is filled, seen as it will read, put in force, changed by two people, ended."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from catalog.models import Offer, Package, PriceList
from core import clock
from tests.factories.catalog import make_package
from tests.factories.house import House


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ").split())


def new_list(house: House, name: str = "Giá sỉ 2026", **form: str) -> int:
    browser = house.browser("producer")
    browser.get(f"/portal/producers/{house.producers['producer']}/prices/new")
    browser.submit(name=name, **form)  # type: ignore[arg-type]
    return int(browser.path.rsplit("/", 1)[1])


def package_id(house: House, who: str = "producer") -> int:
    with house.looking() as session:
        query = select(Package.id).where(Package.product_id == house.products[who])
        return session.scalars(query).one()


def add(house: House, list_id: int, **form: str) -> None:
    browser = house.browser("producer")
    browser.get(f"/portal/prices/{list_id}/add")
    browser.submit(package=str(package_id(house)), **form)  # type: ignore[arg-type]
    assert browser.path == f"/portal/prices/{list_id}"


def offers(house: House) -> list[tuple[bool, bool, list[tuple[int, int]]]]:
    today = clock.today()
    with house.looking() as session:
        return [
            (
                offer.valid_from <= today,
                offer.valid_to is None,
                [(tier.from_quantity, tier.price_minor) for tier in offer.tiers],
            )
            for offer in session.scalars(select(Offer).order_by(Offer.valid_from, Offer.id))
        ]


def test_a_list_is_filled_as_a_draft_and_then_put_in_force(house: House) -> None:
    number = new_list(house)
    browser = house.browser("producer")
    assert "chưa áp dụng" in words(browser.get(f"/portal/prices/{number}"))
    add(house, number, quantity_1="12", price_1="80k", quantity_2="48", price_2="75.000",
        order_multiple="12")  # fmt: skip
    page = words(browser.get(f"/portal/prices/{number}"))
    assert "12 đơn vị 80.000 ₫ 48 đơn vị 75.000 ₫" in page
    assert "ít nhất 12 · đặt theo bội số của 12" in page
    with house.looking() as session:
        assert not session.get_one(PriceList, number).active
    browser.submit(action=f"/portal/prices/{number}/in-force")
    with house.looking() as session:
        assert session.get_one(PriceList, number).active
    assert "Giá sỉ 2026" in browser.get("/portal/prices")
    shop = words(house.browser().get("/en/products/" + slug(house)))
    assert "from 12 packages: 80,000 VND each" in shop


def slug(house: House) -> str:
    with house.looking() as session:
        package = session.get_one(Package, package_id(house))
        return package.product.slug


def test_the_price_table_is_seen_before_it_is_saved(house: House) -> None:
    number = new_list(house)
    browser = house.browser("producer")
    browser.get(f"/portal/prices/{number}/add")
    page = browser.submit(
        package=str(package_id(house)), quantity_1="10", price_1="80.000", order_multiple="12",
        preview="1",
    )  # fmt: skip
    assert "Bảng giá sẽ như sau" in page
    assert "12 đơn vị 80.000 ₫" in words(page)
    assert 'value="80.000"' in page
    assert offers(house) == []


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"quantity_1": "12", "price_1": ""}, "price_1"),
        ({"quantity_1": "12", "price_1": "80k", "quantity_2": "24", "price_2": "90k"}, "price_1"),
        ({"quantity_1": "12", "price_1": "tám mươi"}, "price_1"),
        ({"quantity_1": "12", "price_1": "80k", "valid_to": "01/01/2020"}, "valid_to"),
        ({"package": "", "price_1": "80k"}, "package"),
    ],
)
def test_a_mistake_is_said_beside_its_field(house: House, form: dict[str, str], field: str) -> None:
    browser = house.browser("producer")
    browser.get(f"/portal/prices/{new_list(house)}/add")
    page = browser.submit(status=422, **{"package": str(package_id(house)), **form})  # type: ignore[arg-type]
    assert f'id="{field}-error"' in page
    assert offers(house) == []


def test_a_price_that_holds_is_kept_in_the_history_when_it_changes(house: House) -> None:
    number = new_list(house)
    began = clock.today() - timedelta(days=20)
    add(house, number, quantity_1="12", price_1="80k", valid_from=began.strftime("%d/%m/%Y"))
    browser = house.browser("producer")
    browser.get(f"/portal/offers/{offer_id(house)}")
    browser.submit(price_1="70k")
    assert offers(house) == [(True, False, [(12, 80_000)]), (True, True, [(12, 70_000)])]
    page = words(browser.get(f"/portal/prices/{number}"))
    assert page.index("70.000") < page.index("Giá trước đây") < page.index("80.000")
    past = (clock.today() - timedelta(days=5)).strftime("%d/%m/%Y")
    then = words(browser.get(f"/portal/prices/{number}?on={past}"))
    assert then.index("80.000") < then.index("Giá sắp áp dụng") < then.index("70.000")
    assert "Đây không phải là ngày" in browser.get(f"/portal/prices/{number}?on=mai")


def offer_id(house: House) -> int:
    with house.looking() as session:
        return session.scalars(select(Offer.id).order_by(Offer.id.desc())).first() or 0


def test_two_people_change_one_price_and_nothing_is_lost(house: House) -> None:
    add(house, new_list(house), quantity_1="12", price_1="80k")
    first, second = house.browser("producer"), house.browser("office")
    for browser in (first, second):
        browser.get(f"/portal/offers/{offer_id(house)}")
    first.submit(price_1="75k")
    page = second.submit(price_1="90k", status=409)
    assert "12 đơn vị 75.000 ₫" in words(page)
    assert 'value="90k"' in page
    assert offers(house) == [(True, True, [(12, 75_000)])]
    second.submit(price_1="90k")
    assert offers(house) == [(True, True, [(12, 90_000)])]


def test_prices_are_ended_and_a_list_is_taken_out_of_force(house: House) -> None:
    number = new_list(house)
    began = clock.today() - timedelta(days=20)
    add(house, number, quantity_1="12", price_1="80k", valid_from=began.strftime("%d/%m/%Y"))
    browser = house.browser("producer")
    browser.get(f"/portal/prices/{number}")
    browser.submit(action=f"/portal/prices/{number}/in-force")
    browser.get(f"/portal/offers/{offer_id(house)}")
    browser.submit(action=f"/portal/offers/{offer_id(house)}/end")
    assert offers(house) == [(True, False, [(12, 80_000)])]
    browser.submit(action=f"/portal/prices/{number}/stop")
    with house.looking() as session:
        assert not session.get_one(PriceList, number).active


def test_a_second_list_takes_the_place_of_the_first_only_when_told(house: House) -> None:
    old, new = new_list(house, "Giá cũ"), new_list(house, "Giá mới")
    browser = house.browser("producer")
    browser.get(f"/portal/prices/{old}")
    browser.submit(action=f"/portal/prices/{old}/in-force")
    browser.get(f"/portal/prices/{new}")
    page = browser.submit(action=f"/portal/prices/{new}/in-force", status=409)
    assert "“Giá cũ” đang áp dụng" in words(page)
    browser.submit()
    with house.looking() as session:
        active = {one.id: one.active for one in session.scalars(select(PriceList))}
    assert active == {old: False, new: True}


def test_retail_and_foreign_lists_have_forms_of_their_own(house: House) -> None:
    browser = house.browser("producer")
    browser.get(f"/portal/producers/{house.producers['producer']}/prices/new")
    page = browser.submit(name="Giá lẻ", kind="retail", tax="no", partner="demo-supermarket",
                          status=422)  # fmt: skip
    assert 'id="tax-error"' in page
    assert 'id="partner-error"' in page
    retail = new_list(house, "Giá lẻ", kind="retail")
    assert "quantity_1" not in browser.get(f"/portal/prices/{retail}/add")
    add(house, retail, price_1="91k")
    browser.get(f"/portal/prices/{retail}")
    browser.submit(action=f"/portal/prices/{retail}/in-force")
    with house.looking() as session:
        assert session.get_one(Package, package_id(house)).price_minor == 91_000
    foreign = new_list(house, "FOB", currency="USD", tax="no", partner="demo-supermarket")
    add(house, foreign, quantity_1="100", price_1="3,5")
    page = words(browser.get(f"/portal/prices/{foreign}"))
    assert "3,50 USD" in page
    assert "chỉ cho demo-supermarket" in page


def test_nobody_sees_or_changes_the_prices_of_another(house: House) -> None:
    number = new_list(house)
    add(house, number, quantity_1="12", price_1="80k")
    other = house.browser("other")
    for path in (f"/portal/prices/{number}", f"/portal/prices/{number}/add",
                 f"/portal/offers/{offer_id(house)}"):  # fmt: skip
        other.get(path, status=403)
    assert "Giá sỉ" not in other.get("/portal/prices")
    other.get("/portal/prices/99999", status=404)
    other.get("/portal/offers/99999", status=404)
    foreign = package_id(house, "other")
    browser = house.browser("producer")
    assert f'value="{foreign}"' not in browser.get(f"/portal/prices/{number}/add")


def test_the_office_finds_every_list(house: House) -> None:
    number = new_list(house)
    with house.changing() as session:
        make_package(session, session.get_one(Package, package_id(house)).product)
    office = house.browser("office")
    assert f"/portal/prices/{number}" in office.get("/office/prices")
    assert f"/portal/prices/{number}" in office.get("/office/prices?q=S%E1%BB%89+2026")
    assert "Không tìm thấy bảng giá nào." in office.get("/office/prices?q=%25")
    house.browser("producer").get("/office/prices", status=403)
    assert "Giá sỉ 2026" in office.get(f"/portal/prices/{number}")
