"""Work that gave up, as an officer sees it."""

from __future__ import annotations

from core import clock, tasks
from core.facts import announce
from storefront.office import words
from tests.factories.house import House


def _park(house: House) -> int:
    with house.changing() as session:
        fact = announce(session, "mail.queued", mail_id=7)
        session.flush()
        task = tasks.add_task(session, "deliver_mail", {"mail_id": 7}, now=clock.now())
        task.fact_id, task.state, task.attempts = fact.id, "parked", 9
        task.last_error = "SMTPConnectError: secret.example.vn does not answer"
        session.flush()
        return task.id


def test_an_officer_sees_parked_work_and_tries_it_again(house: House) -> None:
    office = house.browser("office")
    office.client.set_cookie("locale", "en", domain="localhost")
    assert "Work that gave up" not in office.get("/office/")
    task_id = _park(house)
    assert "Work that gave up" in office.get("/office/")
    office.get("/office/parked")
    for words_shown in ("Send an e-mail", "mail.queued", "mail_id 7", "SMTPConnectError"):
        assert words_shown in office.text()
    assert "secret.example.vn" not in office.text()
    office.submit(f"/parked/{task_id}/retry")
    assert "tried again in a moment" in office.text()
    assert "All work gets done" in office.text()
    with house.looking() as session:
        task = session.get_one(tasks.Task, task_id)
        assert (task.state, task.attempts) == ("queued", 0)
    trail = office.get(f"/office/audit?subject=task:{task_id}")
    assert "task.retry" in trail
    assert "Người office" in trail


def test_a_second_officer_with_the_same_page_changes_nothing(house: House) -> None:
    _park(house)
    first, second = house.browser("office"), house.browser("office")
    for office in (first, second):
        office.client.set_cookie("locale", "en", domain="localhost")
        office.get("/office/parked")
    first.submit("/retry")
    second.submit("/retry")
    assert "not parked any more" in second.text()


def test_a_producer_neither_sees_nor_retries_parked_work(house: House) -> None:
    task_id = _park(house)
    producer = house.browser("producer")
    producer.get("/vi/account/sessions")
    token = producer.forms()[0].fields["csrf_token"]
    assert producer.client.get("/office/parked").status_code == 403
    assert producer.client.get("/office/money").status_code == 403
    address = f"/office/parked/{task_id}/retry"
    assert producer.client.post(address, data={"csrf_token": token}).status_code == 403


def test_work_nobody_has_named_is_shown_by_its_code() -> None:
    assert words.reaction("count_bees") == "count_bees"
