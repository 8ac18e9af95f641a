"""Months in which goods are made, and the days on which a maker is closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

ALL_YEAR = tuple(range(1, 13))


def month_spans(months: Iterable[int]) -> list[tuple[int, int]]:
    """Runs of months, first and last; one that passes the new year is one run: 11, 12, 1 → (11, 1)."""
    present = sorted(set(months))
    if len(present) == len(ALL_YEAR):
        return [(1, 12)]
    spans: list[tuple[int, int]] = []
    for month in present:
        if spans and spans[-1][1] == month - 1:
            spans[-1] = (spans[-1][0], month)
        else:
            spans.append((month, month))
    if len(spans) > 1 and spans[0][0] == 1 and spans[-1][1] == 12:  # noqa: PLR2004
        spans[0] = (spans.pop()[0], spans[0][1])
    return spans


def is_in_season(months: Iterable[int] | None, on: date) -> bool:
    """Whether the goods are made in that month; nobody having said anything means always."""
    known = tuple(months or ())
    return not known or on.month in known


def is_closed(closed_from: date | None, closed_to: date | None, on: date) -> bool:
    """Whether the maker is closed that day; the last day counts, an open end lasts."""
    if closed_from is None:
        return False
    return closed_from <= on and (closed_to is None or on <= closed_to)
