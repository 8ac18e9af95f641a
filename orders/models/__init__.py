"""The tables of ordering; importing this package registers all of them."""

from orders.models.cart import Cart, CartLine
from orders.models.coupon import Coupon, CouponPackage, CouponUse
from orders.models.ledger import LedgerEntry, LedgerTransaction
from orders.models.live import LiveEvent, LiveItem, LiveSession, LiveText
from orders.models.order import CustomerOrder, OrderEvent, OrderLine, OrderNumberCounter, SubOrder
from orders.models.payment import Payment, PaymentAttempt, ProviderEventRow, Refund
from orders.models.stock import Reservation, StockItem
from orders.models.traced import OrderLineLot
from orders.models.visit_enquiry import VisitEnquiry
from orders.models.voice import Question, Review, WholesaleRequest

__all__ = [
    "Cart",
    "CartLine",
    "Coupon",
    "CouponPackage",
    "CouponUse",
    "CustomerOrder",
    "LedgerEntry",
    "LedgerTransaction",
    "LiveEvent",
    "LiveItem",
    "LiveSession",
    "LiveText",
    "OrderEvent",
    "OrderLine",
    "OrderLineLot",
    "OrderNumberCounter",
    "Payment",
    "PaymentAttempt",
    "ProviderEventRow",
    "Question",
    "Refund",
    "Reservation",
    "Review",
    "StockItem",
    "SubOrder",
    "VisitEnquiry",
    "WholesaleRequest",
]
