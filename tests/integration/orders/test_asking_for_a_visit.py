from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor, Role
from core.facts import Fact
from core.people.permissions import NotAllowed
from orders import visits
from orders.errors import NoSuchStep, VisitNotFound, VisitRefused
from orders.models import CartLine, VisitEnquiry
from orders.rules.visits import OPEN
from orders.visits import VisitRequest
from tests.factories.around import make_visit
from tests.factories.orders import NOW, TODAY

DAY = date(TODAY.year + 1, 1, 15)


def wish(slug: str, **values: object) -> VisitRequest:
    asked = VisitRequest(slug, "f" * 24, DAY, 4, "Mai", "mai@example.vn", None, "Có trẻ nhỏ", "vi")
    return replace(asked, **values)  # type: ignore[arg-type]


def ask(session: Session, **values: object) -> VisitEnquiry:
    product, _ = make_visit(session)
    return visits.ask(session, wish(product.slug, **values), on=TODAY, now=NOW)


def producer(enquiry: VisitEnquiry) -> Actor:
    return Actor(None, "Sáu", frozenset({Role.PRODUCER}), frozenset({enquiry.producer_id}))


def test_a_form_sent_twice_is_one_enquiry_and_fills_no_cart(session: Session) -> None:
    product, _ = make_visit(session)
    first = visits.ask(session, wish(product.slug), on=TODAY, now=NOW)
    again = visits.ask(session, wish(product.slug), on=TODAY, now=NOW)
    assert first.id == again.id
    other = visits.ask(session, wish(product.slug, form_token="g" * 24), on=TODAY, now=NOW)
    assert other.id != first.id
    told = session.scalar(select(func.count()).where(Fact.name == "visit.asked"))
    assert told == 2
    assert session.scalar(select(func.count()).select_from(CartLine)) == 0


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"email": None}, "contact"),
        ({"wished_on": TODAY}, "past"),
        ({"wished_on": TODAY + timedelta(days=400)}, "too_far"),
        ({"wished_on": date(TODAY.year + 1, 6, 1)}, "out_of_season"),
        ({"people": 1}, "too_few"),
        ({"people": 13}, "too_many"),
    ],
)
def test_what_they_do_not_receive_is_refused_with_its_reason(
    session: Session, values: dict[str, object], code: str
) -> None:
    with pytest.raises(VisitRefused) as refused:
        ask(session, **values)
    assert refused.value.code == code


def test_only_a_visit_on_sale_can_be_asked_for(session: Session) -> None:
    withheld, _ = make_visit(session, withheld=True)
    goods, _ = make_visit(session, subgroup_code="F09")
    for slug in (withheld.slug, goods.slug, "nowhere"):
        with pytest.raises(VisitNotFound):
            visits.ask(session, wish(slug), on=TODAY, now=NOW)


def test_the_producer_answers_and_agrees_nobody_else(session: Session) -> None:
    enquiry = ask(session)
    stranger = Actor(None, "Ai", frozenset({Role.PRODUCER}), frozenset({enquiry.producer_id + 1}))
    with pytest.raises(NotAllowed):
        visits.move(session, enquiry.id, "answer", "Được", actor=stranger, now=NOW)
    with pytest.raises(VisitRefused):
        visits.move(session, enquiry.id, "answer", "  ", actor=producer(enquiry), now=NOW)
    visits.move(session, enquiry.id, "answer", "Mời cô.", actor=producer(enquiry), now=NOW)
    visits.move(session, enquiry.id, "agree", "", actor=producer(enquiry), now=NOW)
    assert (enquiry.state, enquiry.answer, enquiry.steps) == ("agreed", "Mời cô.", 2)
    with pytest.raises(NoSuchStep):
        visits.move(session, enquiry.id, "withdraw", "", actor=producer(enquiry), now=NOW)


def test_who_asked_takes_it_back_once(session: Session) -> None:
    enquiry = ask(session)
    visits.withdraw(session, enquiry.public_token, now=NOW)
    assert enquiry.state == "withdrawn"
    with pytest.raises(NoSuchStep):
        visits.withdraw(session, enquiry.public_token, now=NOW)
    with pytest.raises(VisitNotFound):
        visits.withdraw(session, "x" * 22, now=NOW)


def test_long_after_the_day_nobody_knows_who_asked(session: Session) -> None:
    enquiry, other = ask(session), ask(session, wished_on=DAY + timedelta(days=1))
    after = enquiry.wished_on + visits.KEPT_AFTER_THE_DAY + timedelta(days=1)
    assert visits.forget_old(session, on=after - timedelta(days=1), now=NOW) == 0
    assert visits.forget_old(session, on=after, now=NOW) == 1
    session.expire_all()
    assert (enquiry.name, enquiry.email, enquiry.message) == ("", None, None)
    assert other.email == "mai@example.vn"


def test_a_desk_turns_its_pages_through_every_enquiry_once(session: Session) -> None:
    product, _ = make_visit(session)
    asked = [
        visits.ask(session, wish(product.slug, form_token=f"{n:024}"), on=TODAY, now=NOW)
        for n in range(7)
    ]
    for enquiry in (asked[5], asked[1]):
        visits.move(session, enquiry.id, "decline", "Kín khách", actor=producer(enquiry), now=NOW)
    numbers: list[int] = []
    before = None
    while page := visits.list_enquiries(session, [product.producer_id], before=before, limit=2):
        numbers += [enquiry.id for enquiry in page]
        before = (page[-1].state in OPEN, page[-1].id)
    open_first = [6, 4, 3, 2, 0, 5, 1]
    assert numbers == [asked[n].id for n in open_first]
    assert visits.list_enquiries(session, []) == []
