"""Which classes of goods are eaten or drunk, and which of them law treats apart."""

from __future__ import annotations

from datetime import date, timedelta

from catalog.rules.certification import add_months

DAYS_PER_MONTH = 30
"""What a record counts for a month of shelf life: "24 tháng" is kept as 720 days."""

_FEWEST_MONTHS = 2

FRESH = frozenset({"F01", "F02"})
"""Unprocessed food: no ingredient list and no self-declaration, but a commitment or certificate."""

ALCOHOL = frozenset({"D01", "D02"})
NO_EXPIRY = ALCOHOL | {"F10"}
"""Spirits and salt carry no date of expiry."""

EATEN_GROUPS = frozenset("FD")


def is_food(subgroup_code: str | None) -> bool:
    """Whether the goods are eaten or drunk, so that food law applies (H01 is swallowed too)."""
    return bool(subgroup_code) and (str(subgroup_code)[0] in EATEN_GROUPS or subgroup_code == "H01")


def whole_months(shelf_life_days: int) -> int | None:
    """The months a label would say; None where it would say days: a remainder, or less than two months."""
    months, days = divmod(shelf_life_days, DAYS_PER_MONTH)
    return None if days or months < _FEWEST_MONTHS else months


def last_day(produced_on: date, shelf_life_days: int) -> date:
    """The day to which goods made that day keep: whole months by the calendar, anything else by days.

    A label that says 12 months and a lot that ends after 360 days contradict each other.
    """
    months = whole_months(shelf_life_days)
    if months is None:
        return produced_on + timedelta(days=shelf_life_days)
    return add_months(produced_on, months)
