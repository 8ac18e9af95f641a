import statistics
import time
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core.actor import Actor, Role
from core.errors import Invalid
from core.people import registration, sign_in_links
from core.people.permissions import NotAllowed
from core.people.registration import NoWayToReach, PersonExists
from core.people.sign_in import find_by_password
from tests.factories.people import make_person

SYSTEM = Actor.system("test")
PASSWORD = "tôm khô rạch gốc"


@pytest.fixture
def sau(session: Session, now: datetime) -> int:
    """A person with e-mail, phone and password."""
    person = registration.create_person(
        session,
        full_name="Nguyễn Thị  Sáu",
        email="Sau@Example.VN",
        phone="0912 345 678",
        actor=SYSTEM,
        now=now,
    )
    registration.set_password(session, person.id, PASSWORD, actor=SYSTEM, now=now)
    session.flush()
    return person.id


@pytest.mark.parametrize(
    "identifier", ["sau@example.vn", " SAU@EXAMPLE.VN", "0912345678", "+84 912 345 678"]
)
def test_any_spelling_of_email_or_phone_signs_in(
    session: Session, sau: int, identifier: str
) -> None:
    found = find_by_password(session, identifier, PASSWORD)
    assert found is not None
    assert found.id == sau
    assert found.full_name == "Nguyễn Thị Sáu"


@pytest.mark.parametrize(
    "identifier", ["sau@example.vn", "nobody@example.vn", "0987654321", "?", ""]
)
def test_a_wrong_password_and_an_unknown_person_are_the_same_answer(
    session: Session, sau: int, identifier: str
) -> None:
    assert find_by_password(session, identifier, "not the password") is None


def test_somebody_without_a_password_cannot_use_an_empty_one(session: Session) -> None:
    person = make_person(session)
    assert find_by_password(session, str(person.email), "") is None


def test_a_disabled_persons_password_stops_working(
    session: Session, sau: int, now: datetime
) -> None:
    registration.disable_person(session, sau, actor=SYSTEM, now=now)
    assert find_by_password(session, "sau@example.vn", PASSWORD) is None


def test_an_unknown_person_takes_as_long_as_a_wrong_password(session: Session, sau: int) -> None:
    def seconds(identifier: str) -> float:
        begun = time.process_time()
        find_by_password(session, identifier, "not the password")
        return time.process_time() - begun

    seconds("sau@example.vn"), seconds("nobody@example.vn")
    known = [seconds("sau@example.vn") for _ in range(7)]
    unknown = [seconds("nobody@example.vn") for _ in range(7)]
    # Skipping the hash would make the second ten times shorter; a busy machine blurs a few per cent.
    assert 0.5 < statistics.median(unknown) / statistics.median(known) < 2


def test_nobody_can_take_anothers_email(session: Session, sau: int, now: datetime) -> None:
    with pytest.raises(PersonExists) as refusal:
        registration.create_person(
            session, full_name="Kẻ khác", email="SAU@example.vn", actor=SYSTEM, now=now
        )
    assert refusal.value.person_id == sau


def test_a_person_needs_a_way_to_be_reached(session: Session, now: datetime) -> None:
    with pytest.raises(NoWayToReach):
        registration.create_person(session, full_name="Sáu", actor=SYSTEM, now=now)


def test_a_producers_member_makes_nobody_an_officer(
    session: Session, sau: int, now: datetime
) -> None:
    member = Actor(sau, "Sáu", frozenset({Role.PRODUCER}), frozenset({7}))
    with pytest.raises(NotAllowed):
        registration.add_membership(session, sau, Role.OFFICE, actor=member, now=now)


@pytest.mark.parametrize(
    ("role", "producer_id", "partner_code"),
    [
        (Role.PRODUCER, None, None),
        (Role.OFFICE, 7, None),
        (Role.PARTNER, None, None),
        (Role.SYSTEM, None, None),
        (Role.BUYER, None, None),
    ],
)
def test_a_role_without_what_it_belongs_to_is_refused(
    session: Session,
    sau: int,
    now: datetime,
    role: Role,
    producer_id: int | None,
    partner_code: str | None,
) -> None:
    with pytest.raises(Invalid):
        registration.add_membership(
            session,
            sau,
            role,
            producer_id=producer_id,
            partner_code=partner_code,
            actor=SYSTEM,
            now=now,
        )


def test_joining_twice_is_joining_once(session: Session, sau: int, now: datetime) -> None:
    first = registration.add_membership(session, sau, Role.OFFICE, actor=SYSTEM, now=now)
    second = registration.add_membership(session, sau, Role.OFFICE, actor=SYSTEM, now=now)
    assert first.id == second.id


def test_a_link_shows_its_person_and_works_once(session: Session, sau: int, now: datetime) -> None:
    token = sign_in_links.issue_link(session, sau, actor=SYSTEM, now=now)
    for _ in range(2):  # looking does not use it up
        shown = sign_in_links.find_link(session, token, now=now)
        assert shown is not None
        assert shown.id == sau
    used = sign_in_links.consume_link(session, token, now=now)
    assert used is not None
    assert used.id == sau
    assert sign_in_links.consume_link(session, token, now=now) is None
    assert sign_in_links.find_link(session, token, now=now) is None


def test_a_link_ends_on_the_second(session: Session, sau: int, now: datetime) -> None:
    token = sign_in_links.issue_link(
        session, sau, actor=SYSTEM, now=now, valid_for=timedelta(minutes=30)
    )
    end = now + timedelta(minutes=30)
    assert sign_in_links.find_link(session, token, now=end - timedelta(seconds=1)) is not None
    assert sign_in_links.consume_link(session, token, now=end) is None


def test_a_disabled_persons_link_opens_nothing(session: Session, sau: int, now: datetime) -> None:
    before = sign_in_links.issue_link(session, sau, actor=SYSTEM, now=now)
    registration.disable_person(session, sau, actor=SYSTEM, now=now)
    after = sign_in_links.issue_link(session, sau, actor=SYSTEM, now=now)
    assert sign_in_links.consume_link(session, before, now=now) is None
    assert sign_in_links.consume_link(session, after, now=now) is None
