import json

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core import tasks
from core.db import write_session
from tests.conftest import NOW
from tests.factories.forked import Ocop


@pytest.fixture
def parked(engine: Engine) -> list[int]:
    """Two tasks that gave up, beside one that waits."""
    with write_session(engine) as session:
        found = [tasks.add_task(session, "deliver_mail", {"mail_id": n}, now=NOW) for n in (1, 2)]
        for task in found:
            task.state, task.attempts = "parked", 9
            task.last_error = "SMTPConnectError: no route to mail.example.vn"
        tasks.add_task(session, "deliver_mail", {"mail_id": 3}, now=NOW)
        session.commit()
        return [task.id for task in found]


def _states(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [task.state for task in session.query(tasks.Task).order_by(tasks.Task.id)]


def test_an_operator_sees_what_gave_up_and_why(ocop: Ocop, parked: list[int]) -> None:
    shown = ocop("worker", "parked")
    assert shown.returncode == 0, shown.stderr
    assert f"{parked[0]}  deliver_mail" in shown.stdout
    assert "SMTPConnectError: no route to mail.example.vn" in shown.stdout
    listed = json.loads(ocop("worker", "parked", "--json").stdout)
    assert [(t["id"], t["payload"], t["attempts"]) for t in listed] == [
        (parked[0], {"mail_id": 1}, 9),
        (parked[1], {"mail_id": 2}, 9),
    ]


def test_an_operator_sends_one_task_or_all_back_to_work(
    ocop: Ocop, engine: Engine, parked: list[int]
) -> None:
    assert ocop("worker", "retry", str(parked[1])).returncode == 0
    assert _states(engine) == ["parked", "queued", "queued"]
    assert ocop("worker", "retry", str(parked[1])).returncode == 1
    done = ocop("worker", "retry", "--all")
    assert (done.returncode, done.stdout) == (0, "1 tasks will be tried again\n")
    assert _states(engine) == ["queued", "queued", "queued"]


@pytest.mark.parametrize(
    "arguments", [("retry",), ("retry", "1", "--all"), ("retry", "x"), ("--once", "parked")]
)
def test_an_unclear_order_is_not_guessed_at(
    ocop: Ocop, engine: Engine, parked: list[int], arguments: tuple[str, ...]
) -> None:
    done = ocop("worker", *arguments)
    assert done.returncode == 2, done.stdout
    assert "Traceback" not in done.stderr
    assert _states(engine) == ["parked", "parked", "queued"]
