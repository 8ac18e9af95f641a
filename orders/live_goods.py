"""The goods set aside for livestreams: what is left of them now, taking some, handing them back.

What an open item holds is part of ``stock_item.reserved`` (``orders.stock``), so taking from it moves a
promise from the session to an order and leaves the shelf's numbers alone. Locks are taken in the order:
items by id, then stock by package id.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, exists, select, update
from sqlalchemy.orm import Session

from catalog.rules.price_in_shop import LivePrice
from core.db import UtcDateTime
from core.money import Money
from core.statements import FixedStatement
from orders.errors import InsufficientStock
from orders.models import LiveItem, LiveSession, StockItem
from orders.rules.live import SELLING

_item: Any = LiveItem.__table__
_live: Any = LiveSession.__table__
_stock: Any = StockItem.__table__

_PLACES = 8
"""A statement asks for so many packages or a multiple: one kind serves nearly every product page."""

NOW: ColumnElement[datetime] = bindparam("now", type_=UtcDateTime)


def running() -> ColumnElement[bool]:
    """The session sells at ``:now``: its papers were found complete and the clock says so."""
    return and_(_live.c.state.in_(sorted(SELLING)), _live.c.starts_at <= NOW, _live.c.ends_at > NOW)


@dataclass(frozen=True, slots=True)
class LiveOffer:
    """A package in a livestream that runs now: its price, what is left, where to watch, until when."""

    package_id: int
    price: LivePrice
    slug: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Shelf:
    """What can be sold of some packages now: from the open shelf, and from livestreams."""

    available: dict[int, int]
    live: dict[int, LiveOffer]

    @property
    def buyable(self) -> dict[int, int]:
        """How many of each can be bought at all, from whichever of the two has more."""
        return self.available | {
            package_id: max(offer.price.left, self.available.get(package_id, 0))
            for package_id, offer in self.live.items()
        }


def open_goods() -> ColumnElement[bool]:
    """The item's goods are promised to its session: neither ended nor cancelled nor not checked yet."""
    is_open: ColumnElement[bool] = _item.c.is_open.is_(True)
    return is_open


SESSION_ITEM = _item.join(_live, and_(_live.c.id == _item.c.session_id, running()))
"""Goods of the sessions that sell at ``:now``, for joining."""

PRICE_COLUMNS = (
    _item.c.id.label("live_item_id"),
    _item.c.price_minor.label("live_price_minor"),
    _item.c.currency.label("live_currency"),
    (_item.c.set_aside - _item.c.taken).label("live_left"),
)
"""What `read_price` reads."""


def of_package(package_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Join condition: the open goods of that package."""
    return and_(_item.c.package_id == package_id, open_goods())


CHEAPEST_LAST = _item.c.price_minor.desc()
"""Order by this: of two sessions with one package the cheaper price is read last, and so it holds."""


def read_price(row: Any) -> LivePrice | None:
    """The locked price in a row with `PRICE_COLUMNS`, None without one."""
    if row.live_item_id is None:
        return None
    price = Money(row.live_price_minor, row.live_currency)
    return LivePrice(row.live_item_id, price, row.live_left)


@cache
def _shelf(places: int) -> FixedStatement:
    """For so many packages: a list of open length would be written into the statement for every page."""
    asked = [bindparam(f"id_{place}", type_=BigInteger) for place in range(places)]
    return FixedStatement(
        select(
            _stock.c.package_id,
            (_stock.c.on_hand - _stock.c.reserved).label("available"),
            *PRICE_COLUMNS,
            _live.c.slug,
            _live.c.ends_at,
        )
        .select_from(_stock.outerjoin(SESSION_ITEM, of_package(_stock.c.package_id)))
        .where(_stock.c.package_id.in_(asked))
        .order_by(_stock.c.package_id, CHEAPEST_LAST)
    )


def look_at_shelf(session: Session, package_ids: Collection[int], *, now: datetime) -> Shelf:
    """What can be sold of the packages at that moment; those nobody counted are left out. One statement."""
    if not package_ids:
        return Shelf({}, {})
    shelf = Shelf({}, {})
    ids = sorted(set(package_ids))
    ids += ids[-1:] * (-len(ids) % _PLACES)
    numbered = {f"id_{place}": package_id for place, package_id in enumerate(ids)}
    for row in _shelf(len(ids)).rows(session, **numbered, now=now):
        shelf.available[row.package_id] = row.available
        price = read_price(row)
        if price is not None:
            shelf.live[row.package_id] = LiveOffer(row.package_id, price, row.slug, row.ends_at)
    return shelf


def take(session: Session, wanted: Mapping[int, tuple[int, int]], *, now: datetime) -> None:
    """Take goods of livestreams for one order, all or nothing, by item: (package id, how many).

    Raises InsufficientStock for the first item that has too few, or whose session does not sell (any
    more); the caller then rolls back.
    """
    for item_id in sorted(wanted):
        package_id, quantity = wanted[item_id]
        sells = exists().where(_live.c.id == _item.c.session_id, running())
        taken = session.scalar(
            update(_item)
            .where(
                _item.c.id == item_id,
                open_goods(),
                _item.c.set_aside - _item.c.taken >= quantity,
                sells,
            )
            .values(taken=_item.c.taken + quantity)
            .returning(_item.c.id),
            {"now": now},
        )
        if taken is None:
            offer = look_at_shelf(session, [package_id], now=now).live.get(package_id)
            left = 0 if offer is None else offer.price.left
            raise InsufficientStock(package_id=package_id, asked=quantity, available=left)


def hand_back(session: Session, returned: Mapping[int, int]) -> dict[int, int]:
    """Put goods of given-up orders back into their sessions, as far as these are still open.

    Returns the items that took theirs back, with their sessions; the goods of the others belong on
    the shelf.
    """
    kept: dict[int, int] = {}
    for item_id in sorted(returned):
        session_id = session.scalar(
            update(_item)
            .where(_item.c.id == item_id, open_goods())
            .values(taken=_item.c.taken - returned[item_id])
            .returning(_item.c.session_id)
        )
        if session_id is not None:
            kept[item_id] = session_id
    return kept
