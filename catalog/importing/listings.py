"""A row of a catalogue: a whole listing with package, price, shelf life, allergens, translations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.certificates import record_unverified
from catalog.importing.columns import translation_columns
from catalog.importing.parsing import (
    NetContent,
    ShelfLife,
    parse_allergens,
    parse_net_content,
    parse_price,
    parse_shelf_life,
)
from catalog.importing.rows import Row
from catalog.models import Certificate, Producer, Product
from catalog.producers import create_producer
from catalog.products import create_product, set_allergens, set_package, update_product
from catalog.reference import SUBGROUPS, Province, former_unit
from catalog.rules.identifiers import is_valid_gtin
from catalog.translating import set_translation
from core.actor import Actor
from i18n.text import nfc, slugify

_LONGEST_NUMBER = 9

VAT_RATES_BP = {"N": 0, "N/5": 0, "S": 0, "5": 500, "8": 800, "X": 1000}
"""Basis points for a sale by the maker: raw farm goods and salt none, excise goods the full 10 %."""

_PACKSHOT_BY_SUBGROUP = {
    "F01": "fresh",
    "F02": "fish",
    "F03": "rice",
    "F04": "honey",
    "F06": "noodle",
    "F07": "bag",
    "F08": "fish",
    "F09": "bottle",
    "F10": "salt",
    "F11": "tea",
    "F12": "tea",
    "F13": "coffee",
    "D01": "spirit",
    "D02": "spirit",
    "D03": "bottle",
    "D04": "bottle",
    "H03": "oil",
    "C01": "craft",
    "C02": "textile",
    "S01": "plant",
    "S02": "plant",
    "S03": "plant",
    "T01": "tour",
}


def named_number(code: str) -> str:
    """The code of a listing that is only numbered ("7" is demo-007); other codes as they are."""
    is_number = code.isascii() and code.isdigit() and len(code) <= _LONGEST_NUMBER
    return f"demo-{int(code):03d}" if is_number else code


def store_listing_row(session: Session, row: Row, *, actor: Actor, on: date, now: datetime) -> None:
    """Store one listing as a draft or bring it up to date; raises RowRejected with all problems.

    A file that names no producers gets one illustrative producer per place.
    """
    code = row.required("code", 80)
    code = code if "producer_code" in row.cells else named_number(code)
    product_values = _product_values(row)
    province = row.province()
    net = row.parsed("net_content", parse_net_content, "unreadable_net_content")
    price = row.parsed("price_vnd", parse_price, "unreadable_price")
    for name in ("net_content", "price_vnd"):
        row.required(name)
    if price is not None and price <= 0:
        row.refuse("price_vnd", "unreadable_price")
    shelf = row.parsed("shelf_life_storage", parse_shelf_life, "unreadable_shelf_life")
    shelf = shelf or ShelfLife(None, "ambient")
    allergens = row.parsed("allergens", parse_allergens, "unreadable_allergens")
    allergens = allergens or parse_allergens("")
    stars = row.stars()
    gtin = _gtin(row)
    row.finish()
    if province is None or net is None or price is None:
        raise ValueError("checked above")
    producer = _producer(session, row, province, actor=actor, now=now)
    product_values |= {
        "shelf_life_days": shelf.days,
        "storage_kind": shelf.storage_kind,
        "is_illustrative": producer.is_illustrative,
    }
    if allergens.note.startswith("season "):
        product_values["season"] = allergens.note.removeprefix("season ")
    product = session.scalar(select(Product).where(Product.code == code))
    if product is None:
        product = create_product(session, producer.id, code, product_values, actor=actor, now=now)
    elif product.producer_id != producer.id:
        row.refuse("code", "taken", producer=product.producer.name)
        row.finish()
    else:
        update_product(session, product.id, product_values, actor=actor, on=on, now=now)
    package_values = _package_values(row, net, price, gtin)
    sku = row.text("sku", 64) or code.upper()
    set_package(session, product.id, sku, package_values, actor=actor, on=on, now=now)
    set_allergens(
        session,
        product.id,
        state=allergens.state,
        contains=allergens.contains,
        may_contain=allergens.may_contain,
        actor=actor,
        on=on,
        now=now,
    )
    _store_translations(session, row, product, actor=actor, now=now)
    _store_stars(session, row, product, stars, actor=actor, now=now)


def _product_values(row: Row) -> dict[str, Any]:
    subgroup = (row.required("subgroup", 10)).upper()
    if subgroup and subgroup not in SUBGROUPS:
        row.refuse("subgroup", "unknown_subgroup", allowed=list(SUBGROUPS))
    values: dict[str, Any] = {
        "name": row.required("name"),
        "subgroup_code": subgroup,
        "hs6": row.text("hs6", 6),
        "vat_class": row.text("vat_class", 8),
        "packshot": row.text("packshot", 24) or _PACKSHOT_BY_SUBGROUP.get(subgroup, "box"),
    }
    for name in ("ingredients", "summary", "description", "usage", "storage_note", "season"):
        if name in row.cells:
            values[name] = row.text(name)
    if values["vat_class"] is not None and values["vat_class"] not in VAT_RATES_BP:
        row.refuse("vat_class", "unknown_kind", allowed=list(VAT_RATES_BP))
    return values


def _gtin(row: Row) -> str | None:
    gtin = row.text("gtin", 20)
    if gtin and not is_valid_gtin(gtin):
        row.refuse("gtin", "refused", why="check_digit")
    return gtin


def _package_values(row: Row, net: NetContent, price: int, gtin: str | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "net_content": net.amount,
        "unit": net.unit,
        "count": net.count,
        "label": net.label,
        "sold_by": net.sold_by,
        "abv": net.abv,
        "price_minor": price,
        "currency": "VND",
        "vat_rate_bp": VAT_RATES_BP[row.text("vat_class") or "8"],
    }
    if gtin:
        values["gtin"] = gtin
    return values


def _producer(
    session: Session, row: Row, province: Province, *, actor: Actor, now: datetime
) -> Producer:
    """The producer named by code or name, or an illustrative one for the place of the row."""
    name = row.text("producer_name", 300)
    commune = row.text("commune", 120)
    code = row.text("producer_code", 80)
    if code is None and name is None:
        place = commune or former_unit(row.text("province") or "") or province.names["vi"]
        name = f"Nhà cung cấp minh họa {place}"
    if code is None:
        code = f"cat:{province.code}:{slugify(name or '', longest=60)}"
    producer = session.scalar(select(Producer).where(Producer.code == nfc(code)))
    if producer is None and name is None:
        row.refuse("producer_code", "refused", why="no_such_producer")
        row.finish()
    if producer is not None:
        return producer
    values = {
        "name": name,
        "province_code": province.code,
        "commune": commune,
        "former_unit": former_unit(row.text("province") or ""),
        "is_illustrative": row.text("producer_name") is None,
    }
    return create_producer(session, code, values, actor=actor, now=now)


def _store_translations(
    session: Session, row: Row, product: Product, *, actor: Actor, now: datetime
) -> None:
    for column, field, locale in translation_columns(dict.fromkeys(row.cells, 0)):
        text = row.text(column)
        if text:
            set_translation(
                session,
                entity_kind="product",
                entity_id=product.id,
                field=field,
                locale=locale,
                text=text,
                status="reviewed",
                actor=actor,
                now=now,
            )


def _store_stars(
    session: Session,
    row: Row,
    product: Product,
    stars: int | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Stars without a decision are kept as an unverified certificate, once; they claim nothing."""
    if stars is None:
        return
    known = session.scalar(select(Certificate.id).where(Certificate.product_id == product.id))
    if known is None:
        record_unverified(
            session,
            product.id,
            stars=stars,
            rating_year=None,
            decision_number=None,
            issued_on=None,
            source=row.text("source_site"),
            actor=actor,
            now=now,
        )
