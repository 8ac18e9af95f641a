"""The portal's questions for the full record: nothing typed is lost, mistakes stand by their fields."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from catalog.models import AnswerDraft, Offer, Producer, Product
from tests.factories.browser import Browser
from tests.factories.catalog import make_package
from tests.factories.house import House


def _asking(house: House, key: str, who: str = "producer") -> Browser:
    browser = house.browser(who)
    browser.get(f"/portal/products/{house.products['producer']}/{key}")
    return browser


def _product(house: House) -> Product:
    with house.looking() as session:
        product = session.get_one(Product, house.products["producer"])
        _ = (product.ingredient_rows, product.nutrition, product.growing_areas, product.allergens)
        _ = [package.levels for package in product.packages]
        return product


def test_ingredients_are_taken_apart_and_shown_as_buyers_read_them(house: House) -> None:
    browser = _asking(house, "ingredients")
    page = browser.submit(
        ingredients="Tôm 85,5 %\nnước tương (đậu nành, muối)\nchất bảo quản (INS 202)"
    )
    product = _product(house)
    assert product.ingredients == (
        "Tôm 85,5 %, nước tương (đậu nành, muối), chất bảo quản (INS 202)"
    )
    assert [row.name for row in product.ingredient_rows if row.level == 1] == ["đậu nành", "muối"]
    # soy is named and not declared: saved, and asked back at once
    assert browser.path.endswith("/ingredients")
    assert product.ingredients in page
    assert 'class="doubts"' in page


def test_a_list_of_more_than_everything_is_refused_and_kept_for_another_day(house: House) -> None:
    browser = _asking(house, "ingredients")
    page = browser.submit(ingredients="Tôm 70 %\nmuối 40 %", status=422)
    assert 'id="ingredients-error"' in page
    later = _asking(house, "ingredients")
    assert "muối 40 %" in later.forms()[-1].fields["ingredients"][0]
    later.submit(ingredients="Tôm 70 %\nmuối 30 %")
    with house.looking() as session:
        assert session.query(AnswerDraft).count() == 0


def test_an_unfinished_answer_can_be_thrown_away(house: House) -> None:
    _asking(house, "nutrition").submit(basis="100g", fat="nhiều", status=422)
    browser = _asking(house, "nutrition")
    assert browser.forms()[-1].fields["fat"] == ["nhiều"]
    token = browser.forms()[0].fields["csrf_token"]
    browser.client.post(browser.path, data={"csrf_token": token, "forget": "1"})
    assert _asking(house, "nutrition").forms()[-1].fields["fat"] == [""]


def test_a_draft_belongs_to_the_person_who_typed_it(house: House) -> None:
    _asking(house, "nutrition").submit(basis="100g", fat="nhiều", status=422)
    assert _asking(house, "nutrition", "office").forms()[-1].fields["fat"] == [""]


def test_nutrition_is_stored_and_doubted(house: House) -> None:
    browser = _asking(house, "nutrition")
    page = browser.submit(
        basis="100g", energy_kcal="350", fat="30", carbohydrate="60", protein="5", sodium_mg="1.200"
    )
    assert 'class="doubts"' in page
    assert "529" in page
    nutrition = _product(house).nutrition
    assert nutrition is not None
    assert (nutrition.energy_kcal, nutrition.sodium_mg) == (Decimal(350), Decimal(1200))
    page = browser.submit(saturates="31", status=422)
    assert 'id="saturates-error"' in page


def test_keeping_is_read_as_people_write_it(house: House) -> None:
    browser = _asking(house, "keeping")
    browser.submit(
        shelf_life_days="12 tháng",
        opened_shelf_life_days="1 tuần",
        storage_kind="frozen",
        storage_max_c="âm 18 độ",
        durability="best_before",
    )
    product = _product(house)
    assert (product.shelf_life_days, product.opened_shelf_life_days) == (360, 7)
    assert (product.storage_max_c, product.durability) == (Decimal(-18), "best_before")
    page = _asking(house, "keeping").submit(storage_min_c="-10", status=422)
    assert 'id="storage_max_c-error"' in page


def test_cases_and_pallets_are_entered_and_taken_away(house: House) -> None:
    browser = _asking(house, "cases")
    page = browser.submit(case_weight="7 kg", status=422)
    assert 'id="case_quantity-error"' in page
    browser.submit(case_quantity="12", case_gtin="18938500001237", status=422)
    browser.submit(
        case_quantity="12",
        case_gtin="1 89 3850000123 6",
        case_weight="7,5 kg",
        case_size="40 x 30 x 20,5",
        pallet_quantity="40",
        pallet_layers="5",
    )
    package = _product(house).packages[0]
    assert [(row.level, row.quantity, row.gross_weight_g) for row in package.levels] == [
        ("case", 12, 7500),
        ("pallet", 40, None),
    ]
    assert package.levels[0].height_mm == 205
    _asking(house, "cases").submit(pallet_quantity="41", status=422)
    _asking(house, "cases").submit(
        case_quantity="", case_gtin="", case_weight="", case_size="", pallet_quantity="",
        pallet_layers="",
    )  # fmt: skip
    assert _product(house).packages[0].levels == []


def test_measures_belong_to_the_package_asked_for(house: House) -> None:
    with house.changing() as session:
        product = session.get_one(Product, house.products["producer"])
        second = make_package(session, product, position=1, sku="TO")
    browser = _asking(house, "measures?sku=TO")
    browser.submit(gtin="2000000000015", gross_weight_g="0,7 kg", size="8*8*23,5 cm")
    with house.looking() as session:
        package = session.get_one(type(second), second.id)
        assert (package.gtin_is_internal, package.gross_weight_g) == (True, 700)
        assert (package.length_mm, package.height_mm) == (80, 235)
    page = _asking(house, "measures?sku=TO").submit(gross_weight_g="400 g", gtin="2000000000016",
                                                    status=422)  # fmt: skip
    assert 'id="gtin-error"' in page


def test_bulk_prices_begin_today_and_end_when_emptied(house: House) -> None:
    browser = _asking(house, "bulk")
    browser.submit(quantity_1="12", price_1="80k", quantity_2="48", price_2="", status=422)
    browser.submit(quantity_2="48", price_2="90.000", status=422)
    browser.submit(quantity_2="48", price_2="75.000", order_multiple="12")
    with house.looking() as session:
        offer = session.query(Offer).one()
        assert [(t.from_quantity, t.price_minor) for t in offer.tiers] == [
            (12, 80_000),
            (48, 75_000),
        ]
        assert (offer.min_order, offer.order_multiple, offer.valid_to) == (12, 12, None)
    _asking(house, "bulk").submit(quantity_1="", price_1="", quantity_2="", price_2="")
    with house.looking() as session:
        assert session.query(Offer).count() == 0


def test_season_capacity_codes_and_areas_are_kept(house: House) -> None:
    _asking(house, "supply").submit(
        season_months=["11", "12", "1"], capacity_per_month="1.200,5", capacity_unit="kg",
        lead_time_days="0",
    )  # fmt: skip
    _asking(house, "codes").submit(hs6="2103.90", gpc_brick="10000281", brand="Rạch Gốc")
    _asking(house, "codes").submit(vat_class="N")
    page = _asking(house, "codes").submit(hs6="21", status=422)
    assert 'id="hs6-error"' in page
    _asking(house, "areas").submit(kind="planting", code="VN-LSOR-0001", market="CN")
    _asking(house, "areas").submit(kind="planting", code="VN-LSOR-0002", market="JP")
    _asking(house, "areas").submit(remove=["VN-LSOR-0001|CN"])
    _asking(house, "use").submit(usage="Rang nóng.", warnings="Có tôm.")
    product = _product(house)
    assert (product.season_months, product.lead_time_days) == ((1, 11, 12), 0)
    assert (product.capacity_per_month, product.hs6) == (Decimal("1200.5"), "210390")
    assert [(row.code, row.market) for row in product.growing_areas] == [("VN-LSOR-0002", "JP")]
    assert (product.warnings, product.brand) == ("Có tôm.", "Rạch Gốc")
    assert product.vat_class == "N"


def test_another_spelling_of_a_tax_class_stays_until_another_is_chosen(house: House) -> None:
    with house.changing() as session:
        session.get_one(Product, house.products["producer"]).vat_class = "N/5"
    form = _asking(house, "codes")
    assert '<option selected value="N">' in form.page.get_data(as_text=True)
    form.submit(brand="Rạch Gốc")
    assert _product(house).vat_class == "N/5"
    _asking(house, "codes").submit(vat_class="")
    assert _product(house).vat_class is None


@pytest.mark.parametrize(
    ("key", "wrong", "field", "right"),
    [
        ("register", {"tax_number": "0100233480"}, "tax_number", {"tax_number": "0100233488"}),
        ("register", {"gln": "8938500009991"}, "gln", {"gln": "893 8500009990"}),
        ("closing", {"closed_to": "20/02/2027"}, "closed_to",
         {"closed_from": "05/02/2027", "closed_to": "20/02/2027"}),
        ("story", {"founded_year": "15"}, "founded_year", {"founded_year": "2015"}),
        ("place", {"commune_code": "322"}, "commune_code", {"commune_code": "32248"}),
    ],
)  # fmt: skip
def test_a_producer_says_who_they_are(
    house: House, key: str, wrong: dict[str, str], field: str, right: dict[str, str]
) -> None:
    browser = house.browser("producer")
    browser.get(f"/portal/producers/{house.producers['producer']}/about/{key}")
    page = browser.submit(**wrong, status=422)  # type: ignore[arg-type]
    assert f'id="{field}-error"' in page
    browser.submit(**right)  # type: ignore[arg-type]
    assert browser.path == "/portal/"
    with house.looking() as session:
        producer = session.get_one(Producer, house.producers["producer"])
        stored = getattr(producer, field)
    assert stored is not None
    if key == "closing":
        assert producer.closed_from == date(2027, 2, 5)


def test_edits_of_different_fields_go_together_by_themselves(house: House) -> None:
    phone, laptop = _asking(house, "keeping"), _asking(house, "keeping")
    laptop.submit(shelf_life_days="90")
    phone.submit(storage_note="Để nơi khô")
    product = _product(house)
    assert (product.shelf_life_days, product.storage_note) == (90, "Để nơi khô")


def test_edits_of_different_questions_do_not_meet(house: House) -> None:
    phone, laptop = _asking(house, "use"), _asking(house, "allergens")
    laptop.submit(state="declared", contains=["CRU"])
    phone.submit(usage="Rang nóng.")
    product = _product(house)
    assert (product.usage, [row.code for row in product.allergens]) == ("Rang nóng.", ["CRU"])


@pytest.mark.parametrize(("choice", "days"), [("mine", 60), ("theirs", 90)])
def test_a_field_both_changed_is_chosen_by_a_person(house: House, choice: str, days: int) -> None:
    phone, laptop = _asking(house, "keeping"), _asking(house, "keeping")
    laptop.submit(shelf_life_days="90", storage_note="Tủ lạnh")
    page = phone.submit(shelf_life_days="60", usage=None, status=409)
    assert "60" in page
    assert "90" in page
    assert "Tủ lạnh" in page
    phone.submit(**{"choose-shelf_life_days": choice})
    product = _product(house)
    assert (product.shelf_life_days, product.storage_note) == (days, "Tủ lạnh")


def test_a_third_edit_while_choosing_is_asked_again(house: House) -> None:
    phone, laptop = _asking(house, "keeping"), _asking(house, "keeping")
    laptop.submit(shelf_life_days="90")
    phone.submit(shelf_life_days="60", status=409)
    _asking(house, "keeping", "office").submit(shelf_life_days="30")
    page = phone.submit(**{"choose-shelf_life_days": "mine"}, status=409)  # type: ignore[arg-type]
    assert "30" in page
    phone.submit(**{"choose-shelf_life_days": "mine"})
    assert _product(house).shelf_life_days == 60


def test_an_edit_that_must_be_chosen_survives_leaving_the_page(house: House) -> None:
    phone, laptop = _asking(house, "use"), _asking(house, "use")
    laptop.submit(usage="Chiên giòn.")
    phone.submit(usage="Rang nóng.", status=409)
    again = _asking(house, "use")
    assert again.forms()[-1].fields["usage"] == ["Rang nóng."]
    again.submit(status=409)
    again.submit(**{"choose-usage": "theirs"})
    assert _product(house).usage == "Chiên giòn."


def test_what_the_form_says_it_showed_is_not_trusted(house: House) -> None:
    for was in ("[", "[]", '{"usage": 1}', '{"usage": ["x"], "csrf_token": ["y"]}', "x" * 50_000):
        browser = _asking(house, "use")
        browser.submit(usage=f"Rang {len(was)}", was=was)
        assert _product(house).usage == f"Rang {len(was)}"
