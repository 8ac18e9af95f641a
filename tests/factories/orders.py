"""Baskets and orders for tests, in the state just after a buyer has done his part."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from catalog.models import Package
from core.actor import Actor, Role
from core.money import Money
from orders import carts, checkout, refunds, stock
from orders.checkout import CheckoutRequest
from orders.models import CustomerOrder
from orders.payments import events
from orders.payments.cod import CashOnDelivery
from orders.payments.gateway import Gateway
from orders.payments.vietqr import VietQr, record_transfer
from tests.factories.catalog import make_package, make_product

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
TESTER = Actor.system("test")
OFFICE = Actor(None, "Văn phòng", frozenset({Role.OFFICE}))
GATEWAYS: dict[str, Gateway] = {
    "cod": CashOnDelivery(),
    "vietqr": VietQr("970436", "0123456789", "CUA HANG OCOP"),
}


def make_stocked(session: Session, on_hand: int = 10, **values: Any) -> Package:
    """A package of a product of its own producer (unless given), with so many on the shelf."""
    product = make_product(session, packages=0, **values)
    package = make_package(session, product)
    stock.set_on_hand(session, package.id, on_hand, actor=TESTER, now=NOW)
    return package


def make_cart(session: Session, *lines: tuple[Package, int]) -> str:
    """A cart with these packages; returns its token."""
    token = carts.new_token()
    for package, quantity in lines:
        carts.add(session, token, package.id, quantity, now=NOW, on=TODAY)
    return token


def make_request(session: Session, token: str, **values: Any) -> CheckoutRequest:
    """A complete form for a cart as it stands."""
    page = carts.cart_page(session, token, locale="vi", on=TODAY, now=NOW)
    return CheckoutRequest(
        **{
            "checkout_token": checkout.new_checkout_token(),
            "quote_digest": page.digest,
            "locale": "vi",
            "recipient": "Nguyễn Thị Bưởi",
            "phone": "+84912345678",
            "email": "buoi@example.vn",
            "province_code": "96",
            "commune": "Phường An Xuyên",
            "street": "12 Phan Ngọc Hiển",
            "note": None,
            "payment_method": "vietqr",
            **values,
        }
    )


def make_order(session: Session, *lines: tuple[Package, int], **values: Any) -> CustomerOrder:
    """An order by bank transfer that has just been placed."""
    token = make_cart(session, *lines)
    request = make_request(session, token, **values)
    return checkout.place(session, request, token=token, gateways=GATEWAYS, now=NOW, on=TODAY)


def transfer(
    session: Session, order: CustomerOrder, amount: int, ref: str, **values: Any
) -> events.Applied:
    """An officer books a transfer for an order."""
    return record_transfer(
        session,
        memo=values.get("memo", f"MBVCB.1.{order.number}.CT"),
        amount=Money(amount, "VND"),
        bank_reference=ref,
        occurred_at=values.get("occurred_at", NOW),
        actor=values.get("actor", OFFICE),
        now=values.get("now", NOW),
    )


def send_back(
    session: Session, order: CustomerOrder, amount: int, ref: str, **values: Any
) -> refunds.Recorded:
    """An officer writes down that money went back."""
    return refunds.record_refund(
        session,
        order.id,
        amount=Money(amount, values.get("currency", "VND")),
        bank_reference=ref,
        paid_on=values.get("paid_on", TODAY),
        actor=values.get("actor", OFFICE),
        now=NOW,
    )
