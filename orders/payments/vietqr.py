"""VietQR: a bank transfer to one account, told by a QR code, and noticed by a person who reads the statement."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.actor import Actor
from core.clock import vietnam_date
from core.money import Money
from core.people.permissions import require
from orders.errors import CheckoutRefused
from orders.models import CustomerOrder, Payment
from orders.payments import events
from orders.payments.banks import BANKS
from orders.payments.gateway import Capabilities, Instructions, ProviderEvent
from orders.rules.bank_references import LONGEST, tidy_reference
from orders.rules.vietqr_text import payload
from orders.transfers import order_of_memo

_ACCOUNT = re.compile(r"[0-9A-Za-z]{6,19}", re.ASCII)
_MEMO = re.compile(r"[A-Z0-9 ]{1,25}", re.ASCII)
LARGEST = Money(499_999_999, "VND")
"""A single instant transfer (NAPAS 247) stays below 500 million dong."""


def qr_svg(text: str) -> str:
    """The QR code as an SVG picture with its quiet zone (error level M, border 4), dark on white."""
    import segno

    picture: str = segno.make_qr(text, error="m").svg_inline(
        border=4, scale=6, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    return picture


def account_problems(bank_bin: str, account: str, name: str) -> list[str]:
    """What is wrong with a receiving account, one sentence each, for an operator."""
    problems = []
    if bank_bin not in BANKS:
        problems.append(f"OCOP_VIETQR_BANK_BIN: {bank_bin!r} is no bank we know (see banks.py)")
    if not _ACCOUNT.fullmatch(account):
        problems.append("OCOP_VIETQR_ACCOUNT: 6 to 19 letters and digits, without spaces")
    if not name.strip():
        problems.append("OCOP_VIETQR_NAME: the name of the account's owner")
    return problems


@dataclass(frozen=True, slots=True)
class VietQr:
    """Transfers to one account; ``is_illustrative`` marks the demonstration's account, which is nobody's."""

    bank_bin: str
    account: str
    account_name: str
    is_illustrative: bool = False
    code: str = "vietqr"
    capabilities: Capabilities = Capabilities(
        currencies=frozenset({"VND"}), countries=frozenset({"VN"}), pay_within=timedelta(hours=24)
    )

    def problem(self, total: Money, country: str, open_orders: int) -> str | None:  # noqa: ARG002
        """Why a transfer is not offered: currency, amount. Anybody with a Vietnamese account can pay."""
        if total.currency != LARGEST.currency:
            return "currency"
        return "amount" if total > LARGEST or total.amount <= 0 else None

    def instructions(self, number: str, amount: Money) -> Instructions:
        """The QR code and the same facts as text; the memo is the order number."""
        if not _MEMO.fullmatch(number):
            raise ValueError("a memo is 1 to 25 capital letters, digits and spaces")
        return Instructions(
            kind="transfer",
            amount=amount,
            memo=number,
            qr_payload=payload(self.bank_bin, self.account, amount=amount.amount, memo=number),
            bank_name=BANKS[self.bank_bin],
            account=self.account,
            account_name=self.account_name,
            is_illustrative=self.is_illustrative,
        )


def record_transfer(
    session: Session,
    *,
    memo: str,
    amount: Money,
    bank_reference: str,
    occurred_at: datetime,
    actor: Actor,
    now: datetime,
) -> events.Applied:
    """A person saw a transfer on the account: find its order by the memo and apply it, once per reference.

    Raises NotAllowed, and CheckoutRefused with code no_order, two_orders or unknown_order for the memo,
    bad_amount, no_reference, long_reference, in_future, before_order (number), or reference_used (number,
    amount, day) when the reference belongs to another transfer that is in the books.
    """
    require(actor, "payment.confirm")
    reference = tidy_reference(bank_reference)
    if amount.amount <= 0:
        raise CheckoutRefused(code="bad_amount")
    if not reference:
        raise CheckoutRefused(code="no_reference")
    if len(reference) > LONGEST:
        raise CheckoutRefused(code="long_reference", longest=LONGEST)
    order = order_of_memo(session, memo)
    if occurred_at > now:
        raise CheckoutRefused(code="in_future")
    if vietnam_date(occurred_at) < vietnam_date(order.placed_at):
        raise CheckoutRefused(code="before_order", number=order.number)
    event = ProviderEvent(
        provider="vietqr",
        event_id=f"manual:{reference}",
        kind="transfer",
        reference=order.number,
        provider_ref=reference,
        amount=amount,
        occurred_at=occurred_at,
        raw={"memo": memo, "entered_by": actor.name},
    )
    applied = events.apply(session, event, actor=actor, now=now)
    if applied.again:
        _refuse_another(session, reference, order.order_id, amount)
        return replace(applied, order_id=order.order_id)
    audit.record(
        session,
        actor,
        "payment.confirm",
        subject=f"order:{order.order_id}",
        now=now,
        number=order.number,
        amount=amount.amount,
        currency=amount.currency,
        bank_reference=reference,
        outcome=applied.outcome,
    )
    return applied


def _refuse_another(session: Session, reference: str, order_id: int, amount: Money) -> None:
    """A reference that is in the books for another order or amount is a slip, and must be said."""
    booked = session.execute(
        select(Payment, CustomerOrder.number)
        .join(CustomerOrder, CustomerOrder.id == Payment.order_id)
        .where(Payment.provider == "vietqr", Payment.provider_ref == reference)
    ).one_or_none()
    if booked is None:
        raise CheckoutRefused(code="reference_used", number="", amount=None, day=None)
    payment, number = booked
    was = Money(payment.amount_minor, payment.currency)
    if (payment.order_id, was) != (order_id, amount):
        day = vietnam_date(payment.occurred_at)
        raise CheckoutRefused(code="reference_used", number=number, amount=was, day=day)
