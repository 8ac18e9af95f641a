import multiprocessing
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.db import make_engine, write_session
from core.people import sign_in_links, throttle
from core.people.throttle import Limit, Throttled
from tests.conftest import NOW
from tests.factories.people import make_person

LIMIT = Limit(tries=10, window=timedelta(minutes=15))


def test_the_eleventh_try_has_to_wait(session: Session, now: datetime) -> None:
    for minute in range(10):
        throttle.spend(session, "who", LIMIT, now=now + timedelta(minutes=minute))
    with pytest.raises(Throttled) as refusal:
        throttle.spend(session, "who", LIMIT, now=now + timedelta(minutes=10))
    assert 299 <= refusal.value.retry_after <= 301


def test_another_key_is_not_touched(session: Session, now: datetime) -> None:
    for _ in range(10):
        throttle.spend(session, "who", LIMIT, now=now)
    throttle.spend(session, "other", LIMIT, now=now)


def test_a_new_window_starts_afresh(session: Session, now: datetime) -> None:
    for _ in range(10):
        throttle.spend(session, "who", LIMIT, now=now)
    throttle.spend(session, "who", LIMIT, now=now + LIMIT.window)


def test_success_gives_the_try_back(session: Session, now: datetime) -> None:
    for _ in range(30):
        throttle.spend(session, "who", LIMIT, now=now)
        throttle.refund(session, "who")


def test_success_forgets_earlier_failures(session: Session, now: datetime) -> None:
    for _ in range(9):
        throttle.spend(session, "who", LIMIT, now=now)
    throttle.forget(session, "who")
    for _ in range(10):
        throttle.spend(session, "who", LIMIT, now=now)


def _try_often(url: str, answers: "multiprocessing.Queue[int]") -> None:
    engine = make_engine(url)
    let_through = 0
    for _ in range(10):
        with write_session(engine) as session:
            try:
                throttle.spend(session, "who", LIMIT, now=NOW)
            except Throttled:
                session.rollback()
            else:
                session.commit()
                let_through += 1
    engine.dispose()
    answers.put(let_through)


def test_two_processes_share_one_limit(engine: Engine) -> None:
    with write_session(engine) as session:
        throttle.spend(session, "who", LIMIT, now=NOW)  # not from empty
        session.commit()
    url = engine.url.render_as_string(hide_password=False)
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    processes = [context.Process(target=_try_often, args=(url, answers)) for _ in range(2)]
    for process in processes:
        process.start()
    let_through = [answers.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(timeout=60)
    assert sum(let_through) == LIMIT.tries - 1


def _use_link(url: str, token: str, answers: "multiprocessing.Queue[bool]") -> None:
    engine = make_engine(url)
    with write_session(engine) as session:
        used = sign_in_links.consume_link(session, token, now=NOW) is not None
        session.commit()
    engine.dispose()
    answers.put(used)


def test_of_two_who_use_a_link_at_once_one_gets_in(engine: Engine) -> None:
    from core.actor import Actor

    with write_session(engine) as session:
        person = make_person(session)
        token = sign_in_links.issue_link(session, person.id, actor=Actor.system("test"), now=NOW)
        session.commit()
    url = engine.url.render_as_string(hide_password=False)
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    processes = [context.Process(target=_use_link, args=(url, token, answers)) for _ in range(2)]
    for process in processes:
        process.start()
    used = sorted(answers.get(timeout=60) for _ in processes)
    for process in processes:
        process.join(timeout=60)
    assert used == [False, True]
