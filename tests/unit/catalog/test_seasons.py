"""Months of making, days of closing."""

from __future__ import annotations

from datetime import date

from catalog.rules.seasons import is_closed, is_in_season, month_spans
from tests.rows import each_row


@each_row(
    ("months", "spans"),
    [
        ((), []),
        ((3,), [(3, 3)]),
        ((1, 2, 3), [(1, 3)]),
        ((11, 12, 1), [(11, 1)]),
        ((1, 5, 6, 12), [(12, 1), (5, 6)]),
        (tuple(range(1, 13)), [(1, 12)]),
    ],
)
def test_a_season_may_pass_the_new_year(
    months: tuple[int, ...], spans: list[tuple[int, int]]
) -> None:
    assert month_spans(months) == spans


def test_goods_without_a_season_are_made_always() -> None:
    assert is_in_season(None, date(2026, 11, 22))
    assert is_in_season((11,), date(2026, 11, 22))
    assert not is_in_season((1, 2), date(2026, 11, 22))


@each_row(
    ("first", "last", "closed"),
    [
        (None, None, False),
        (date(2026, 11, 22), date(2026, 11, 22), True),
        (date(2026, 11, 1), date(2026, 11, 21), False),
        (date(2026, 11, 23), None, False),
        (date(2026, 11, 1), None, True),
    ],
)
def test_the_last_day_of_a_closure_counts(
    first: date | None, last: date | None, closed: bool
) -> None:
    assert is_closed(first, last, date(2026, 11, 22)) is closed
