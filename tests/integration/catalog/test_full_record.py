"""The full record of a product: what may be entered, what follows, what is told and noted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from catalog.answer_drafts import drop_draft, find_draft, keep_draft
from catalog.errors import InvalidFields, PackageNotFound
from catalog.producers import update_producer
from catalog.products import set_package, update_product
from catalog.record import (
    AreaCode,
    read_ingredients,
    set_growing_areas,
    set_ingredients,
    set_nutrition,
)
from catalog.rules.nutrition import Nutrition
from catalog.rules.packaging import Wrapping
from catalog.wrapping import set_levels
from core.actor import Actor, Role
from core.audit import AuditEntry
from core.errors import Forbidden
from core.facts import Fact
from tests.factories.catalog import make_package, make_producer, make_product

SYSTEM = Actor.system("test")


def member(*producer_ids):
    return Actor(1, "Chị Ba", frozenset({Role.PRODUCER}), frozenset(producer_ids))


def doing(on, now, actor=SYSTEM):
    return {"actor": actor, "on": on, "now": now}


def facts_about(session, product):
    session.flush()
    return [
        fact.name
        for fact in session.scalars(select(Fact).order_by(Fact.id))
        if fact.payload == {"product_id": product.id}
    ]


def test_the_structured_list_writes_the_label_and_keeps_the_first_text(session, on, now):
    product = make_product(session, ingredients="Cá cơm 70%, muối; chất điều vị (621)")
    before = product.version
    listed = read_ingredients(product.ingredients)
    assert set_ingredients(session, product.id, listed, **doing(on, now))
    session.expire_all()
    assert product.ingredients == "Cá cơm 70 %, muối, chất điều vị (INS 621)"
    assert product.ingredients_source == "Cá cơm 70%, muối; chất điều vị (621)"
    assert [(r.name, r.percent, r.allergens) for r in product.ingredient_rows] == [
        ("Cá cơm", Decimal(70), ("FIS",)),
        ("muối", None, ()),
        ("", None, ()),
    ]
    assert product.version == before + 1
    assert "product.changed" in facts_about(session, product)
    assert (
        session.scalar(
            select(AuditEntry.action).where(AuditEntry.subject == f"product:{product.id}")
        )
        == "product.ingredients"
    )


def test_entering_the_same_list_again_changes_nothing(session, on, now):
    product = make_product(session)
    listed = read_ingredients("Cá cơm 70 %, muối")
    assert set_ingredients(session, product.id, listed, **doing(on, now))
    version = product.version
    assert not set_ingredients(session, product.id, listed, **doing(on, now))
    assert product.version == version


def test_a_text_written_by_hand_replaces_the_list(session, on, now):
    product = make_product(session)
    set_ingredients(session, product.id, read_ingredients("Cá cơm 70 %, muối"), **doing(on, now))
    update_product(session, product.id, {"ingredients": "Cá cơm, muối, đường"}, **doing(on, now))
    session.expire_all()
    assert product.ingredient_rows == []
    assert product.ingredients == "Cá cơm, muối, đường"


def test_taking_the_list_away_gives_the_old_text_back(session, on, now):
    product = make_product(session, ingredients="Cá cơm với muối hột")
    set_ingredients(session, product.id, read_ingredients("Cá cơm 70 %, muối"), **doing(on, now))
    set_ingredients(session, product.id, (), **doing(on, now))
    session.expire_all()
    assert product.ingredients == "Cá cơm với muối hột"
    assert product.ingredient_rows == []


def test_an_impossible_list_is_refused_with_its_line(session, on, now):
    product = make_product(session)
    with pytest.raises(InvalidFields) as refused:
        set_ingredients(
            session, product.id, read_ingredients("Cá 70 %, muối 40 %"), **doing(on, now)
        )
    assert refused.value.mistakes == {"ingredients": "over_100:2"}


def test_nutrition_is_exact_and_taken_away_when_nothing_is_left(session, on, now):
    product = make_product(session)
    declared = Nutrition("100ml", energy_kcal=Decimal("61.5"), salt=Decimal("23.125"))
    assert set_nutrition(session, product.id, declared, source="label", **doing(on, now))
    session.expire_all()
    assert product.nutrition.facts() == declared
    assert not set_nutrition(session, product.id, declared, source="label", **doing(on, now))
    assert set_nutrition(session, product.id, Nutrition(), **doing(on, now))
    session.expire_all()
    assert product.nutrition is None


def test_impossible_nutrition_is_refused_by_the_field(session, on, now):
    product = make_product(session)
    with pytest.raises(InvalidFields) as refused:
        set_nutrition(
            session,
            product.id,
            Nutrition(fat=Decimal(3), saturates=Decimal(4)),
            **doing(on, now),
        )
    assert refused.value.mistakes == {"saturates": "more_than_whole"}


def test_a_case_and_a_pallet_stand_around_a_package(session, on, now):
    product = make_product(session, package_gtin="8938500001239")
    package = product.packages[0]
    levels = [
        Wrapping("pallet", 40, layers=5),
        Wrapping("case", 12, gtin="18938500001236", gross_weight_g=9000),
    ]
    assert set_levels(session, package.id, levels, **doing(on, now))
    session.expire_all()
    assert {(row.level, row.quantity) for row in package.levels} == {("case", 12), ("pallet", 40)}
    assert (package.units_per_case, package.case_gtin) == (12, "18938500001236")
    assert not set_levels(session, package.id, levels, **doing(on, now))
    assert set_levels(session, package.id, [], **doing(on, now))
    session.expire_all()
    assert (package.levels, package.units_per_case, package.case_gtin) == ([], None, None)


def test_an_in_house_number_is_flagged_on_every_level(session, on, now):
    product = make_product(session)
    package = product.packages[0]
    set_package(session, product.id, package.sku, {"gtin": "2000000000015"}, **doing(on, now))
    set_levels(session, package.id, [Wrapping("case", 6, gtin="2000000000022")], **doing(on, now))
    assert package.gtin_is_internal
    assert package.levels[0].gtin_is_internal
    set_package(session, product.id, package.sku, {"gtin": None}, **doing(on, now))
    assert not package.gtin_is_internal


def test_wrong_wrappings_are_refused_by_level_and_field(session, on, now):
    package = make_product(session).packages[0]
    with pytest.raises(InvalidFields) as refused:
        set_levels(session, package.id, [Wrapping("case", 0)], **doing(on, now))
    assert refused.value.mistakes == {"case.quantity": "not_positive"}
    with pytest.raises(PackageNotFound):
        set_levels(session, 10**9, [], **doing(on, now))


def test_what_drips_off_weighs_less_than_what_is_inside(session, on, now):
    product = make_product(session)
    package = make_package(session, product, net_content=500, unit="g")
    for values, mistakes in (
        ({"drained": Decimal(501)}, {"drained": "more_than_net"}),
        ({"gross_weight_g": 400}, {"gross_weight_g": "lighter_than_content"}),
    ):
        with pytest.raises(InvalidFields) as refused:
            set_package(session, product.id, package.sku, values, **doing(on, now))
        assert refused.value.mistakes == mistakes


@pytest.mark.parametrize(
    ("values", "mistakes"),
    [
        ({"hs6": "2103"}, {"hs6": "not_six_digits"}),
        ({"hs6": "990000"}, {"hs6": "not_six_digits"}),
        ({"gpc_brick": "10000"}, {"gpc_brick": "not_eight_digits"}),
        ({"storage_min_c": Decimal(8), "storage_max_c": Decimal(4)},
         {"storage_max_c": "below_minimum"}),
        ({"storage_max_c": Decimal(200)}, {"storage_max_c": "out_of_range"}),
        ({"opened_shelf_life_days": 721}, {"opened_shelf_life_days": "longer_than_closed"}),
        ({"durability": "soon"}, {"durability": "unknown_kind"}),
        ({"capacity_per_month": Decimal(0)}, {"capacity_per_month": "not_positive"}),
    ],
)  # fmt: skip
def test_what_a_product_cannot_be_is_refused(session, on, now, values, mistakes):
    product = make_product(session)
    with pytest.raises(InvalidFields) as refused:
        update_product(session, product.id, values, **doing(on, now))
    assert refused.value.mistakes == mistakes


def test_trade_facts_survive_the_database(session, on, now):
    product = make_product(session)
    values = {
        "season_months": (1, 2, 12),
        "storage_min_c": Decimal("-18.5"),
        "storage_max_c": Decimal(-18),
        "capacity_per_month": Decimal("1250.5"),
        "capacity_unit": "kg",
        "lead_time_days": 0,
        "warnings": "Không dùng cho trẻ dưới 1 tuổi.",
        "gpc_brick": "10000281",
    }
    update_product(session, product.id, values, **doing(on, now))
    session.expire_all()
    assert {name: getattr(product, name) for name in values} == values


def test_growing_areas_are_one_code_for_one_market(session, on, now):
    product = make_product(session)
    codes = [AreaCode("VN-LSOR-0001", "CN"), AreaCode("VN-LSOR-0001", "JP")]
    assert set_growing_areas(session, product.id, codes, **doing(on, now))
    assert not set_growing_areas(session, product.id, codes, **doing(on, now))
    assert set_growing_areas(session, product.id, codes[:1], **doing(on, now))
    session.expire_all()
    assert [(row.code, row.market) for row in product.growing_areas] == [("VN-LSOR-0001", "CN")]
    with pytest.raises(InvalidFields):
        set_growing_areas(session, product.id, [codes[0], codes[0]], **doing(on, now))


@pytest.mark.parametrize(
    ("values", "mistakes"),
    [
        ({"tax_number": "0100233480"}, {"tax_number": "check_digit"}),
        ({"gln": "8938500009991"}, {"gln": "check_digit"}),
        ({"commune_code": "1234"}, {"commune_code": "not_five_digits"}),
        ({"closed_to": date(2027, 2, 20)}, {"closed_from": "missing"}),
        ({"closed_from": date(2027, 2, 21), "closed_to": date(2027, 2, 20)},
         {"closed_to": "before_first_day"}),
    ],
)  # fmt: skip
def test_what_a_producer_cannot_be_is_refused(session, on, now, values, mistakes):
    maker = make_producer(session)
    with pytest.raises(InvalidFields) as refused:
        update_producer(session, maker.id, values, **doing(on, now))
    assert refused.value.mistakes == mistakes


def test_a_producers_register_entry_is_kept_tidy(session, on, now):
    maker = make_producer(session)
    values = {
        "registration_number": "96.07.000123",
        "registered_on": date(2019, 5, 6),
        "tax_number": "0314409058 002",
        "gln": "8938500009990",
        "commune_code": "32248",
        "former_unit": "xã Đất Mũi, huyện Ngọc Hiển",
    }
    update_producer(session, maker.id, values, **doing(on, now))
    session.expire_all()
    assert maker.tax_number == "0314409058-002"
    assert maker.registered_on == date(2019, 5, 6)


def test_strangers_change_nothing(session, on, now):
    product = make_product(session)
    stranger = doing(on, now, member(product.producer_id + 1))
    package_id = product.packages[0].id
    for change in (
        lambda: set_ingredients(session, product.id, read_ingredients("Muối"), **stranger),
        lambda: set_nutrition(session, product.id, Nutrition(fat=Decimal(1)), **stranger),
        lambda: set_growing_areas(session, product.id, [AreaCode("A")], **stranger),
        lambda: set_levels(session, package_id, [Wrapping("case", 2)], **stranger),
    ):
        with pytest.raises(Forbidden):
            change()


def test_an_unfinished_answer_is_kept_for_the_person_until_it_is_stored(session, now):
    key = ("product", 12, "package", "SKU-1")
    mine, other = member(3), Actor(2, "Anh Tư", frozenset({Role.PRODUCER}), frozenset({3}))
    assert keep_draft(session, key, {"price": ["85 ngàn"]}, version=4, actor=mine, now=now)
    assert keep_draft(session, key, {"price": ["85 nghìn"]}, version=4, actor=mine, now=now)
    session.flush()
    session.expire_all()
    kept = find_draft(session, key, actor=mine)
    assert kept is not None
    assert (kept.typed, kept.version) == ({"price": ["85 nghìn"]}, 4)
    assert find_draft(session, key, actor=other) is None
    drop_draft(session, key, actor=mine)
    session.flush()
    assert find_draft(session, key, actor=mine) is None
    assert not keep_draft(session, key, {"a": ["x" * 20_001]}, version=1, actor=mine, now=now)
    assert not keep_draft(session, key, {"a": ["x"]}, version=1, actor=Actor.buyer(), now=now)
