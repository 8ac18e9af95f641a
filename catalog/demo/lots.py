"""Illustrative lots with their story, so that codes on demonstration labels lead somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.lots.recording import Flow, NewEvent, NewLot, create_lot, record_event
from catalog.models import Lot, Package, Product
from core.actor import Actor
from core.clock import VIETNAM, vietnam_date


@dataclass(frozen=True, slots=True)
class _Story:
    """Goods of one SKU: what they were made of, where, and how many packages came of it."""

    sku: str
    beginning: str
    material: str
    amount: int
    unit: str
    place: str
    packages: int
    days_before: int
    days_between: int


_STORIES = (
    _Story("DEMO-001", "harvest", "Muối thô", 900, "kg", "Đồng muối Long Điền", 800, 45, 6),
    _Story("DEMO-007", "catch", "Tôm đất tươi", 400, "kg", "Bến Năm Căn", 300, 40, 3),
    _Story("DEMO-027", "harvest", "Mật ong thô", 260, "l", "Rừng tràm U Minh Hạ", 500, 60, 10),
    _Story("DEMO-074", "catch", "Cá cơm tươi", 2400, "kg", "Cảng An Thới", 900, 420, 390),
)


def load_lots(session: Session, *, actor: Actor, now: datetime) -> int:
    """Write the stories down for demonstration goods that have no lot yet; returns how many lots."""
    on = vietnam_date(now)
    made = 0
    for story in _STORIES:
        row = session.execute(
            select(Package.id, Product.producer_id)
            .join(Product)
            .where(Package.sku == story.sku, Product.is_illustrative)
        ).one_or_none()
        if row is None or session.scalar(select(Lot.id).where(Lot.package_id == row.id)):
            continue
        _tell(session, story, row.id, row.producer_id, actor, on, now)
        made += 2
    return made


def _tell(
    session: Session,
    story: _Story,
    package_id: int,
    producer_id: int,
    actor: Actor,
    on: date,
    now: datetime,
) -> None:
    begun = on - timedelta(days=story.days_before)
    packed = begun + timedelta(days=story.days_between)
    raw = create_lot(
        session,
        producer_id,
        NewLot(
            Decimal(story.amount),
            story.unit,
            material=story.material,
            produced_on=begun,
            place=story.place,
            is_illustrative=True,
        ),
        actor=actor,
        on=on,
        now=now,
    )
    goods = create_lot(
        session,
        producer_id,
        NewLot(
            Decimal(story.packages),
            package_id=package_id,
            produced_on=packed,
            place=story.place,
            is_illustrative=True,
        ),
        actor=actor,
        on=on,
        now=now,
    )
    into, out = Flow(raw.id, raw.quantity, raw.unit), Flow(goods.id, goods.quantity, goods.unit)
    for event in (
        NewEvent(
            story.beginning, _noon(begun), outputs=(into,), place=story.place, is_illustrative=True
        ),
        NewEvent("pack", _noon(packed), (into,), (out,), place=story.place, is_illustrative=True),
    ):
        record_event(session, producer_id, event, actor=actor, on=on, now=now)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), VIETNAM)
