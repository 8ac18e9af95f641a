from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from catalog.errors import InvalidFields
from catalog.models import RegulationEntry
from catalog.regulation.entering import Backing, RuleNotFound, add_version, suspend
from catalog.regulation.files import rules_of_files
from catalog.regulation.loading import load_rules, lost_suspensions
from catalog.rules.vat import vat_rate
from core.actor import Actor, Role
from core.facts import Fact
from core.people.permissions import NotAllowed

OFFICE = Actor(person_id=None, name="Cán bộ", roles=frozenset({Role.OFFICE}))
PRODUCER = Actor(
    person_id=2, name="HTX", roles=frozenset({Role.PRODUCER}), producer_ids=frozenset({1})
)
DECREE = Backing("99/2026/NĐ-CP", "Công báo 1234", "published", "gia hạn")
STANDARD = "vat.standard.any.any.VN"


def extend_the_eight_percent(session: Session, on: date, now: datetime) -> None:
    add_version(
        session,
        STANDARD,
        {"treatment": "rate", "rate_bp": "800"},
        first=date(2027, 1, 1),
        last=date(2027, 6, 30),
        backing=DECREE,
        actor=OFFICE,
        on=on,
        now=now,
    )


def rate(session: Session, day: date) -> int:
    answer = vat_rate(load_rules(session), "standard", "trader", "consumer", "VN", day)
    assert answer is not None
    return answer.rate_bp


def test_an_extension_of_the_reduced_rate_holds_until_its_last_day(
    session: Session, on: date, now: datetime
) -> None:
    assert rate(session, date(2027, 1, 1)) == 1000
    extend_the_eight_percent(session, on, now)
    days = [date(2026, 12, 31), date(2027, 1, 1), date(2027, 6, 30), date(2027, 7, 1)]
    assert [rate(session, day) for day in days] == [800, 800, 800, 1000]


def test_the_set_has_another_digest_after_an_entry_and_tells_the_worker(
    session: Session, on: date, now: datetime
) -> None:
    before = load_rules(session).digest
    assert before == rules_of_files().digest
    extend_the_eight_percent(session, on, now)
    assert load_rules(session).digest != before
    assert session.scalar(select(Fact.name).where(Fact.name == "regulation.changed"))


def test_a_suspension_rests_one_version_only_for_its_days(
    session: Session, on: date, now: datetime
) -> None:
    decree = load_rules(session).versions("act.food.declaration")[0]
    suspend(
        session,
        decree.version,
        first=on,
        last=on + timedelta(days=30),
        backing=Backing("100/2026/NQ-CP", "Công báo", "published"),
        actor=OFFICE,
        on=on,
        now=now,
    )
    rules = load_rules(session)
    speaking = [
        rule.says("says")[:12] if rule else ""
        for day in (-1, 0, 30, 31)
        for rule in [rules.find("act.food.declaration", on + timedelta(days=day))]
    ]
    assert speaking == ["Theo 46/2026", "Theo 15/2018", "Theo 15/2018", "Theo 46/2026"]
    assert lost_suspensions(session) == []


def test_the_past_cannot_be_entered(session: Session, on: date, now: datetime) -> None:
    with pytest.raises(InvalidFields) as refusal:
        add_version(
            session,
            STANDARD,
            {"treatment": "rate", "rate_bp": "1234567"},
            first=on - timedelta(days=1),
            last=on - timedelta(days=2),
            backing=Backing("", "", "sure"),
            actor=OFFICE,
            on=on,
            now=now,
        )
    assert refusal.value.mistakes == {
        "first": "in_the_past",
        "last": "before_first",
        "rate_bp": "out_of_range",
        "legal_basis": "missing",
        "source": "missing",
        "certainty": "unknown_kind",
    }


@pytest.mark.parametrize(
    ("code", "value", "field"),
    [
        ("market.JP.honey", {"decision": "maybe", "reason": "as_labelled"}, "decision"),
        ("market.JP.honey", {"decision": "allowed", "reason": "nice"}, "reason"),
        (
            "market.JP.honey",
            {"decision": "allowed", "reason": "as_labelled", "documents": "x"},
            "documents",
        ),
        ("allergens.JP.mandatory", {"codes": "SHR XYZ"}, "codes"),
        ("label.JP.name", {"goods": "all", "duty": "required", "languages": "ja|xx"}, "languages"),
        ("act.ecommerce", {"says": " "}, "says"),
        (STANDARD, {"treatment": "not_subject", "rate_bp": "500"}, "rate_bp"),
    ],
)
def test_a_value_nobody_could_apply_is_refused(
    session: Session, on: date, now: datetime, code: str, value: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidFields) as refusal:
        add_version(
            session, code, value, first=on, last=None, backing=DECREE, actor=OFFICE, on=on, now=now
        )
    assert list(refusal.value.mistakes) == [field]


def test_a_tax_rate_cannot_be_taken_away_without_another(
    session: Session, on: date, now: datetime
) -> None:
    current = load_rules(session).find(STANDARD, on)
    assert current is not None
    with pytest.raises(InvalidFields) as refusal:
        suspend(
            session,
            current.version,
            first=on,
            last=None,
            backing=DECREE,
            actor=OFFICE,
            on=on,
            now=now,
        )
    assert refusal.value.mistakes == {"first": "leaves_a_gap"}


def test_only_the_office_enters_rules_and_only_rules_that_exist(
    session: Session, on: date, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        add_version(
            session,
            STANDARD,
            {"treatment": "rate", "rate_bp": "0"},
            first=on,
            last=None,
            backing=DECREE,
            actor=PRODUCER,
            on=on,
            now=now,
        )
    with pytest.raises(RuleNotFound):
        suspend(
            session,
            "vat.x/always/0",
            first=on,
            last=None,
            backing=DECREE,
            actor=OFFICE,
            on=on,
            now=now,
        )


@pytest.mark.parametrize(
    "deed", ["UPDATE regulation_entry SET legal_basis = 'x'", "DELETE FROM regulation_entry"]
)
def test_an_entry_is_never_changed_or_removed(
    session: Session, on: date, now: datetime, deed: str
) -> None:
    extend_the_eight_percent(session, on, now)
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text(deed))
    assert len(session.scalars(select(RegulationEntry)).all()) == 1


def test_reading_the_rules_is_one_statement(session: Session, statements: list[str]) -> None:
    statements.clear()
    load_rules(session)
    assert len(statements) == 1
