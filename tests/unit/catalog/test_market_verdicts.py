from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from catalog.reference import KINDS_OF, SUBGROUPS
from catalog.regulation.files import rules_of_files
from catalog.rules.allergens import AllergenFacts
from catalog.rules.categories import CATEGORIES, GoodsFacts, categories, has_meat
from catalog.rules.eligibility import (
    HOME,
    MARKETS,
    REASONS,
    MarketFacts,
    Verdict,
    market_verdict,
)
from catalog.rules.labelling import LABEL_FIELDS, LabelFacts
from catalog.rules.regulation import RuleSet
from tests.rows import each_row

RULES = rules_of_files()
TODAY = date(2026, 11, 22)
ALL_LANGUAGES = frozenset({"vi", "en", "ja", "ko", "zh-hans", "zh-hant", "fr", "de", "bn"})


def goods(
    subgroup: str = "F10",
    hs6: str = "250100",
    ingredients: str = "Muối biển",
    contains: str = "",
    storage: str = "ambient",
    languages: frozenset[str] = ALL_LANGUAGES,
    **documents: str,
) -> MarketFacts:
    stated = frozenset(contains.split())
    state = "declared" if stated else "none_declared"
    return MarketFacts(
        goods=GoodsFacts(subgroup, hs6, ingredients, storage, stated),
        label=LabelFacts(
            subgroup,
            {"name": languages, "ingredients": languages},
            frozenset(LABEL_FIELDS) - {"name", "ingredients", "allergens"},
            AllergenFacts(state, stated),
        ),
        documents={market: frozenset(named.split()) for market, named in documents.items()},
    )


def judge(facts: MarketFacts, market: str, on: date = TODAY) -> Verdict:
    return market_verdict(RULES, facts, market, on, kinds=KINDS_OF)


def why(verdict: Verdict) -> list[str]:
    return [reason.code for reason in verdict.reasons]


SALT = goods()
HONEY = goods("F04", "040900", "Mật ong")
COFFEE = goods("F13", "090121", "Cà phê")
PRAWNS = goods("F08", "030617", "Tôm sú", "CRU SHR", "frozen")
KRILL_WITH_PORK = goods("F09", "160529", "Ruốc, thịt heo, sả, ớt", "CRU SHR")
LIVE_CRAB = goods("F02", "030633", "Cua biển sống", "CRU CRB", "live")
LYCHEE = goods("F01", "081090", "Vải thiều")
SPIRIT = goods("D01", "220890", "Gạo, men lá")
TOUR = goods("T01", "", "")
SCARF = goods("C02", "621410", "")
BONSAI = goods("S02", "060290", "")


@each_row(
    ("facts", "market", "allowed", "reasons"),
    [
        (SALT, "HK", True, ["with_documents"]),
        (SALT, "JP", True, ["with_documents"]),
        (SALT, "CN", False, ["registration_first"]),
        (HONEY, "AU", True, ["with_documents"]),
        (HONEY, "EU", False, ["registration_first"]),
        (HONEY, "TW", False, ["permit_first"]),
        (PRAWNS, "EU", False, ["registration_first"]),
        (PRAWNS, "HK", True, ["with_documents"]),
        (KRILL_WITH_PORK, "JP", False, ["meat_ban"]),
        (KRILL_WITH_PORK, "HK", False, ["meat_ban"]),
        (LIVE_CRAB, "EU", False, ["parcels_blocked"]),
        (LIVE_CRAB, "CN", False, ["parcels_blocked"]),
        (LYCHEE, "AU", False, ["treatment_only"]),
        (LYCHEE, "TW", False, ["fruit_fly"]),
        (LYCHEE, "SG", True, ["with_documents"]),
        (SPIRIT, "CA", False, ["monopoly"]),
        (SPIRIT, "KR", False, ["licence_first"]),
        (TOUR, "SG", False, ["service_not_goods"]),
        (SCARF, "SG", False, ["category_unknown"]),
        (BONSAI, "SG", False, ["live_organisms"]),
        (TOUR, HOME, True, ["as_labelled"]),
        (SCARF, HOME, True, ["as_labelled"]),
    ],
)
def test_a_market_is_open_only_where_a_rule_says_so(
    facts: MarketFacts, market: str, allowed: bool, reasons: list[str]
) -> None:
    verdict = judge(facts, market)
    assert (verdict.allowed, why(verdict)) == (allowed, reasons)


def test_without_rules_every_market_is_closed() -> None:
    for market in (*MARKETS, HOME):
        verdict = market_verdict(RuleSet(()), SALT, market, TODAY, kinds=KINDS_OF)
        assert (verdict.allowed, why(verdict)) == (False, ["not_listed"])
        assert verdict.rule_version == f"default/{market}"


def test_an_unknown_market_is_closed() -> None:
    assert not judge(SALT, "XX").allowed


def test_coffee_for_europe_needs_the_deforestation_statement_from_the_day_of_the_rule() -> None:
    day = date(2026, 12, 30)
    assert "deforestation_statement" not in judge(COFFEE, "EU", day - timedelta(days=1)).documents
    assert "deforestation_statement" in judge(COFFEE, "EU", day).documents


def test_a_registration_on_file_opens_the_market() -> None:
    papers = judge(HONEY, "EU").documents
    assert papers == ("residue_plan", "health_certificate")
    complete = replace(HONEY, documents={"EU": frozenset(papers)})
    assert why(judge(complete, "EU")) == ["on_file"]
    assert judge(complete, "EU").allowed
    for paper in papers:
        partly = replace(HONEY, documents={"EU": frozenset(papers) - {paper}})
        assert not judge(partly, "EU").allowed


def test_papers_for_one_market_do_not_open_another() -> None:
    papers = frozenset(judge(HONEY, "KR").documents)
    assert judge(replace(HONEY, documents={"KR": papers}), "KR").allowed
    assert not judge(replace(HONEY, documents={"KR": papers}), "EU").allowed


def test_a_label_nobody_can_read_there_keeps_the_goods_at_home() -> None:
    untranslated = goods(languages=frozenset({"vi", "en"}))
    verdict = judge(untranslated, "JP")
    assert (verdict.allowed, why(verdict)) == (False, ["label_incomplete"])
    assert verdict.reasons[0].facts["languages"] == "ja"
    assert judge(untranslated, "HK").allowed, "English or Chinese"
    canada = judge(untranslated, "CA")
    assert canada.reasons[0].facts["languages"] == "fr", "English and French"


def test_unknown_allergens_close_every_foreign_market() -> None:
    silent = replace(SALT, label=replace(SALT.label, allergens=AllergenFacts("unknown")))
    for market in ("HK", "JP", "AU", "EU"):
        assert "allergens_unknown" in why(judge(silent, market)), market


def test_japan_wants_to_know_which_crustacean() -> None:
    vague = goods("F08", "030617", "Tôm sú", "CRU", "frozen")
    verdict = judge(vague, "JP")
    assert why(verdict) == ["allergen_kinds"]
    assert verdict.reasons[0].facts["kinds"] == "SHR CRB"
    assert judge(PRAWNS, "JP").allowed
    assert judge(vague, "HK").allowed, "Hong Kong asks for crustaceans"


def test_where_nothing_helps_no_papers_are_asked_for() -> None:
    verdict = judge(KRILL_WITH_PORK, "CN")
    assert why(verdict) == ["meat_ban"]
    assert verdict.documents == ()


def test_hearsay_is_marked_and_published_rules_are_not() -> None:
    assert not judge(SALT, "HK").confirmed
    assert judge(SALT, "CN").confirmed


def test_a_verdict_names_every_rule_it_was_given_under() -> None:
    versions = judge(KRILL_WITH_PORK, "JP").rule_version.split()
    assert [version.split("/")[0] for version in versions] == [
        "market.JP.seafood",
        "market.JP.meat",
    ]


@each_row(
    ("ingredients", "meat"),
    [
        ("Ruốc, thịt heo, sả", True),
        ("Vịt, nước tương, mật ong", True),
        ("Gạo nếp cẩm, thịt heo, đậu xanh", True),
        ("Gà", True),
        ("Lòng trắng trứng gà, đường", False),
        ("Sữa bò, đường", False),
        ("Nấm đùi gà", False),
        ("Cá cơm, theo mùa", False),
        ("Gấc, gạo", False),
        (None, False),
    ],
)
def test_meat_is_found_in_the_ingredients(ingredients: str | None, meat: bool) -> None:
    assert has_meat(ingredients) is meat


@each_row(
    ("facts", "expected"),
    [
        (("F08", "190590", "Bột khoai mì, tôm 40 %", "ambient", "CRU"), ("seafood", "grain")),
        (("F06", "190490", "Gạo nếp, thịt heo", "ambient", ""), ("meat", "grain")),
        (("F08", "210690", "Tổ yến, đường phèn", "ambient", "BN"), ("birds_nest",)),
        (("F09", "210390", "Cá cơm, muối", "ambient", "FIS"), ("condiments",)),
        (("F10", "210390", "Muối, ớt, tôm 12 %", "ambient", "CRU"), ("seafood", "condiments")),
        (("F07", "080390", "Chuối xiêm", "ambient", ""), ("dried_goods",)),
        (("F01", "080390", "Chuối", "ambient", ""), ("fresh_produce",)),
        (("F04", "170290", "Mật hoa dừa", "ambient", ""), ("unlisted",)),
        (("C01", "691200", "", "ambient", ""), ("ceramics",)),
        (("H01", "210690", "Thảo mộc", "ambient", ""), ("functional",)),
        ((None, None, None, "ambient", ""), ("unlisted",)),
    ],
)
def test_goods_belong_to_what_they_are_made_of(
    facts: tuple[str | None, str | None, str | None, str, str], expected: tuple[str, ...]
) -> None:
    subgroup, hs6, ingredients, storage, contains = facts
    found = categories(GoodsFacts(subgroup, hs6, ingredients, storage, frozenset(contains.split())))
    assert found == expected


@given(
    st.sampled_from([*SUBGROUPS, None]),
    st.one_of(st.none(), st.from_regex(r"[0-9]{6}", fullmatch=True)),
    st.text(max_size=40),
    st.sampled_from(["ambient", "chilled", "frozen", "live"]),
    st.sampled_from(MARKETS),
)
def test_whatever_the_goods_are_the_answer_is_known_and_says_why(
    subgroup: str | None, hs6: str | None, ingredients: str, storage: str, market: str
) -> None:
    facts = goods(storage=storage)
    facts = replace(facts, goods=GoodsFacts(subgroup, hs6, ingredients, storage))
    assert set(categories(facts.goods)) <= set(CATEGORIES)
    verdict = judge(facts, market)
    assert verdict.reasons
    assert set(why(verdict)) <= set(REASONS)
