"""The worker's loop with reactions of our own, on a database of its own on both engines."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from core import clock, facts, tasks
from core.actor import Actor
from core.db import write_session
from core.settings import Settings
from core.tasks import Task
from storefront.reactions import Batch, Delivery, Effect, Payload, WorkerContext
from storefront.timers import Timer
from storefront.worker import Worker, running_workers, worker_name


def note(session: Session, payload: Payload, *, now: datetime, context: WorkerContext) -> None:
    session.execute(text("INSERT INTO effect (n) VALUES (:n)"), {"n": payload["n"]})


def refuse(session: Session, payload: Payload, *, now: datetime, context: WorkerContext) -> None:
    note(session, payload, now=now, context=context)
    raise RuntimeError("nobody answers at buyer@example.com, call 0912 345 678")


@pytest.fixture
def context(engine: Engine, tmp_path: Path) -> WorkerContext:
    with write_session(engine) as session:
        session.execute(text("CREATE TABLE effect (n INTEGER)"))
        session.execute(text("INSERT INTO effect VALUES (-1)"))  # never start from nothing
        session.commit()
    return WorkerContext(Settings(data_dir=tmp_path), engine)


@pytest.fixture
def announce(context: WorkerContext) -> Callable[..., None]:
    def announce(name: str, *numbers: int) -> None:
        with context.write() as session:
            for n in numbers:
                facts.announce(session, name, n=n)
            session.commit()

    return announce


def worker_of(
    context: WorkerContext, name: str = "w", timers: tuple[Timer, ...] = (), **table: Any
) -> Worker:
    return Worker(context, name, reactions=table, timers=timers)


def effects(context: WorkerContext) -> list[int]:
    with context.read() as session:
        return sorted(session.scalars(text("SELECT n FROM effect WHERE n >= 0")))


def rows(context: WorkerContext) -> list[Task]:
    with context.read() as session:
        return list(session.scalars(select(Task).order_by(Task.id)))


def let_time_pass(context: WorkerContext) -> None:
    """Make every waiting task due: the worker reads the real clock."""
    with context.write() as session:
        session.execute(update(Task).values(run_at=clock.now() - timedelta(seconds=1)))
        session.commit()


def test_each_fact_has_its_effect_once(context: WorkerContext, announce: Any) -> None:
    announce("happened", *range(120))
    worker = worker_of(context, happened=(Effect(note),))

    assert worker.work_off() == 120
    assert worker.work_off() == 0
    assert effects(context) == list(range(120))
    assert {task.state for task in rows(context)} == {"done"}


def test_a_failed_effect_leaves_nothing_and_is_tried_later(
    context: WorkerContext, announce: Any
) -> None:
    announce("happened", 1)
    before = clock.now()
    worker_of(context, happened=(Effect(refuse),)).work_off()

    [task] = rows(context)
    assert effects(context) == []
    assert (task.state, task.attempts) == ("queued", 1)
    assert before + tasks.BACK_OFF[0] <= task.run_at <= clock.now() + 1.25 * tasks.BACK_OFF[0]
    assert worker_of(context, happened=(Effect(note),)).work_off() == 0


def test_what_is_kept_of_a_failure_names_nobody(
    context: WorkerContext, announce: Any, caplog: pytest.LogCaptureFixture
) -> None:
    announce("happened", 1)
    worker_of(context, happened=(Effect(refuse),)).work_off()

    [task] = rows(context)
    kept = f"{task.last_error} {[vars(record) for record in caplog.records]}"
    assert "RuntimeError: nobody answers at […], call […]" in kept
    assert "buyer@" not in str(task.last_error)
    assert "0912" not in str(task.last_error)


def test_a_task_that_never_succeeds_is_parked_for_a_person(
    context: WorkerContext, announce: Any
) -> None:
    announce("happened", 1)
    mended = False

    def moody(session: Session, payload: Payload, *, now: datetime, context: WorkerContext) -> None:
        (note if mended else refuse)(session, payload, now=now, context=context)

    worker = worker_of(context, happened=(Effect(moody),))
    for _ in range(len(tasks.BACK_OFF) + 1):
        worker.work_off()
        let_time_pass(context)

    [task] = rows(context)
    assert task.state == "parked"
    assert worker.work_off() == 0

    with context.write() as session:
        assert tasks.retry_parked(session, task.id, actor=Actor.system("test"), now=clock.now())
        session.commit()
    mended = True
    assert worker.work_off() == 1
    assert effects(context) == [1]


def test_many_tasks_of_a_batching_reaction_are_one_call(
    context: WorkerContext, announce: Any
) -> None:
    calls: list[list[int]] = []

    def index(context: WorkerContext, payloads: list[Payload], now: datetime) -> None:
        calls.append([payload["n"] for payload in payloads])

    announce("happened", *range(30))
    worker_of(context, happened=(Effect(note), Batch(index))).work_off()

    assert len(calls) <= 2
    assert sorted(n for call in calls for n in call) == list(range(30))


def test_one_bad_task_does_not_hold_up_its_batch(context: WorkerContext, announce: Any) -> None:
    done: list[int] = []

    def index(context: WorkerContext, payloads: list[Payload], now: datetime) -> None:
        if any(payload["n"] == 3 for payload in payloads):
            raise ValueError("cannot read 3")
        done.extend(payload["n"] for payload in payloads)

    announce("happened", *range(6))
    worker_of(context, happened=(Batch(index),)).work_off()

    assert sorted(done) == [0, 1, 2, 4, 5]
    assert [task.payload["n"] for task in rows(context) if task.state != "done"] == [3]


def test_a_reaction_this_version_does_not_know_waits(context: WorkerContext) -> None:
    with context.write() as session:
        tasks.add_task(session, "of_a_newer_version", {}, now=clock.now())
        session.commit()
    worker_of(context).work_off()

    [task] = rows(context)
    assert (task.state, "of_a_newer_version" in str(task.last_error)) == ("queued", True)


def killed_over(context: WorkerContext, *begun: int) -> None:
    """A worker called "same" claimed everything and was killed while it did the tasks ``begun``."""
    with context.write() as session:
        facts.dispatch(session, {"happened": ["note"]}, now=clock.now())
        tasks.claim(session, worker="same", now=clock.now())
        session.commit()
    left = context.settings.data_dir / "worker-same.begun"
    left.write_text(" ".join(str(rows(context)[n].id) for n in begun))


def test_a_worker_takes_back_at_once_what_its_predecessor_was_killed_over(
    context: WorkerContext, announce: Any
) -> None:
    announce("happened", 7, 8, 9)
    killed_over(context, 1)

    assert worker_of(context, "other", happened=(Effect(note),)).work_off() == 0
    assert worker_of(context, "same", happened=(Effect(note),)).work_off() == 3
    assert effects(context) == [7, 8, 9]
    assert [task.attempts for task in rows(context)] == [1, 2, 1]


def test_only_the_task_that_kills_its_worker_is_parked(
    context: WorkerContext, announce: Any
) -> None:
    announce("happened", 7, 8, 9)
    for _ in range(len(tasks.BACK_OFF) + 1):
        killed_over(context, 1)
        worker_of(context, "same", happened=(Effect(note),))._recover_once()

    assert [task.state for task in rows(context)] == ["queued", "parked", "queued"]


def test_what_died_together_is_tried_one_by_one(context: WorkerContext, announce: Any) -> None:
    calls: list[int] = []

    def gather(context: WorkerContext, payloads: list[Payload], now: datetime) -> None:
        calls.append(len(payloads))

    gather.__name__ = "note"
    announce("happened", 7, 8, 9)
    killed_over(context, 0, 1)
    worker_of(context, "same", happened=(Batch(gather),)).work_off()

    assert calls == [1, 1, 1]
    assert [task.attempts for task in rows(context)] == [1, 1, 1]


def test_an_effect_is_rolled_back_when_another_worker_took_the_task(
    context: WorkerContext, announce: Any
) -> None:
    def steal(session: Session, payload: Payload, *, now: datetime, context: WorkerContext) -> None:
        note(session, payload, now=now, context=context)
        session.execute(update(Task).values(leased_by="thief"))

    announce("happened", 1)
    worker_of(context, happened=(Effect(steal),)).work_off()

    assert effects(context) == []


def test_a_stopped_worker_gives_back_what_it_has_not_begun(
    context: WorkerContext, announce: Any
) -> None:
    announce("happened", *range(10))
    worker: Worker

    def stop_after_first(context: WorkerContext, payloads: list[Payload], now: datetime) -> None:
        worker.stop()

    worker = worker_of(context, happened=(Delivery(stop_after_first),))
    worker.work_off()

    assert [task.state for task in rows(context)] == ["done"] + ["queued"] * 9
    assert [task.attempts for task in rows(context)] == [1] + [0] * 9


def test_the_lease_of_a_long_delivery_is_extended(
    context: WorkerContext, announce: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "LEASE", timedelta(seconds=0.6))
    taken: list[int] = []

    def slow(context: WorkerContext, payloads: list[Payload], now: datetime) -> None:
        threading.Event().wait(1.5)
        with context.write() as session:
            taken.append(tasks.reap(session, now=clock.now()))
            session.commit()

    announce("happened", 1)
    worker_of(context, happened=(Delivery(slow),)).work_off()

    assert taken == [0]
    assert [task.state for task in rows(context)] == ["done"]


def test_a_timer_that_fails_does_not_stop_the_others(context: WorkerContext) -> None:
    ran: list[str] = []

    def broken(context: WorkerContext, now: datetime) -> None:
        raise OSError("no network")

    def sound(context: WorkerContext, now: datetime) -> None:
        ran.append("sound")

    worker = worker_of(
        context, timers=(Timer(broken, timedelta(0)), Timer(sound, timedelta(hours=1)))
    )
    worker.work_off()
    worker.work_off()

    assert ran == ["sound"]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "var"


def test_two_living_workers_have_different_names_and_a_name_comes_back(data_dir: Path) -> None:
    with worker_name(data_dir) as first, worker_name(data_dir) as second:
        assert first != second
        assert running_workers(data_dir) == 2
    assert running_workers(data_dir) == 0
    with worker_name(data_dir) as again:
        assert again == first
