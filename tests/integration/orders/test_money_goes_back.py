from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core import audit
from core.actor import Actor, Role
from core.money import Money
from core.people.permissions import NotAllowed
from orders import ledger, lifecycle, refunds
from orders.errors import RefundRefused
from orders.models import CustomerOrder, LedgerEntry, OrderEvent, Payment, Refund, SubOrder
from tests.factories.orders import (
    NOW,
    OFFICE,
    TODAY,
    make_order,
    make_stocked,
    send_back,
    transfer,
)


def cancelled(session: Session, *amounts: int) -> CustomerOrder:
    """An order that was paid (in these parts, or at once) and then cancelled."""
    order = make_order(session, (make_stocked(session, 10), 1))
    for number, amount in enumerate(amounts or (order.total_minor,)):
        transfer(session, order, amount, f"IN{order.id}-{number}")
    lifecycle.cancel(session, order.id, actor=OFFICE, now=NOW)
    session.refresh(order)
    return order


def payment_state(session: Session, order: CustomerOrder) -> str:
    session.refresh(order)
    return order.payment_state


def steps(session: Session, order: CustomerOrder) -> list[str]:
    return list(
        session.scalars(
            select(OrderEvent.event)
            .where(OrderEvent.order_id == order.id, OrderEvent.axis == "payment")
            .order_by(OrderEvent.id)
        )
    )


def test_the_queue_says_what_is_owed_why_and_where_it_came_from(session: Session) -> None:
    untouched = make_order(session, (make_stocked(session, 10), 1))
    transfer(session, untouched, untouched.total_minor, "IN1")
    order = cancelled(session, 20_000, 30_000)
    (owed,) = refunds.refund_queue(session)
    assert (owed.number, owed.owed, owed.reasons) == (
        order.number,
        Money(50_000, "VND"),
        ("cancelled",),
    )
    assert [payment.amount.amount for payment in owed.payments] == [20_000, 30_000]
    assert refunds.count_refunds_owed(session) == 1


def test_money_that_went_back_leaves_the_queue_and_the_ledger_balances(session: Session) -> None:
    order = cancelled(session)
    bank, buyer = ledger.balance(session, "bank"), ledger.balance(session, "buyer")
    send_back(session, order, order.total_minor, "out 1")
    assert refunds.refund_queue(session) == []
    assert payment_state(session, order) == "refunded"
    assert (bank - ledger.balance(session, "bank")).amount == order.total_minor
    assert (ledger.balance(session, "buyer") - buyer).amount == order.total_minor
    assert ledger.balance(session, "buyer").amount == 0
    assert sum(session.scalars(select(LedgerEntry.amount_minor))) == 0


def test_who_sent_it_when_and_under_which_reference_is_kept(session: Session) -> None:
    order = cancelled(session)
    send_back(session, order, order.total_minor, "out 1")
    refund = session.scalars(select(Refund)).one()
    assert (refund.bank_reference, refund.paid_on, refund.actor_name) == (
        "OUT1",
        TODAY,
        "Văn phòng",
    )
    entry = audit.list_entries(session, subject=f"order:{order.id}", limit=1)[0]
    assert (entry.action, entry.details["bank_reference"]) == ("order.refund", "OUT1")


def test_the_same_refund_told_twice_is_booked_once(session: Session) -> None:
    order = cancelled(session)
    half = order.total_minor // 2
    first = send_back(session, order, half, "OUT1")
    assert not first.again
    assert send_back(session, order, half, " out1 ").again
    (owed,) = refunds.refund_queue(session)
    assert owed.owed.amount == order.total_minor - half


def test_half_of_it_leaves_the_rest_in_the_queue_and_the_order_under_review(
    session: Session,
) -> None:
    order = cancelled(session, 20_000, 30_000)
    send_back(session, order, 35_000, "OUT1")
    (owed,) = refunds.refund_queue(session)
    assert [(p.amount.amount, p.owed.amount) for p in owed.payments] == [(30_000, 15_000)]
    assert payment_state(session, order) == "review"
    send_back(session, order, 15_000, "OUT2")
    assert payment_state(session, order) == "refunded"


def test_what_was_paid_too_much_goes_back_and_the_order_stays_paid(session: Session) -> None:
    order = make_order(session, (make_stocked(session, 10), 1))
    transfer(session, order, order.total_minor + 7_000, "IN1")
    send_back(session, order, 7_000, "OUT1")
    assert payment_state(session, order) == "paid"
    assert refunds.count_refunds_owed(session) == 0


def test_a_rejected_parcel_sent_back_leaves_an_order_refunded_in_part_and_then_whole(
    session: Session,
) -> None:
    order = make_order(session, (make_stocked(session, 5), 1), (make_stocked(session, 5), 2))
    transfer(session, order, order.total_minor, "IN1")
    first, second = session.scalars(
        select(SubOrder).where(SubOrder.order_id == order.id).order_by(SubOrder.id)
    ).all()
    lifecycle.advance_parcel(session, second.id, "reject", actor=OFFICE, now=NOW)
    send_back(session, order, second.total_minor, "OUT1")
    assert payment_state(session, order) == "partially_refunded"
    lifecycle.cancel(session, order.id, actor=OFFICE, now=NOW)
    (owed,) = refunds.refund_queue(session)
    assert owed.owed.amount == first.total_minor
    send_back(session, order, first.total_minor, "OUT2")
    assert payment_state(session, order) == "refunded"
    assert steps(session, order) == ["pay", "refund_part", "refund"]


def test_money_that_comes_after_everything_went_back_is_reviewed_again(session: Session) -> None:
    order = cancelled(session)
    send_back(session, order, order.total_minor, "OUT1")
    assert transfer(session, order, 12_000, "IN9").outcome == "late"
    assert payment_state(session, order) == "review"
    send_back(session, order, 12_000, "OUT2")
    assert payment_state(session, order) == "refunded"


def test_an_expired_order_that_got_its_money_back_can_still_be_paid(session: Session) -> None:
    order = make_order(session, (make_stocked(session, 10), 1))
    late = NOW + timedelta(hours=25)
    lifecycle.expire_unpaid(session, now=late)
    transfer(session, order, 1_000, "IN1", now=late)
    send_back(session, order, 1_000, "OUT1")
    assert payment_state(session, order) == "refunded"
    assert transfer(session, order, order.total_minor, "IN2", now=late).outcome == "reinstated"
    assert payment_state(session, order) == "paid"
    assert refunds.refund_queue(session) == []


@pytest.mark.parametrize(
    ("amount", "reference", "day", "code"),
    [
        (50_001, "OUT1", TODAY, "too_much"),
        (0, "OUT1", TODAY, "bad_amount"),
        (-5, "OUT1", TODAY, "bad_amount"),
        (1_000, " \u3000", TODAY, "no_reference"),
        (1_000, "x" * 61, TODAY, "long_reference"),
        (1_000, "OUT1", TODAY + timedelta(days=1), "in_future"),
        (1_000, "OUT1", date(2025, 11, 22), "before_order"),
    ],
)
def test_an_impossible_refund_is_refused_and_changes_nothing(
    session: Session, amount: int, reference: str, day: date, code: str
) -> None:
    order = cancelled(session, 50_000)
    with pytest.raises(RefundRefused) as refused:
        send_back(session, order, amount, reference, paid_on=day)
    assert refused.value.code == code
    (owed,) = refunds.refund_queue(session)
    assert owed.owed.amount == 50_000


def test_a_reference_belongs_to_one_refund(session: Session) -> None:
    first, second = cancelled(session, 20_000), cancelled(session, 30_000)
    send_back(session, first, 20_000, "OUT1")
    with pytest.raises(RefundRefused) as refused:
        send_back(session, second, 30_000, "OUT1")
    assert refused.value.facts == {
        "code": "reference_used",
        "number": first.number,
        "amount": Money(20_000, "VND"),
        "day": TODAY,
    }


def test_the_reference_of_the_money_that_came_is_not_one_of_money_that_went(
    session: Session,
) -> None:
    order = cancelled(session, 20_000)
    with pytest.raises(RefundRefused) as refused:
        send_back(session, order, 20_000, f"in{order.id}-0")
    assert refused.value.facts == {"code": "reference_came_in", "number": order.number}


def test_nothing_is_sent_back_where_nothing_is_owed(session: Session) -> None:
    order = make_order(session, (make_stocked(session, 10), 1))
    transfer(session, order, order.total_minor, "IN1")
    with pytest.raises(RefundRefused) as refused:
        send_back(session, order, 1_000, "OUT1")
    assert refused.value.code == "nothing_owed"


def test_only_the_office_sends_money_back(session: Session) -> None:
    order = cancelled(session)
    producer = Actor(None, "Chủ", frozenset({Role.PRODUCER}), frozenset({1}))
    with pytest.raises(NotAllowed):
        send_back(session, order, 1_000, "OUT1", actor=producer)


def test_the_database_itself_refuses_to_send_back_more_than_is_owed(session: Session) -> None:
    order = cancelled(session, 20_000)
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(
            update(Payment).where(Payment.order_id == order.id).values(refunded_minor=20_001)
        )
    send_back(session, order, 20_000, "OUT1")
    with pytest.raises(DBAPIError, match="only ever added"), session.begin_nested():
        session.execute(update(Refund).values(amount_minor=1))
