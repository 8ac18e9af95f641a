"""Lots of goods and what happened to them, for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from catalog.lots.recording import Flow, NewEvent, NewLot, Recorded, create_lot, record_event
from catalog.models import Lot, Package
from core import clock
from core.actor import Actor
from tests.factories.catalog import make_package, make_product

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = max(date(2026, 11, 22), clock.today())
"""Goods of web tests are made relative to the real day, so these are written down on it at the earliest."""
TESTER = Actor.system("test")
GTIN = "8938500001239"


def make_gtin_package(session: Session, gtin: str = GTIN, **values: Any) -> Package:
    """A bottle of 500 ml with a true GTIN, of a published product with no stars."""
    product = make_product(session, packages=0, **values)
    return make_package(session, product, gtin=gtin)


def make_lot(session: Session, package: Package, number: str = "NM2605A", **values: Any) -> Lot:
    """200 bottles made on 1 May 2026, to be sold until 21 April 2028."""
    new = {"package_id": package.id, "number": number, "produced_on": date(2026, 5, 1), **values}
    new.setdefault("quantity", Decimal(200))
    return create_lot(
        session, package.product.producer_id, NewLot(**new), actor=TESTER, on=TODAY, now=NOW
    )


def make_material(
    session: Session, producer_id: int, material: str = "Cá cơm tươi", **values: Any
) -> Lot:
    """200 kg of fresh anchovies landed on 1 March 2026."""
    new = {
        "material": material,
        "quantity": Decimal(200),
        "unit": "kg",
        "produced_on": date(2026, 3, 1),
        "place": "Cửa biển Rạch Gốc",
        **values,
    }
    return create_lot(session, producer_id, NewLot(**new), actor=TESTER, on=TODAY, now=NOW)


def happened(
    session: Session,
    producer_id: int,
    kind: str,
    *,
    inputs: tuple[tuple[Lot, int], ...] = (),
    outputs: tuple[tuple[Lot, int], ...] = (),
    at: datetime = NOW,
    **values: Any,
) -> Recorded:
    """Record an event; quantities are in the unit of each lot."""
    event = NewEvent(
        kind,
        at,
        inputs=tuple(Flow(lot.id, Decimal(n), lot.unit) for lot, n in inputs),
        outputs=tuple(Flow(lot.id, Decimal(n), lot.unit) for lot, n in outputs),
        **values,
    )
    return record_event(session, producer_id, event, actor=TESTER, on=TODAY, now=NOW)
