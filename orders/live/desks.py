"""What producers and the office see of livestream sessions: plans, reasons against them, history, figures."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models import Package, Producer, Product
from core.money import Money
from orders.errors import LiveNotFound
from orders.live.checking import session_problems
from orders.models import (
    Coupon,
    CustomerOrder,
    LiveEvent,
    LiveItem,
    LiveSession,
    LiveText,
    OrderLine,
    SubOrder,
)
from orders.rules.live import LiveProblem, standing
from orders.settlement import GIVEN_UP

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class LiveRow:
    """A session in a list of a desk; `standing` is what it is at the moment asked."""

    live: LiveSession
    producer_name: str
    standing: str


@dataclass(frozen=True, slots=True)
class DeskItem:
    """A package of a session as its producer planned it, with its usual price."""

    item: LiveItem
    product_id: int
    name: str
    sku: str
    label: str
    price: Money
    retail: Money

    @property
    def left(self) -> int:
        """How many pieces the session still holds."""
        return self.item.set_aside - self.item.taken if self.item.is_open else 0


@dataclass(frozen=True, slots=True)
class Figures:
    """What a session sold: orders that stand, pieces, and the money for the goods after coupons."""

    orders: int
    pieces: int
    money: Money


@dataclass(frozen=True, slots=True)
class DeskPage:
    """Everything a desk shows of one session."""

    live: LiveSession
    producer_name: str
    standing: str
    items: tuple[DeskItem, ...]
    coupon: Coupon | None
    texts: tuple[LiveText, ...]
    problems: tuple[LiveProblem, ...]
    events: tuple[LiveEvent, ...]
    figures: Figures


@dataclass(frozen=True, slots=True)
class Choice:
    """A package a producer may put into a session."""

    package_id: int
    name: str
    sku: str
    label: str
    retail: Money


def list_sessions(
    session: Session, *, now: datetime, producer_ids: Collection[int] | None = None
) -> list[LiveRow]:
    """The sessions of some producers, or of all; the latest start first. One statement."""
    query = (
        select(LiveSession, Producer.name)
        .join(Producer, Producer.id == LiveSession.producer_id)
        .order_by(LiveSession.starts_at.desc(), LiveSession.id.desc())
        .limit(MOST_SHOWN)
        .execution_options(populate_existing=True)
    )
    if producer_ids is not None:
        query = query.where(LiveSession.producer_id.in_(sorted(producer_ids)))
    return [
        LiveRow(live, name, standing(live.state, live.starts_at, live.ends_at, now))
        for live, name in session.execute(query)
    ]


def find_session(session: Session, live_id: int) -> LiveSession:
    """The row; raises LiveNotFound."""
    found = session.get(LiveSession, live_id)
    if found is None:
        raise LiveNotFound(live_id=live_id)
    return found


def find_item(session: Session, live_id: int, package_id: int) -> LiveItem | None:
    """A package in a session, or None."""
    return session.scalar(
        select(LiveItem).where(LiveItem.session_id == live_id, LiveItem.package_id == package_id)
    )


def get_desk_page(session: Session, live_id: int, *, now: datetime) -> DeskPage:
    """One session with every reason against it while it is planned; raises LiveNotFound."""
    live = find_session(session, live_id)
    texts = session.scalars(
        select(LiveText).where(LiveText.session_id == live_id).order_by(LiveText.locale)
    ).all()
    events = session.scalars(
        select(LiveEvent).where(LiveEvent.session_id == live_id).order_by(LiveEvent.id.desc())
    ).all()
    is_planned = live.state == "planned"
    return DeskPage(
        live=live,
        producer_name=session.get_one(Producer, live.producer_id).name,
        standing=standing(live.state, live.starts_at, live.ends_at, now),
        items=_items(session, live_id),
        coupon=session.scalar(select(Coupon).where(Coupon.live_session_id == live_id)),
        texts=tuple(texts),
        problems=tuple(session_problems(session, live, now=now)) if is_planned else (),
        events=tuple(events),
        figures=sold_in(session, live_id),
    )


def sold_in(session: Session, live_id: int) -> Figures:
    """Orders, pieces and money of a session; what was cancelled, expired or rejected does not count."""
    orders, pieces, money = session.execute(
        select(
            func.count(CustomerOrder.id.distinct()),
            func.coalesce(func.sum(OrderLine.quantity), 0),
            func.coalesce(func.sum(OrderLine.line_minor - OrderLine.discount_minor), 0),
        )
        .select_from(OrderLine)
        .join(LiveItem, LiveItem.id == OrderLine.live_item_id)
        .join(SubOrder, SubOrder.id == OrderLine.sub_order_id)
        .join(CustomerOrder, CustomerOrder.id == SubOrder.order_id)
        .where(
            LiveItem.session_id == live_id,
            CustomerOrder.state.not_in(("cancelled", "expired")),
            SubOrder.state.not_in(GIVEN_UP),
        )
    ).one()
    return Figures(int(orders), int(pieces), Money(int(money), "VND"))


def list_choices(session: Session, producer_id: int) -> list[Choice]:
    """The packages of a producer that are sold, by name. One statement."""
    rows = session.execute(
        select(
            Package.id, Product.name, Package.sku, Package.label, Package.price_minor,
            Package.currency,
        )
        .join(Product, Product.id == Package.product_id)
        .where(Product.producer_id == producer_id, Package.active, Product.state != "withdrawn")
        .order_by(Product.name_key, Package.position, Package.id)
    )  # fmt: skip
    return [
        Choice(row.id, row.name, row.sku, row.label, Money(row.price_minor, row.currency))
        for row in rows
    ]


def _items(session: Session, live_id: int) -> tuple[DeskItem, ...]:
    rows = session.execute(
        select(LiveItem, Package, Product)
        .join(Package, Package.id == LiveItem.package_id)
        .join(Product, Product.id == Package.product_id)
        .where(LiveItem.session_id == live_id)
        .order_by(LiveItem.id)
        .execution_options(populate_existing=True)
    )
    return tuple(
        DeskItem(
            item=item,
            product_id=product.id,
            name=product.name,
            sku=package.sku,
            label=package.label,
            price=Money(item.price_minor, item.currency),
            retail=Money(package.price_minor, package.currency),
        )
        for item, package, product in rows
    )
