from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from core import audit
from core.money import Money
from orders import transfers
from orders.errors import CheckoutRefused
from orders.models import CustomerOrder
from orders.rules.order_numbers import order_number
from tests.factories.orders import NOW, TODAY, make_order, make_stocked, transfer


def test_a_reference_is_the_same_however_it_is_copied(session: Session) -> None:
    order = make_order(session, (make_stocked(session, 10), 1))
    transfer(session, order, order.total_minor, "FT2632 6123")
    told_again = transfer(session, order, order.total_minor, " ft26326123 ")
    assert (told_again.outcome, told_again.again) == ("paid", True)
    assert paid(session, order) == order.total_minor


@pytest.mark.parametrize("another_order", [True, False])
def test_a_reference_of_another_transfer_is_refused_and_says_which(
    session: Session, another_order: bool
) -> None:
    package = make_stocked(session, 10)
    booked, order = make_order(session, (package, 1)), make_order(session, (package, 2))
    transfer(session, booked, 30_000, "FT1")
    with pytest.raises(CheckoutRefused) as refused:
        transfer(session, order if another_order else booked, 40_000, "FT1")
    assert refused.value.facts == {
        "code": "reference_used",
        "number": booked.number,
        "amount": Money(30_000, "VND"),
        "day": TODAY,
    }
    assert paid(session, booked) == 30_000


def test_a_number_nobody_was_given_does_not_use_the_reference_up(session: Session) -> None:
    order = make_order(session, (make_stocked(session, 10), 1))
    with pytest.raises(CheckoutRefused) as refused:
        transfer(session, order, 1_000, "FT1", memo=order_number("2611", 987_654))
    assert refused.value.code == "unknown_order"
    assert transfer(session, order, order.total_minor, "FT1").outcome == "paid"


@pytest.mark.parametrize(
    ("day", "code"), [(timedelta(days=1), "in_future"), (timedelta(days=-1), "before_order")]
)
def test_a_transfer_comes_between_the_order_and_now(
    session: Session, day: timedelta, code: str
) -> None:
    order = make_order(session, (make_stocked(session, 10), 1))
    with pytest.raises(CheckoutRefused) as refused:
        transfer(session, order, 1_000, "FT1", occurred_at=NOW + day)
    assert refused.value.code == code


def test_a_booked_transfer_is_in_the_audit_trail_once(session: Session) -> None:
    order = make_order(session, (make_stocked(session, 10), 1))
    for _ in range(2):
        transfer(session, order, order.total_minor, "FT1")
    (entry,) = audit.list_entries(session, subject=f"order:{order.id}")
    assert (entry.action, entry.actor_name) == ("payment.confirm", "Văn phòng")
    assert (entry.details["bank_reference"], entry.details["outcome"]) == ("FT1", "paid")


def test_orders_that_wait_for_a_transfer_say_what_is_missing_and_until_when(
    session: Session,
) -> None:
    package = make_stocked(session, 10)
    before = transfers.count_awaited(session)
    unpaid, partly, paid = (make_order(session, (package, 1)) for _ in range(3))
    make_order(session, (package, 1), payment_method="cod")
    transfer(session, partly, 10_000, "FT1")
    transfer(session, paid, paid.total_minor, "FT2")
    first, second = transfers.list_awaited(session, after_id=unpaid.id - 1)
    assert (first.number, first.due.amount) == (unpaid.number, unpaid.total_minor)
    assert first.held_until == NOW + timedelta(hours=24)
    assert (second.number, second.due.amount) == (partly.number, partly.total_minor - 10_000)
    assert second.held_until is None
    assert transfers.list_awaited(session, after_id=first.order_id, limit=1) == [second]
    assert transfers.count_awaited(session) == before + 2


def paid(session: Session, order: CustomerOrder) -> int:
    session.refresh(order)
    return order.paid_minor
