from __future__ import annotations

from datetime import date

from orders.rules.visits import (
    BY_VISITOR,
    VisitEvent,
    VisitState,
    day_problem,
    next_state,
    people_problem,
)
from tests.rows import each_row

TODAY = date(2026, 11, 22)
WINTER = (1, 2, 11, 12)


@each_row(
    ("state", "event", "after"),
    [
        ("new", "answer", "answered"),
        ("new", "decline", "declined"),
        ("new", "agree", None),  # one agrees on a day after having spoken
        ("answered", "answer", "answered"),
        ("answered", "agree", "agreed"),
        ("agreed", "withdraw", "withdrawn"),
        ("agreed", "decline", None),
        ("declined", "answer", None),
        ("withdrawn", "withdraw", None),
    ],
)
def test_an_enquiry_moves_only_where_the_table_leads(
    state: str, event: str, after: str | None
) -> None:
    assert next_state(VisitState(state), VisitEvent(event)) == after


def test_only_who_asked_takes_it_back() -> None:
    assert set(VisitEvent) - BY_VISITOR == {"answer", "agree", "decline"}


@each_row(
    ("day", "months", "problem"),
    [
        (date(2026, 11, 22), None, "past"),
        (date(2026, 11, 23), None, None),
        (date(2027, 11, 22), None, None),
        (date(2027, 11, 23), None, "too_far"),
        (date(2027, 6, 1), WINTER, "out_of_season"),
        (date(2027, 1, 31), WINTER, None),
    ],
)
def test_a_day_is_in_the_season_and_within_a_year(
    day: date, months: tuple[int, ...] | None, problem: str | None
) -> None:
    assert day_problem(day, TODAY, months) == problem


def test_a_group_is_as_large_as_they_receive() -> None:
    assert [people_problem(n, 2, 12) for n in (1, 2, 12, 13)] == ["too_few", None, None, "too_many"]
