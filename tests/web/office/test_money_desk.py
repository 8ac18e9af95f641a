"""Transfers that came and money that goes back, as an officer books them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import clock
from orders import lifecycle, refunds
from orders.models import CustomerOrder, LedgerEntry, Payment, Refund
from orders.rules.order_numbers import order_number
from tests.factories.browser import Browser
from tests.factories.house import House
from tests.factories.orders import OFFICE, make_order, make_stocked, transfer


def _order(house: House, **values: object) -> CustomerOrder:
    """An order placed just now, so that its time to pay is not over."""
    with house.changing() as session:
        order = make_order(session, (make_stocked(session, 10), 1), **values)
        order.placed_at = clock.now() - timedelta(minutes=5)
        if order.pay_by:
            order.pay_by = clock.now() + timedelta(hours=20)
        return order


def _paid_and_cancelled(house: House) -> CustomerOrder:
    order = _order(house)
    with house.changing() as session:
        transfer(
            session, order, order.total_minor, "IN1", occurred_at=order.placed_at, now=clock.now()
        )
        lifecycle.cancel(session, order.id, actor=OFFICE, now=clock.now())
    return order


def _state(house: House, order: CustomerOrder) -> tuple[str, str, int]:
    with house.looking() as session:
        found = session.get_one(CustomerOrder, order.id)
        return found.state, found.payment_state, found.paid_minor


def _count(house: House, table: type) -> int:
    with house.looking() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def _office(house: House, language: str = "en") -> Browser:
    office = house.browser("office")
    office.client.set_cookie("locale", language, domain="localhost")
    return office


def _book(office: Browser, order: CustomerOrder, amount: int, reference: str = "FT1") -> Browser:
    office.get(f"/office/money/transfer?order={order.number}")
    office.submit("/transfer", amount=str(amount), bank_reference=reference)
    return office


def test_an_officer_sees_who_has_to_pay_what_and_until_when(house: House) -> None:
    order, office = _order(house), _office(house)
    office.get("/office/")
    assert "Orders that wait for a bank transfer" in office.text()
    office.get("/office/money")
    assert order.number in office.text()
    assert "Nguyễn Thị Bưởi" in office.text()
    assert f"{order.total_minor:,}" in office.text()
    assert "Reserved until" in office.text()
    assert f"/office/money/transfer?order={order.number}" in office.links()


def test_the_right_amount_is_booked_at_once(house: House) -> None:
    order, office = _order(house), _office(house)
    _book(office, order, order.total_minor)
    assert f"Order {order.number} is paid" in office.text()
    assert office.path == "/office/money"
    assert _state(house, order) == ("confirmed", "paid", order.total_minor)


@pytest.mark.parametrize("language", ["vi", "en", "ja", "de"])
def test_the_money_desk_speaks_every_open_language(house: House, language: str) -> None:
    _paid_and_cancelled(house)
    order, office = _order(house), _office(house, language)
    pages = ["/office/", "/office/money", "/office/money/transfer", "/office/parked"]
    english = language == "en"
    for page in pages:
        assert f'lang="{language}"' in office.get(page)
        assert ("Money" in office.text() or "transfer" in office.text()) <= english, page
    office.get(f"/office/money/transfer?order={order.number}")
    office.submit("/transfer", 422, amount="1000", bank_reference="FT1")
    assert ("too little" in office.text()) == english


def test_a_wrong_amount_is_asked_about_before_it_is_booked(house: House) -> None:
    order, office = _order(house), _office(house)
    office.get(f"/office/money/transfer?order={order.number}")
    office.submit("/transfer", 422, amount="10.000", bank_reference="FT1")
    assert "too little" in office.text()
    assert _count(house, Payment) == 0
    office.submit("/transfer", 422, amount="20.000")  # another figure is asked about again
    office.submit("/transfer")
    assert "booked as a part" in office.text()
    assert _state(house, order) == ("placed", "partially_paid", 20_000)
    assert "stay reserved" in office.text()


def test_what_is_paid_too_much_is_in_the_list_of_refunds(house: House) -> None:
    order, office = _order(house), _office(house)
    office.get(f"/office/money/transfer?order={order.number}")
    office.submit("/transfer", 422, amount=str(order.total_minor + 9_000), bank_reference="FT1")
    office.submit("/transfer")
    assert _state(house, order)[1] == "paid"
    assert "paid too much" in office.text()
    assert "9,000" in office.text()


def test_money_for_a_cancelled_order_waits_to_go_back(house: House) -> None:
    order, office = _order(house), _office(house)
    with house.changing() as session:
        lifecycle.cancel(session, order.id, actor=OFFICE, now=clock.now())
    office.get("/office/money/transfer")
    office.submit(
        "/transfer",
        422,
        memo=f"ck {order.number.lower()} cam on",
        amount=str(order.total_minor),
        bank_reference="FT1",
    )
    assert "was cancelled" in office.text()
    office.submit("/transfer")
    assert "The money is in the list of refunds" in office.text()
    with house.looking() as session:
        assert [owed.number for owed in refunds.refund_queue(session)] == [order.number]


def test_a_form_sent_twice_books_once(house: House) -> None:
    order, office = _order(house), _office(house)
    office.get(f"/office/money/transfer?order={order.number}")
    filled = {**office.forms()[0].fields, "amount": str(order.total_minor), "bank_reference": "FT1"}
    for _ in range(2):
        assert office.client.post("/office/money/transfer", data=filled).status_code == 303
    assert "was booked before" in office.get("/office/money")
    assert _count(house, Payment) == 1
    assert _state(house, order)[2] == order.total_minor


def test_a_reference_in_the_books_for_another_order_keeps_what_was_typed(house: House) -> None:
    first, second, office = _order(house), _order(house), _office(house)
    _book(office, first, first.total_minor, "FT1")
    office.get(f"/office/money/transfer?order={second.number}")
    office.submit("/transfer", 422, amount=str(second.total_minor), bank_reference="ft 1")
    assert f"for order {first.number}" in office.text()
    (form,) = office.forms()
    assert form.fields["memo"] == [second.number]
    assert form.fields["amount"] == [f"{second.total_minor:,}".replace(",", ".")] or form.fields[
        "amount"
    ] == [str(second.total_minor)]
    office.submit("/transfer", bank_reference="FT2")
    assert _state(house, second)[1] == "paid"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"memo": "chuyen tien"}, "no order number in it"),
        ({"memo": order_number("2611", 987_654)}, "No order has the number"),
        ({"amount": "nhiều"}, "is not a number"),
        ({"amount": "0"}, "more than zero"),
        ({"day": "31/12/2099"}, "has not come yet"),
        ({"day": "01/02/2024"}, "did not exist yet"),
        ({"day": "30/02/2026"}, "is not a date"),
        ({"bank_reference": " \u200b "}, "Write the reference number"),
        ({"memo": "", "bank_reference": ""}, "Please fill this in"),
        ({"memo": "\u200bVN", "bank_reference": "\u200b"}, "no order number in it"),
    ],
)
def test_a_slip_is_said_beside_its_field_and_nothing_is_booked(
    house: House, typed: dict[str, str], said: str
) -> None:
    order, office = _order(house), _office(house)
    office.get("/office/money/transfer")
    filled = {"memo": order.number, "amount": str(order.total_minor), "bank_reference": "FT1"}
    office.submit("/transfer", 422, **{**filled, **typed})
    assert said in office.text()
    assert _count(house, Payment) == 0


def test_control_characters_around_the_number_do_no_harm(house: House) -> None:
    order, office = _order(house), _office(house)
    office.get("/office/money/transfer")
    memo = f"CT\u200b {order.number}\ud7ff"
    office.submit("/transfer", memo=memo, amount=str(order.total_minor), bank_reference="FT1")
    assert _state(house, order)[1] == "paid"


def test_an_officer_records_that_money_went_back(house: House) -> None:
    order, office = _paid_and_cancelled(house), _office(house)
    office.get("/office/")
    assert "Money to send back to buyers" in office.text()
    office.get("/office/money")
    assert "the order was cancelled" in office.text()
    office.get(f"/office/money/refunds/{order.id}")
    assert "IN1" in office.text()
    filled = {**office.forms()[0].fields, "bank_reference": "OUT1"}
    office.submit(bank_reference="OUT1")
    assert "Nobody is owed anything" in office.text()
    again = office.client.post(f"/office/money/refunds/{order.id}", data=filled)
    assert again.status_code == 303
    assert "recorded before" in office.get("/office/money")
    assert _state(house, order)[1] == "refunded"
    with house.looking() as session:
        refund = session.scalars(select(Refund)).one()
        assert (refund.bank_reference, refund.person_id) == ("OUT1", house.people["office"])
        assert sum(session.scalars(select(LedgerEntry.amount_minor))) == 0
    assert "order.refund" in office.get(f"/office/audit?subject=order:{order.id}")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount": "999999999"}, "are owed for this order"),
        ({"bank_reference": "in1"}, "reference of the money that came"),
        ({"day": "31/12/2099"}, "has not come yet"),
        ({"bank_reference": ""}, "Please fill this in"),
    ],
)
def test_a_refund_that_cannot_be_is_refused_and_stays_owed(
    house: House, typed: dict[str, str], said: str
) -> None:
    order, office = _paid_and_cancelled(house), _office(house)
    office.get(f"/office/money/refunds/{order.id}")
    office.submit("", 422, **{"bank_reference": "OUT1", **typed})
    assert said in office.text()
    assert _count(house, Refund) == 0


def test_a_refund_a_colleague_recorded_is_not_recorded_again(house: House) -> None:
    order, office = _paid_and_cancelled(house), _office(house)
    office.get(f"/office/money/refunds/{order.id}")
    colleague = _office(house)
    colleague.get(f"/office/money/refunds/{order.id}")
    colleague.submit(bank_reference="OUT1")
    office.submit("", 422, bank_reference="OUT2")
    assert "Nothing is owed for this order any more" in office.text()
    assert _count(house, Refund) == 1


def test_refunds_of_nobody_are_no_page(house: House) -> None:
    order, office = _order(house), _office(house)
    office.get(f"/office/money/refunds/{order.id}")
    assert office.path == "/office/money"
    token = _office(house)
    token.get("/office/money/transfer")
    sent = {**token.forms()[0].fields, "amount": "1000", "bank_reference": "X", "day": "22/11/2026"}
    assert token.client.post("/office/money/refunds/999999", data=sent).status_code == 404
