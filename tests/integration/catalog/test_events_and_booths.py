"""An event from its announcement to what came of it; collections, articles, requests and offers."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.demo.campaigns import load_campaigns
from catalog.errors import InvalidFields
from catalog.models import (
    Article,
    Booth,
    Collection,
    EventOutcome,
    Participation,
    ShownProduct,
    TradeEvent,
)
from catalog.programme import articles, collections, events, joining, supply
from catalog.programme.errors import (
    BoothInUse,
    BoothTaken,
    OutcomesClosed,
    SignUpClosed,
    StepNotPossible,
)
from core.actor import Actor, Role
from core.audit import AuditEntry
from core.facts import Fact
from core.people.permissions import NotAllowed
from tests.factories.catalog import NOW, make_producer, make_product

OFFICE = Actor(None, "Trần Văn Minh", frozenset({Role.OFFICE}))
DAY = date(2026, 11, 22)
FAIR = {
    "name": "Hội chợ OCOP Đất Mũi",
    "kind": "fair",
    "organiser": "Sở Nông nghiệp và Môi trường Cà Mau",
    "province_code": "96",
    "starts_on": DAY + timedelta(days=10),
    "ends_on": DAY + timedelta(days=12),
    "sign_up_until": DAY + timedelta(days=5),
}


def _of(producer_id: int) -> Actor:
    return Actor(None, "Nguyễn Thị Sáu", frozenset({Role.PRODUCER}), frozenset({producer_id}))


def _announced(session: Session) -> TradeEvent:
    event = events.create_event(session, FAIR, actor=OFFICE, now=NOW)
    return events.move_event(session, event.id, "announce", actor=OFFICE, now=NOW)


def test_a_producer_signs_up_is_accepted_and_shows_its_own_goods(session: Session) -> None:
    event, producer = _announced(session), make_producer(session)
    mine, theirs = make_product(session, producer=producer), make_product(session)
    me = _of(producer.id)
    row = joining.sign_up(session, event.id, producer.id, actor=me, on=DAY, now=NOW)
    booth = events.add_booth(session, event.id, " A  12 ", actor=OFFICE, now=NOW)
    events.accept(session, row.id, booth_id=booth.id, actor=OFFICE, now=NOW)
    joining.show_products(session, row.id, [mine.id, theirs.id], actor=me, now=NOW)
    assert (row.state, booth.number, len(booth.code)) == ("accepted", "A 12", 6)
    assert session.scalars(select(ShownProduct.product_id)).all() == [mine.id]
    told = session.scalars(select(Fact.name).where(Fact.name == "trade_event.changed")).all()
    assert told, "kept pages would not fall"
    done = session.scalars(
        select(AuditEntry.action).where(AuditEntry.subject == f"trade_event:{event.id}")
    ).all()
    assert "trade_event.accept" in done
    with pytest.raises(BoothInUse):
        events.remove_booth(session, booth.id, actor=OFFICE, now=NOW)
    with pytest.raises(BoothTaken):
        events.add_booth(session, event.id, "A 12", actor=OFFICE, now=NOW)


def test_a_refusal_says_why_and_the_producer_may_ask_again(session: Session) -> None:
    event, producer = _announced(session), make_producer(session)
    me = _of(producer.id)
    row = joining.sign_up(session, event.id, producer.id, actor=me, on=DAY, now=NOW)
    with pytest.raises(InvalidFields):
        events.refuse(session, row.id, reason=" ", actor=OFFICE, now=NOW)
    events.refuse(session, row.id, reason="Hết gian hàng.", actor=OFFICE, now=NOW)
    assert (row.state, row.reason) == ("refused", "Hết gian hàng.")
    with pytest.raises(StepNotPossible):
        joining.show_products(session, row.id, [], actor=me, now=NOW)
    again = joining.sign_up(session, event.id, producer.id, note="Xin xét lại", actor=me, on=DAY, now=NOW)  # fmt: skip
    assert (again.id, again.state, again.reason) == (row.id, "asked", None)
    joining.withdraw(session, row.id, actor=me, now=NOW)
    with pytest.raises(StepNotPossible):
        events.accept(session, row.id, booth_id=None, actor=OFFICE, now=NOW)


def test_nobody_signs_up_too_late_or_for_another_producer(session: Session) -> None:
    event, producer = _announced(session), make_producer(session)
    draft = events.create_event(session, FAIR, actor=OFFICE, now=NOW)
    me, late = _of(producer.id), DAY + timedelta(days=6)
    assert draft.slug != event.slug
    for number, on in ((event.id, late), (draft.id, DAY)):
        with pytest.raises(SignUpClosed):
            joining.sign_up(session, number, producer.id, actor=me, on=on, now=NOW)
    with pytest.raises(NotAllowed):
        joining.sign_up(session, event.id, make_producer(session).id, actor=me, on=DAY, now=NOW)
    with pytest.raises(NotAllowed):
        events.move_event(session, event.id, "cancel", actor=me, now=NOW)
    assert session.scalars(select(Participation)).all() == []


def test_outcomes_are_whole_dong_written_from_the_first_day_by_those_who_were_there(
    session: Session,
) -> None:
    event, producer = _announced(session), make_producer(session)
    me, first = _of(producer.id), FAIR["starts_on"]
    row = joining.sign_up(session, event.id, producer.id, actor=me, on=DAY, now=NOW)

    def tell(kind: str, amount: int | None, on: date) -> EventOutcome:
        return joining.record_outcome(
            session, row.id, kind=kind, with_whom="Siêu thị Sen", amount_vnd=amount,
            actor=me, on=on, now=NOW,
        )  # fmt: skip

    with pytest.raises(OutcomesClosed):
        tell("order", 5_000_000, first)
    events.accept(session, row.id, booth_id=None, actor=OFFICE, now=NOW)
    with pytest.raises(OutcomesClosed):
        tell("order", 5_000_000, DAY)
    assert tell("order", 5_000_000, first).amount_vnd == 5_000_000
    assert tell("contact", 1_000, first).amount_vnd is None
    memorandum = tell("memorandum", 300_000_000, first + timedelta(days=90))
    for kind, amount in (("order", 0), ("order", -1), ("gift", 1), ("order", 10**14)):
        with pytest.raises(InvalidFields):
            tell(kind, amount, first)
    joining.remove_outcome(session, memorandum.id, actor=me, now=NOW)
    amounts = session.scalars(select(EventOutcome.amount_vnd).order_by(EventOutcome.id)).all()
    assert amounts == [5_000_000, None]


def test_the_address_of_a_booth_survives_every_change_of_its_event(session: Session) -> None:
    event = _announced(session)
    booth = events.add_booth(session, event.id, "B 1", actor=OFFICE, now=NOW)
    code = booth.code
    events.update_event(session, event.id, {"name": "Tên khác"}, actor=OFFICE, now=NOW)
    events.move_event(session, event.id, "cancel", actor=OFFICE, now=NOW)
    assert session.scalars(select(Booth.code)).all() == [code]
    with pytest.raises(InvalidFields):
        events.update_event(
            session, event.id, {"ends_on": DAY - timedelta(days=99)}, actor=OFFICE, now=NOW
        )


def test_an_article_is_dated_when_it_is_first_published_and_needs_a_text(session: Session) -> None:
    values = {"kind": "news", "name": "Chợ quê mở cửa", "body": ""}
    row = articles.create_article(session, values, actor=OFFICE, now=NOW)

    def move(step: str, on: date = DAY) -> None:
        articles.move_article(session, row.id, step, actor=OFFICE, on=on, now=NOW)

    with pytest.raises(InvalidFields):
        move("publish")
    articles.update_article(session, row.id, {"body": "Nội dung"}, actor=OFFICE, now=NOW)
    move("publish")
    move("withdraw")
    move("publish", DAY + timedelta(days=30))
    assert (row.state, row.published_on, row.slug) == ("published", DAY, "cho-que-mo-cua")
    with pytest.raises(StepNotPossible):
        move("publish")
    with pytest.raises(InvalidFields):
        articles.update_article(session, row.id, {"media_id": 99}, actor=OFFICE, now=NOW)


def test_a_collection_keeps_the_order_of_hand_and_names_what_nobody_knows(session: Session) -> None:
    first, second = make_product(session, "Mứt gừng"), make_product(session, "Trà sen")
    values = {"name": "Quà Tết", "rule": {"province": ["96"], "colour": ["red"], "group": []}}
    row = collections.create_collection(session, values, actor=OFFICE, now=NOW)
    unknown = collections.choose_products(
        session, row.id, [second.slug, "khong-co", first.slug], actor=OFFICE, now=NOW
    )
    assert (unknown, row.rule) == (["khong-co"], {"province": ["96"]})


def test_a_request_needs_goods_a_quantity_and_days_in_order(session: Session) -> None:
    partner = Actor(None, "Lê Thu Hà", frozenset({Role.PARTNER}), partner_codes=frozenset({"sen"}))
    values = {
        "buyer": "Siêu thị Sen", "what": "Tôm khô", "subgroup_code": "F05",
        "quantity": Decimal(200), "unit": "kg", "needed_from": DAY, "needed_to": DAY,
        "deliver_to": "Cần Thơ",
    }  # fmt: skip
    row = supply.create_request(session, values, partner="sen", actor=partner, now=NOW)
    with pytest.raises(NotAllowed):
        supply.create_request(session, values, partner="other", actor=partner, now=NOW)
    wrong = {"quantity": Decimal(0), "unit": "bushel", "needed_to": DAY - timedelta(days=1)}
    with pytest.raises(InvalidFields) as refusal:
        supply.create_request(session, {**values, **wrong}, actor=OFFICE, now=NOW)
    assert set(refusal.value.mistakes) == {"quantity", "unit", "needed_to"}
    supply.close_request(session, row.id, actor=partner, now=NOW)
    product = make_product(session)
    offer = {"quantity": Decimal(1), "unit": "kg", "ready_from": DAY, "ready_to": DAY}
    mine = supply.create_offer(session, product.id, offer, actor=_of(product.producer_id), now=NOW)
    with pytest.raises(NotAllowed):
        supply.close_offer(session, mine.id, actor=partner, now=NOW)
    assert (row.is_open, mine.is_open) == (False, True)


def test_the_demonstration_is_loaded_once_and_says_that_it_is_one(session: Session) -> None:
    load_campaigns(session, actor=Actor.system("demo"), now=NOW)
    assert load_campaigns(session, actor=Actor.system("demo"), now=NOW) == 0
    for kind in (TradeEvent, Collection, Article):
        rows = session.scalars(select(kind)).all()
        assert rows
        assert all(row.is_illustrative for row in rows)
        assert {row.state for row in rows} <= {"announced", "published"}
    numbers = session.scalars(select(Booth.number).order_by(Booth.number)).all()
    assert numbers == ["A1", "A2"]
