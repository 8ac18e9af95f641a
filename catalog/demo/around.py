"""Illustrative places, gift sets and terms of a visit for the demonstration."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.gift_sets import GiftSetFacts, keep_gift_set, show_gift_set, write_gift_set_texts
from catalog.models import GiftSet, Package, Place, Producer, Product, VisitTerms
from catalog.places import PlaceFacts, keep_place, show_place, write_place_texts
from catalog.visits import TermsFacts, set_visit_terms
from core.actor import Actor
from i18n.locales import LOCALES

_FILE = Path(__file__).parent / "data" / "around.json"
Entry = Mapping[str, Any]


def load_around(
    session: Session, *, actor: Actor, now: datetime, progress: Callable[[int, int], None]
) -> None:
    """Enter what is not there yet, known by its Vietnamese name; what a person changed stays."""
    data = json.loads(_FILE.read_text(encoding="utf-8"))
    known = {*session.scalars(select(Place.name)), *session.scalars(select(GiftSet.name))}
    makers = _ids(session, Producer, Producer.code)
    goods = _ids(session, Product, Product.code)
    packages = _ids(session, Package, Package.sku)
    entered = set(session.scalars(select(VisitTerms.product_id)))
    for entry in data["places"]:
        if entry["vi"]["name"] not in known:
            _place(session, entry, makers, goods, actor, now)
    for entry in data["visits"]:
        if goods[entry["product"]] not in entered:
            _visit(session, entry, goods[entry["product"]], actor, now)
    for entry in data["sets"]:
        if entry["vi"]["name"] not in known:
            _gift_set(session, entry, makers, packages, actor, now)
    done = sum(len(listed) for listed in data.values())
    progress(done, done)


def _ids(session: Session, table: Any, code: Any) -> dict[str, int]:
    rows = session.execute(select(code, table.id)).all()
    return {row[0]: row[1] for row in rows}


def _place(  # noqa: PLR0913, PLR0917 - ids by code, looked up once for all
    session: Session,
    entry: Entry,
    makers: Mapping[str, int],
    goods: Mapping[str, int],
    actor: Actor,
    now: datetime,
) -> None:
    facts = PlaceFacts(
        **entry["vi"],
        province_code=entry["province"],
        commune=entry["commune"],
        scene=entry["scene"],
        product_ids=[goods[code] for code in entry["products"]],
        producer_ids=[makers[code] for code in entry["producers"]],
    )
    place = keep_place(session, None, facts, actor=actor, now=now, is_illustrative=True)
    for locale in _told(entry):
        write_place_texts(session, place.id, locale, entry[locale], actor=actor, now=now)
    show_place(session, place.id, published=True, actor=actor, now=now)


def _visit(session: Session, entry: Entry, product_id: int, actor: Actor, now: datetime) -> None:
    facts = TermsFacts(
        least_people=entry["least"],
        most_people=entry["most"],
        months=entry["months"],
        languages=entry["languages"],
        meeting_place=entry["vi"],
        elsewhere={locale: entry[locale] for locale in _told(entry)},
    )
    set_visit_terms(session, product_id, facts, actor=actor, now=now)


def _gift_set(  # noqa: PLR0913, PLR0917 - ids by code, looked up once for all
    session: Session,
    entry: Entry,
    makers: Mapping[str, int],
    packages: Mapping[str, int],
    actor: Actor,
    now: datetime,
) -> None:
    owner = makers[entry["producer"]] if entry["producer"] else None
    doing = {"producer_id": owner, "actor": actor, "now": now}
    parts = [(packages[sku], number) for sku, number in entry["parts"]]
    facts = GiftSetFacts(**entry["vi"], parts=parts)
    kept = keep_gift_set(session, None, facts, is_illustrative=True, **doing)  # type: ignore[arg-type]
    for locale in _told(entry):
        write_gift_set_texts(session, kept.id, locale, entry[locale], **doing)  # type: ignore[arg-type]
    show_gift_set(session, kept.id, published=True, **doing)  # type: ignore[arg-type]


def _told(entry: Entry) -> list[str]:
    """The languages other than Vietnamese in which it is told."""
    return [locale for locale in LOCALES if locale != "vi" and locale in entry]
