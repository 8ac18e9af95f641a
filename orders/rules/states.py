"""Which event leads from which state to which, and who may cause it: three axes, one table each.

Order, payment and fulfilment are separate columns because they move apart: an order can be paid before
anybody packs it and delivered before anybody pays (cash on delivery). Source: payments.md 3.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.actor import Role


class OrderState(StrEnum):
    """Where the agreement with the buyer stands."""

    PLACED = "placed"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class PaymentState(StrEnum):
    """Where the money stands; ``review`` means money is here that a person must decide about."""

    PENDING = "pending"
    AUTHORIZED = "authorized"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    VOIDED = "voided"
    REVIEW = "review"


class FulfilmentState(StrEnum):
    """Where one producer's parcel stands."""

    NEW = "new"
    ACCEPTED = "accepted"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class ReservationState(StrEnum):
    """What became of a promise of stock."""

    HELD = "held"
    COMMITTED = "committed"
    RELEASED = "released"


class Axis(StrEnum):
    """Which of the three columns an event moves."""

    ORDER = "order"
    PAYMENT = "payment"
    FULFILMENT = "fulfilment"


@dataclass(frozen=True, slots=True)
class Step:
    """Where an event leads and who may cause it."""

    to: str
    roles: frozenset[Role]


Table = Mapping[tuple[str, str], Step]

_SYSTEM = frozenset({Role.SYSTEM})
_OFFICE = frozenset({Role.OFFICE, Role.SYSTEM})
_SELLER = frozenset({Role.PRODUCER, Role.OFFICE, Role.SYSTEM})
_ANYBODY_CONCERNED = frozenset({Role.BUYER, Role.OFFICE, Role.SYSTEM})

ORDER: Table = {
    ("placed", "confirm"): Step("confirmed", _OFFICE),
    ("placed", "cancel"): Step("cancelled", _ANYBODY_CONCERNED),
    ("placed", "expire"): Step("expired", _SYSTEM),
    ("confirmed", "cancel"): Step("cancelled", _OFFICE),
    ("confirmed", "complete"): Step("completed", _OFFICE),
    ("expired", "reinstate"): Step("confirmed", _OFFICE),
}

PAYMENT: Table = {
    ("pending", "authorize"): Step("authorized", _SYSTEM),
    ("pending", "pay_part"): Step("partially_paid", _OFFICE),
    ("partially_paid", "pay_part"): Step("partially_paid", _OFFICE),
    ("pending", "pay"): Step("paid", _OFFICE),
    ("authorized", "pay_part"): Step("partially_paid", _OFFICE),
    ("authorized", "pay"): Step("paid", _OFFICE),
    ("partially_paid", "pay"): Step("paid", _OFFICE),
    ("review", "pay"): Step("paid", _OFFICE),
    ("voided", "pay"): Step("paid", _OFFICE),
    ("refunded", "pay"): Step("paid", _OFFICE),
    ("pending", "void"): Step("voided", _ANYBODY_CONCERNED),
    ("authorized", "void"): Step("voided", _OFFICE),
    ("partially_paid", "void"): Step("review", _ANYBODY_CONCERNED),
    ("voided", "hold"): Step("review", _OFFICE),
    ("paid", "hold"): Step("review", _OFFICE),
    ("review", "hold"): Step("review", _OFFICE),
    ("refunded", "hold"): Step("review", _OFFICE),
    ("paid", "refund_part"): Step("partially_refunded", _OFFICE),
    ("partially_refunded", "refund_part"): Step("partially_refunded", _OFFICE),
    ("paid", "refund"): Step("refunded", _OFFICE),
    ("partially_refunded", "refund"): Step("refunded", _OFFICE),
    ("review", "refund"): Step("refunded", _OFFICE),
}

FULFILMENT: Table = {
    ("new", "accept"): Step("accepted", _SELLER),
    ("new", "reject"): Step("rejected", _SELLER),
    ("new", "cancel"): Step("cancelled", _ANYBODY_CONCERNED),
    ("accepted", "pack"): Step("packed", _SELLER),
    ("accepted", "reject"): Step("rejected", _SELLER),
    ("accepted", "cancel"): Step("cancelled", _OFFICE),
    ("packed", "ship"): Step("shipped", _SELLER),
    ("packed", "cancel"): Step("cancelled", _OFFICE),
    ("shipped", "deliver"): Step("delivered", _SELLER),
    ("shipped", "return"): Step("returned", _SELLER),
    ("cancelled", "reinstate"): Step("new", _SYSTEM),
}

TABLES: Mapping[Axis, Table] = {
    Axis.ORDER: ORDER,
    Axis.PAYMENT: PAYMENT,
    Axis.FULFILMENT: FULFILMENT,
}

STATES: Mapping[Axis, type[StrEnum]] = {
    Axis.ORDER: OrderState,
    Axis.PAYMENT: PaymentState,
    Axis.FULFILMENT: FulfilmentState,
}


def step(axis: Axis, state: str, event: str) -> Step | None:
    """Where ``event`` leads from ``state``, or None when nothing leads anywhere from there."""
    return TABLES[axis].get((state, event))


def sources(axis: Axis, event: str, roles: frozenset[Role]) -> dict[str, str]:
    """From which states an actor with these roles may cause the event, each with the state it leads to."""
    return {
        state: step.to
        for (state, name), step in TABLES[axis].items()
        if name == event and not step.roles.isdisjoint(roles)
    }


def refund_event(state: str, *, total: int, received: int, sent_back: int) -> str | None:
    """The payment event that a refund means: "refund", "refund_part" or nothing; amounts in minor units.

    What was paid too much may go back without touching the price: the order stays paid. Under review
    nothing changes before everything is back.
    """
    kept = received - sent_back
    if kept <= 0 and step(Axis.PAYMENT, state, "refund") is not None:
        return "refund"
    if kept < total and step(Axis.PAYMENT, state, "refund_part") is not None:
        return "refund_part"
    return None


def is_known_event(axis: Axis, event: str) -> bool:
    """Whether any state of the axis knows the event."""
    return any(name == event for _, name in TABLES[axis])


def order_event_from_parcels(parcels: list[str]) -> str | None:
    """What the parcels together mean for the order: "complete", "cancel" or nothing yet.

    Delivered parcels complete an order when every other parcel has ended; when no parcel was delivered
    and all have ended, the order is cancelled.
    """
    ended = {"delivered", "rejected", "cancelled", "returned"}
    if not parcels or any(state not in ended for state in parcels):
        return None
    return "complete" if "delivered" in parcels else "cancel"
