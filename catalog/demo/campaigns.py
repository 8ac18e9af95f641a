"""An illustrative event with two booths, a collection, two articles, a request and an offer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Article, Collection, Package, Product, SupplyRequest, TradeEvent
from catalog.programme import articles, collections, events, joining, supply
from catalog.translating import set_translation
from core.actor import Actor
from core.clock import vietnam_date

_DATA = Path(__file__).parent / "data" / "campaigns.json"
BEGINS_IN, LASTS, SIGN_UP_FOR = 12, 2, 9
"""Days from the loading to the first day, from there to the last, and for signing up."""
NEEDED_IN, NEEDED_FOR = 20, 60


def load_campaigns(session: Session, *, actor: Actor, now: datetime) -> int:
    """Load what is missing; returns how many things were made. A second run makes nothing."""
    told = json.loads(_DATA.read_text(encoding="utf-8"))
    on = vietnam_date(now)
    goods = _goods(session)
    made = 0
    if not session.scalar(select(TradeEvent.id).where(TradeEvent.is_illustrative).limit(1)):
        event = _load_event(session, told["event"], goods, actor, on, now)
        _load_supply(session, told, goods, event, actor, on, now)
        made += 1
    if not session.scalar(select(Collection.id).where(Collection.is_illustrative).limit(1)):
        _load_collection(session, told["collection"], goods, actor, now)
        made += 1
    if not session.scalar(select(Article.id).where(Article.is_illustrative).limit(1)):
        for one in told["articles"]:
            _load_article(session, one, actor, on, now)
            made += 1
    return made


def _goods(session: Session) -> Mapping[str, tuple[int, str, int]]:
    """Number, slug and maker of each demonstration product by the SKU of its package."""
    rows = session.execute(
        select(Package.sku, Product.id, Product.slug, Product.producer_id)
        .join(Product, Product.id == Package.product_id)
        .where(Product.is_illustrative)
    )
    return {row.sku: (row.id, row.slug, row.producer_id) for row in rows}


def _load_event(
    session: Session,
    told: Mapping[str, Any],
    goods: Mapping[str, tuple[int, str, int]],
    actor: Actor,
    on: date,
    now: datetime,
) -> TradeEvent:
    first = on + timedelta(days=BEGINS_IN)
    plain = ("kind", "organiser", "province_code", "commune", "address")
    values = {
        **{name: told[name] for name in plain},
        "name": told["name"]["vi"],
        "description": told["description"]["vi"],
        "starts_on": first,
        "ends_on": first + timedelta(days=LASTS),
        "sign_up_until": on + timedelta(days=SIGN_UP_FOR),
        "is_illustrative": True,
    }
    event = events.create_event(session, values, actor=actor, now=now)
    _translate(session, "trade_event", event.id, told, ("name", "description"), actor, now)
    events.move_event(session, event.id, "announce", actor=actor, now=now)
    for place in told["booths"]:
        shown = [goods[sku] for sku in place["skus"] if sku in goods]
        booth = events.add_booth(session, event.id, place["number"], actor=actor, now=now)
        if not shown:
            continue
        maker = shown[0][2]
        row = joining.sign_up(session, event.id, maker, actor=actor, on=on, now=now)
        events.accept(session, row.id, booth_id=booth.id, actor=actor, now=now)
        own = [number for number, _slug, _maker in shown]
        joining.show_products(session, row.id, own, actor=actor, now=now)
    return event


def _load_supply(
    session: Session,
    told: Mapping[str, Any],
    goods: Mapping[str, tuple[int, str, int]],
    event: TradeEvent,
    actor: Actor,
    on: date,
    now: datetime,
) -> None:
    if session.scalar(select(SupplyRequest.id).limit(1)):
        return
    first = on + timedelta(days=NEEDED_IN)
    last = first + timedelta(days=NEEDED_FOR)
    wanted = {
        **told["request"],
        "quantity": Decimal(told["request"]["quantity"]),
        "needed_from": first,
        "needed_to": last,
        "event_id": event.id,
        "is_illustrative": True,
    }
    supply.create_request(session, wanted, actor=actor, now=now)
    offer = told["offer"]
    if offer["sku"] in goods:
        values = {
            "quantity": Decimal(offer["quantity"]),
            "unit": offer["unit"],
            "ready_from": on,
            "ready_to": last,
            "is_illustrative": True,
        }
        supply.create_offer(session, goods[offer["sku"]][0], values, actor=actor, now=now)


def _load_collection(
    session: Session,
    told: Mapping[str, Any],
    goods: Mapping[str, tuple[int, str, int]],
    actor: Actor,
    now: datetime,
) -> None:
    values = {
        "name": told["name"]["vi"],
        "description": told["description"]["vi"],
        "months": tuple(told["months"]),
        "is_illustrative": True,
    }
    row = collections.create_collection(session, values, actor=actor, now=now)
    _translate(session, "collection", row.id, told, ("name", "description"), actor, now)
    slugs = [goods[sku][1] for sku in told["skus"] if sku in goods]
    collections.choose_products(session, row.id, slugs, actor=actor, now=now)
    collections.move_collection(session, row.id, "publish", actor=actor, now=now)


def _load_article(
    session: Session, told: Mapping[str, Any], actor: Actor, on: date, now: datetime
) -> None:
    texts = ("name", "summary", "body")
    values = {
        **{name: told[name]["vi"] for name in texts},
        "kind": told["kind"],
        "is_illustrative": True,
    }
    row = articles.create_article(session, values, actor=actor, now=now)
    _translate(session, "article", row.id, told, texts, actor, now)
    day = on - timedelta(days=int(told["days_ago"]))
    articles.move_article(session, row.id, "publish", actor=actor, on=day, now=now)


def _translate(
    session: Session,
    kind: str,
    number: int,
    told: Mapping[str, Any],
    fields: tuple[str, ...],
    actor: Actor,
    now: datetime,
) -> None:
    for field in fields:
        for locale, text in told[field].items():
            if locale != "vi":
                set_translation(
                    session,
                    entity_kind=kind,
                    entity_id=number,
                    field=field,
                    locale=locale,
                    text=text,
                    status="reviewed",
                    actor=actor,
                    now=now,
                )
