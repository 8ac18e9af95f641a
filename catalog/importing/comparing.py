"""What an import changes in a product, field by field: the values before and after, read with few statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Certificate, Package, Producer, Product, ProductAllergen, Translation

_PRODUCT = (
    "name",
    "subgroup_code",
    "summary",
    "description",
    "ingredients",
    "usage",
    "storage_note",
    "season",
    "storage_kind",
    "shelf_life_days",
    "hs6",
    "vat_class",
    "brand",
    "short_name",
    "warnings",
    "gpc_brick",
    "lead_time_days",
    "allergens_state",
    "source",
)
_PACKAGE = ("gtin", "net_content", "unit", "count", "price_minor", "vat_rate_bp", "abv")
RECOGNITION_FIELDS = ("stars", "score", "rating_year", "decision_number", "issued_on", "issuer")

Fields = dict[tuple[str, str], str]
"""(our name, which one of several: a SKU, a language, an allergen or the number of a recognition) → value."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field an import changes; `of` tells which one of several, values are as stored, "" for none."""

    field: str
    of: str
    old: str
    new: str


def snapshot(session: Session, product_ids: Collection[int]) -> dict[int, Fields]:
    """The fields of products an import can change, in five statements."""
    found: dict[int, Fields] = {}
    ids = sorted(product_ids)
    if not ids:
        return found
    columns = [getattr(Product, name) for name in _PRODUCT]
    query = select(Product.id, Producer.name.label("producer"), *columns).join(
        Producer, Producer.id == Product.producer_id
    )
    for row in session.execute(query.where(Product.id.in_(ids))):
        fields = found[row.id] = {(name, ""): _text(getattr(row, name)) for name in _PRODUCT}
        fields[("producer_name", "")] = row.producer
    _packages(session, ids, found)
    _recognitions(session, ids, found)
    allergens = select(
        ProductAllergen.product_id, ProductAllergen.code, ProductAllergen.containment
    ).where(ProductAllergen.product_id.in_(ids))
    for row in session.execute(allergens):
        found[row.product_id][("allergens", row.code)] = row.containment
    texts = select(
        Translation.entity_id, Translation.field, Translation.locale, Translation.text
    ).where(Translation.entity_kind == "product", Translation.entity_id.in_(ids))
    for row in session.execute(texts):
        found[row.entity_id][(row.field, row.locale)] = row.text
    return found


def _packages(session: Session, ids: list[int], found: dict[int, Fields]) -> None:
    columns = [getattr(Package, name) for name in _PACKAGE]
    query = select(Package.product_id, Package.sku, *columns).where(Package.product_id.in_(ids))
    for row in session.execute(query):
        for name in _PACKAGE:
            found[row.product_id][(name, row.sku)] = _text(getattr(row, name))


def _recognitions(session: Session, ids: list[int], found: dict[int, Fields]) -> None:
    columns = [getattr(Certificate, name) for name in RECOGNITION_FIELDS]
    query = (
        select(Certificate.product_id, *columns)
        .where(Certificate.product_id.in_(ids))
        .order_by(Certificate.id)
    )
    counted: dict[int, int] = {}
    for row in session.execute(query):
        number = counted[row.product_id] = counted.get(row.product_id, 0) + 1
        for name in RECOGNITION_FIELDS:
            of = str(number) if number > 1 else ""
            found[row.product_id][(name, of)] = _text(getattr(row, name))


def differences(before: Mapping[tuple[str, str], str], after: Fields) -> tuple[Change, ...]:
    """What differs, in the order of the fields; what is gone as well as what is new."""
    keys = [*after, *(key for key in before if key not in after)]
    return tuple(
        Change(name, of, before.get((name, of), ""), after.get((name, of), ""))
        for name, of in keys
        if before.get((name, of), "") != after.get((name, of), "")
    )


def _text(value: Any) -> str:
    return "" if value is None else str(value)
