"""Every gap is named with its weight, and mending what is named first always raises the score."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.completeness import (
    CHECKS,
    LABEL_NEEDS,
    PROBLEMS_OF,
    SHOP,
    RecordFacts,
    SoldUnit,
    completeness,
    market_purpose,
    partner_purpose,
)
from catalog.rules.publication import PackageFacts, PaperFacts, PublicationFacts

ON = date(2026, 11, 22)
PAPER = PaperFacts("self_declaration", date(2025, 1, 1), None)
BOTTLE = PackageFacts("NM-500", 85_000, Decimal(500), "ml", Decimal(40))
UNIT = SoldUnit("NM-500", "8935012345677", 900, (70, 70, 280), 12)
LISTED = PublicationFacts(
    name="Nước mắm",
    producer_id=1,
    province_code="96",
    subgroup_code="F11",
    ingredients="Cá cơm, muối",
    allergens_state="declared",
    shelf_life_days=720,
    storage_kind="ambient",
    packages=(BOTTLE,),
    papers=(PAPER,),
)
WHOLE = RecordFacts(
    listing=LISTED,
    units=(UNIT,),
    short_name="Nước mắm 500 ml",
    summary="Nước mắm nhĩ",
    description="Ủ trong thùng gỗ 12 tháng.",
    producer_name="HTX Biển Xanh",
    producer_address="Ấp 1",
    producer_story="Ba đời làm nước mắm.",
    storage_note="Nơi khô mát",
    ingredient_rows=2,
    nutrition_declared=True,
    pictures=1,
    hs6="210390",
    gpc_brick="10000277",
    capacity_per_month=Decimal(1000),
    origin_country="VN",
    has_star_claim=True,
    translated={tag: frozenset({"name", "summary"}) for tag in ("en", "ja", "zh-hans")},
    documents={"": frozenset({"commitment"}), "CN": frozenset({"planting_area_code"})},
)
PURPOSES = (
    SHOP,
    market_purpose("JP", languages=(("ja",),), label_fields=("nutrition", "storage", "importer")),
    market_purpose(
        "CN",
        languages=(("zh-hans",), ("en", "zh-hant")),
        label_fields=LABEL_NEEDS,
        documents=("planting_area_code", "commitment"),
    ),
    partner_purpose("a", ("name", "short_name", "shelf_life", "origin"), internal_numbers=True),
    partner_purpose("b", ("gtin", "nutrition", "translation:en"), internal_numbers=False),
)


def listing(**changes: object) -> Callable[[RecordFacts], RecordFacts]:
    return lambda facts: replace(facts, listing=replace(facts.listing, **changes))


def record(**changes: object) -> Callable[[RecordFacts], RecordFacts]:
    return lambda facts: replace(facts, **changes)


def packed(facts: RecordFacts) -> RecordFacts:
    packages = facts.listing.packages or (BOTTLE,)
    sold = tuple(
        replace(p, price_minor=85_000, net_content=Decimal(500), unit="ml", abv=Decimal(40))
        for p in packages
    )
    return replace(facts, listing=replace(facts.listing, packages=sold))


MEND: dict[str, Callable[[RecordFacts], RecordFacts]] = {
    "name": listing(name="Nước mắm"),
    "producer": listing(producer_id=1),
    "province": listing(province_code="96"),
    "category": listing(subgroup_code="F11"),
    "packages": packed,
    "price": packed,
    "net_content": packed,
    "abv": packed,
    "ingredients": listing(ingredients="Cá cơm, muối"),
    "allergens": listing(allergens_state="none_declared"),
    "shelf_life": listing(shelf_life_days=720),
    "food_safety": listing(papers=(PAPER, PaperFacts("commitment", ON, None))),
    "short_name": record(short_name="Nước mắm"),
    "summary": record(summary="Nước mắm nhĩ"),
    "description": record(description="Ủ trong thùng gỗ."),
    "producer_address": record(producer_address="Ấp 1"),
    "producer_story": record(producer_story="Ba đời."),
    "storage": record(storage_note="Nơi khô mát"),
    "ingredient_rows": record(ingredient_rows=2),
    "nutrition": record(nutrition_declared=True),
    "picture": record(pictures=1),
    "hs6": record(hs6="210390"),
    "gpc": record(gpc_brick="10000277"),
    "capacity": record(capacity_per_month=Decimal(1)),
    "origin": record(origin_country="VN"),
    "gtin": record(units=(UNIT,)),
    "gs1_gtin": record(units=(UNIT,)),
    "gross_weight": record(units=(UNIT,)),
    "dimensions": record(units=(UNIT,)),
    "case": record(units=(UNIT,)),
    "star_claim": record(has_star_claim=True),
}


def translate(facts: RecordFacts, locale: str) -> RecordFacts:
    done = {**facts.translated, locale: frozenset({"name", "summary"})}
    return replace(facts, translated=done)


def mended(facts: RecordFacts, code: str) -> RecordFacts:
    name, _, argument = code.partition(":")
    if name == "translation":
        return translate(facts, argument.split("|")[-1])
    if name == "document":
        market, _, paper = argument.partition("/")
        filed = facts.documents.get(market, frozenset()) | {paper}
        return replace(facts, documents={**facts.documents, market: filed})
    return MEND[name](facts)


gaps = st.builds(
    lambda lost, units, packages, subgroup: replace(
        replace(WHOLE, **lost),
        units=units,
        listing=replace(
            LISTED,
            packages=packages,
            subgroup_code=subgroup,
            **{k: None for k in ("name", "province_code", "ingredients") if len(lost) % 2},
        ),
    ),
    st.fixed_dictionaries(
        {},
        optional={
            "short_name": st.just(""),
            "summary": st.none(),
            "description": st.none(),
            "producer_story": st.none(),
            "storage_note": st.none(),
            "ingredient_rows": st.just(0),
            "nutrition_declared": st.just(False),
            "pictures": st.just(0),
            "hs6": st.sampled_from([None, "", "12"]),
            "gpc_brick": st.none(),
            "origin_country": st.none(),
            "has_star_claim": st.just(False),
            "translated": st.just({}),
            "documents": st.sampled_from([{}, {"JP": frozenset({"planting_area_code"})}]),
        },
    ),
    st.sampled_from([(), (UNIT,), (SoldUnit("X"),), (SoldUnit("X", "2012345678903"), UNIT)]),
    st.sampled_from([(), (BOTTLE,), (replace(BOTTLE, price_minor=0, unit=None, abv=None),)]),
    st.sampled_from([None, "F01", "F10", "F11", "D01", "C01", "T01"]),
)


@given(gaps, st.sampled_from(PURPOSES))
def test_mending_the_named_item_raises_the_score(facts, purpose):
    steps = 0
    judged = completeness(facts, purpose, ON)
    while judged.next_best is not None:
        facts = mended(facts, judged.next_best.code)
        after = completeness(facts, purpose, ON)
        assert after.score > judged.score, judged.next_best
        judged = after
        steps += 1
        assert steps < 50
    assert (judged.score, judged.suffices, judged.missing) == (100, True, ())


@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda purpose: purpose.code)
def test_a_whole_record_lacks_nothing(purpose):
    assert completeness(WHOLE, purpose, ON).missing == ()


@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda purpose: purpose.code)
def test_one_need_is_at_least_one_point(purpose):
    assert sum(need.weight for need in purpose.needs) <= 100
    assert all(need.weight >= 1 for need in purpose.needs)


def test_what_blocks_comes_before_what_is_only_wished():
    facts = replace(WHOLE, pictures=0, listing=replace(LISTED, shelf_life_days=None))
    judged = completeness(facts, SHOP, ON)
    assert [need.code for need in judged.missing] == ["shelf_life", "picture"]
    assert not judged.suffices
    assert completeness(replace(WHOLE, pictures=0), SHOP, ON).suffices


def test_a_paper_that_ends_costs_points_on_the_day_after():
    ends = replace(WHOLE, listing=replace(LISTED, papers=(replace(PAPER, valid_to=ON),)))
    assert completeness(ends, SHOP, ON).score == 100
    assert completeness(ends, SHOP, date(2026, 11, 23)).missing[0].code == "food_safety"


def test_salt_needs_no_last_day_and_cloth_no_ingredients():
    salt = replace(WHOLE, listing=replace(LISTED, subgroup_code="F10", shelf_life_days=None))
    cloth = replace(
        WHOLE,
        ingredient_rows=0,
        nutrition_declared=False,
        storage_note=None,
        listing=replace(LISTED, subgroup_code="C01", ingredients=None, papers=()),
    )
    assert completeness(salt, SHOP, ON).score == 100
    assert completeness(cloth, SHOP, ON).score == 100


def test_a_chain_that_wants_numbers_of_gs1_refuses_in_house_numbers():
    own = replace(WHOLE, units=(replace(UNIT, gtin="2012345678903"),))
    strict = partner_purpose("b", ("gtin",), internal_numbers=False)
    assert completeness(own, strict, ON).next_best.code == "gs1_gtin"
    assert completeness(own, partner_purpose("a", (), internal_numbers=True), ON).suffices


def test_every_need_of_every_purpose_can_be_judged():
    for purpose in PURPOSES:
        for need in purpose.needs:
            name = need.code.partition(":")[0]
            assert name in {*CHECKS, *PROBLEMS_OF, "translation", "document"}
    assert MEND.keys() == CHECKS.keys() | PROBLEMS_OF.keys()
