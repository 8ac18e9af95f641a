from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor, Role
from core.people import registration, sessions
from core.people.models import UserSession
from core.people.queries import load_actor
from tests.factories.people import make_member, make_officer, make_person, sign_in

SYSTEM = Actor.system("test")


def test_a_token_stands_for_its_person_with_every_role(session: Session, now: datetime) -> None:
    person = make_member(session, 7)
    registration.add_membership(
        session, person.id, Role.PRODUCER, producer_id=8, actor=SYSTEM, now=now
    )
    registration.add_membership(
        session, person.id, Role.PARTNER, partner_code="demo-supermarket", actor=SYSTEM, now=now
    )
    token = sign_in(session, person, now=now)
    known = load_actor(session, token, now)
    assert known is not None
    assert known.actor.person_id == person.id
    assert known.actor.roles == {Role.PRODUCER, Role.PARTNER}
    assert known.actor.producer_ids == {7, 8}
    assert known.actor.partner_codes == {"demo-supermarket"}


def test_an_actor_is_loaded_by_one_statement(
    session: Session, statements: list[str], now: datetime
) -> None:
    token = sign_in(session, make_member(session, 7), now=now)
    session.flush()
    statements.clear()
    assert load_actor(session, token, now) is not None
    assert len(statements) == 1


def test_the_database_holds_no_token(session: Session, now: datetime) -> None:
    token = sign_in(session, make_officer(session), now=now)
    kept = session.scalars(select(UserSession.token_hash)).all()
    assert token not in kept
    assert load_actor(session, kept[0], now) is None


@pytest.mark.parametrize("token", ["", "x", "é" * 30, "a" * 5000])
def test_a_made_up_token_is_nobody(session: Session, now: datetime, token: str) -> None:
    sign_in(session, make_officer(session), now=now)
    assert load_actor(session, token, now) is None


def test_every_sign_in_has_a_token_nobody_has_seen(session: Session, now: datetime) -> None:
    person = make_officer(session)
    assert sign_in(session, person, now=now) != sign_in(session, person, now=now)


def test_a_revoked_session_dies_at_once_and_the_other_lives(
    session: Session, now: datetime
) -> None:
    person = make_officer(session)
    lost, kept = sign_in(session, person, now=now), sign_in(session, person, now=now)
    known = load_actor(session, lost, now)
    assert known is not None
    assert sessions.revoke(session, known.session_id, person_id=person.id, now=now)
    assert load_actor(session, lost, now) is None
    assert load_actor(session, kept, now) is not None


def test_nobody_ends_another_persons_session(session: Session, now: datetime) -> None:
    victim, other = make_officer(session), make_officer(session)
    token = sign_in(session, victim, now=now)
    known = load_actor(session, token, now)
    assert known is not None
    assert not sessions.revoke(session, known.session_id, person_id=other.id, now=now)
    assert load_actor(session, token, now) is not None


def test_all_other_devices_can_be_ended_in_one_go(session: Session, now: datetime) -> None:
    person = make_officer(session)
    tokens = [sign_in(session, person, now=now) for _ in range(3)]
    here = load_actor(session, tokens[0], now)
    assert here is not None
    assert sessions.revoke_others(session, person_id=person.id, keep=here.session_id, now=now) == 2
    assert [load_actor(session, token, now) is not None for token in tokens] == [True, False, False]


def test_a_disabled_person_is_out_at_once(session: Session, now: datetime) -> None:
    person = make_officer(session)
    token = sign_in(session, person, now=now)
    registration.disable_person(session, person.id, actor=SYSTEM, now=now)
    assert load_actor(session, token, now) is None
    assert sessions.list_sessions(session, person.id, now=now) == []


@pytest.mark.parametrize(
    ("producer", "still", "gone"),
    [
        (True, timedelta(days=29, hours=23), timedelta(days=30)),
        (False, timedelta(hours=7, minutes=59), timedelta(hours=8)),
    ],
)
def test_a_session_that_is_not_used_ends(
    session: Session, now: datetime, producer: bool, still: timedelta, gone: timedelta
) -> None:
    person = make_member(session, 7) if producer else make_officer(session)
    token = sign_in(session, person, now=now)
    assert load_actor(session, token, now + still) is not None
    assert load_actor(session, token, now + gone) is None


def test_a_session_in_constant_use_ends_all_the_same(session: Session, now: datetime) -> None:
    token = sign_in(session, make_officer(session), now=now)
    for hour in range(1, 12):
        known = load_actor(session, token, now + timedelta(hours=hour))
        assert known is not None
        sessions.touch(session, known.session_id, now + timedelta(hours=hour))
    assert load_actor(session, token, now + timedelta(hours=12)) is None


def test_somebody_with_two_roles_gets_the_shorter_session() -> None:
    assert sessions.lifetime(["producer", "office"]) == sessions.lifetime(["office"])


def test_use_is_noted_at_most_once_a_minute(session: Session, now: datetime) -> None:
    token = sign_in(session, make_officer(session), now=now)
    known = load_actor(session, token, now)
    assert known is not None
    sessions.touch(session, known.session_id, now + timedelta(seconds=59))
    seen = load_actor(session, token, now)
    assert seen is not None
    assert seen.last_seen_at == now
    sessions.touch(session, known.session_id, now + timedelta(seconds=60))
    seen = load_actor(session, token, now)
    assert seen is not None
    assert seen.last_seen_at == now + timedelta(seconds=60)


def test_a_role_taken_away_is_gone_on_the_next_request(session: Session, now: datetime) -> None:
    person = make_member(session, 7)
    token = sign_in(session, person, now=now)
    registration.remove_membership(session, person.memberships[0].id, actor=SYSTEM, now=now)
    session.flush()
    known = load_actor(session, token, now)
    assert known is not None
    assert known.actor.roles == frozenset()


def test_somebody_without_a_role_can_still_be_signed_in(session: Session, now: datetime) -> None:
    token = sign_in(session, make_person(session), now=now)
    known = load_actor(session, token, now)
    assert known is not None
    assert not known.actor.has(*Role)
