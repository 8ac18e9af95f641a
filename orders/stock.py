"""The only code that writes stock: promises, sales, releases, and counting the shelf.

A promise is one conditional UPDATE per package in the order of ids, demand summed before: the only pattern
that neither oversells nor deadlocks on both engines (measured, payments.md 3.5).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session

from catalog.models import Package, Product
from core import audit
from core.actor import Actor
from core.bits import NumberSet
from core.facts import Newest, announce, newest_fact
from core.people.permissions import require
from orders import live_goods
from orders.errors import InsufficientStock, PackageNotFound, StockBelowPromises
from orders.models import Reservation, StockItem
from orders.rules.states import ReservationState

_stock: Any = StockItem.__table__
_reservation: Any = Reservation.__table__


def available(session: Session, package_ids: Collection[int]) -> dict[int, int]:
    """How many of each package can still be promised; packages nobody counted are left out."""
    if not package_ids:
        return {}
    rows = session.execute(
        select(StockItem.package_id, StockItem.on_hand - StockItem.reserved).where(
            StockItem.package_id.in_(sorted(set(package_ids)))
        )
    )
    return {row[0]: row[1] for row in rows}


_IN_STOCK: WeakKeyDictionary[Engine, tuple[int, NumberSet]] = WeakKeyDictionary()


def in_stock(session: Session, newest: Newest | None = None) -> NumberSet:
    """The packages of which one at least can be promised; the same object while no fact is announced.

    Whatever changes what can be promised announces a fact in its own transaction. One statement after
    a new fact; who has not asked for the newest one yet leaves that to one statement more.
    """
    bind = session.get_bind()
    if newest is None:
        newest = newest_fact(session)
    if isinstance(bind, Engine) and newest.is_settled:
        known = _IN_STOCK.get(bind)
        if known is not None and known[0] == newest.fact_id:
            return known[1]
    found = NumberSet(session.scalars(_PROMISED).yield_per(1_000))
    if isinstance(bind, Engine):
        before = _IN_STOCK.get(bind)
        if before is not None and before[1] == found:
            found = before[1]
        if newest.is_settled:
            _IN_STOCK[bind] = newest.fact_id, found
    return found


_PROMISED = select(StockItem.package_id).where(StockItem.on_hand > StockItem.reserved)


def summed(lines: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The demand per package over a whole basket, from (package id, quantity)."""
    demand: dict[int, int] = {}
    for package_id, quantity in lines:
        demand[package_id] = demand.get(package_id, 0) + quantity
    return demand


def reserve(session: Session, demand: Mapping[int, int]) -> None:
    """Promise so many of each package, all or nothing; the transaction's first writing statements.

    Raises InsufficientStock for the first package that has too few; the caller then rolls back.
    """
    for package_id in sorted(demand):
        wanted = demand[package_id]
        if wanted <= 0:
            raise ValueError("a promise is for at least one")
        promised = session.scalar(
            update(_stock)
            .where(
                _stock.c.package_id == package_id, _stock.c.on_hand - _stock.c.reserved >= wanted
            )
            .values(reserved=_stock.c.reserved + wanted)
            .returning(_stock.c.package_id)
        )
        if promised is None:
            left = available(session, [package_id]).get(package_id, 0)
            raise InsufficientStock(package_id=package_id, asked=wanted, available=left)


def give_back(session: Session, promised: Mapping[int, int]) -> None:
    """Take back promises of so many of each package: the goods may be promised to others again."""
    for package_id in sorted(promised):
        if promised[package_id] > 0:
            session.execute(
                update(_stock)
                .where(_stock.c.package_id == package_id)
                .values(reserved=_stock.c.reserved - promised[package_id])
            )
            announce(session, "stock.changed", package_id=package_id)


def write_promises(
    session: Session,
    order_id: int,
    demand: Mapping[int, int],
    *,
    now: datetime,
    expires_at: datetime | None,
    live_items: Mapping[int, int] | None = None,
) -> None:
    """Note for whom ``reserve`` promised, and until when (None: until somebody decides).

    `live_items` names, by package, the goods of a livestream that a promise was taken from.
    """
    from_live = live_items or {}
    session.execute(
        insert(_reservation),
        [
            {
                "order_id": order_id,
                "package_id": package_id,
                "quantity": quantity,
                "live_item_id": from_live.get(package_id),
                "state": ReservationState.HELD.value,
                "expires_at": expires_at,
                "created_at": now,
                "changed_at": now,
            }
            for package_id, quantity in sorted(demand.items())
        ],
    )


def commit(
    session: Session, order_id: int, *, now: datetime, package_ids: Collection[int] | None = None
) -> int:
    """Turn an order's promises into sales: the goods leave the shelf. Returns how many packages."""
    taken = _settle(session, [order_id], ReservationState.COMMITTED, now, package_ids)
    for package_id in sorted(taken):
        session.execute(
            update(_stock)
            .where(_stock.c.package_id == package_id)
            .values(
                on_hand=_stock.c.on_hand - taken[package_id],
                reserved=_stock.c.reserved - taken[package_id],
            )
        )
    return len(taken)


def release(
    session: Session,
    order_ids: Collection[int],
    *,
    now: datetime,
    package_ids: Collection[int] | None = None,
) -> int:
    """Give the promises of orders back: to the livestream they came from while it is open, else to the shelf.

    Returns how many packages.
    """
    ended = _end_promises(session, order_ids, ReservationState.RELEASED, now, package_ids)
    from_live = summed(
        (row.live_item_id, row.quantity) for row in ended if row.live_item_id is not None
    )
    kept = live_goods.hand_back(session, from_live)
    given = summed((row.package_id, row.quantity) for row in ended if row.live_item_id not in kept)
    give_back(session, given)
    if kept:
        announce(session, "live.changed", session_ids=sorted(set(kept.values())))
    return len({row.package_id for row in ended})


def take_back(
    session: Session, order_id: int, *, now: datetime, package_ids: Collection[int] | None = None
) -> int:
    """Put goods that were sold but never sent back on the shelf. Returns how many packages."""
    returned = _settle(
        session,
        [order_id],
        ReservationState.RELEASED,
        now,
        package_ids,
        begun=ReservationState.COMMITTED,
    )
    for package_id in sorted(returned):
        session.execute(
            update(_stock)
            .where(_stock.c.package_id == package_id)
            .values(on_hand=_stock.c.on_hand + returned[package_id])
        )
        announce(session, "stock.changed", package_id=package_id)
    return len(returned)


def extend(session: Session, order_id: int, *, expires_at: datetime | None, now: datetime) -> None:
    """Let an order's promises stand until another moment."""
    session.execute(
        update(_reservation)
        .where(
            _reservation.c.order_id == order_id,
            _reservation.c.state == ReservationState.HELD.value,
        )
        .values(expires_at=expires_at, changed_at=now)
    )


def held(session: Session, order_id: int) -> dict[int, int]:
    """What is promised to an order now, by package."""
    rows = session.execute(
        select(Reservation.package_id, Reservation.quantity).where(
            Reservation.order_id == order_id,
            Reservation.state == ReservationState.HELD.value,
        )
    )
    return {row[0]: row[1] for row in rows}


def set_on_hand(
    session: Session, package_id: int, on_hand: int, *, actor: Actor, now: datetime
) -> None:
    """Set what was counted on the shelf, promised goods included.

    Raises PackageNotFound, StockBelowPromises when less was counted than is promised, NotAllowed.
    """
    producer_id = session.scalar(
        select(Product.producer_id).join(Package).where(Package.id == package_id)
    )
    if producer_id is None:
        raise PackageNotFound(package_id=package_id)
    require(actor, "stock.manage", producer_id=producer_id)
    if on_hand < 0:
        raise StockBelowPromises(package_id=package_id, on_hand=on_hand, reserved=0)
    before = _count(session, package_id, on_hand)
    audit.record(
        session,
        actor,
        "stock.counted",
        subject=f"package:{package_id}",
        now=now,
        before=before,
        after=on_hand,
    )
    announce(session, "stock.changed", package_id=package_id)


def take_off(
    session: Session, package_id: int, quantity: int, *, actor: Actor, now: datetime, why: str
) -> int:
    """Take goods that must not be sold off the shelf, as far as they are not promised; returns how many."""
    row = session.execute(
        select(_stock.c.on_hand, _stock.c.reserved)
        .where(_stock.c.package_id == package_id)
        .with_for_update()
    ).one_or_none()
    taken = 0 if row is None else min(quantity, row.on_hand - row.reserved)
    if row is None or taken <= 0:
        return 0
    session.execute(
        update(_stock)
        .where(_stock.c.package_id == package_id)
        .values(on_hand=_stock.c.on_hand - taken)
    )
    audit.record(
        session, actor, "stock.taken_off", subject=f"package:{package_id}", now=now,
        before=row.on_hand, after=row.on_hand - taken, why=why,
    )  # fmt: skip
    announce(session, "stock.changed", package_id=package_id)
    return taken


def _count(session: Session, package_id: int, on_hand: int) -> int | None:
    """Write the count; returns the one before, None for a first count."""
    row = session.execute(
        select(_stock.c.on_hand, _stock.c.reserved)
        .where(_stock.c.package_id == package_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        session.execute(insert(_stock).values(package_id=package_id, on_hand=on_hand, reserved=0))
        return None
    if row.reserved > on_hand:
        raise StockBelowPromises(package_id=package_id, on_hand=on_hand, reserved=row.reserved)
    session.execute(update(_stock).where(_stock.c.package_id == package_id).values(on_hand=on_hand))
    return int(row.on_hand)


def _settle(
    session: Session,
    order_ids: Collection[int],
    state: ReservationState,
    now: datetime,
    package_ids: Collection[int] | None,
    *,
    begun: ReservationState = ReservationState.HELD,
) -> dict[int, int]:
    """End held (or sold) promises, once: what this call ended, summed per package."""
    ended = _end_promises(session, order_ids, state, now, package_ids, begun=begun)
    return summed((row.package_id, row.quantity) for row in ended)


def _end_promises(
    session: Session,
    order_ids: Collection[int],
    state: ReservationState,
    now: datetime,
    package_ids: Collection[int] | None,
    *,
    begun: ReservationState = ReservationState.HELD,
) -> Sequence[Any]:
    """The promises this call ended: package, quantity and the livestream's goods they came from."""
    which = [
        _reservation.c.order_id.in_(sorted(order_ids)),
        _reservation.c.state == begun.value,
    ]
    if package_ids is not None:
        which.append(_reservation.c.package_id.in_(sorted(package_ids)))
    changed = session.execute(
        update(_reservation)
        .where(*which)
        .values(state=state.value, changed_at=now)
        .returning(_reservation.c.package_id, _reservation.c.quantity, _reservation.c.live_item_id)
    )
    return changed.all()


def stock_demo(session: Session, *, actor: Actor, now: datetime) -> int:
    """Count a shelf for every illustrative package nobody has counted yet; returns how many."""
    uncounted = session.execute(
        select(Package.id, Package.sku)
        .join(Product)
        .outerjoin(StockItem, StockItem.package_id == Package.id)
        .where(Product.is_illustrative, StockItem.package_id.is_(None))
        .order_by(Package.id)
    ).all()
    for package_id, sku in uncounted:
        spread = int.from_bytes(sha256(sku.encode()).digest()[:2], "big")
        set_on_hand(session, package_id, 12 + spread % 60, actor=actor, now=now)
    return len(uncounted)
