from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from catalog.rules.certification import (
    CertificateFacts,
    add_months,
    certificate_state,
    is_verifiable,
    star_claim,
    valid_to,
)
from tests.rows import each_row

ISSUED = date(2024, 6, 15)


def fact(
    number_in_books=1, stars=4, number="1/QĐ-UBND", issued_on=ISSUED, revoked_on=None, last=None
):
    last = last or (valid_to(issued_on) if issued_on else None)
    return CertificateFacts(number_in_books, stars, number, issued_on, "UBND", last, revoked_on)


@each_row(
    ("issued_on", "last"),
    [
        (date(2024, 6, 15), date(2027, 6, 15)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2025, 1, 31), date(2028, 1, 31)),
        (date(2021, 2, 28), date(2024, 2, 28)),
    ],
)
def test_a_recognition_lasts_36_months(issued_on, last):
    assert valid_to(issued_on) == last


def test_months_are_clamped_to_the_last_day():
    assert add_months(date(2025, 8, 31), 6) == date(2026, 2, 28)
    assert add_months(date(2023, 8, 31), 6) == date(2024, 2, 29)
    assert add_months(date(2025, 12, 1), 1) == date(2026, 1, 1)


@each_row(
    ("on", "stars"),
    [
        (ISSUED - timedelta(days=1), None),
        (ISSUED, 4),
        (date(2027, 6, 15), 4),
        (date(2027, 6, 16), None),
    ],
)
def test_a_certificate_is_valid_from_its_first_to_its_last_day(on, stars):
    claim = star_claim([fact()], on)
    assert (claim.stars if claim else None) == stars


@each_row(
    "unverifiable",
    [fact(number=None), fact(number=""), fact(issued_on=None), fact(stars=None), fact(stars=6)],
)
def test_what_nobody_can_look_up_claims_nothing(unverifiable):
    assert star_claim([unverifiable], date(2025, 1, 1)) is None
    assert certificate_state(unverifiable, date(2025, 1, 1)) == "unverified"


def test_a_revoked_latest_decision_does_not_revive_the_older_one():
    old = fact(1, stars=3)
    new = fact(2, stars=4, issued_on=date(2025, 6, 15), revoked_on=date(2026, 1, 1))
    before = star_claim([old, new], date(2025, 12, 31))
    assert before is not None
    assert before.stars == 4
    assert star_claim([old, new], date(2026, 1, 1)) is None


def test_a_later_decision_speaks_even_with_fewer_stars():
    claim = star_claim(
        [fact(1, stars=5), fact(2, stars=3, issued_on=date(2025, 6, 15))], date(2026, 1, 1)
    )
    assert claim is not None
    assert (claim.stars, claim.certificate_id) == (3, 2)


def test_a_longer_validity_than_36_months_is_not_believed():
    assert star_claim([fact(last=date(2099, 1, 1))], date(2027, 6, 16)) is None


@each_row(
    ("on", "state"),
    [
        (date(2024, 6, 14), "upcoming"),
        (date(2025, 1, 1), "valid"),
        (date(2027, 3, 16), "valid"),
        (date(2027, 3, 17), "expiring"),
        (date(2027, 6, 15), "expiring"),
        (date(2027, 6, 16), "expired"),
    ],
)
def test_the_state_of_a_certificate_follows_the_day(on, state):
    assert certificate_state(fact(), on) == state


days = st.dates(date(2018, 5, 7), date(2032, 12, 31))
facts = st.builds(
    fact,
    number_in_books=st.integers(1, 50),
    stars=st.sampled_from([None, 2, 3, 4, 5, 6]),
    number=st.sampled_from([None, "", "1/QĐ-UBND"]),
    issued_on=st.none() | days,
    revoked_on=st.none() | days,
)


@given(st.lists(facts, max_size=5), days)
@example(
    [
        fact(1, stars=3, issued_on=date(2018, 5, 7)),
        fact(2, issued_on=date(2019, 1, 1), revoked_on=date(2018, 5, 7)),
    ],
    date(2018, 5, 7),
)
def test_every_claim_is_backed_by_a_certificate_in_force(certificates, on):
    claim = star_claim(certificates, on)
    if claim is None:
        return
    assert claim.stars in (3, 4, 5)
    assert claim.issued_on <= on <= claim.valid_to <= add_months(claim.issued_on, 36)
    backing = [
        c
        for c in certificates
        if (c.id, c.stars, c.issued_on) == (claim.certificate_id, claim.stars, claim.issued_on)
    ]
    assert any(c.revoked_on is None or c.revoked_on > on for c in backing)
    newest = max(
        c.issued_on
        for c in certificates
        if c.issued_on is not None and c.issued_on <= on and is_verifiable(c)
    )
    assert claim.issued_on == newest
