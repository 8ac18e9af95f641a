"""Papers, licences and rights on a day: the last day counts, a suspension has holes, a licence needs its right."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.certification import CertificateFacts, stars_for, state_among, valid_to
from catalog.rules.ending import THRESHOLDS, due_threshold
from catalog.rules.marks import (
    LicenceRecord,
    MarkFacts,
    PaperRecord,
    mark_claims,
)
from catalog.rules.rights import (
    Standing,
    Suspension,
    licence_end,
    licence_state,
    standing_intervals,
    stands,
    state_on,
)
from tests.rows import each_row

FIRST, LAST = date(2025, 3, 1), date(2027, 2, 28)
PAUSE = Suspension(date(2026, 5, 1), date(2026, 5, 31))
REGISTERED = Standing(date(2021, 9, 30), None)


@each_row(
    ("standing", "day", "state"),
    [
        (Standing(FIRST, LAST), date(2025, 2, 28), "upcoming"),
        (Standing(FIRST, LAST), FIRST, "valid"),
        (Standing(FIRST, LAST), LAST - timedelta(days=91), "valid"),
        (Standing(FIRST, LAST), LAST - timedelta(days=90), "expiring"),
        (Standing(FIRST, LAST), LAST, "expiring"),
        (Standing(FIRST, LAST), LAST + timedelta(days=1), "expired"),
        (Standing(FIRST, None), date(2199, 1, 1), "valid"),
        (Standing(None, LAST), FIRST, "unverified"),
        (Standing(FIRST, LAST, has_number=False), FIRST, "unverified"),
        (Standing(None, None, began_before_records=True), date(1990, 1, 1), "valid"),
        (Standing(FIRST, LAST, revoked_on=date(2026, 6, 1)), date(2026, 5, 31), "valid"),
        (Standing(FIRST, LAST, revoked_on=date(2026, 6, 1)), date(2026, 6, 1), "revoked"),
        (Standing(FIRST, LAST, revoked_on=date(2026, 6, 1)), date(2028, 1, 1), "revoked"),
        (Standing(FIRST, LAST, suspensions=(PAUSE,)), date(2026, 4, 30), "valid"),
        (Standing(FIRST, LAST, suspensions=(PAUSE,)), date(2026, 5, 1), "suspended"),
        (Standing(FIRST, LAST, suspensions=(PAUSE,)), date(2026, 5, 31), "suspended"),
        (Standing(FIRST, LAST, suspensions=(PAUSE,)), date(2026, 6, 1), "valid"),
        (
            Standing(FIRST, LAST, suspensions=(Suspension(date(2026, 5, 1), None),)),
            LAST,
            "suspended",
        ),
        (
            Standing(FIRST, LAST, suspensions=(Suspension(date(2026, 5, 1), None),)),
            LAST + timedelta(days=1),
            "expired",
        ),
    ],
)
def test_a_paper_has_one_state_on_each_day(standing: Standing, day: date, state: str) -> None:
    assert state_on(standing, day) == state


@each_row(
    ("licence", "right", "day", "state"),
    [
        (Standing(FIRST, LAST), REGISTERED, date(2026, 1, 1), "valid"),
        (Standing(date(2020, 1, 1), LAST), REGISTERED, date(2021, 9, 29), "right_lapsed"),
        (Standing(FIRST, LAST), Standing(FIRST, date(2026, 3, 1)), date(2026, 3, 1), "expiring"),
        (
            Standing(FIRST, LAST),
            Standing(FIRST, date(2026, 3, 1)),
            date(2026, 3, 2),
            "right_lapsed",
        ),
        (
            Standing(FIRST, LAST),
            Standing(FIRST, None, revoked_on=date(2026, 3, 2)),
            date(2026, 3, 2),
            "right_lapsed",
        ),
        (
            Standing(FIRST, LAST),
            Standing(FIRST, None, suspensions=(PAUSE,)),
            date(2026, 5, 2),
            "right_lapsed",
        ),
        (
            Standing(FIRST, LAST, revoked_on=date(2026, 1, 1)),
            REGISTERED,
            date(2026, 1, 1),
            "revoked",
        ),
    ],
)
def test_a_licence_holds_only_while_its_right_does(
    licence: Standing, right: Standing, day: date, state: str
) -> None:
    assert licence_state(licence, right, day) == state


def test_a_licence_ends_with_its_right_if_that_ends_first() -> None:
    assert licence_end(Standing(FIRST, LAST), Standing(FIRST, date(2026, 3, 1))) == date(2026, 3, 1)
    assert licence_end(Standing(FIRST, LAST), REGISTERED) == LAST
    assert licence_end(Standing(FIRST, None), REGISTERED) is None


_days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(
    first=_days,
    length=st.none() | st.integers(0, 1500),
    revoked_on=st.none() | _days,
    pauses=st.lists(st.tuples(_days, st.none() | st.integers(0, 400)), max_size=3),
    day=_days,
)
def test_the_intervals_of_a_paper_are_exactly_the_days_on_which_it_stands(
    first: date,
    length: int | None,
    revoked_on: date | None,
    pauses: list[tuple[date, int | None]],
    day: date,
) -> None:
    standing = Standing(
        first,
        None if length is None else first + timedelta(days=length),
        revoked_on,
        tuple(
            Suspension(start, None if n is None else start + timedelta(days=n))
            for start, n in pauses
        ),
    )
    inside = any(
        (begin is None or begin <= day) and (end is None or day <= end)
        for begin, end in standing_intervals(standing)
    )
    assert inside == stands(standing, day)


def _paper(kind: str = "vietgap", **values: object) -> PaperRecord:
    facts: dict[str, object] = {
        "id": 1,
        "kind": kind,
        "number": "VietGAP-TT-01",
        "issuer": "Quacert",
        "product_id": 7,
        "standing": Standing(FIRST, LAST),
        "is_checked": True,
        **values,
    }
    return PaperRecord(**facts)  # type: ignore[arg-type]


def _licence(number: str, right_number: str, goods: str, **values: object) -> LicenceRecord:
    facts: dict[str, object] = {
        "id": int(right_number),
        "number": number,
        "issuer": None,
        "standing": Standing(FIRST, LAST),
        "right_kind": "gi",
        "right_number": right_number,
        "right_name": "Cà Mau",
        "goods": (("vi", goods),),
        "right": REGISTERED,
        **values,
    }
    return LicenceRecord(**facts)  # type: ignore[arg-type]


def _codes(facts: MarkFacts, on: date) -> list[str]:
    return [claim.code for claim in mark_claims(facts, on)]


def test_a_badge_vanishes_the_day_after_the_last() -> None:
    facts = MarkFacts(papers=(_paper(),))
    assert _codes(facts, LAST) == ["vietgap"]
    assert _codes(facts, LAST + timedelta(days=1)) == []


@each_row(
    "paper",
    [
        _paper(is_checked=False),
        _paper(product_id=None),
        _paper("facility_certificate"),
        _paper(standing=Standing(FIRST, LAST, suspensions=(PAUSE,))),
        _paper(standing=Standing(FIRST, LAST, revoked_on=date(2026, 5, 2))),
    ],
)
def test_what_is_not_certain_gives_no_badge(paper: PaperRecord) -> None:
    assert _codes(MarkFacts(papers=(paper,)), date(2026, 5, 2)) == []


def test_a_system_of_the_site_covers_all_its_goods() -> None:
    assert _codes(MarkFacts(papers=(_paper("haccp", product_id=None),)), FIRST) == ["haccp"]


def test_of_two_papers_of_one_scheme_the_longer_lasting_speaks() -> None:
    old, new = _paper(), _paper(id=2, standing=Standing(FIRST, date(2029, 1, 1)))
    assert [claim.id for claim in mark_claims(MarkFacts(papers=(new, old)), FIRST)] == [2]


def test_two_rights_of_one_name_are_two_marks() -> None:
    facts = MarkFacts(
        papers=(_paper(),),
        licences=(_licence("2", "00116", "Cua"), _licence("1", "00110", "Tôm sú")),
    )
    claims = mark_claims(facts, FIRST)
    assert [(c.code, c.right_number) for c in claims] == [
        ("gi", "00110"),
        ("gi", "00116"),
        ("vietgap", None),
    ]


@each_row(
    ("left", "threshold"),
    [
        (181, None),
        (180, 180),
        (121, 180),
        (120, 120),
        (85, 90),
        (60, 60),
        (30, 30),
        (8, 30),
        (7, 7),
        (0, 7),
        (-1, None),
    ],
)
def test_the_warning_nearest_to_the_end_is_due(left: int, threshold: int | None) -> None:
    assert due_threshold(LAST, LAST - timedelta(days=left)) == threshold


def test_someone_who_looks_every_day_is_warned_six_times() -> None:
    days = [LAST - timedelta(days=left) for left in range(400, -10, -1)]
    seen = [due_threshold(LAST, day) for day in days]
    assert list(dict.fromkeys(filter(None, seen))) == list(THRESHOLDS)


def _decision(number: int, issued_on: date, revoked_on: date | None = None) -> CertificateFacts:
    return CertificateFacts(
        number, 4, f"{number}/QĐ-UBND", issued_on, "UBND", valid_to(issued_on), revoked_on
    )


def test_an_upgraded_certificate_is_superseded_from_the_day_of_the_upgrade() -> None:
    both = [_decision(1, date(2024, 5, 2)), _decision(2, date(2026, 5, 2), date(2026, 8, 1))]
    assert state_among(both, 1, date(2026, 5, 1)) == "valid"
    assert state_among(both, 1, date(2026, 5, 2)) == "superseded"
    assert state_among(both, 1, date(2026, 9, 1)) == "superseded"
    assert state_among(both, 2, date(2026, 9, 1)) == "revoked"
    assert state_among(both, 1, date(2027, 5, 3)) == "expired"


@each_row(
    ("score", "stars"), [("69.99", 3), ("70", 4), ("89.9", 4), ("90", 5), ("50", 3), ("29", 1)]
)
def test_the_lower_bound_of_a_band_belongs_to_it(score: str, stars: int) -> None:
    from decimal import Decimal

    assert stars_for(Decimal(score)) == stars
