"""To which day goods keep: a label's months are months of the calendar."""

from __future__ import annotations

from datetime import date

from catalog.rules.food import last_day
from tests.rows import each_row


@each_row(
    "made_on, days, last",
    [
        (date(2026, 10, 15), 1080, date(2029, 10, 15)),  # "36 tháng", as a record keeps it
        (date(2026, 10, 17), 360, date(2027, 10, 17)),
        (date(2026, 12, 31), 60, date(2027, 2, 28)),  # no 31st there
        (date(2028, 12, 31), 60, date(2029, 2, 28)),
        (date(2027, 12, 31), 60, date(2028, 2, 29)),
        (date(2026, 10, 17), 30, date(2026, 11, 16)),  # few days are days
        (date(2026, 10, 17), 45, date(2026, 12, 1)),
        (date(2026, 10, 17), 365, date(2027, 10, 17)),
        (date(2026, 10, 17), 1, date(2026, 10, 18)),
    ],
)
def test_whole_months_end_on_the_day_they_began(made_on: date, days: int, last: date) -> None:
    assert last_day(made_on, days) == last
