"""The ledger as a journal for accounting software: it balances, tax stands apart, and it is the ledger to the đồng."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.errors import InvalidFields
from core.actor import Actor, Role
from core.money import Money
from core.people.permissions import NotAllowed
from orders import ledger, lifecycle
from orders.accounting.journal import BadPeriod, Journal, producer_journal, shop_journal
from orders.accounting.profiles import accounting_profile, find_accounts, save_accounts
from orders.accounting.writing import write_journal
from orders.errors import Unbalanced
from orders.models import CustomerOrder, LedgerTransaction, OrderLine, SubOrder
from tests.factories.catalog import make_package, make_product
from tests.factories.orders import (
    NOW,
    OFFICE,
    TESTER,
    TODAY,
    make_order,
    make_stocked,
    send_back,
    transfer,
)

WACA = accounting_profile("waca")


def _of_producer(session: Session, producer_id: int, **period: date) -> Journal:
    accounts, _confirmed = find_accounts(session, producer_id, WACA)
    days = {"first": TODAY, "last": TODAY, **period}
    return producer_journal(session, producer_id, accounts, actor=TESTER, **days)


def _of_shop(session: Session) -> Journal:
    return shop_journal(session, WACA, first=TODAY, last=TODAY, actor=OFFICE)


@pytest.fixture
def paid(session: Session) -> CustomerOrder:
    """Paid in full: sauce and shrimps of one producer, rice of another."""
    sauce, rice = make_stocked(session, name="Nước mắm"), make_stocked(session, name="Gạo")
    shrimp = make_package(session, make_product(session, "Tôm", sauce.product.producer, packages=0))
    from orders import stock

    stock.set_on_hand(session, shrimp.id, 5, actor=TESTER, now=NOW)
    order = make_order(session, (sauce, 3), (shrimp, 1), (rice, 2))
    transfer(session, order, order.total_minor, "FT1")
    return order


def _parcel(session: Session, order: CustomerOrder) -> SubOrder:
    return session.scalars(select(SubOrder).where(SubOrder.order_id == order.id)).first()  # type: ignore[return-value]


def test_a_sale_is_goods_delivery_and_tax_and_comes_to_what_the_shop_owes(
    session: Session, paid: CustomerOrder
) -> None:
    parcel = _parcel(session, paid)
    journal = _of_producer(session, parcel.producer_id)
    owed = -ledger.balance(session, "producer", producer_id=parcel.producer_id)
    assert journal.moved == owed == Money(parcel.total_minor, "VND")
    by_part: dict[str, int] = {}
    for line in journal.lines:
        by_part[line.part] = by_part.get(line.part, 0) + line.amount.amount
        assert (line.debit, line.document, line.day) == ("131", paid.number, TODAY)
    vat = session.scalar(
        select(func.sum(OrderLine.vat_minor)).where(OrderLine.sub_order_id == parcel.id)
    )
    assert vat == parcel.vat_minor > 0
    assert by_part == {
        "goods": parcel.goods_minor - parcel.vat_minor,
        "vat": parcel.vat_minor,
        "delivery": parcel.shipping_minor,
    }
    assert {line.credit for line in journal.lines if line.part == "vat"} == {"3331"}
    assert sum(line.part == "goods" for line in journal.lines) == 2


def test_debit_is_credit_and_a_sale_that_was_undone_leaves_nothing(
    session: Session, paid: CustomerOrder
) -> None:
    parcel = _parcel(session, paid)
    lifecycle.cancel(session, paid.id, actor=OFFICE, now=NOW)
    journal = _of_producer(session, parcel.producer_id)
    assert journal.moved == Money.zero("VND")
    assert journal.documents == 2
    for debit, credit in journal.totals.values():
        assert debit == credit


def test_the_shops_journal_is_its_ledger_account_by_account(
    session: Session, paid: CustomerOrder
) -> None:
    lifecycle.cancel(session, paid.id, actor=OFFICE, now=NOW)
    send_back(session, paid, paid.total_minor, "FT2")
    other = make_order(session, (make_stocked(session), 1))
    transfer(session, other, other.total_minor + 1000, "FT3")
    journal = _of_shop(session)
    codes = WACA.more["shop_accounts"]
    for account, code in codes.items():
        debit, credit = journal.totals.get(code, (Money.zero("VND"),) * 2)
        assert debit - credit == ledger.balance(session, account), account
    assert (
        journal.moved == ledger.balance(session, "bank") == Money(other.total_minor + 1000, "VND")
    )
    transactions = session.scalar(select(func.count()).select_from(LedgerTransaction))
    assert journal.documents == transactions
    keys = [line.key for line in journal.lines]
    assert len(set(keys)) == len(keys)


def test_a_period_holds_its_first_and_last_day_in_vietnam_and_nothing_else(
    session: Session, paid: CustomerOrder
) -> None:
    maker = _parcel(session, paid).producer_id
    day = timedelta(days=1)
    assert _of_producer(session, maker, first=TODAY - day, last=TODAY - day).lines == ()
    assert _of_producer(session, maker, first=TODAY + day, last=TODAY + day).lines == ()
    month = _of_producer(session, maker, first=TODAY - 20 * day, last=TODAY)
    assert month.lines == _of_producer(session, maker).lines
    for first, last in ((TODAY, TODAY - day), (TODAY - 400 * day, TODAY)):
        with pytest.raises(BadPeriod):
            _of_producer(session, maker, first=first, last=last)


def test_money_that_was_paid_out_is_a_line_of_its_own(
    session: Session, paid: CustomerOrder
) -> None:
    maker = _parcel(session, paid).producer_id
    out = Money(5000, "VND")
    entries = [ledger.Entry("producer", out, maker), ledger.Entry("bank", -out)]
    ledger.post(session, "payout:1", "payout", entries, order_id=None, now=NOW)
    line = _of_producer(session, maker).lines[-1]
    assert (line.debit, line.credit, line.amount) == ("112", "131", out)


def test_a_parcel_that_is_not_what_was_posted_stops_the_export(
    session: Session, paid: CustomerOrder
) -> None:
    parcel = _parcel(session, paid)
    parcel.shipping_minor += 1
    parcel.total_minor += 1
    session.flush()
    with pytest.raises(Unbalanced):
        _of_producer(session, parcel.producer_id)


def test_the_file_adds_up_holds_no_formula_and_is_the_same_every_time(
    session: Session, paid: CustomerOrder, tmp_path: Path
) -> None:
    line = session.scalars(select(OrderLine)).first()
    assert line is not None
    line.name = "=2+5"
    session.flush()
    parcel = session.get_one(SubOrder, line.sub_order_id)
    journal = _of_producer(session, parcel.producer_id)
    for ending in (".csv", ".xlsx"):
        one, two = tmp_path / f"one{ending}", tmp_path / f"two{ending}"
        assert write_journal(one, journal, WACA) == len(journal.lines)
        write_journal(two, _of_producer(session, parcel.producer_id), WACA)
        assert one.read_bytes() == two.read_bytes()
    with (tmp_path / "one.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sum(int(row["Số tiền"]) for row in rows) == parcel.total_minor
    assert "'=2+5" in {row["Tên hàng"] for row in rows}
    assert rows[0]["Ngày chứng từ"] == f"{TODAY:%d/%m/%Y}"
    sheet = load_workbook(tmp_path / "one.xlsx").active
    assert sheet is not None
    named = next(c for r in sheet.iter_rows() for c in r if c.value == "=2+5")
    assert named.data_type == "s"
    amounts = [row[6].value for row in sheet.iter_rows(min_row=2)]
    assert sum(amounts) == parcel.total_minor  # type: ignore[arg-type]


def test_an_accountant_confirms_the_codes_and_they_are_used(
    session: Session, paid: CustomerOrder
) -> None:
    maker = _parcel(session, paid).producer_id
    codes, confirmed = find_accounts(session, maker, WACA)
    assert (codes["revenue"], confirmed) == ("511", False)
    with pytest.raises(InvalidFields):
        save_accounts(session, maker, WACA, {**codes, "vat": "=3331"}, actor=TESTER, now=NOW)
    own = {**codes, "revenue": "5111", "vat": "33311"}
    save_accounts(session, maker, WACA, own, actor=TESTER, now=NOW)
    assert find_accounts(session, maker, WACA) == (own, True)
    assert {"5111", "33311"} <= set(_of_producer(session, maker).totals)


def test_nobody_reads_the_books_of_somebody_else(session: Session, paid: CustomerOrder) -> None:
    maker = _parcel(session, paid).producer_id
    neighbour = Actor(
        1, "Hàng xóm", frozenset({Role.PRODUCER}), producer_ids=frozenset({maker + 99})
    )
    with pytest.raises(NotAllowed):
        producer_journal(session, maker, {}, first=TODAY, last=TODAY, actor=neighbour)
    with pytest.raises(NotAllowed):
        shop_journal(session, WACA, first=TODAY, last=TODAY, actor=neighbour)


def test_the_profile_is_honest_about_vendor_and_accounts() -> None:
    assert "unverified" in WACA.verified
    assert "no accountant" in WACA.verified
