"""The illustrative full record of some demonstration products: what a complete page looks like."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Offer, Product
from catalog.price_list_offers import set_offer
from catalog.price_lists import wholesale_list
from catalog.products import set_package, update_product
from catalog.record import (
    AreaCode,
    read_ingredients,
    set_growing_areas,
    set_ingredients,
    set_nutrition,
)
from catalog.rules.identifiers import internal_gtin
from catalog.rules.nutrition import NUTRIENTS, Nutrition
from catalog.rules.packaging import Wrapping
from catalog.rules.pricing import Tier
from catalog.wrapping import set_levels
from core.actor import Actor

_FILE = Path(__file__).parent / "data" / "record.json"
WHOLESALE_SINCE = date(2026, 10, 1)
_EXACT = ("storage_min_c", "storage_max_c", "capacity_per_month")


def read_records() -> dict[str, dict[str, Any]]:
    """The records by the code of their product."""
    records: dict[str, dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return records


def load_records(
    session: Session,
    *,
    actor: Actor,
    on: date,
    now: datetime,
    progress: Callable[[int, int], None],
) -> None:
    """Add what the catalogue file has no columns for; a second run changes nothing."""
    records = read_records()
    products = {
        product.code: product
        for product in session.scalars(select(Product).where(Product.code.in_(records)))
    }
    for number, (code, record) in enumerate(records.items(), start=1):
        if code in products:
            _load(session, products[code], record, actor=actor, on=on, now=now)
        progress(number, len(records))


def _load(
    session: Session,
    product: Product,
    record: dict[str, Any],
    *,
    actor: Actor,
    on: date,
    now: datetime,
) -> None:
    if record.get("ingredients") and product.ingredients:
        listed = read_ingredients(product.ingredients)
        set_ingredients(session, product.id, listed, actor=actor, on=on, now=now)
    if "nutrition" in record:
        facts = record["nutrition"]
        amounts = {name: Decimal(facts[name]) for name in NUTRIENTS if name in facts}
        declared = Nutrition(facts["basis"], **amounts)
        set_nutrition(
            session, product.id, declared, source="calculated", actor=actor, on=on, now=now
        )
    if "trade" in record:
        values = dict(record["trade"])
        values |= {name: Decimal(values[name]) for name in _EXACT if name in values}
        if "season_months" in values:
            values["season_months"] = tuple(sorted(values["season_months"]))
        update_product(session, product.id, values, actor=actor, on=on, now=now)
    areas = [AreaCode(code, market, kind) for kind, code, market in record.get("areas", ())]
    if areas:
        set_growing_areas(session, product.id, areas, actor=actor, on=on, now=now)
    package = product.packages[0]
    if "package" in record:
        set_package(
            session, product.id, package.sku, record["package"], actor=actor, on=on, now=now
        )
    if "levels" in record:
        levels = [_wrapping(*level) for level in record["levels"]]
        set_levels(session, package.id, levels, actor=actor, on=on, now=now)
    if "wholesale" in record:
        _load_offer(session, product, record["wholesale"], actor=actor, now=now)


def _wrapping(
    level: str, quantity: int, number: int, gross: int, sides: list[int], layers: int | None
) -> Wrapping:
    length, width, height = sides
    return Wrapping(level, quantity, internal_gtin(number), gross, length, width, height, layers)


def _load_offer(
    session: Session, product: Product, terms: dict[str, Any], *, actor: Actor, now: datetime
) -> None:
    package = product.packages[0]
    if session.scalar(select(Offer.id).where(Offer.package_id == package.id).limit(1)):
        return
    listed = wholesale_list(
        session, product.producer_id, name="Giá sỉ (minh họa)", actor=actor, now=now
    )
    set_offer(
        session,
        listed.id,
        package.id,
        tiers=[Tier(quantity, price) for quantity, price in terms["tiers"]],
        valid_from=WHOLESALE_SINCE,
        min_order=terms["min_order"],
        order_multiple=terms["order_multiple"],
        actor=actor,
        now=now,
    )
