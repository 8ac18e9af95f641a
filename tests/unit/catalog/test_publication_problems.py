from dataclasses import replace
from datetime import date
from decimal import Decimal

from catalog.reference import SUBGROUPS
from catalog.rules.publication import (
    PackageFacts,
    PaperFacts,
    PublicationFacts,
    accepted_papers,
    listed_until,
    publication_problems,
)
from tests.rows import each_row

ON = date(2026, 11, 22)
PACKAGE = PackageFacts("A", 85_000, Decimal(500), "ml", None)
PAPER = PaperFacts("facility_certificate", date(2025, 1, 1), date(2027, 12, 31))
GOOD = PublicationFacts(
    name="Nước mắm",
    producer_id=1,
    province_code="96",
    subgroup_code="F09",
    ingredients="Cá, muối",
    allergens_state="declared",
    shelf_life_days=720,
    storage_kind="ambient",
    packages=(PACKAGE,),
    papers=(PAPER,),
)


def codes(facts, on=ON):
    return [problem.code for problem in publication_problems(facts, on)]


def test_a_complete_listing_needs_no_certificate():
    assert codes(GOOD) == []


@each_row(
    ("change", "code"),
    [
        ({"name": None}, "name_missing"),
        ({"name": "  "}, "name_missing"),
        ({"producer_id": None}, "producer_missing"),
        ({"province_code": None}, "province_missing"),
        ({"subgroup_code": None}, "subgroup_missing"),
        ({"packages": ()}, "package_missing"),
        ({"packages": (replace(PACKAGE, price_minor=0),)}, "price_missing"),
        ({"packages": (replace(PACKAGE, net_content=None),)}, "net_content_missing"),
        ({"packages": (replace(PACKAGE, unit=""),)}, "net_content_missing"),
        ({"ingredients": ""}, "ingredients_missing"),
        ({"allergens_state": "unknown"}, "allergens_unknown"),
        ({"shelf_life_days": None}, "shelf_life_missing"),
        ({"papers": ()}, "food_safety_missing"),
        ({"papers": (replace(PAPER, kind="test_report"),)}, "food_safety_missing"),
        ({"papers": (replace(PAPER, issued_on=date(2026, 11, 23)),)}, "food_safety_missing"),
        ({"papers": (replace(PAPER, valid_to=date(2026, 11, 21)),)}, "food_safety_expired"),
        ({"subgroup_code": "D01", "shelf_life_days": None}, "abv_missing"),
    ],
)
def test_each_missing_fact_has_its_own_code(change, code):
    assert codes(replace(GOOD, **change)) == [code]


def test_all_problems_are_named_at_once():
    empty = PublicationFacts(None, None, None, "F09", None, "unknown", None, "ambient")
    assert codes(empty) == [
        "name_missing", "producer_missing", "province_missing", "package_missing",
        "ingredients_missing", "allergens_unknown", "shelf_life_missing", "food_safety_missing",
    ]  # fmt: skip


@each_row("last", [date(2026, 11, 22), date(2027, 1, 1), None])
def test_a_paper_counts_on_its_last_day_and_without_an_end(last):
    assert codes(replace(GOOD, papers=(replace(PAPER, valid_to=last),))) == []


@each_row("subgroup", ["F01", "F02"])
def test_fresh_food_needs_no_ingredients_but_a_commitment_or_certificate(subgroup):
    fresh = replace(GOOD, subgroup_code=subgroup, ingredients=None, shelf_life_days=5)
    assert codes(replace(fresh, papers=(PaperFacts("commitment", None, None),))) == []
    assert codes(replace(fresh, papers=(PaperFacts("self_declaration", None, None),))) == [
        "food_safety_missing"
    ]


@each_row("subgroup", ["T01", "C01", "C02", "S01", "S02", "S03", "H02", "H03"])
def test_what_is_not_eaten_needs_no_food_papers(subgroup):
    bare = replace(
        GOOD, subgroup_code=subgroup, ingredients=None, allergens_state="unknown",
        shelf_life_days=None, papers=(),
    )  # fmt: skip
    assert codes(bare) == []


def test_alcohol_with_a_strength_needs_no_shelf_life():
    spirit = replace(
        GOOD,
        subgroup_code="D01",
        shelf_life_days=None,
        packages=(replace(PACKAGE, abv=Decimal(35)),),
    )
    assert codes(spirit) == []


def test_every_subgroup_says_which_papers_it_accepts():
    for code in SUBGROUPS:
        assert bool(accepted_papers(code)) == (code[0] in "FD" or code == "H01")


@each_row(
    ("papers", "until"),
    [
        ([PAPER], date(2027, 12, 31)),
        ([replace(PAPER, valid_to=None)], None),
        ([PAPER, PaperFacts("haccp", date(2028, 1, 1), date(2028, 6, 1))], date(2028, 6, 1)),
        ([PAPER, PaperFacts("haccp", date(2028, 1, 2), date(2028, 6, 1))], date(2027, 12, 31)),
        ([PAPER, PaperFacts("test_report", date(2025, 1, 1), None)], date(2027, 12, 31)),
    ],
)
def test_a_listing_lasts_as_long_as_papers_follow_without_a_gap(papers, until):
    assert listed_until(replace(GOOD, papers=tuple(papers)), ON) == until


def test_goods_without_papers_are_listed_without_an_end():
    assert listed_until(replace(GOOD, subgroup_code="C01", papers=()), ON) is None
