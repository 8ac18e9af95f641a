from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog.errors import InvalidFields
from catalog.markets import judge_products
from catalog.models import GrowingArea, MarketVerdict, Paper, Product
from catalog.papers import check_paper, record_paper
from catalog.publishing import list_problems, refresh_listings
from catalog.queries.markets import list_verdicts
from catalog.queries.verdicts import VerdictView
from catalog.regulation.entering import Backing, add_version
from catalog.regulation.loading import load_rules
from catalog.rules.eligibility import MARKETS
from core.actor import Actor, Role
from tests.factories.catalog import make_product, make_translation

OFFICE = Actor(person_id=None, name="Cán bộ", roles=frozenset({Role.OFFICE}))
DECREE = Backing("99/2026/NĐ-CP", "Công báo 1234", "published")


def translated(session: Session, product: Product) -> Product:
    for locale in ("en", "ja"):
        for field in ("name", "ingredients"):
            make_translation(session, product, locale, field, f"{field} {locale}")
    return product


@pytest.fixture
def coffee(session: Session) -> Product:
    return translated(
        session,
        make_product(
            session,
            "Cà phê",
            subgroup_code="F13",
            hs6="090121",
            ingredients="Cà phê",
            allergens_state="none_declared",
        ),
    )


def verdicts(session: Session, product: Product) -> dict[str, VerdictView]:
    return {view.market: view for view in list_verdicts(session, product.id)}


def test_every_market_gets_a_verdict_with_the_rules_it_was_given_under(
    session: Session, coffee: Product, on: date, now: datetime
) -> None:
    make_product(session, "Hàng khác")  # the house is never empty
    assert verdicts(session, coffee) == {}
    assert judge_products(session, [coffee.id], on=on, now=now) == 10
    given = verdicts(session, coffee)
    assert list(given) == list(MARKETS)
    assert {market for market, view in given.items() if view.allowed} == {
        "AU",
        "JP",
        "EU",
        "HK",
        "SG",
    }
    assert [code for code, _ in given["CN"].reasons] == ["registration_first", "label_incomplete"]
    assert given["KR"].reasons == (
        ("label_incomplete", {"fields": "name ingredients", "languages": "ko"}),
    )
    digests = set(session.scalars(select(MarketVerdict.rules_digest)))
    assert digests == {load_rules(session).digest}
    assert given["EU"].rule_version.startswith("market.EU.coffee/always/")


def test_a_second_look_changes_nothing(
    session: Session, coffee: Product, on: date, now: datetime
) -> None:
    judge_products(session, [coffee.id], on=on, now=now)
    tomorrow = on + timedelta(days=1)
    assert judge_products(session, [coffee.id], on=tomorrow, now=now + timedelta(days=1)) == 0
    assert {view.judged_on for view in verdicts(session, coffee).values()} == {on}


def test_the_day_of_a_rule_gives_a_new_verdict_under_a_new_version(
    session: Session, coffee: Product, on: date, now: datetime
) -> None:
    judge_products(session, [coffee.id], on=on, now=now)
    day = date(2026, 12, 30)
    assert judge_products(session, [coffee.id], on=day, now=now) == 1
    europe = verdicts(session, coffee)["EU"]
    assert "deforestation_statement" in europe.documents
    assert europe.rule_version.startswith("market.EU.coffee/2026-12-30/")
    assert europe.judged_on == day


def test_a_new_rule_of_the_office_closes_a_market_on_its_day(
    session: Session, coffee: Product, on: date, now: datetime
) -> None:
    judge_products(session, [coffee.id], on=on, now=now)
    tomorrow = on + timedelta(days=1)
    add_version(
        session,
        "market.SG.coffee",
        {"decision": "blocked", "reason": "parcels_blocked"},
        first=tomorrow,
        last=None,
        backing=DECREE,
        actor=OFFICE,
        on=on,
        now=now,
    )
    assert judge_products(session, [coffee.id], on=on, now=now) == 0
    assert judge_products(session, [coffee.id], on=tomorrow, now=now) == 1
    closed = verdicts(session, coffee)["SG"]
    assert (closed.allowed, closed.confirmed) == (False, True)
    assert [code for code, _ in closed.reasons] == ["parcels_blocked"]


def record_for_market(
    session: Session,
    product: Product,
    market: str,
    document: str,
    on: date,
    now: datetime,
    **more: Any,
) -> Paper:
    values = {"issued_on": on, "valid_to": None, "actor": OFFICE, "product_id": product.id, **more}
    return record_paper(
        session, product.producer_id, kind="registration", market=market, document=document,
        number=f"{market}-{document}", issuer="GACC", on=on, now=now, **values,
    )  # fmt: skip


def test_a_market_opens_when_the_office_has_checked_the_last_paper_it_asks_for(
    session: Session, coffee: Product, on: date, now: datetime
) -> None:
    for field in ("name", "ingredients"):
        make_translation(session, coffee, "zh-hans", field, f"{field} zh")
    other = make_product(session, "Hàng của cơ sở khác")
    judge_products(session, [coffee.id], on=on, now=now)
    before = verdicts(session, coffee)["CN"]
    assert before.reasons[0][0] == "registration_first"
    *first, last = before.documents
    for document in first:
        record_for_market(session, coffee, "CN", document, on, now)
    record_for_market(session, coffee, "KR", last, on, now)  # another market's
    record_for_market(session, other, "CN", last, on, now)  # another producer's
    judge_products(session, [coffee.id], on=on, now=now)
    assert not verdicts(session, coffee)["CN"].allowed
    maker = frozenset({coffee.producer_id})
    member = Actor(
        person_id=None, name="Xã viên", roles=frozenset({Role.PRODUCER}), producer_ids=maker
    )
    paper = record_for_market(
        session, coffee, "CN", last, on, now, actor=member, valid_to=on + timedelta(days=9)
    )
    judge_products(session, [coffee.id], on=on, now=now)
    assert not verdicts(session, coffee)["CN"].allowed  # nobody has seen the original
    check_paper(session, paper.id, actor=OFFICE, on=on, now=now)
    judge_products(session, [coffee.id], on=on, now=now)
    opened = verdicts(session, coffee)["CN"]
    assert (opened.allowed, opened.reasons[0][0]) == (True, "on_file")
    judge_products(session, [coffee.id], on=on + timedelta(days=10), now=now)
    assert not verdicts(session, coffee)["CN"].allowed


def test_what_another_country_registered_allows_nothing_at_home(
    session: Session, on: date, now: datetime
) -> None:
    product = make_product(session)
    session.execute(update(Paper).values(revoked_on=on, revoked_reason="thu hồi"))
    before = [problem.code for problem in list_problems(session, product.id, on=on)]
    record_for_market(session, product, "CN", "facility_registration", on, now, product_id=None)
    assert [problem.code for problem in list_problems(session, product.id, on=on)] == before
    assert any(code.startswith("food_safety") for code in before)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"market": "XX"}, "market"),
        ({"document": "planting_area_code"}, "document"),  # entered with the place
        ({"kind": "haccp"}, "kind"),
        ({"number": None}, "number"),
        ({"issued_on": None}, "issued_on"),
        ({"market": None}, "market"),
    ],
)
def test_a_paper_for_a_market_says_which_and_where(
    session: Session, coffee: Product, on: date, now: datetime, values: dict[str, Any], field: str
) -> None:
    asked = {
        "kind": "registration", "market": "CN", "document": "ciq_code", "number": "1",
        "issuer": "GACC", "issued_on": on, "valid_to": None, **values,
    }  # fmt: skip
    with pytest.raises(InvalidFields) as refusal:
        record_paper(session, coffee.producer_id, actor=OFFICE, on=on, now=now, **asked)
    assert list(refusal.value.mistakes) == [field]


def test_a_changed_fact_changes_the_verdict(
    session: Session, coffee: Product, on: date, now: datetime
) -> None:
    judge_products(session, [coffee.id], on=on, now=now)
    coffee.ingredients = "Cà phê, mỡ gà"
    session.flush()
    judge_products(session, [coffee.id], on=on, now=now)
    assert not any(view.allowed for view in verdicts(session, coffee).values())


def test_a_machine_translation_makes_no_label(session: Session, on: date, now: datetime) -> None:
    product = make_product(
        session, "Muối hầm", subgroup_code="F10", hs6="250100", allergens_state="none_declared"
    )
    for field in ("name", "ingredients"):
        make_translation(session, product, "ja", field, field, status="machine")
    judge_products(session, [product.id], on=on, now=now)
    assert [code for code, _ in verdicts(session, product)["JP"].reasons] == ["label_incomplete"]


def test_codes_of_orchard_and_packing_house_count_for_the_market_they_name(
    session: Session, on: date, now: datetime
) -> None:
    fruit = make_product(
        session, "Vải thiều", subgroup_code="F01", hs6="081090", allergens_state="none_declared"
    )
    make_translation(session, fruit, "zh-hans", "name", "荔枝")
    kinds = (("planting", "VN-BGOR-0001"), ("packing_house", "VN-BGPH-001"))
    for kind, code in kinds:
        session.add(GrowingArea(product_id=fruit.id, kind=kind, code=code, market="CN"))
    session.flush()
    judge_products(session, [fruit.id], on=on, now=now)
    china = verdicts(session, fruit)["CN"]
    assert [code for code, _ in china.reasons] == ["registration_first"], "still without its number"
    assert {"planting_area_code", "product_registration"} <= set(china.documents)


def test_a_page_reads_all_verdicts_in_one_statement(
    session: Session, coffee: Product, on: date, now: datetime, statements: list[str]
) -> None:
    judge_products(session, [coffee.id], on=on, now=now)
    statements.clear()
    assert len(list_verdicts(session, coffee.id)) == 9
    assert len(statements) == 1


def test_judging_takes_the_same_statements_for_one_product_and_for_forty(
    session: Session, on: date, now: datetime, statements: list[str]
) -> None:
    products = [make_product(session, f"Hàng {n}").id for n in range(40)]
    session.flush()
    counts = []
    for some in (products[:1], products):
        statements.clear()
        judge_products(session, some, on=on, now=now)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_particular_the_law_no_longer_asks_for_withholds_no_listing(
    session: Session, on: date, now: datetime
) -> None:
    product = make_product(session, "Mắm", shelf_life_days=None)
    refresh_listings(session, [product.id], on=on)
    assert product.withheld
    assert [problem.code for problem in list_problems(session, product.id, on=on)] == [
        "shelf_life_missing"
    ]
    add_version(
        session,
        "label.VN.date",
        {"goods": "dated_food", "duty": "advised"},
        first=on,
        last=None,
        backing=DECREE,
        actor=OFFICE,
        on=on,
        now=now,
    )
    refresh_listings(session, [product.id], on=on)
    assert not product.withheld
    assert list_problems(session, product.id, on=on) == []
