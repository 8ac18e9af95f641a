from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.actor import Actor, Role
from core.facts import Fact
from core.money import Money
from core.people.permissions import NotAllowed
from orders import ledger, lifecycle, refunds, settlement, stock
from orders.errors import CheckoutRefused, Unbalanced
from orders.ledger import Entry
from orders.models import (
    CustomerOrder,
    LedgerEntry,
    OrderEvent,
    Payment,
    StockItem,
    SubOrder,
)
from orders.payments import events
from orders.payments.gateway import ProviderEvent
from tests.factories.orders import (
    NOW,
    OFFICE,
    TESTER,
    make_order,
    make_stocked,
    send_back,
    transfer,
)


def shelf(session: Session, package_id: int) -> tuple[int, int]:
    item = session.get_one(StockItem, package_id, populate_existing=True)
    return item.on_hand, item.reserved


def fresh(session: Session, order: CustomerOrder) -> CustomerOrder:
    session.refresh(order)
    return order


def ledger_sum(session: Session) -> int:
    return int(session.scalar(select(func.coalesce(func.sum(LedgerEntry.amount_minor), 0))) or 0)


def owed_back(session: Session, order: CustomerOrder) -> int:
    return sum(
        session.scalars(select(Payment.refund_due_minor).where(Payment.order_id == order.id))
    )


def test_the_exact_amount_pays_confirms_and_sells(session: Session) -> None:
    package = make_stocked(session, 10)
    make_order(session, (package, 1))
    order = make_order(session, (package, 3))
    assert transfer(session, order, order.total_minor, "FT1").outcome == "paid"
    assert (fresh(session, order).state, order.payment_state) == ("confirmed", "paid")
    assert shelf(session, package.id) == (7, 1)
    assert refunds.refund_queue(session) == []
    assert ledger.balance(session, "bank").amount >= order.total_minor
    told = session.scalars(select(Fact.payload).where(Fact.name == "order.paid")).all()
    assert {"order_id": order.id} in told


def test_the_same_transfer_entered_twice_counts_once(session: Session) -> None:
    order = make_order(session, (make_stocked(session, 10), 1))
    first = transfer(session, order, order.total_minor, "FT1")
    assert transfer(session, order, order.total_minor, "FT1") == first
    assert fresh(session, order).paid_minor == order.total_minor


def test_two_events_about_one_payment_count_once(session: Session) -> None:
    order = make_order(session, (make_stocked(session, 10), 1))
    for event_id, outcome in (("evt_1", "paid"), ("evt_2", "known")):
        event = ProviderEvent(
            provider="vietqr",
            event_id=event_id,
            kind="transfer",
            reference=order.number,
            provider_ref="FT77",
            amount=Money(order.total_minor, "VND"),
            occurred_at=NOW,
        )
        assert events.apply(session, event, actor=TESTER, now=NOW).outcome == outcome
    assert fresh(session, order).paid_minor == order.total_minor


def test_too_little_is_part_of_it_and_the_rest_completes_it(session: Session) -> None:
    package = make_stocked(session, 10)
    order = make_order(session, (package, 2))
    assert transfer(session, order, 50_000, "FT1").outcome == "part_paid"
    assert fresh(session, order).payment_state == "partially_paid"
    assert lifecycle.expire_unpaid(session, now=NOW + timedelta(days=9)) == 0
    assert transfer(session, order, order.total_minor - 50_000, "FT2").outcome == "paid"
    assert shelf(session, package.id) == (8, 0)


def test_too_much_pays_and_the_rest_is_noted_for_going_back(session: Session) -> None:
    order = make_order(session, (make_stocked(session, 10), 1))
    assert transfer(session, order, order.total_minor + 7_000, "FT1").outcome == "paid"
    (owed,) = refunds.refund_queue(session)
    assert (owed.owed, owed.reasons) == (Money(7_000, "VND"), ("overpaid",))


def test_a_second_payment_goes_back_whole(session: Session) -> None:
    order = make_order(session, (make_stocked(session, 10), 1))
    transfer(session, order, order.total_minor, "FT1")
    assert transfer(session, order, order.total_minor, "FT2").outcome == "credit"
    assert fresh(session, order).payment_state == "paid"
    assert owed_back(session, order) == order.total_minor


def test_nobody_pays_in_time_and_the_goods_are_on_sale_again(session: Session) -> None:
    package = make_stocked(session, 10)
    other = make_order(session, (package, 1), payment_method="cod")
    order = make_order(session, (package, 4))
    assert lifecycle.expire_unpaid(session, now=NOW + timedelta(hours=23)) == 0
    assert lifecycle.expire_unpaid(session, now=NOW + timedelta(hours=25)) == 1
    assert lifecycle.expire_unpaid(session, now=NOW + timedelta(hours=25)) == 0
    assert (fresh(session, order).state, order.payment_state) == ("expired", "voided")
    assert shelf(session, package.id) == (10, 1)
    assert fresh(session, other).state == "confirmed"


def test_late_money_takes_the_order_up_again_while_the_goods_are_there(session: Session) -> None:
    package = make_stocked(session, 10)
    order = make_order(session, (package, 4))
    late = NOW + timedelta(hours=25)
    lifecycle.expire_unpaid(session, now=late)
    assert transfer(session, order, order.total_minor, "FT1", now=late).outcome == "reinstated"
    assert (fresh(session, order).state, order.payment_state) == ("confirmed", "paid")
    assert shelf(session, package.id) == (6, 0)
    states = session.scalars(select(SubOrder.state).where(SubOrder.order_id == order.id)).all()
    assert states == ["new"]


def test_late_money_for_goods_that_are_gone_goes_back(session: Session) -> None:
    package = make_stocked(session, 5)
    order = make_order(session, (package, 4))
    late = NOW + timedelta(hours=25)
    lifecycle.expire_unpaid(session, now=late)
    make_order(session, (package, 3))
    assert transfer(session, order, order.total_minor, "FT1", now=late).outcome == "late"
    assert (fresh(session, order).state, order.payment_state) == ("expired", "review")
    assert owed_back(session, order) == order.total_minor
    assert shelf(session, package.id) == (5, 3)


def test_money_for_a_cancelled_order_goes_back(session: Session) -> None:
    package = make_stocked(session, 5)
    order = make_order(session, (package, 4))
    lifecycle.cancel(session, order.id, actor=OFFICE, now=NOW, reason="buyer called")
    assert shelf(session, package.id) == (5, 0)
    assert transfer(session, order, order.total_minor, "FT1").outcome == "late"
    assert owed_back(session, order) == order.total_minor


def test_cancelling_a_paid_order_puts_its_money_into_the_refund_queue(session: Session) -> None:
    order = make_order(session, (make_stocked(session, 5), 1), (make_stocked(session, 5), 1))
    transfer(session, order, order.total_minor, "FT1")
    before = ledger.balance(session, "producer")
    lifecycle.cancel(session, order.id, actor=OFFICE, now=NOW)
    assert (fresh(session, order).state, order.payment_state) == ("cancelled", "review")
    assert owed_back(session, order) == order.total_minor
    assert (ledger.balance(session, "producer") - before).amount == order.total_minor
    assert ledger_sum(session) == 0


def test_a_rejected_parcel_gives_back_its_part(session: Session) -> None:
    order = make_order(session, (make_stocked(session, 5), 1), (make_stocked(session, 5), 2))
    transfer(session, order, order.total_minor, "FT1")
    first, second = session.scalars(
        select(SubOrder).where(SubOrder.order_id == order.id).order_by(SubOrder.id)
    ).all()
    lifecycle.advance_parcel(session, second.id, "reject", actor=OFFICE, now=NOW)
    assert owed_back(session, order) == second.total_minor
    for event in ("accept", "pack", "ship", "deliver"):
        lifecycle.advance_parcel(session, first.id, event, actor=OFFICE, now=NOW)
    assert fresh(session, order).state == "completed"
    assert ledger_sum(session) == 0


def test_paid_goods_that_are_never_sent_lie_on_the_shelf_again(session: Session) -> None:
    kept, returned = make_stocked(session, 5), make_stocked(session, 5)
    order = make_order(session, (kept, 1), (returned, 2))
    transfer(session, order, order.total_minor, "FT1")
    assert shelf(session, returned.id) == (3, 0)
    first, second = session.scalars(
        select(SubOrder).where(SubOrder.order_id == order.id).order_by(SubOrder.id)
    ).all()
    lifecycle.advance_parcel(session, second.id, "reject", actor=OFFICE, now=NOW)
    assert (shelf(session, kept.id), shelf(session, returned.id)) == ((4, 0), (5, 0))
    for event in ("accept", "pack"):
        lifecycle.advance_parcel(session, first.id, event, actor=OFFICE, now=NOW)
    lifecycle.cancel(session, order.id, actor=OFFICE, now=NOW)
    assert (shelf(session, kept.id), shelf(session, returned.id)) == ((5, 0), (5, 0))


def test_cash_goods_leave_the_shelf_when_they_are_sent(session: Session) -> None:
    package = make_stocked(session, 10)
    order = make_order(session, (package, 2), payment_method="cod")
    (parcel,) = session.scalars(select(SubOrder).where(SubOrder.order_id == order.id)).all()
    for event in ("accept", "pack"):
        lifecycle.advance_parcel(session, parcel.id, event, actor=OFFICE, now=NOW)
    assert shelf(session, package.id) == (10, 2)
    lifecycle.advance_parcel(session, parcel.id, "ship", actor=OFFICE, now=NOW)
    assert shelf(session, package.id) == (8, 0)


def test_nothing_is_packed_before_it_is_paid(session: Session) -> None:
    order = make_order(session, (make_stocked(session, 10), 1))
    (parcel,) = session.scalars(select(SubOrder).where(SubOrder.order_id == order.id)).all()
    with pytest.raises(lifecycle.NoSuchStep):
        lifecycle.advance_parcel(session, parcel.id, "accept", actor=OFFICE, now=NOW)


def test_a_producer_moves_only_his_own_parcel(session: Session) -> None:
    order = make_order(session, (make_stocked(session, 10), 1), payment_method="cod")
    (parcel,) = session.scalars(select(SubOrder).where(SubOrder.order_id == order.id)).all()
    own = Actor(5, "Chủ", frozenset({Role.PRODUCER}), frozenset({parcel.producer_id}))
    stranger = Actor(6, "Lạ", frozenset({Role.PRODUCER}), frozenset({parcel.producer_id + 1}))
    with pytest.raises(NotAllowed):
        lifecycle.advance_parcel(session, parcel.id, "accept", actor=stranger, now=NOW)
    assert lifecycle.advance_parcel(session, parcel.id, "accept", actor=own, now=NOW) == "accepted"


def test_only_the_office_says_that_money_came(session: Session) -> None:
    order = make_order(session, (make_stocked(session, 10), 1))
    producer = Actor(5, "Chủ", frozenset({Role.PRODUCER}), frozenset({1}))
    with pytest.raises(NotAllowed):
        transfer(session, order, order.total_minor, "FT1", actor=producer)


@pytest.mark.parametrize(("memo", "code"), [("chuyen tien", "no_order"), ("{a} {b}", "two_orders")])
def test_an_unclear_memo_is_never_matched_by_guessing(
    session: Session, memo: str, code: str
) -> None:
    package = make_stocked(session, 10)
    a, b = make_order(session, (package, 1)), make_order(session, (package, 1))
    with pytest.raises(CheckoutRefused) as refused:
        transfer(session, a, 1_000, "FT1", memo=memo.format(a=a.number, b=b.number))
    assert refused.value.code == code


def test_a_step_is_taken_once_and_written_down(session: Session, now: datetime) -> None:
    order = make_order(session, (make_stocked(session, 10), 1))
    lifecycle.apply(session, order.id, "confirm", actor=OFFICE, now=now)
    with pytest.raises(lifecycle.NoSuchStep):
        lifecycle.apply(session, order.id, "confirm", actor=OFFICE, now=now)
    with pytest.raises(lifecycle.EventNotAllowed):
        lifecycle.apply(session, order.id, "cancel", actor=Actor.buyer(), now=now)
    noted = session.scalars(
        select(OrderEvent).where(OrderEvent.order_id == order.id).order_by(OrderEvent.id)
    ).all()
    assert [(event.event, event.actor_name) for event in noted] == [
        ("place", ""),
        ("confirm", "Văn phòng"),
    ]


def test_history_cannot_be_rewritten(session: Session) -> None:
    order = make_order(session, (make_stocked(session, 10), 1))
    transfer(session, order, order.total_minor, "FT1")
    for table, values in ((OrderEvent, {"event": "x"}), (LedgerEntry, {"amount_minor": 1})):
        with pytest.raises(DBAPIError, match="only ever added"), session.begin_nested():
            session.execute(update(table).values(values))


def test_a_ledger_transaction_that_does_not_balance_is_refused(session: Session) -> None:
    with pytest.raises(Unbalanced):
        ledger.post(
            session,
            "wrong",
            "test",
            [Entry("bank", Money(5, "VND")), Entry("buyer", Money(-4, "VND"))],
            order_id=None,
            now=NOW,
        )


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.sampled_from(
            ["pay_all", "pay_some", "pay_more", "expire", "cancel", "reject", "ship", "send_back"]
        ),
        max_size=7,
    )
)
def test_whatever_happens_the_ledger_balances_and_stock_adds_up(
    session: Session, steps: list[str]
) -> None:
    with session.begin_nested() as savepoint:
        package, other = make_stocked(session, 6), make_stocked(session, 6)
        order = make_order(session, (package, 2), (other, 1))
        for number, step in enumerate(steps):
            try:
                with session.begin_nested():
                    _do(session, order, step, f"{order.number}-{number}")
            except (lifecycle.NoSuchStep, lifecycle.EventNotAllowed):
                pass
        assert ledger_sum(session) == 0
        paid = sum(
            session.scalars(select(Payment.amount_minor).where(Payment.order_id == order.id))
        )
        kept = paid - owed_back(session, order)
        owed = settlement.amount_due(session, fresh(session, order)).amount
        if order.payment_state == "paid":
            assert kept == owed
        for package_id in (package.id, other.id):
            on_hand, reserved = shelf(session, package_id)
            held = stock.held(session, order.id).get(package_id, 0)
            assert reserved == held
            assert 0 <= reserved <= on_hand <= 6
        savepoint.rollback()


def _do(session: Session, order: CustomerOrder, step: str, ref: str) -> None:
    amounts = {"pay_all": order.total_minor, "pay_some": 30_000, "pay_more": order.total_minor * 2}
    if step in amounts:
        transfer(session, order, amounts[step], ref)
    elif step == "send_back":
        for owed in refunds.owed_for_order(session, order.id):
            send_back(session, order, max(1, owed.owed.amount // 2), f"R{ref}")
    elif step == "expire":
        lifecycle.expire_unpaid(session, now=NOW + timedelta(days=2))
    elif step == "cancel":
        lifecycle.cancel(session, order.id, actor=OFFICE, now=NOW)
    else:
        parcel = session.scalars(
            select(SubOrder).where(SubOrder.order_id == order.id).order_by(SubOrder.id)
        ).first()
        assert parcel is not None
        moves = ["reject"] if step == "reject" else ["accept", "pack", "ship"]
        for event in moves:
            lifecycle.advance_parcel(session, parcel.id, event, actor=OFFICE, now=NOW)
