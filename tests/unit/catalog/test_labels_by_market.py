from __future__ import annotations

from datetime import date

from catalog.reference import ALLERGENS, KINDS_OF
from catalog.regulation.files import rules_of_files
from catalog.rules.allergens import AllergenFacts, allergens_to_declare
from catalog.rules.eligibility import HOME, MARKETS
from catalog.rules.labelling import LABEL_FIELDS, LabelFacts, missing_label_fields
from tests.rows import each_row

RULES = rules_of_files()
TODAY = date(2026, 11, 22)


def declared(codes: str, market: str, on: date = TODAY) -> tuple[set[str], set[str]]:
    facts = AllergenFacts("declared", frozenset(codes.split()))
    label = allergens_to_declare(RULES, market, facts, on, KINDS_OF)
    return set(label.must), set(label.should)


@each_row(
    ("market", "duty", "count"),
    [
        ("EU", "mandatory", 14),
        ("JP", "mandatory", 8),
        ("JP", "recommended", 20),
        ("TW", "mandatory", 11),
        ("CA", "mandatory", 13),
    ],
)
def test_each_market_has_its_own_set(market: str, duty: str, count: int) -> None:
    rule = RULES.find(f"allergens.{market}.{duty}", TODAY)
    assert rule is not None
    assert len(rule.lists("codes")) == count


def test_every_named_allergen_is_in_the_glossary() -> None:
    for rule in RULES.rules:
        if rule.kind == "allergens":
            assert set(rule.lists("codes")) <= set(ALLERGENS), rule.code


@each_row(
    ("codes", "market", "must", "should"),
    [
        ("CRU SHR SES", "EU", {"CRU", "SES"}, set()),
        ("SHR", "EU", {"CRU"}, set()),  # whoever has shrimp has crustaceans
        ("CRU SHR SES", "JP", {"SHR"}, {"SES"}),
        ("SOY GLU WHE", "JP", {"WHE"}, {"SOY"}),
        ("NUT CAS", "JP", set(), {"CAS"}),
        ("FIS MUS", "TW", {"FIS"}, set()),
        ("MUS", "CA", {"MUS"}, set()),
        ("POR", "KR", {"POR"}, set()),
        ("POR", "EU", set(), set()),
    ],
)
def test_one_statement_is_rendered_for_each_market(
    codes: str, market: str, must: set[str], should: set[str]
) -> None:
    assert declared(codes, market) == (must, should)


def test_china_makes_eight_groups_a_duty_on_16_march_2027() -> None:
    assert declared("FIS", "CN", date(2027, 3, 15)) == (set(), {"FIS"})
    assert declared("FIS", "CN", date(2027, 3, 16)) == ({"FIS"}, set())


def test_silence_is_not_none() -> None:
    label = allergens_to_declare(RULES, "EU", AllergenFacts("unknown"), TODAY, KINDS_OF)
    assert not label.known
    none = allergens_to_declare(RULES, "EU", AllergenFacts("none_declared"), TODAY, KINDS_OF)
    assert none.known
    assert none.must == ()


def facts(subgroup: str, *known: str, languages: str = "vi") -> LabelFacts:
    texts = frozenset(languages.split())
    return LabelFacts(
        subgroup,
        {"name": texts, "ingredients": texts},
        frozenset(known),
        AllergenFacts("none_declared"),
    )


def lacking(given: LabelFacts, market: str, on: date = TODAY) -> dict[str, bool]:
    missing = missing_label_fields(RULES, given, market, on, kinds=KINDS_OF)
    return {lack.field: lack.required for lack in missing}


BASICS = ("producer", "address", "origin", "net_content")


def test_a_vietnamese_label_wants_what_the_goods_call_for() -> None:
    assert lacking(facts("F09", *BASICS), "VN") == {
        "date": True,
        "storage": False,
        "nutrition": False,
    }
    assert lacking(facts("C01", *BASICS), "VN") == {}, "crafts carry no date"
    assert lacking(facts("D01", *BASICS, "storage", "nutrition"), "VN") == {"abv": True}
    assert lacking(facts("F01", *BASICS, "storage", "date"), "VN") == {}, "fresh: no ingredients"


def test_the_nutrition_table_is_asked_for_since_2026_and_only_advised() -> None:
    given = facts("F09", *BASICS, "date", "storage")
    assert lacking(given, "VN", date(2025, 12, 31)) == {}
    assert lacking(given, "VN", date(2026, 1, 1)) == {"nutrition": False}


def test_the_fields_are_the_same_under_the_new_label_decree_but_the_basis_is_not() -> None:
    before = RULES.find("label.VN.name", date(2026, 1, 22))
    after = RULES.find("label.VN.name", date(2026, 1, 23))
    assert before is not None
    assert after is not None
    assert (before.legal_basis, after.legal_basis) == (
        "43/2017/NĐ-CP; 111/2021/NĐ-CP",
        "37/2026/NĐ-CP",
    )


@each_row(
    ("market", "languages", "wanted"),
    [
        ("HK", "vi zh-hant", ()),
        ("HK", "vi en", ()),
        ("HK", "vi", ("en", "zh-hant")),
        ("CA", "vi en fr", ()),
        ("CA", "vi en", ("fr",)),
        ("CA", "vi", ("en", "fr")),
        ("EU", "de", ()),
        ("KR", "vi en ja", ("ko",)),
    ],
)
def test_a_label_speaks_the_languages_of_its_market(
    market: str, languages: str, wanted: tuple[str, ...]
) -> None:
    given = facts("F09", *LABEL_FIELDS, languages=languages)
    missing = missing_label_fields(RULES, given, market, TODAY, kinds=KINDS_OF)
    assert {lack.languages for lack in missing} == ({wanted} if wanted else set())


def test_every_market_has_rules_for_its_label() -> None:
    for market in (*MARKETS, HOME):
        found = {r.code.split(".")[2] for r in RULES.rules if r.code.startswith(f"label.{market}.")}
        assert found <= set(LABEL_FIELDS)
        assert {"name", "producer", "origin", "net_content", "allergens"} <= found, market
