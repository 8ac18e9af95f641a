"""Events, collections and articles: what their days and steps allow, and which offers answer a request."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from catalog.rules.campaigns import (
    EVENT_STEPS,
    SIGN_UP_STEPS,
    TEXT_STEPS,
    EventDays,
    event_mistakes,
    event_phase,
    is_current,
    takes_outcomes,
    takes_sign_ups,
)
from catalog.rules.matching import Offered, Wanted, covered, matches
from tests.rows import each_row

FIRST, LAST, UNTIL = date(2026, 12, 5), date(2026, 12, 8), date(2026, 11, 30)
FAIR = EventDays("announced", FIRST, LAST, UNTIL)


@each_row(
    ("state", "on", "phase"),
    [
        ("draft", date(2026, 12, 6), "draft"),
        ("cancelled", date(2026, 12, 6), "cancelled"),
        ("announced", date(2026, 12, 4), "announced"),
        ("announced", FIRST, "running"),
        ("announced", LAST, "running"),
        ("announced", date(2026, 12, 9), "over"),
    ],
)
def test_an_event_runs_from_its_first_to_its_last_day(state: str, on: date, phase: str) -> None:
    assert event_phase(EventDays(state, FIRST, LAST), on) == phase


@each_row(
    ("event", "on", "open_"),
    [
        (FAIR, UNTIL, True),
        (FAIR, date(2026, 12, 1), False),
        (EventDays("announced", FIRST, LAST), date(2026, 12, 4), True),
        (EventDays("announced", FIRST, LAST), FIRST, False),
        (EventDays("draft", FIRST, LAST, UNTIL), UNTIL, False),
        (EventDays("cancelled", FIRST, LAST, UNTIL), UNTIL, False),
        (EventDays("announced", FIRST, LAST, date(2026, 12, 31)), date(2026, 12, 9), False),
    ],
)
def test_producers_sign_up_until_the_last_day_for_it(
    event: EventDays, on: date, open_: bool
) -> None:
    assert takes_sign_ups(event, on) is open_


def test_outcomes_are_written_from_the_first_day_on_and_long_afterwards() -> None:
    assert not takes_outcomes(FAIR, date(2026, 12, 4))
    assert takes_outcomes(FAIR, FIRST)
    assert takes_outcomes(FAIR, date(2027, 6, 1))
    assert not takes_outcomes(EventDays("cancelled", FIRST, LAST), LAST)


def test_an_event_cannot_end_before_it_begins_nor_take_sign_ups_after_its_end() -> None:
    assert event_mistakes(LAST, FIRST, None) == {"ends_on": "before_start"}
    assert event_mistakes(FIRST, LAST, date(2026, 12, 9)) == {"sign_up_until": "after_end"}
    assert event_mistakes(FIRST, FIRST, FIRST) == {}


@each_row(
    ("on", "days", "months", "current"),
    [
        (date(2027, 1, 20), (None, None), (12, 1, 2), True),
        (date(2026, 11, 30), (None, None), (12, 1, 2), False),
        (date(2026, 12, 5), (FIRST, LAST), None, True),
        (date(2026, 12, 8), (FIRST, LAST), None, True),
        (date(2026, 12, 9), (FIRST, LAST), None, False),
        (date(2026, 12, 4), (FIRST, LAST), None, False),
        (date(2030, 1, 1), (FIRST, None), None, True),
        (date(2026, 12, 6), (FIRST, LAST), (1,), False),
        (date(2026, 6, 1), (None, None), None, True),
        (date(2026, 6, 1), (None, None), tuple(range(1, 13)), True),
    ],
)
def test_a_collection_is_current_between_its_days_and_in_its_months(
    on: date, days: tuple[date | None, date | None], months: tuple[int, ...] | None, current: bool
) -> None:
    first, last = days
    assert is_current("published", on, starts_on=first, ends_on=last, months=months) is current
    assert not is_current("draft", on, starts_on=first, ends_on=last, months=months)


def test_nothing_withdrawn_or_cancelled_comes_back_by_a_side_door() -> None:
    assert ("cancelled", "announce") not in EVENT_STEPS
    assert TEXT_STEPS["withdrawn", "publish"] == "published"
    assert ("draft", "withdraw") not in TEXT_STEPS
    assert ("accepted", "ask") not in SIGN_UP_STEPS
    assert ("withdrawn", "accept") not in SIGN_UP_STEPS
    assert SIGN_UP_STEPS["refused", "ask"] == "asked"


RICE = Wanted("F03", Decimal(2), "t", FIRST, LAST, "96")


def _offer(number: int, **values: object) -> Offered:
    facts = {
        "subgroup": "F03",
        "quantity": Decimal(500),
        "unit": "kg",
        "first": FIRST,
        "last": LAST,
        "province": "96",
        **values,
    }
    return Offered(number, **facts)  # type: ignore[arg-type]  # a table of values


def test_the_same_kind_of_goods_goes_first_then_what_covers_more() -> None:
    offers = [
        _offer(1, subgroup="F04", quantity=Decimal(9000)),
        _offer(2),
        _offer(3, quantity=Decimal(3), unit="t"),
        _offer(4),
    ]
    found = matches(RICE, offers)
    assert [(one.offer_id, one.is_same_kind, one.percent) for one in found] == [
        (3, True, 100), (2, True, 25), (4, True, 25), (1, False, 100),
    ]  # fmt: skip


@each_row(
    "values",
    [
        {"subgroup": "C01"},
        {"subgroup": ""},
        {"province": "20"},
        {"first": date(2026, 12, 9), "last": date(2026, 12, 30)},
        {"first": date(2026, 11, 1), "last": date(2026, 12, 4)},
    ],
)
def test_other_goods_places_and_seasons_do_not_answer(values: dict[str, object]) -> None:
    assert matches(RICE, [_offer(1, **values), _offer(2)]) == matches(RICE, [_offer(2)])


def test_a_whole_group_and_any_province_may_be_asked_for() -> None:
    anything = Wanted("F", Decimal(1), "kg", LAST, LAST)
    found = matches(anything, [_offer(1, subgroup="F09", province="20", last=date(2027, 1, 1))])
    assert [one.is_same_kind for one in found] == [True]


def test_pieces_and_kilograms_are_not_compared() -> None:
    assert covered(RICE, _offer(1, unit="piece")) is None
    assert covered(RICE, _offer(1, unit="l")) is None
    assert covered(RICE, _offer(1, quantity=Decimal("1999.999"))) == 99
