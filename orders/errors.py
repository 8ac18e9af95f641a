"""Why an order, a cart or a payment is refused; facts only, the sentences are made in the storefront."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.errors import Conflict, Invalid, NotFound


class InsufficientStock(Conflict):
    """Fewer are left than were asked for."""

    def __init__(self, *, package_id: int, asked: int, available: int) -> None:
        super().__init__(package_id=package_id, asked=asked, available=available)
        self.package_id = package_id
        self.asked = asked
        self.available = available


class StockBelowPromises(Conflict):
    """The shelf can't be set lower than what has been promised to buyers."""

    def __init__(self, *, package_id: int, on_hand: int, reserved: int) -> None:
        super().__init__(package_id=package_id, on_hand=on_hand, reserved=reserved)
        self.on_hand = on_hand
        self.reserved = reserved


class BadQuantity(Invalid):
    """A quantity is not a whole number the shop sells in one basket."""

    def __init__(self, *, quantity: int, most: int) -> None:
        super().__init__(quantity=quantity, most=most)
        self.most = most


class CartFull(Invalid):
    """A basket holds only so many different things."""

    def __init__(self, *, most: int) -> None:
        super().__init__(most=most)
        self.most = most


class PackageNotFound(NotFound):
    """No package with that number is for sale."""


class VisitNotFound(NotFound):
    """There is no such visit on offer, or no such enquiry."""


class VisitRefused(Invalid):
    """An enquiry or an answer can't be taken as it is; ``code`` and the other facts say why."""

    def __init__(self, *, code: str, **facts: object) -> None:
        super().__init__(code=code, **facts)
        self.code = code


class SetNotOnSale(Conflict):
    """A gift set can't be bought because a part of it can't (facts: slug, part)."""


class NeverSent(Conflict):
    """Goods that no parcel carries can't be bought like that; ``code`` says why (`sending_bar`)."""

    def __init__(self, *, code: str, slug: str) -> None:
        super().__init__(code=code, slug=slug)
        self.code = code
        self.slug = slug


class CartEmpty(Conflict):
    """There is nothing to order."""


class CartChanged(Conflict):
    """Price, stock, sale or content changed since the buyer saw the review page."""


class CheckoutRefused(Invalid):
    """The order can't be made as it was asked for; ``code`` and the other facts say why."""

    def __init__(self, *, code: str, **facts: object) -> None:
        super().__init__(code=code, **facts)
        self.code = code


class RefundRefused(Invalid):
    """A refund can't be written down as it was said; ``code`` and the other facts say why."""

    def __init__(self, *, code: str, **facts: object) -> None:
        super().__init__(code=code, **facts)
        self.code = code


class OrderNotFound(NotFound):
    """There is no order of that name."""


class NoSuchStep(Conflict):
    """The order has moved on: this event leads nowhere from where it stands."""

    def __init__(self, *, axis: str, event: str, state: str) -> None:
        super().__init__(axis=axis, event=event, state=state)
        self.axis = axis
        self.event = event
        self.state = state


class Unbalanced(Invalid):
    """The entries of a ledger transaction do not add up to zero."""


class LiveNotFound(NotFound):
    """There is no such livestream session, or nobody may see it yet."""


class LiveRefused(Conflict):
    """The session may not be announced or started; ``problems`` holds every reason at once."""

    def __init__(self, problems: Sequence[Any]) -> None:
        super().__init__(codes=[problem.code for problem in problems])
        self.problems = tuple(problems)


class LotCalledBack(Conflict):
    """Goods of this lot are called back or past their date and must not be sent (facts: number, state)."""


class LotsDoNotFit(Invalid):
    """The lots named for a line are not lots of that package or do not add up to it (facts: line_id)."""
