from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from core import facts, tasks
from core.db import write_session

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


def test_a_person_sends_a_parked_task_back_to_work(session: Session, now: datetime) -> None:
    task = tasks.add_task(session, "send", {}, now=now)
    task.state, task.attempts = "parked", 9
    session.flush()

    assert tasks.retry_parked(session, task.id, now=now)
    assert [c.attempts for c in tasks.claim(session, worker="w", now=now)] == [1]


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
