"""Turning a cart into an order: one transaction that promises stock, judges again, and writes everything.

The same form sent twice gives one order (the digest of cart and form token is unique), two forms for one
cart give one order (whoever takes the lines out of the cart first wins), and a price or stock that moved
since the review page stops the order so that the buyer sees it first.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.reference import PROVINCES
from catalog.rules.certification import StarClaim
from core.actor import Actor
from core.db import insert_into
from core.errors import Conflict
from core.facts import announce
from core.money import Money
from orders import carts, coupons, lifecycle, live_goods, stock
from orders.carts import CartPage
from orders.errors import CartChanged, CartEmpty, CheckoutRefused
from orders.models import (
    Cart,
    CartLine,
    CustomerOrder,
    OrderEvent,
    OrderLine,
    OrderNumberCounter,
    PaymentAttempt,
    SubOrder,
)
from orders.offers import Offer, load_offers
from orders.payments.gateway import Gateway
from orders.rules.order_numbers import month_key, order_number
from orders.rules.states import Axis
from orders.rules.totals import ParcelTotal


@dataclass(frozen=True, slots=True)
class CheckoutRequest:
    """What the buyer sent from the review page; no price is in it, only the fingerprint he agreed to."""

    checkout_token: str
    quote_digest: str
    locale: str
    recipient: str
    phone: str
    email: str | None
    province_code: str
    commune: str
    street: str
    note: str | None
    payment_method: str
    country: str = "VN"


def new_checkout_token() -> str:
    """A token for one review page: 128 bits of chance."""
    return secrets.token_urlsafe(16)


def open_cash_orders(session: Session, phone: str) -> int:
    """How many unpaid cash orders are open for a phone number."""
    found = session.scalar(
        select(func.count()).where(
            CustomerOrder.phone == phone,
            CustomerOrder.state.in_(("placed", "confirmed")),
            CustomerOrder.payment_state == "authorized",
        )
    )
    return found or 0


def place(
    session: Session,
    form: CheckoutRequest,
    *,
    token: str,
    gateways: Mapping[str, Gateway],
    now: datetime,
    on: date,
) -> CustomerOrder:
    """Place the order for the cart of ``token``, or return the one this form has already placed.

    Raises CartEmpty, CartChanged (look at the cart again), CheckoutRefused (code country, province,
    payment or the gateway's reason), InsufficientStock. The caller commits; nothing was written on error.
    """
    key = sha256(f"{token}\n{form.checkout_token}".encode()).hexdigest()
    winner = _find(session, key)
    if winner is not None:
        return winner
    try:
        with session.begin_nested():
            return _place(session, form, key, token, gateways, now, on)
    except (Conflict, IntegrityError):
        # The same form may have won meanwhile: then its order is the answer, not the refusal.
        winner = _find(session, key)
        if winner is None:
            raise
        return winner


def _find(session: Session, key: str) -> CustomerOrder | None:
    return session.scalar(select(CustomerOrder).where(CustomerOrder.checkout_token == key))


def _place(
    session: Session,
    form: CheckoutRequest,
    key: str,
    token: str,
    gateways: Mapping[str, Gateway],
    now: datetime,
    on: date,
) -> CustomerOrder:
    page = carts.cart_page(session, token, locale=form.locale, on=on, now=now)
    gateway = _check(session, form, page, gateways)
    demand = stock.summed((row.offer.package_id, row.quantity) for row in page.rows)
    live_items = _reserve(session, page, now)
    offers = {row.offer.package_id: row.offer for row in page.rows}
    _judge_again(session, page, form.locale, on=on, now=now)
    _empty(session, token, demand)
    order = _order(session, form, key, page, gateway, now, on)
    for position, parcel in enumerate(page.total.parcels, start=1):
        _sub_order(session, order, position, parcel, offers)
    if page.coupon is not None and page.coupon.total:
        coupons.use(session, page.coupon, order.id, now=now)
    stock.write_promises(
        session, order.id, demand, now=now, expires_at=order.pay_by, live_items=live_items
    )
    _begin_payment(session, order, gateway, now)
    announce(session, "order.placed", order_id=order.id)
    session.flush()
    return order


def _check(
    session: Session, form: CheckoutRequest, page: CartPage, gateways: Mapping[str, Gateway]
) -> Gateway:
    if page.is_empty:
        raise CartEmpty
    if page.digest != form.quote_digest or not page.can_be_ordered:
        raise CartChanged
    if form.country != carts.COUNTRY:
        raise CheckoutRefused(code="country", country=form.country)
    if form.province_code not in PROVINCES:
        raise CheckoutRefused(code="province")
    gateway = gateways.get(form.payment_method)
    if gateway is None:
        raise CheckoutRefused(code="payment")
    open_orders = open_cash_orders(session, form.phone)
    problem = gateway.problem(page.total.total, form.country, open_orders)
    if problem is not None:
        raise CheckoutRefused(code=f"{gateway.code}_{problem}")
    return gateway


def _reserve(session: Session, page: CartPage, now: datetime) -> dict[int, int]:
    """Promise everything: what has a livestream's price from its goods, the rest from the open shelf.

    Returns the goods of livestreams by package. Raises InsufficientStock.
    """
    live = {row.price.live_item_id: row for row in page.rows if row.price.live_item_id}
    wanted = {item_id: (row.offer.package_id, row.quantity) for item_id, row in live.items()}
    live_goods.take(session, wanted, now=now)
    stock.reserve(
        session,
        stock.summed(
            (row.offer.package_id, row.quantity) for row in page.rows if not row.price.live_item_id
        ),
    )
    if live:
        announce(session, "live.sold", item_ids=sorted(live))
    return {package_id: item_id for item_id, (package_id, _quantity) in wanted.items()}


def _judge_again(session: Session, page: CartPage, locale: str, *, on: date, now: datetime) -> None:
    """Prices, lists and publication may have moved while the transaction waited for the stock.

    What a livestream had left was counted down by this very order, so only its price is asked again.
    """
    current = load_offers(
        session,
        [row.offer.package_id for row in page.rows],
        locale=locale,
        on=on,
        now=now,
    )
    for row in page.rows:
        now_offered = _uncounted(current.get(row.offer.package_id), row.offer)
        if now_offered is None or not now_offered.is_for_sale:
            raise CartChanged
        if now_offered.price_of(row.quantity) != row.price:
            raise CartChanged
        if now_offered.priced(row.quantity) != row.offer.priced(row.quantity):
            raise CartChanged


def _uncounted(current: Offer | None, seen: Offer) -> Offer | None:
    """The offer as it would be had this order not taken its pieces from the livestream yet."""
    if current is None or current.live is None or seen.live is None:
        return current
    is_same = (current.live.item_id, current.live.unit) == (seen.live.item_id, seen.live.unit)
    return replace(current, live=seen.live) if is_same else current


def _empty(session: Session, token: str, demand: Mapping[int, int]) -> None:
    """Take the lines out of the cart; raises CartChanged when somebody took or changed them first."""
    cart_ids = select(Cart.id).where(Cart.token_hash == carts.token_hash(token))
    taken = session.execute(
        delete(CartLine)
        .where(CartLine.cart_id.in_(cart_ids))
        .returning(CartLine.package_id, CartLine.quantity)
        .execution_options(synchronize_session=False)
    )
    if stock.summed((row.package_id, row.quantity) for row in taken) != demand:
        raise CartChanged


def _order(
    session: Session,
    form: CheckoutRequest,
    key: str,
    page: CartPage,
    gateway: Gateway,
    now: datetime,
    on: date,
) -> CustomerOrder:
    within = gateway.capabilities.pay_within
    order = CustomerOrder(
        number=_next_number(session, on),
        public_token=secrets.token_urlsafe(16),
        checkout_token=key,
        locale=form.locale,
        state="placed",
        payment_state="pending",
        payment_method=gateway.code,
        recipient=form.recipient,
        phone=form.phone,
        email=form.email,
        country=form.country,
        province_code=form.province_code,
        commune=form.commune,
        street=form.street,
        note=form.note,
        coupon_code=page.coupon.code if page.coupon is not None and page.coupon.total else None,
        currency=carts.CURRENCY,
        goods_minor=page.total.goods.amount,
        shipping_minor=page.total.shipping.amount,
        vat_minor=page.total.vat.amount,
        total_minor=page.total.total.amount,
        paid_minor=0,
        judged_on=on,
        placed_at=now,
        pay_by=None if within is None else now + within,
    )
    session.add(order)
    session.flush()
    session.add(
        OrderEvent(
            order_id=order.id,
            axis=Axis.ORDER.value,
            event="place",
            from_state=None,
            to_state="placed",
            actor_name="",
            at=now,
        )
    )
    return order


def _next_number(session: Session, on: date) -> str:
    """The next number of the month; the counter's row is locked until the order is committed."""
    month = month_key(on)
    counter = OrderNumberCounter.__table__
    session.execute(
        insert_into(session, OrderNumberCounter)
        .values(month=month, last=0)
        .on_conflict_do_nothing()
    )
    count = session.scalar(
        update(OrderNumberCounter)
        .where(OrderNumberCounter.month == month)
        .values(last=OrderNumberCounter.last + 1)
        .returning(counter.c.last)
        .execution_options(synchronize_session=False)
    )
    return order_number(month, int(count or 0))


def _sub_order(
    session: Session,
    order: CustomerOrder,
    position: int,
    parcel: ParcelTotal,
    offers: Mapping[int, Offer],
) -> None:
    maker = offers[parcel.lines[0].line.package_id]
    sub_order = SubOrder(
        order_id=order.id,
        producer_id=parcel.producer_id,
        producer_name=maker.producer_name,
        position=position,
        state="new",
        weight_g=parcel.weight_g,
        goods_minor=parcel.goods.amount,
        shipping_minor=parcel.shipping.amount,
        vat_minor=parcel.vat.amount,
        total_minor=parcel.total.amount,
    )
    session.add(sub_order)
    session.flush()
    for place_in_parcel, priced in enumerate(parcel.lines, start=1):
        offer = offers[priced.line.package_id]
        price = offer.price_of(priced.line.quantity)
        off = priced.line.discount
        session.add(
            OrderLine(
                sub_order_id=sub_order.id,
                position=place_in_parcel,
                package_id=offer.package_id,
                product_id=offer.product_id,
                name=offer.name.value,
                name_locale=offer.name.locale,
                label=offer.label,
                sku=offer.sku,
                quantity=priced.line.quantity,
                unit_price_minor=priced.line.unit_price.amount,
                line_minor=priced.line.full.amount,
                discount_minor=0 if off is None else off.amount,
                live_item_id=price.live_item_id or None,
                price_list=price.list_code or None,
                price_from_quantity=price.from_quantity if price.list_code else None,
                vat_rate_bp=offer.vat_rate_bp,
                vat_rule=offer.vat_rule,
                vat_minor=priced.vat.amount,
                claim=None if offer.claim is None else _claim_snapshot(offer.claim),
            )
        )


def _claim_snapshot(claim: StarClaim) -> dict[str, str | int | None]:
    return {
        "certificate_id": claim.certificate_id,
        "stars": claim.stars,
        "decision_number": claim.decision_number,
        "issued_on": claim.issued_on.isoformat(),
        "issuer": claim.issuer,
        "valid_to": claim.valid_to.isoformat(),
    }


def _begin_payment(session: Session, order: CustomerOrder, gateway: Gateway, now: datetime) -> None:
    """Note the first attempt to pay; where nothing is paid before delivery, the order stands at once."""
    total = Money(order.total_minor, order.currency)
    session.add(
        PaymentAttempt(
            order_id=order.id,
            n=1,
            provider=gateway.code,
            reference=f"{order.number}-1",
            amount_minor=total.amount,
            currency=total.currency,
            state="pending",
            created_at=now,
            expires_at=order.pay_by,
        )
    )
    if gateway.capabilities.pay_within is None:
        system = Actor.system("checkout")
        lifecycle.apply(session, order.id, "authorize", actor=system, now=now, axis=Axis.PAYMENT)
        lifecycle.apply(session, order.id, "confirm", actor=system, now=now)
