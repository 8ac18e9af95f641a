from __future__ import annotations

import pytest

from core.actor import Role
from orders.rules.states import Table
from orders.rules.voices import (
    LONGEST_TEXT,
    QUESTION,
    REFUSALS,
    REVIEW,
    WHOLESALE,
    Rating,
    next_state,
    states,
    text_mistake,
    tidy_line,
    tidy_text,
)
from tests.rows import each_row

OFFICE = frozenset({Role.OFFICE})
PRODUCER = frozenset({Role.PRODUCER})
BUYER = frozenset({Role.BUYER})


@each_row(
    ("table", "state", "event", "roles", "leads_to"),
    [
        (REVIEW, "held", "show", OFFICE, "shown"),
        (REVIEW, "held", "refuse", OFFICE, "refused"),
        (REVIEW, "refused", "show", OFFICE, "shown"),
        (REVIEW, "held", "refuse", PRODUCER, None),
        (REVIEW, "shown", "refuse", PRODUCER, None),
        (REVIEW, "held", "show", BUYER, None),
        (REVIEW, "shown", "show", OFFICE, None),
        (QUESTION, "held", "answer", PRODUCER, "answered"),
        (QUESTION, "held", "answer", OFFICE, "answered"),
        (QUESTION, "answered", "answer", PRODUCER, "answered"),
        (QUESTION, "held", "refuse", PRODUCER, None),
        (QUESTION, "refused", "answer", PRODUCER, None),
        (QUESTION, "held", "answer", BUYER, None),
        (WHOLESALE, "new", "answer", PRODUCER, "answered"),
        (WHOLESALE, "new", "close", PRODUCER, None),
        (WHOLESALE, "new", "decline", PRODUCER, "declined"),
        (WHOLESALE, "answered", "close", PRODUCER, "closed"),
        (WHOLESALE, "declined", "answer", PRODUCER, None),
        (WHOLESALE, "closed", "answer", PRODUCER, None),
    ],
)
def test_who_may_lead_a_text_where(
    table: Table, state: str, event: str, roles: frozenset[Role], leads_to: str | None
) -> None:
    assert next_state(table, state, event, roles) == leads_to


def test_a_text_begins_where_nobody_reads_it() -> None:
    assert states(REVIEW, "held") == ("held", "refused", "shown")
    assert states(QUESTION, "held") == ("held", "answered", "refused")
    assert states(WHOLESALE, "new") == ("new", "answered", "closed", "declined")


def test_no_reason_to_refuse_speaks_of_points_or_praise() -> None:
    assert not [reason for reason in REFUSALS if "negative" in reason or "points" in reason]


@each_row(
    ("given", "mean", "drawn", "count"),
    [
        ({}, "", 0, 0),
        ({5: 1}, "5.0", 5, 1),
        ({1: 1}, "1.0", 1, 1),
        ({4: 1, 5: 1}, "4.5", 5, 2),
        ({1: 1, 2: 1, 4: 1}, "2.3", 2, 3),
        ({3: 1, 4: 3}, "3.8", 4, 4),  # 3.75
        ({4: 19, 5: 1}, "4.1", 4, 20),  # 4.05
        ({1: 1, 5: 999}, "5.0", 5, 1000),
    ],
)
def test_the_mean_is_rounded_half_up_to_a_tenth(
    given: dict[int, int], mean: str, drawn: int, count: int
) -> None:
    rating = Rating.of(given)
    assert (rating.mean, rating.drawn, rating.count) == (mean, drawn, count)


@each_row("points", [0, 6, -1])
def test_nobody_gives_other_points_than_one_to_five(points: int) -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        Rating.of({points: 1})


@each_row(
    ("typed", "kept"),
    [
        (None, ""),
        ("  Ngon\u0000 lắm \r\n\r\n\r\n\r\nSẽ mua lại.\t ", "Ngon lắm\n\nSẽ mua lại."),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("\u202eevil", "evil"),
        ("ক্ষ\u200d", "ক্ষ\u200d"),
    ],
)
def test_a_text_is_kept_as_it_was_typed_but_tidy(typed: str | None, kept: str) -> None:
    assert tidy_text(typed) == kept


def test_a_name_is_one_line() -> None:
    assert tidy_line(" Chị \n Lan ") == "Chị Lan"


@each_row(
    ("text", "mistake"),
    [("k", "missing"), ("Tốt", None), ("好吃", None), ("x" * LONGEST_TEXT, None)],
)
def test_a_text_says_something(text: str, mistake: str | None) -> None:
    assert text_mistake(text) == mistake
    assert text_mistake(text + "y" * LONGEST_TEXT) == "too_long"
