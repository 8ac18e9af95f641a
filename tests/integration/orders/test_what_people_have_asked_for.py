from __future__ import annotations

from sqlalchemy.orm import Session

from core.actor import Actor
from orders import asked, visits
from orders.rules.visits import day_problem
from orders.visit_demo import load_visits
from tests.factories.around import make_visit
from tests.factories.catalog import make_producer, make_product
from tests.factories.orders import NOW, TODAY
from tests.factories.voices import make_request
from tests.integration.orders.test_asking_for_a_visit import producer, wish

OPERATOR = Actor.system("demo")


def test_the_office_pages_through_visits_of_all_producers_and_by_state(session: Session) -> None:
    days = [make_visit(session, name)[0] for name in ("Rừng đước", "Làng gốm")]
    enquiries = [
        visits.ask(session, wish(days[n % 2].slug, form_token=f"{n:024}"), on=TODAY, now=NOW)
        for n in range(5)
    ]
    visits.move(session, enquiries[3].id, "answer", "Được ạ", actor=producer(enquiries[3]), now=NOW)
    pages, before = [], None
    while page := asked.list_visits(session, before_id=before, limit=2):
        pages.append([line.enquiry.id for line in page])
        before = pages[-1][-1]
    assert [n for page in pages for n in page] == [e.id for e in reversed(enquiries)]
    (answered,) = asked.list_visits(session, "answered")
    assert answered.enquiry.id == enquiries[3].id
    assert answered.producer.id == days[1].producer_id
    new = asked.list_visits(session, asked.UNANSWERED)
    assert [line.enquiry.id for line in new] == [enquiries[n].id for n in (4, 2, 1, 0)]


def test_a_wholesale_request_names_its_goods_and_who_must_answer(session: Session) -> None:
    maker = make_producer(session, name="HTX Sông Đốc", phone="02903891234")
    goods = make_product(session, "Mắm ba khía", maker)
    first, second = (make_request(session, goods, company=name) for name in ("Umeda", "Namba"))
    lines = asked.list_wholesale(session, "new")
    assert [line.request.id for line in lines[:2]] == [second.id, first.id]
    assert (lines[0].product_name, lines[0].producer.name) == ("Mắm ba khía", "HTX Sông Đốc")
    assert lines[0].producer.phone == "02903891234"
    assert [a.request.id for a in asked.list_wholesale(session, before_id=second.id)][:1] == [
        first.id
    ]
    assert not asked.list_wholesale(session, "closed")


def test_the_demonstration_asks_for_a_day_once_and_says_that_nobody_did(session: Session) -> None:
    make_visit(session, is_illustrative=True)
    assert load_visits(session, actor=OPERATOR, now=NOW) == 2
    assert load_visits(session, actor=OPERATOR, now=NOW) == 0
    lines = asked.list_visits(session)
    assert [line.enquiry.state for line in lines] == ["answered", "new"]
    for line in lines:
        assert "minh họa" in line.enquiry.name
        assert day_problem(line.enquiry.wished_on, NOW.date(), (1, 2, 3, 4, 11, 12)) is None
