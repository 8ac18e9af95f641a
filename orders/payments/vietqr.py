"""VietQR: a bank transfer to one account, told by a QR code, and noticed by a person who reads the statement."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.actor import Actor
from core.money import Money
from core.people.permissions import require
from orders.errors import CheckoutRefused
from orders.payments import events
from orders.payments.banks import BANKS
from orders.payments.gateway import Capabilities, Instructions, ProviderEvent
from orders.rules.order_numbers import order_numbers_within
from orders.rules.vietqr_text import payload

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

    Raises NotAllowed, CheckoutRefused with code no_order or two_orders when the memo names none or several
    orders, bad_amount, no_reference.
    """
    require(actor, "payment.confirm")
    if amount.amount <= 0:
        raise CheckoutRefused(code="bad_amount")
    if not bank_reference.strip():
        raise CheckoutRefused(code="no_reference")
    numbers = order_numbers_within(memo)
    if len(numbers) != 1:
        raise CheckoutRefused(code="two_orders" if numbers else "no_order", memo=memo)
    event = ProviderEvent(
        provider="vietqr",
        event_id=f"manual:{bank_reference.strip()}",
        kind="transfer",
        reference=numbers[0],
        provider_ref=bank_reference.strip(),
        amount=amount,
        occurred_at=occurred_at,
        raw={"memo": memo, "entered_by": actor.name},
    )
    return events.apply(session, event, actor=actor, now=now)
