"""Retail prices of the demonstration for destinations abroad: a few goods in yen, euro and won."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Package, Product
from catalog.price_list_offers import set_offer
from catalog.price_lists import create_price_list, list_in_force
from catalog.rules.pricing import Tier
from core.actor import Actor

_DATA = Path(__file__).parent / "data"
SINCE = date(2026, 10, 1)


def load_prices_abroad(
    session: Session, *, actor: Actor, now: datetime, progress: Callable[[int, int], None]
) -> None:
    """Open each maker's list in that money and put its goods on it; what is there already stays."""
    with (_DATA / "abroad.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    packages = {
        sku: (package_id, producer_id)
        for sku, package_id, producer_id in session.execute(
            select(Package.sku, Package.id, Product.producer_id).join(Product)
        )
    }
    for number, row in enumerate(rows, start=1):
        package_id, producer_id = packages[row["sku"]]
        set_offer(
            session,
            _list_of(session, producer_id, row["currency"], actor, now),
            package_id,
            tiers=[Tier(1, int(row["price_minor"]))],
            valid_from=SINCE,
            actor=actor,
            now=now,
        )
        progress(number, len(rows))


def _list_of(session: Session, producer_id: int, currency: str, actor: Actor, now: datetime) -> int:
    found = list_in_force(session, producer_id, kind="retail", currency=currency)
    if found is None:
        found = create_price_list(
            session,
            producer_id,
            f"demo-retail-{producer_id}-{currency.lower()}",
            name=f"Giá lẻ minh họa ({currency})",
            kind="retail",
            currency=currency,
            actor=actor,
            now=now,
        )
    return found.id
