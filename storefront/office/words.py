"""What the office is told about money and parked work, in the spoken language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.money import Money
from i18n.catalogue import gettext as _
from i18n.catalogue import spoken
from i18n.formatting import format_money, format_short_date
from orders.payments.events import Applied
from orders.transfers import TransferOrder

Facts = Mapping[str, Any]


def refusal(code: str, facts: Facts) -> tuple[str, str]:
    """Why a transfer or refund cannot be booked as it was said: the field to look at and the sentence."""
    if code in ("no_order", "two_orders", "unknown_order"):
        return "memo", _memo_refusal(code, facts)
    if code in ("in_future", "before_order"):
        return "day", _day_refusal(code, facts)
    if code in ("bad_amount", "too_much", "nothing_owed"):
        return "amount", _amount_refusal(code, facts)
    return "bank_reference", _reference_refusal(code, facts)


def _memo_refusal(code: str, facts: Facts) -> str:
    if code == "two_orders":
        return _("Two orders are named here. Book each with its own share of the money.")
    if code == "unknown_order":
        return _("No order has the number %(number)s. Compare it with the list of orders.", **facts)
    return _(
        "There is no order number in it (VN and eleven digits), or a digit is wrong. Look for the order by"
        " its amount and write its number."
    )


def _day_refusal(code: str, facts: Facts) -> str:
    if code == "in_future":
        return _("This day has not come yet.")
    return _("Order %(number)s did not exist yet on that day.", number=facts["number"])


def _amount_refusal(code: str, facts: Facts) -> str:
    if code == "too_much":
        return _("Only %(amount)s are owed for this order.", amount=_money(facts["owed"]))
    if code == "nothing_owed":
        return _("Nothing is owed for this order any more. Somebody has recorded it meanwhile.")
    return _("The amount must be more than zero.")


def _reference_refusal(code: str, facts: Facts) -> str:
    if code == "reference_came_in":
        return _(
            "This is the reference of the money that came for order %(number)s. Write the one of the transfer"
            " back.",
            number=facts["number"],
        )
    if code == "reference_used" and facts.get("number"):
        return _(
            "This reference is in the books already: %(amount)s on %(day)s for order %(number)s. Nothing was"
            " changed. Compare it with the statement.",
            amount=_money(facts["amount"]),
            day=format_short_date(facts["day"], spoken()),
            number=facts["number"],
        )
    if code == "reference_used":
        return _("This reference is in the books already. Nothing was changed.")
    return _("Write the reference number that the bank gave this transfer.")


def doubt(code: str, order: TransferOrder, amount: Money) -> str:
    """What looks wrong before a transfer is booked, and what booking it will do."""
    facts = {
        "number": order.number,
        "amount": _money(amount),
        "due": _money(order.due),
        "difference": _money(amount - order.due if order.due < amount else order.due - amount),
    }
    sentences = {
        "cancelled": _(
            "Order %(number)s was cancelled. If you book this, all of the money goes to the list of refunds.",
            **facts,
        ),
        "expired": _(
            "Order %(number)s ran out of time. If the goods are still there and the money is enough, it is taken"
            " up again; otherwise the money goes to the list of refunds.",
            **facts,
        ),
        "paid": _(
            "Nothing is missing for order %(number)s. If this is a second transfer, all of it goes to the list"
            " of refunds.",
            **facts,
        ),
        "too_little": _(
            "Order %(number)s still costs %(due)s, but you wrote %(amount)s: %(difference)s too little. It is"
            " booked as a part, and the goods stay reserved.",
            **facts,
        ),
        "too_much": _(
            "Order %(number)s still costs %(due)s, but you wrote %(amount)s: %(difference)s too much. The order"
            " is paid, and the rest goes to the list of refunds.",
            **facts,
        ),
    }
    return sentences[code]


def booked(applied: Applied, order: TransferOrder, amount: Money) -> tuple[str, str]:
    """What became of a transfer, and how good the news is ("good" or "bad")."""
    facts = {"number": order.number, "amount": _money(amount), "missing": _money(order.due)}
    if applied.again or applied.outcome == "known":
        return _(
            "This transfer for order %(number)s was booked before. Nothing was changed.", **facts
        ), "good"
    sentences = {
        "paid": _("%(amount)s booked. Order %(number)s is paid.", **facts),
        "part_paid": _(
            "%(amount)s booked as a part. For order %(number)s %(missing)s are still missing; the goods stay"
            " reserved.",
            **facts,
        ),
        "reinstated": _(
            "%(amount)s came late, but the goods were still there: order %(number)s is taken up again and paid.",
            **facts,
        ),
        "late": _(
            "%(amount)s booked, but order %(number)s is over. The money is in the list of refunds.",
            **facts,
        ),
        "credit": _(
            "%(amount)s booked, but order %(number)s was paid already. The money is in the list of refunds.",
            **facts,
        ),
    }
    return sentences[applied.outcome], "bad" if applied.outcome in ("late", "credit") else "good"


def refund_reason(code: str) -> str:
    """Why money must go back; a code nobody knows is shown as it is."""
    names = {
        "overpaid": _("paid too much"),
        "duplicate": _("paid twice"),
        "late": _("came too late, the goods were gone"),
        "cancelled": _("the order was cancelled"),
        "rejected": _("the producer cannot deliver"),
        "currency": _("came in another currency"),
    }
    return names.get(code, code)


def reaction(name: str) -> str:
    """What a task was to do; work nobody has named yet is shown by its code."""
    names = {
        "index_products": _("Bring the search up to date"),
        "deliver_mail": _("Send an e-mail"),
        "deliver_batch": _("Bring a batch to a supermarket"),
        "mail_order_confirmation": _("Write the e-mail that confirms an order"),
        "mail_order_paid": _("Write the e-mail that the payment has come"),
        "mail_order_cancelled": _("Write the e-mail that an order is cancelled"),
    }
    return names.get(name, name)


def _money(amount: Money) -> str:
    return format_money(amount, spoken())
