"""The sentences of cart, checkout and orders, made from codes and facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from catalog.rules.price_in_shop import CheaperAt
from i18n.catalogue import gettext as _
from i18n.catalogue import ngettext, spoken
from i18n.formatting import format_money, format_number
from orders.carts import CartProblem
from orders.errors import CheckoutRefused
from orders.order_pages import TimelineEntry
from orders.rules.cod import LARGEST as LARGEST_CASH
from orders.rules.coupons import Discount
from orders.rules.delivery import HEAVIEST_PARCEL_G, DeliveryProblem

_CART: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "not_for_sale": lambda _facts: _("No longer for sale. Please remove it."),
    "service_not_goods": lambda _facts: _(
        "This is a visit, not a parcel. Please remove it and ask for a day on its page."
    ),
    "live_organisms": lambda _facts: _("Living plants and animals cannot be sent there."),
    "parcels_blocked": lambda _facts: _("This cannot be sent there in a parcel."),
    "sold_out": lambda _facts: _("Sold out. Please remove it or come back later."),
    "too_few": lambda facts: ngettext(
        "Only %(num)s is left. Please lower the quantity.",
        "Only %(num)s are left. Please lower the quantity.",
        int(facts["available"]),
    ),
    "below_minimum": lambda facts: ngettext(
        "The producer sends at least %(num)s of it.",
        "The producer sends at least %(num)s of it.",
        int(facts["least"]),
    ),
    "price_changed": lambda facts: _(
        "The price changed from %(old)s to %(new)s since you put it here.",
        old=format_money(facts["old"], spoken()),
        new=format_money(facts["new"], spoken()),
    ),
}


def cart_problem(problem: CartProblem) -> str:
    """What is the matter with a line, and what to do."""
    return _CART[problem.code](problem.facts)


def list_price(from_quantity: int) -> str:
    """That a price is the one for much, and from how many on it holds."""
    count = format_number(from_quantity, spoken())
    return _("price from %(count)s packages", count=count)


def cheaper_at(hint: CheaperAt) -> str:
    """A quantity near the one chosen at which each costs less."""
    return _(
        "With %(count)s packages each costs %(price)s.",
        count=format_number(hint.quantity, spoken()),
        price=format_money(hint.unit, spoken()),
    )


def coupon_says(coupon: Discount) -> str:
    """What the typed code does, or why it does nothing."""
    if not coupon.problem:
        return _(
            "Code %(code)s takes %(value)s off these goods.",
            code=coupon.code,
            value=format_money(coupon.total, spoken()),
        )
    sentences: dict[str, Callable[[], str]] = {
        "unknown": no_code,
        "not_begun": lambda: _("This code does not work yet."),
        "ended": lambda: _("The time of this code is over."),
        "used_up": lambda: _("This code has been used as often as it may be."),
        "other_goods": lambda: _("This code is for other goods."),
        "other_money": lambda: _("This code is for other goods."),
    }
    return sentences[coupon.problem]()


def no_code() -> str:
    """That a code is none of ours."""
    return _("We do not know this code. Please check how it is written.")


def delivery_problem(problem: DeliveryProblem) -> str:
    """Why the goods can't be sent like this, and what to do."""
    if problem.code == "too_heavy":
        kilograms = format_number(HEAVIEST_PARCEL_G // 1000, spoken())
        return _(
            "One producer's goods weigh more than %(kilograms)s kg, which is too much for one "
            "parcel. Please order in two parts.",
            kilograms=kilograms,
        )
    return _("We do not send abroad yet: customs papers for food are still being prepared.")


def refusal(error: CheckoutRefused) -> tuple[str, str]:
    """The field a refused order is about, and what is wrong."""
    if error.code == "cod_amount":
        most = format_money(LARGEST_CASH, spoken())
        return "payment_method", _(
            "Cash on delivery is possible up to %(most)s. Please choose the bank transfer.",
            most=most,
        )
    if error.code == "cod_open_orders":
        return "payment_method", _(
            "Several cash orders for this phone are still on their way. Please choose the bank transfer."
        )
    if error.code == "country":
        return "province", _(
            "We do not send abroad yet: customs papers for food are still being prepared."
        )
    if error.code == "province":
        return "province", _("Choose a province or city from the list.")
    return "payment_method", _("This way to pay is not possible for this order. Choose another.")


def payment_name(code: str) -> str:
    """The name of a way to pay."""
    names = {
        "cod": _("Cash on delivery"),
        "vietqr": _("Bank transfer with VietQR"),
    }
    return names.get(code, code)


def order_state(state: str) -> str:
    """Where the order stands, in a word or two."""
    names = {
        "placed": _("Waiting for your payment"),
        "confirmed": _("Confirmed"),
        "completed": _("Completed"),
        "cancelled": _("Cancelled"),
        "expired": _("Expired: the payment did not come in time"),
    }
    return names[state]


def parcel_state(state: str) -> str:
    """Where a parcel stands."""
    names = {
        "new": _("Not yet begun"),
        "accepted": _("Accepted by the producer"),
        "packed": _("Packed"),
        "shipped": _("On its way"),
        "delivered": _("Delivered"),
        "rejected": _("The producer cannot send it"),
        "cancelled": _("Cancelled"),
        "returned": _("Returned to the producer"),
    }
    return names[state]


def happened(entry: TimelineEntry) -> str:
    """One line of the timeline; "" for steps only the shop cares about."""
    sentences = {
        ("order", "place"): _("Order received"),
        ("order", "confirm"): _("Order confirmed"),
        ("order", "cancel"): _("Order cancelled"),
        ("order", "expire"): _("Order expired because no payment came"),
        ("order", "reinstate"): _("Late payment received, order taken up again"),
        ("order", "complete"): _("Order completed"),
        ("payment", "pay_part"): _("Part of the payment received"),
        ("payment", "pay"): _("Payment received"),
        ("payment", "hold"): _("Your payment is being looked at by a person"),
        ("payment", "refund_part"): _("Part of the money sent back"),
        ("payment", "refund"): _("Money sent back"),
        ("fulfilment", "accept"): _("Accepted by the producer"),
        ("fulfilment", "pack"): _("Packed"),
        ("fulfilment", "ship"): _("On its way"),
        ("fulfilment", "deliver"): _("Delivered"),
        ("fulfilment", "reject"): _("The producer cannot send it"),
        ("fulfilment", "return"): _("Returned to the producer"),
    }
    return sentences.get((entry.axis, entry.event), "")
