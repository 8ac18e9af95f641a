"""The office's money desk: transfers that are waited for, transfers that came, money that goes back."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.actor import Role
from core.clock import VIETNAM
from core.money import Money
from core.people.permissions import require
from i18n.catalogue import gettext as _
from orders import refunds, transfers
from orders.errors import CheckoutRefused, RefundRefused
from orders.payments.vietqr import record_transfer
from orders.refunds import OwedRefund
from orders.rules.transfers import transfer_doubt
from storefront.access import requires
from storefront.extensions import db
from storefront.office import words
from storefront.office.forms import RefundForm, TransferForm
from storefront.reading import read_number
from storefront.rendering import render_page

_SHOWN = 50
_CURRENCY = "VND"
"""What a Vietnamese bank statement is kept in."""


@requires(Role.OFFICE)
def overview() -> ResponseReturnValue:
    """What is owed to buyers, and which orders wait for a transfer."""
    require(g.actor, "payment.confirm")
    session = db.session()
    number = read_number(request.args.get("after", "")) or 0
    awaited = transfers.list_awaited(session, after_id=number, limit=_SHOWN)
    return render_page(
        "office/money.html",
        now=g.now,
        words=words,
        awaited=awaited,
        awaited_count=transfers.count_awaited(session),
        more=len(awaited) == _SHOWN,
        owed=refunds.refund_queue(session),
        owed_count=refunds.count_refunds_owed(session),
    )


@requires(Role.OFFICE)
def transfer_received() -> ResponseReturnValue:
    """Book a transfer that stands on the bank's statement; what looks wrong is asked about first."""
    require(g.actor, "payment.confirm")
    if request.method == "GET":
        start = {"memo": request.args.get("order", "")[:40], "day": g.today}
        return _transfer_page(TransferForm(data=start), 200)
    form = TransferForm(request.form)
    if not form.validate():
        return _transfer_page(form)
    session = db.session()
    amount = Money(form.amount.data, _CURRENCY)
    try:
        order = transfers.order_of_memo(session, form.memo.data)
        sure = f"{order.number} {amount.amount}"
        code = transfer_doubt(order.state, order.payment_state, order.due, amount)
        is_new = not transfers.is_booked(session, form.bank_reference.data)
        if code is not None and is_new and request.form.get("sure") != sure:
            return _transfer_page(form, doubt=words.doubt(code, order, amount), sure=sure)
        applied = record_transfer(
            session,
            memo=form.memo.data,
            amount=amount,
            bank_reference=form.bank_reference.data,
            occurred_at=_moment(form.day.data),
            actor=g.actor,
            now=g.now,
        )
    except CheckoutRefused as refused:
        session.rollback()
        return _transfer_page(_marked(form, refused.code, refused.facts))
    session.commit()
    after = transfers.order_of_memo(session, order.number)
    sentence, kind = words.booked(applied, after, amount)
    flash(sentence, kind)
    return redirect(url_for("office.money"), 303)


@requires(Role.OFFICE)
def refund(order_id: int) -> ResponseReturnValue:
    """What is owed to one buyer, and the form that says it was sent back."""
    require(g.actor, "order.refund")
    session = db.session()
    if request.method == "GET":
        owed = _owed(order_id)
        if owed is None:
            flash(_("Nothing is owed for this order any more."), "good")
            return redirect(url_for("office.money"), 303)
        form = RefundForm(data={"amount": owed.owed.amount, "day": g.today})
        return _refund_page(form, owed, 200)
    form = RefundForm(request.form)
    if not form.validate():
        return _refund_page(form, _owed(order_id))
    try:
        recorded = refunds.record_refund(
            session,
            order_id,
            amount=Money(form.amount.data, _CURRENCY),
            bank_reference=form.bank_reference.data,
            paid_on=form.day.data,
            actor=g.actor,
            now=g.now,
        )
    except RefundRefused as refused:
        session.rollback()
        return _refund_page(_marked(form, refused.code, refused.facts), _owed(order_id))
    session.commit()
    flash(
        _("This refund was recorded before. Nothing was changed.")
        if recorded.again
        else _("Recorded: the money has gone back to the buyer."),
        "good",
    )
    return redirect(url_for("office.money"), 303)


def _transfer_page(
    form: TransferForm, status: int = 422, *, doubt: str = "", sure: str = ""
) -> ResponseReturnValue:
    return render_page("office/transfer.html", status, form=form, doubt=doubt, sure=sure)


def _refund_page(
    form: RefundForm, owed: OwedRefund | None, status: int = 422
) -> ResponseReturnValue:
    return render_page("office/refund.html", status, form=form, owed=owed, words=words)


def _marked(form: Any, code: str, facts: dict[str, Any]) -> Any:
    """The form with a refusal beside the field it is about."""
    name, sentence = words.refusal(code, facts)
    form[name].errors = [*form[name].errors, sentence]
    return form


def _owed(order_id: int) -> OwedRefund | None:
    found = refunds.owed_for_order(db.session(), order_id)
    return next((owed for owed in found if owed.owed.currency == _CURRENCY), None)


def _moment(day: date) -> datetime:
    """A moment of that day in Vietnam: statements name no hour."""
    return g.now if day == g.today else datetime.combine(day, time(12), VIETNAM)
