"""Guest carts: found by the hash of a token, kept 90 days, and shown with everything that is wrong.

The price a buyer has seen is noted with each line, so a basket left overnight says what has changed.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from catalog.rules.food import ALCOHOL
from catalog.rules.price_in_shop import ShopPrice
from catalog.rules.sending import BARS
from core.clock import vietnam_date
from core.money import Money
from i18n.locales import DEFAULT
from orders import coupons
from orders.errors import BadQuantity, CartFull, NeverSent, PackageNotFound
from orders.models import Cart, CartLine
from orders.offers import Offer, load_offers
from orders.rules.coupons import Discount, discount, tidy_code
from orders.rules.delivery import DeliveryProblem
from orders.rules.totals import OrderTotal, order_total

KEPT = timedelta(days=90)
MOST_OF_ONE = 999
MOST_LINES = 60
COUNTRY = "VN"
CURRENCY = "VND"


@dataclass(frozen=True, slots=True)
class CartProblem:
    """What keeps a line from being ordered, or what changed: ``code`` and the facts for a sentence.

    Codes: not_for_sale, service_not_goods, sold_out, too_few (available), below_minimum (least), price_changed (old, new).
    """

    code: str
    facts: Mapping[str, Any]

    @property
    def blocks(self) -> bool:
        """Whether the order can't be placed like this; a changed price only has to be seen."""
        return self.code != "price_changed"


@dataclass(frozen=True, slots=True)
class CartRow:
    """One line as the page shows it; ``price`` is what each costs in this quantity, and why."""

    offer: Offer
    quantity: int
    price: ShopPrice
    gross: Money
    problems: tuple[CartProblem, ...]


@dataclass(frozen=True, slots=True)
class CartParcel:
    """The lines one producer sends, with the parcel's part of the delivery."""

    producer_id: int
    producer_name: str
    producer_slug: str
    rows: tuple[CartRow, ...]
    goods: Money
    shipping: Money


@dataclass(frozen=True, slots=True)
class CartPage:
    """The whole cart: parcels with buyable lines, lines that can't be bought, and honest totals."""

    parcels: tuple[CartParcel, ...]
    unavailable: tuple[CartRow, ...]
    total: OrderTotal
    delivery_problems: tuple[DeliveryProblem, ...]
    coupon: Discount | None = None
    """What the typed code does, or why it does nothing; None while no code is typed."""

    @property
    def rows(self) -> tuple[CartRow, ...]:
        """Every line, buyable ones first."""
        return tuple(row for parcel in self.parcels for row in parcel.rows) + self.unavailable

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all lies in the cart."""
        return not self.parcels and not self.unavailable

    @property
    def can_be_ordered(self) -> bool:
        """Whether there is something in it and nothing against ordering all of it."""
        return bool(self.parcels) and not self.delivery_problems and not self.has_blocks

    @property
    def has_alcohol(self) -> bool:
        """Whether a line may be sold to adults only."""
        return any(row.offer.subgroup_code in ALCOHOL for row in self.rows)

    @property
    def has_blocks(self) -> bool:
        """Whether a line has to be changed first."""
        return any(problem.blocks for row in self.rows for problem in row.problems)

    @property
    def count(self) -> int:
        """How many pieces lie in the cart."""
        return sum(row.quantity for row in self.rows)

    @property
    def goods_before_coupon(self) -> Money:
        """What the goods cost before the coupon."""
        goods = self.total.goods
        return goods if self.coupon is None else goods + self.coupon.total

    @property
    def digest(self) -> str:
        """A fingerprint of what would be ordered and for how much; changes when any of it does.

        Stock is not in it: whether there is enough is decided by the promise itself.
        """
        facts = [
            f"{row.offer.package_id}:{row.quantity}:{row.price.unit.amount}:{row.price.list_code}"
            f":{row.price.from_quantity}:{row.price.live_item_id}:{row.offer.vat_rate_bp}"
            for row in sorted(self.rows, key=lambda row: row.offer.package_id)
        ]
        facts.append(f"{self.total.total.amount}:{self.total.shipping.amount}:{CURRENCY}")
        if self.coupon is not None:
            facts.append(f"{self.coupon.code}:{self.coupon.total.amount}")
        return sha256("|".join(facts).encode()).hexdigest()[:32]


def new_token() -> str:
    """A token for a new cart: 128 bits of chance."""
    return secrets.token_urlsafe(16)


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return sha256(token.encode()).hexdigest()


def get_cart(session: Session, token: str) -> Cart | None:
    """The cart of that token, or None."""
    if not token:
        return None
    return session.scalar(select(Cart).where(Cart.token_hash == token_hash(token)))


def add(
    session: Session, token: str, package_id: int, quantity: int, *, now: datetime, on: date
) -> int:
    """Put so many more of a package into the cart, making the cart if need be; returns the line's quantity.

    More than ``MOST_OF_ONE`` becomes that many. Raises BadQuantity, PackageNotFound when it is not for
    sale on that day, NeverSent when no parcel carries it, CartFull.
    """
    _check_quantity(quantity, least=1)
    offer = load_offers(session, [package_id], locale=DEFAULT, on=on, now=now).get(package_id)
    if offer is None or not offer.is_for_sale:
        raise PackageNotFound(package_id=package_id)
    barred = offer.sending_bar(COUNTRY)
    if barred is not None:
        raise NeverSent(code=barred, slug=offer.slug)
    cart = session.scalar(  # locked: two presses at once must not both count from the old quantity
        select(Cart).where(Cart.token_hash == token_hash(token)).with_for_update()
    )
    if cart is None:
        cart = Cart(token_hash=token_hash(token), created_at=now, expires_at=now + KEPT)
        session.add(cart)
        session.flush()
    cart.expires_at = now + KEPT
    line = session.scalar(
        select(CartLine).where(CartLine.cart_id == cart.id, CartLine.package_id == package_id)
    )
    if line is None:
        lines = session.scalar(select(func.count()).where(CartLine.cart_id == cart.id)) or 0
        if lines >= MOST_LINES:
            raise CartFull(most=MOST_LINES)
        line = CartLine(cart_id=cart.id, package_id=package_id, quantity=0, added_at=now)
        session.add(line)
    line.quantity = min(MOST_OF_ONE, line.quantity + max(quantity, offer.min_order - line.quantity))
    seen = offer.price_of(line.quantity).unit
    line.seen_price_minor, line.seen_currency = seen.amount, seen.currency
    session.flush()
    return line.quantity


def set_quantity(
    session: Session, token: str, package_id: int, quantity: int, *, now: datetime
) -> None:
    """Set how many of a package lie in the cart; 0 takes it out. Unknown lines are left alone.

    Another quantity may have another price. That is the buyer's own doing and no change to tell of;
    a price that had moved before, unseen, still is.
    """
    _check_quantity(quantity, least=0)
    cart = get_cart(session, token)
    if cart is None:
        return
    cart.expires_at = now + KEPT
    line = session.scalar(
        select(CartLine).where(CartLine.cart_id == cart.id, CartLine.package_id == package_id)
    )
    if line is None:
        return
    if quantity == 0:
        session.delete(line)
    else:
        _requantify(session, line, quantity, now)
    session.flush()


def _requantify(session: Session, line: CartLine, quantity: int, now: datetime) -> None:
    offer = load_offers(session, [line.package_id], locale=DEFAULT, on=vietnam_date(now), now=now)[
        line.package_id
    ]
    seen = Money(line.seen_price_minor, line.seen_currency)
    if seen == offer.price_of(line.quantity).unit:
        line.seen_price_minor = offer.price_of(quantity).unit.amount
    line.quantity = quantity


def remove(session: Session, token: str, package_id: int, *, now: datetime) -> None:
    """Take a package out of the cart."""
    set_quantity(session, token, package_id, 0, now=now)


def set_coupon(session: Session, token: str, text: str, *, now: datetime) -> bool:
    """Keep the code the buyer typed, "" for none; False for what cannot be a code. Unknown carts are left alone."""
    code = tidy_code(text) if text.strip() else None
    if text.strip() and code is None:
        return False
    cart = get_cart(session, token)
    if cart is not None:
        cart.coupon_code = code
        cart.expires_at = now + KEPT
        session.flush()
    return True


def note_prices_seen(session: Session, token: str, page: CartPage) -> None:
    """Remember that the buyer has been shown today's prices."""
    cart = get_cart(session, token)
    if cart is None:
        return
    for row in page.rows:
        if any(problem.code == "price_changed" for problem in row.problems):
            session.execute(
                update(CartLine)
                .where(CartLine.cart_id == cart.id, CartLine.package_id == row.offer.package_id)
                .values(
                    seen_price_minor=row.price.unit.amount, seen_currency=row.price.unit.currency
                )
            )


def cart_page(session: Session, token: str, *, locale: str, on: date, now: datetime) -> CartPage:
    """The cart as of that moment, in that language; empty for an unknown token.

    Four statements, one more with a coupon.
    """
    lines = session.execute(
        select(
            CartLine.package_id,
            CartLine.quantity,
            CartLine.seen_price_minor,
            CartLine.seen_currency,
            Cart.coupon_code,
        )
        .join(Cart)
        .where(Cart.token_hash == token_hash(token))
        .order_by(CartLine.id)
    ).all()
    offers = load_offers(
        session, [line.package_id for line in lines], locale=locale, on=on, now=now
    )
    rows = [
        _row(
            offers[line.package_id], line.quantity, Money(line.seen_price_minor, line.seen_currency)
        )
        for line in lines
        if line.package_id in offers
    ]
    code = lines[0].coupon_code if lines else None
    if code is None:
        return _page(rows)
    goods = {row.offer.package_id: row.gross for row in _buyable(rows)}
    coupon = coupons.find_coupon(session, code)
    return _page(rows, discount(code, coupon, goods, currency=CURRENCY, now=now))


def count_items(session: Session, token: str) -> int:
    """How many pieces lie in the cart."""
    count = session.scalar(
        select(func.sum(CartLine.quantity)).join(Cart).where(Cart.token_hash == token_hash(token))
    )
    return int(count or 0)


def drop_expired(session: Session, *, now: datetime, limit: int = 500) -> int:
    """Delete carts nobody has touched for 90 days; returns how many."""
    old = session.scalars(select(Cart.id).where(Cart.expires_at < now).limit(limit)).all()
    if old:
        session.execute(delete(CartLine).where(CartLine.cart_id.in_(old)))
        session.execute(delete(Cart).where(Cart.id.in_(old)))
    return len(old)


def _check_quantity(quantity: int, *, least: int) -> None:
    if type(quantity) is not int or not least <= quantity <= MOST_OF_ONE:
        raise BadQuantity(quantity=quantity, most=MOST_OF_ONE)


def _row(offer: Offer, quantity: int, seen: Money) -> CartRow:
    price = offer.price_of(quantity)
    problems = _problems(offer, quantity, seen, price.unit)
    return CartRow(offer, quantity, price, price.unit * quantity, tuple(problems))


def _problems(offer: Offer, quantity: int, seen: Money, unit: Money) -> list[CartProblem]:
    if not offer.is_for_sale or offer.price.currency != CURRENCY:
        return [CartProblem("not_for_sale", {})]
    barred = offer.sending_bar(COUNTRY)
    if barred is not None:
        return [CartProblem(barred, {})]
    if offer.most <= 0:
        return [CartProblem("sold_out", {})]
    found = []
    if quantity > offer.room_for(quantity):
        found.append(CartProblem("too_few", {"available": offer.most}))
    elif quantity < offer.min_order:
        found.append(CartProblem("below_minimum", {"least": offer.min_order}))
    if seen != unit:
        found.append(CartProblem("price_changed", {"old": seen, "new": unit}))
    return found


_GONE = frozenset({"not_for_sale", "sold_out", *BARS})


def _buyable(rows: list[CartRow]) -> list[CartRow]:
    """The lines that can be ordered, apart perhaps from their quantity."""
    return [row for row in rows if not any(problem.code in _GONE for problem in row.problems)]


def _page(rows: list[CartRow], coupon: Discount | None = None) -> CartPage:
    buyable = _buyable(rows)
    by_package = {row.offer.package_id: row for row in buyable}
    shares = {} if coupon is None else coupon.shares
    priced = [
        replace(row.offer.priced(row.quantity), discount=shares.get(row.offer.package_id))
        for row in buyable
    ]
    total = order_total(priced, COUNTRY, CURRENCY)
    parcels = []
    for parcel in total.parcels:
        own = tuple(by_package[line.line.package_id] for line in parcel.lines)
        maker = own[0].offer
        parcels.append(
            CartParcel(
                producer_id=maker.producer_id,
                producer_name=maker.producer_name,
                producer_slug=maker.producer_slug,
                rows=own,
                goods=parcel.goods,
                shipping=parcel.shipping,
            )
        )
    return CartPage(
        parcels=tuple(parcels),
        unavailable=tuple(row for row in rows if row not in buyable),
        total=total,
        delivery_problems=total.problems,
        coupon=coupon,
    )
