from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from core import audit, facts, tasks
from core.actor import Actor, Role
from core.db import write_session
from core.people.permissions import NotAllowed

OPERATOR = Actor.system("ocop")
REACTIONS = {"product.published": ("index_product", "tell_partners"), "mail.queued": ("send",)}


def _announce_and_dispatch(session: Session, now: datetime, times: int = 1) -> None:
    for n in range(times):
        facts.announce(session, "product.published", product_id=n)
    session.flush()
    facts.dispatch(session, REACTIONS, now=now)


def test_a_fact_that_is_rolled_back_never_happened(engine: Engine) -> None:
    with write_session(engine) as session:
        facts.announce(session, "mail.queued", mail_id=1)
        session.commit()
        facts.announce(session, "mail.queued", mail_id=2)
        session.rollback()

        assert session.scalars(select(facts.Fact.payload)).all() == [{"mail_id": 1}]


def test_each_reaction_to_a_fact_becomes_one_task(session: Session, now: datetime) -> None:
    _announce_and_dispatch(session, now, times=2)

    assert facts.dispatch(session, REACTIONS, now=now) == 0
    assert session.scalar(select(func.count()).select_from(tasks.Task)) == 4


def test_a_fact_nobody_reacts_to_is_still_dispatched_once(session: Session, now: datetime) -> None:
    facts.announce(session, "order.placed", order_id=1)
    session.flush()

    assert facts.dispatch(session, REACTIONS, now=now) == 1
    assert facts.dispatch(session, REACTIONS, now=now) == 0


def test_a_claimed_task_is_not_claimed_again(session: Session, now: datetime) -> None:
    _announce_and_dispatch(session, now)

    mine = tasks.claim(session, worker="a", now=now)
    theirs = tasks.claim(session, worker="b", now=now)

    assert [c.reaction for c in mine] == ["index_product", "tell_partners"]
    assert theirs == []


def test_a_worker_that_fell_silent_loses_its_tasks_and_cannot_finish_them(
    session: Session, now: datetime
) -> None:
    _announce_and_dispatch(session, now)
    [first, _] = tasks.claim(session, worker="dead", now=now)
    later = now + tasks.LEASE + timedelta(seconds=1)

    assert tasks.reap(session, now=later) == 2
    [again, _] = tasks.claim(session, worker="alive", now=later)

    assert again.attempts == 2
    assert tasks.finish(session, [first.id], worker="dead", now=later) == 0
    assert tasks.finish(session, [again.id], worker="alive", now=later) == 1


def test_a_task_that_fails_waits_longer_each_time_and_then_waits_for_a_person(
    session: Session, now: datetime
) -> None:
    tasks.add_task(session, "send", {"mail_id": 1}, now=now)
    session.flush()
    moment = now
    waits = []
    for _ in range(len(tasks.BACK_OFF)):
        [claim] = tasks.claim(session, worker="w", now=moment)
        assert tasks.fail(session, claim, worker="w", now=moment, error="no route") == "queued"
        due = session.scalar(select(tasks.Task.run_at))
        assert due is not None
        waits.append(due - moment)
        moment = due
    [claim] = tasks.claim(session, worker="w", now=moment)

    assert waits == list(tasks.BACK_OFF)
    assert tasks.fail(session, claim, worker="w", now=moment, error="no route") == "parked"
    assert tasks.claim(session, worker="w", now=moment + timedelta(days=9)) == []
    assert tasks.backlog(session, now=moment).parked == 1


def _park(session: Session, now: datetime, error: str = "SMTPConnectError: no route") -> tasks.Task:
    task = tasks.add_task(session, "send", {"mail_id": 7}, now=now)
    task.state, task.attempts, task.last_error = "parked", 9, error
    session.flush()
    return task


def test_a_person_sends_a_parked_task_back_to_work_once(session: Session, now: datetime) -> None:
    other, task = _park(session, now), _park(session, now)

    assert tasks.retry_parked(session, task.id, actor=OPERATOR, now=now)
    assert not tasks.retry_parked(session, task.id, actor=OPERATOR, now=now)
    assert [c.attempts for c in tasks.claim(session, worker="w", now=now)] == [1]
    assert [parked.id for parked in tasks.list_parked(session)] == [other.id]
    (entry,) = audit.list_entries(session, subject=f"task:{task.id}")
    assert (entry.action, entry.actor_name, entry.details) == (
        "task.retry",
        "ocop",
        {"reaction": "send", "error": "SMTPConnectError"},
    )


def test_a_producer_does_not_send_tasks_back_to_work(session: Session, now: datetime) -> None:
    task = _park(session, now)
    producer = Actor(None, "Chủ", frozenset({Role.PRODUCER}), frozenset({1}))

    with pytest.raises(NotAllowed):
        tasks.retry_parked(session, task.id, actor=producer, now=now)
    assert tasks.count_parked(session) == 1


def test_a_parked_task_says_what_it_was_about_and_how_it_failed(
    session: Session, now: datetime
) -> None:
    _announce_and_dispatch(session, now)
    caused = session.scalars(select(tasks.Task).order_by(tasks.Task.id)).first()
    assert caused is not None
    caused.state, caused.attempts, caused.last_error = "parked", 9, "the worker fell silent"
    lonely = _park(session, now)

    first, second = tasks.list_parked(session)
    assert (first.fact, first.reaction, first.payload) == (
        "product.published",
        "index_product",
        {"product_id": 0},
    )
    assert (first.error, first.since) == ("", now)
    assert (second.fact, second.error, second.attempts) == (None, "SMTPConnectError", 9)
    assert [p.id for p in tasks.list_parked(session, after_id=first.id)] == [lonely.id]
    assert tasks.count_parked(session) == 2


def test_a_graceful_stop_does_not_cost_a_try(session: Session, now: datetime) -> None:
    tasks.add_task(session, "send", {}, now=now)
    session.flush()
    [claim] = tasks.claim(session, worker="w", now=now)

    tasks.put_back(session, [claim.id], worker="w", now=now)

    assert [c.attempts for c in tasks.claim(session, worker="x", now=now)] == [1]


def test_the_backlog_says_how_long_the_oldest_has_waited(session: Session, now: datetime) -> None:
    tasks.add_task(session, "send", {}, now=now - timedelta(seconds=90))
    tasks.add_task(session, "send", {}, now=now)
    session.flush()

    assert tasks.backlog(session, now=now).oldest_seconds == pytest.approx(90)
    assert tasks.backlog(session, now=now).queued == 2
