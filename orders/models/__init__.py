"""The tables of ordering; importing this package registers all of them."""

from orders.models.cart import Cart, CartLine
from orders.models.ledger import LedgerEntry, LedgerTransaction
from orders.models.order import CustomerOrder, OrderEvent, OrderLine, OrderNumberCounter, SubOrder
from orders.models.payment import Payment, PaymentAttempt, ProviderEventRow, Refund
from orders.models.stock import Reservation, StockItem
from orders.models.traced import OrderLineLot

__all__ = [
    "Cart",
    "CartLine",
    "CustomerOrder",
    "LedgerEntry",
    "LedgerTransaction",
    "OrderEvent",
    "OrderLine",
    "OrderLineLot",
    "OrderNumberCounter",
    "Payment",
    "PaymentAttempt",
    "ProviderEventRow",
    "Refund",
    "Reservation",
    "StockItem",
    "SubOrder",
]
