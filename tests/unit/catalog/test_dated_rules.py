from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from catalog.regulation.files import rules_of_files
from catalog.rules.regulation import (
    Rule,
    RuleSet,
    Suspension,
    changes_between,
    rule_in_force,
    rule_mistakes,
)
from tests.rows import each_row

RULES = rules_of_files()
TODAY = date(2026, 11, 22)


def rule(code: str = "act.x", **values: object) -> Rule:
    facts: dict[str, object] = {
        "kind": "act",
        "value": {"says": "a"},
        "legal_basis": "1/2026",
        "effective_from": date(2026, 1, 1),
        "effective_to": None,
        "source": "gazette",
        "checked_on": TODAY,
        "certainty": "published",
        **values,
    }
    return Rule(code=code, **facts)  # type: ignore[arg-type]


def says(code: str, on: str) -> str:
    found = RULES.find(code, date.fromisoformat(on))
    return "" if found is None else found.legal_basis


@each_row(
    ("on", "basis"),
    [
        ("2026-01-25", "15/2018/NĐ-CP"),
        ("2026-01-26", "15/2018/NĐ-CP"),  # replaced and suspended at once
        ("2026-04-15", "15/2018/NĐ-CP"),  # the last day of the suspension
        ("2026-04-16", "46/2026/NĐ-CP (26/1/2026)"),
        ("2026-11-22", "46/2026/NĐ-CP (26/1/2026)"),
    ],
)
def test_while_the_food_safety_decree_is_suspended_the_old_one_speaks(on: str, basis: str) -> None:
    assert says("act.food.declaration", on) == basis


def test_what_happened_to_the_decree_after_its_suspension_is_to_be_confirmed() -> None:
    found = RULES.find("act.food.declaration", TODAY)
    assert found is not None
    assert not found.is_confirmed(TODAY)
    assert found.is_confirmed(date(2026, 4, 15))
    new, old = RULES.versions("act.food.declaration")
    assert RULES.state(new, date(2026, 3, 1)) == "suspended"
    assert RULES.state(old, date(2026, 3, 1)) == "in_force"
    assert RULES.state(old, TODAY) == "superseded"
    assert RULES.state(new, date(2026, 1, 1)) == "upcoming"


@each_row(
    ("code", "last_of_the_old", "old", "new"),
    [
        ("act.cn.registration", "2026-05-31", "GACC Decree 248", "GACC Decree 280"),
        ("act.ecommerce", "2026-06-30", "52/2013/NĐ-CP; 85/2021/NĐ-CP", "122/2025/QH15"),
        ("act.personal_data", "2025-12-31", "13/2023/NĐ-CP", "91/2025/QH15; 356/2025/NĐ-CP"),
    ],
)
def test_the_last_day_of_an_act_still_counts(
    code: str, last_of_the_old: str, old: str, new: str
) -> None:
    next_day = (date.fromisoformat(last_of_the_old) + timedelta(days=1)).isoformat()
    assert (says(code, last_of_the_old), says(code, next_day)) == (old, new)


def test_three_stars_went_from_the_district_up_to_the_province() -> None:
    before = RULES.find("act.ocop.recognition", date(2025, 7, 5))
    after = RULES.find("act.ocop.recognition", date(2025, 7, 6))
    assert before is not None
    assert after is not None
    assert before.says("says").startswith("3 sao: cấp huyện")
    assert after.says("says").startswith("3 và 4 sao: cấp tỉnh")


def test_deforestation_rules_begin_later_for_small_operators() -> None:
    day = date(2026, 12, 30)
    assert RULES.find("act.eu.deforestation.large", day - timedelta(days=1)) is None
    assert RULES.find("act.eu.deforestation.large", day) is not None
    assert RULES.find("act.eu.deforestation.small", day) is None
    assert RULES.find("act.eu.deforestation.small", date(2027, 6, 30)) is not None


def test_the_files_hold_no_contradiction_and_name_a_source_everywhere() -> None:
    assert rule_mistakes(RULES.rules) == []
    assert all(r.checked_on == TODAY for r in RULES.rules)
    assert {r.certainty for r in RULES.rules} == {"article", "published", "unverified"}


def test_a_suspension_without_end_gives_the_word_back_to_the_version_before() -> None:
    old = rule(effective_from=None, value={"says": "old"})
    new = rule(suspensions=(Suspension(date(2026, 6, 1), None),))
    rules = RuleSet((old, new))
    assert rules.find("act.x", date(2026, 5, 31)) is new
    assert rules.find("act.x", date(2030, 1, 1)) is old
    assert RuleSet((new,)).find("act.x", date(2030, 1, 1)) is None


def test_a_rule_can_rest_twice() -> None:
    pauses = (
        Suspension(date(2026, 2, 1), date(2026, 2, 28)),
        Suspension(date(2026, 5, 1), date(2026, 5, 31)),
    )
    resting = rule(suspensions=pauses)
    answers = [rule_in_force(resting, date(2026, month, 15)) for month in range(1, 7)]
    assert answers == [True, False, True, True, False, True]


def test_of_two_versions_of_one_day_the_one_entered_last_speaks() -> None:
    filed, entered = rule(), rule(value={"says": "b"}, entered=7)
    assert RuleSet((entered, filed)).find("act.x", TODAY) is entered


def test_a_version_is_named_by_what_it_says_and_when_not_by_remarks() -> None:
    said = rule()
    assert replace(said, note="seen again", source="elsewhere").version == said.version
    assert replace(said, value={"says": "b"}).version != said.version
    assert replace(said, effective_to=TODAY).version != said.version


def test_the_digest_of_the_set_changes_with_a_suspension() -> None:
    one = RuleSet((rule(),))
    other = RuleSet((rule(suspensions=(Suspension(TODAY, None),)),))
    assert one.digest != other.digest
    assert one.digest == RuleSet((rule(),)).digest


def test_the_next_change_is_the_end_of_the_eight_percent() -> None:
    assert RULES.next_change(TODAY) == date(2026, 12, 30)  # deforestation
    assert RULES.next_change(date(2026, 12, 30)) == date(2027, 1, 1)
    changed = changes_between(RULES, date(2026, 12, 31), date(2027, 1, 1))
    assert [change.code for change in changed] == ["vat.standard.any.any.VN"]


days = st.dates(date(2025, 1, 1), date(2028, 1, 1))


@given(st.lists(st.tuples(days, st.one_of(st.none(), days)), max_size=4), days)
def test_a_rule_is_in_force_exactly_outside_its_pauses(
    pauses: list[tuple[date, date | None]], on: date
) -> None:
    resting = rule(
        effective_from=None, suspensions=tuple(Suspension(first, last) for first, last in pauses)
    )
    pausing = any(first <= on and (last is None or on <= last) for first, last in pauses)
    assert rule_in_force(resting, on) is not pausing


@given(days)
def test_nothing_changes_between_two_neighbouring_boundaries(on: date) -> None:
    coming = RULES.next_change(on)
    if coming is not None:
        assert changes_between(RULES, on, coming - timedelta(days=1)) == []
