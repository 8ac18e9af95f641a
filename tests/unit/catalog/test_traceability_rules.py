"""Lots: what an event needs, when goods may be sold, which goes first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.traceability import (
    KINDS,
    EventFacts,
    LotFacts,
    Portion,
    event_problems,
    first_expired_first_out,
    is_lot_number,
    lot_state,
    may_be_sold,
    overdrawn,
    propose_number,
)
from tests.rows import each_row

DAY = date(2026, 11, 22)


def into(lot: int, quantity: str, unit: str = "kg") -> Portion:
    return Portion(lot, "input", Decimal(quantity), unit)


def out(lot: int, quantity: str, unit: str = "kg") -> Portion:
    return Portion(lot, "output", Decimal(quantity), unit)


def bottles(lot: int, number: int, content: str = "500", unit: str = "ml") -> Portion:
    return Portion(lot, "output", Decimal(number), "piece", Decimal(content), unit)


def event(kind: str, *portions: Portion, party: str = "", on: date = DAY) -> EventFacts:
    return EventFacts(kind, on, DAY, party, portions)


GOOD = {
    "harvest": event("harvest", out(1, "40")),
    "catch": event("catch", out(1, "40")),
    "receive": event("receive", out(1, "40"), party="Vựa Năm Căn"),
    "process": event("process", into(1, "40"), out(2, "12")),
    "pack": event("pack", into(2, "12"), out(3, "12")),
    "ship": event("ship", into(3, "1"), party="Co.opmart"),
    "recall": event("recall", into(3, "1")),
    "void": EventFacts("void", DAY, DAY, corrects=True),
}


@each_row("kind", KINDS)
def test_a_complete_event_of_each_kind_has_no_problem(kind: str) -> None:
    assert event_problems(GOOD[kind]) == []


@each_row(
    ("facts", "code"),
    [
        (event("baptise", out(1, "1")), "unknown_kind"),
        (event("harvest"), "output_missing"),
        (event("harvest", into(1, "1"), out(2, "1")), "input_not_allowed"),
        (event("receive", out(1, "1")), "party_missing"),  # one step back must answer
        (event("receive", out(1, "1"), party="  "), "party_missing"),
        (event("ship", into(1, "1")), "party_missing"),  # one step forward must answer
        (event("process", into(1, "1")), "output_missing"),
        (event("pack", out(1, "1")), "input_missing"),
        (event("process", into(1, "1"), out(1, "1")), "into_itself"),
        (event("harvest", out(1, "0")), "not_positive"),
        (event("harvest", out(1, "1"), on=date(2026, 11, 23)), "in_future"),
        (EventFacts("void", DAY, DAY), "nothing_to_correct"),
    ],
)
def test_what_is_missing_is_named(facts: EventFacts, code: str) -> None:
    assert code in [problem.code for problem in event_problems(facts)]


@each_row(
    ("portions", "warned"),
    [
        ((into(1, "40"), out(2, "12")), False),  # drying
        ((into(1, "40"), out(2, "40.03")), False),  # a scale is not that exact
        ((into(1, "40"), out(2, "41")), True),
        ((into(1, "40"), out(2, "500", "g")), False),
        ((into(1, "1"), out(2, "500", "g"), out(3, "600", "g")), True),
        ((into(1, "100", "l"), bottles(2, 200)), False),
        ((into(1, "100", "l"), bottles(2, 201)), True),
        ((into(1, "100"), bottles(2, 900)), False),  # kilograms and litres are not compared
        ((into(1, "100", "sọt"), out(2, "900")), False),  # nor baskets
        ((into(1, "1"), into(4, "3", "sọt"), out(2, "90")), False),
    ],
)
def test_more_out_than_in_is_a_warning_where_the_two_compare(
    portions: tuple[Portion, ...], warned: bool
) -> None:
    warnings = event_problems(event("process", *portions))
    assert bool(warnings) is warned
    assert all(w.is_warning and w.code == "more_out_than_in" for w in warnings)


@each_row(
    ("expires_on", "kind", "recalled", "state"),
    [
        (None, "best_before", False, "good"),
        (DAY, "use_by", False, "good"),  # the last day counts
        (date(2026, 11, 21), "use_by", False, "expired"),
        (date(2026, 11, 21), "best_before", False, "past_best_before"),
        (None, "use_by", True, "recalled"),
        (date(2026, 11, 21), "use_by", True, "recalled"),  # the recall is the graver news
    ],
)
def test_the_state_of_a_lot_follows_from_the_day(
    expires_on: date | None, kind: str, recalled: bool, state: str
) -> None:
    lot = LotFacts(1, "A", None, expires_on, kind, recalled)
    assert lot_state(lot, DAY) == state
    assert may_be_sold(lot, DAY) is (state == "good")


def lot(number: int, expires_on: date | None, left: int, **facts: bool) -> LotFacts:
    return LotFacts(number, str(number), None, expires_on, left=Decimal(left), **facts)


def test_the_lot_that_expires_first_goes_out_first() -> None:
    lots = [
        lot(1, None, 9),
        lot(2, date(2027, 5, 1), 3),
        lot(3, date(2027, 1, 1), 2),
        lot(4, date(2026, 11, 1), 9),  # past its date
        lot(5, date(2026, 12, 1), 9, recalled=True),
        lot(6, date(2026, 12, 1), 0),
    ]
    assert first_expired_first_out(lots, Decimal(6), DAY) == [(3, 2), (2, 3), (1, 1)]


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=8), st.integers(0, 40))
def test_a_proposal_never_takes_what_is_not_there(
    given_lots: list[tuple[int, bool]], wanted: int
) -> None:
    lots = [lot(n, DAY, left, recalled=bad) for n, (left, bad) in enumerate(given_lots)]
    chosen = dict(first_expired_first_out(lots, Decimal(wanted), DAY))
    there = {facts.id: facts.left for facts in lots if not facts.recalled}
    assert all(0 < quantity <= there[number] for number, quantity in chosen.items())
    assert sum(chosen.values()) == min(Decimal(wanted), sum(there.values(), Decimal(0)))


@each_row(
    ("text", "right"),
    [
        ("260501", True),
        ("NM2605A", True),
        ("L01/26", True),
        ("A" * 20, True),
        ("A" * 21, False),
        ("", False),
        ("LÔ 1", False),
        ("A B", False),
    ],
)
def test_a_lot_number_is_what_a_code_can_carry(text: str, right: bool) -> None:
    assert is_lot_number(text) is right


def test_a_proposed_number_is_the_day_and_never_taken() -> None:
    assert propose_number(DAY, ()) == "261122"
    assert propose_number(DAY, {"261122", "261122-2"}) == "261122-3"


@each_row(
    ("made", "used", "over"),
    [("10", "10", False), ("10", "10.005", False), ("10", "11", True), (None, "11", False)],
)
def test_more_used_than_made_is_seen(made: str | None, used: str, over: bool) -> None:
    assert overdrawn(None if made is None else Decimal(made), Decimal(used)) is over
