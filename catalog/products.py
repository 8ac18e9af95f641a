"""Entering and changing a product, its packages and its allergens."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.announcing import announce_once
from catalog.changing import refuse_stale, set_changed
from catalog.errors import CodeTaken, InvalidFields
from catalog.models import Package, Product, ProductAllergen
from catalog.models.product import STORAGE_KINDS
from catalog.producers import find_producer
from catalog.publishing import find_product, refresh_listings, refresh_price
from catalog.reference import ALLERGENS, SUBGROUPS
from catalog.rules.allergens import AllergenFacts, statement_mistakes
from catalog.rules.identifiers import is_restricted_circulation, is_valid_gtin
from catalog.slugs import free_slug
from core import audit
from core.actor import Actor
from core.money import EXPONENTS
from core.people.permissions import require

EDITABLE = (
    "name",
    "summary",
    "description",
    "ingredients",
    "usage",
    "storage_note",
    "subgroup_code",
    "packshot",
    "storage_kind",
    "shelf_life_days",
    "hs6",
    "vat_class",
    "season",
    "origin_country",
    "is_illustrative",
    "source",
)
PACKAGE_EDITABLE = (
    "gtin",
    "net_content",
    "unit",
    "count",
    "label",
    "drained",
    "gross_weight_g",
    "sold_by",
    "abv",
    "price_minor",
    "currency",
    "vat_rate_bp",
    "units_per_case",
    "case_gtin",
    "min_order",
    "active",
    "position",
)


def create_product(
    session: Session,
    producer_id: int,
    code: str,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> Product:
    """Enter a draft under the key of its source; raises InvalidFields, CodeTaken, ProducerNotFound."""
    find_producer(session, producer_id)
    require(actor, "product.edit", producer_id=producer_id)
    _check({"name": "", **values})
    if session.scalar(select(Product.id).where(Product.code == code)) is not None:
        raise CodeTaken(field="code", value=code)
    product = Product(
        code=code,
        slug=free_slug(session, Product, str(values["name"])),
        producer_id=producer_id,
        created_at=now,
        updated_at=now,
        **values,
    )
    session.add(product)
    session.flush()
    _tell(session, product.id, "product.create", actor, now, fields=sorted(values))
    return product


def update_product(
    session: Session,
    product_id: int,
    changes: Mapping[str, Any],
    *,
    actor: Actor,
    on: date,
    now: datetime,
    version: int | None = None,
) -> bool:
    """Change the given fields; returns whether anything changed.

    With `version` (the one the form showed), raises StaleVersion when somebody was faster. Raises
    ProductNotFound, InvalidFields and Forbidden too.
    """
    product = find_product(session, product_id)
    require(actor, "product.edit", producer_id=product.producer_id)
    refuse_stale(product, version)
    _check(changes)
    changed = set_changed(product, changes)
    if not changed:
        return False
    product.updated_at = now
    refresh_listings(session, [product_id], on=on)
    _tell(session, product_id, "product.update", actor, now, fields=changed)
    return True


def set_package(
    session: Session,
    product_id: int,
    sku: str,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    on: date,
    now: datetime,
) -> Package:
    """Add or change the package with that SKU; raises InvalidFields, CodeTaken, ProductNotFound.

    A GTIN in the restricted range (20-29) is flagged as internal by itself.
    """
    product = find_product(session, product_id)
    require(actor, "package.edit", producer_id=product.producer_id)
    _check_package(values)
    if values.get("gtin"):
        values = {**values, "gtin_is_internal": is_restricted_circulation(str(values["gtin"]))}
    package = session.scalar(select(Package).where(Package.sku == sku))
    if package is not None and package.product_id != product_id:
        raise CodeTaken(field="sku", value=sku)
    if package is None:
        missing = {
            field: "missing"
            for field in ("net_content", "unit", "price_minor")
            if field not in values
        }
        if missing:
            raise InvalidFields(missing)
        package = Package(product_id=product_id, sku=sku, **values)
        session.add(package)
        changed = sorted(values)
    else:
        changed = set_changed(package, values)
    if changed:
        refresh_price(session, product)
        product.updated_at = now
        refresh_listings(session, [product_id], on=on)
        _tell(session, product_id, "package.edit", actor, now, sku=sku, fields=changed)
    return package


def set_allergens(
    session: Session,
    product_id: int,
    *,
    state: str,
    contains: Collection[str] = (),
    may_contain: Collection[str] = (),
    actor: Actor,
    on: date,
    now: datetime,
) -> bool:
    """State what the product contains; returns whether anything changed. Raises InvalidFields.

    `state` is declared, none_declared or unknown: nobody having said anything is not "none".
    """
    product = find_product(session, product_id)
    require(actor, "product.edit", producer_id=product.producer_id)
    statement = AllergenFacts(state, frozenset(contains), frozenset(may_contain))
    mistakes = statement_mistakes(statement, ALLERGENS)
    if mistakes:
        raise InvalidFields({"allergens": ",".join(mistakes)})
    wanted = dict.fromkeys(may_contain, "may_contain") | dict.fromkeys(contains, "contains")
    present = {row.code: row.containment for row in product.allergens}
    if product.allergens_state == state and present == wanted:
        return False
    kept = {row.code: row for row in product.allergens}
    for code in present.keys() - wanted.keys():
        product.allergens.remove(kept[code])
    for code, containment in wanted.items():
        if code in kept:
            kept[code].containment = containment
        else:
            product.allergens.append(ProductAllergen(code=code, containment=containment))
    product.allergens_state = state
    product.updated_at = now
    refresh_listings(session, [product_id], on=on)
    _tell(session, product_id, "product.allergens", actor, now, state=state, named=wanted)
    return True


def _check(values: Mapping[str, Any]) -> None:
    mistakes = {field: "unknown_field" for field in values if field not in EDITABLE}
    if "name" in values and not str(values["name"] or "").strip():
        mistakes["name"] = "missing"
    if values.get("subgroup_code") and values["subgroup_code"] not in SUBGROUPS:
        mistakes["subgroup_code"] = "unknown_subgroup"
    if values.get("storage_kind", "ambient") not in STORAGE_KINDS:
        mistakes["storage_kind"] = "unknown_storage_kind"
    if (values.get("shelf_life_days") or 1) <= 0:
        mistakes["shelf_life_days"] = "not_positive"
    if mistakes:
        raise InvalidFields(mistakes)


def _check_package(values: Mapping[str, Any]) -> None:
    mistakes = {field: "unknown_field" for field in values if field not in PACKAGE_EDITABLE}
    for field in ("gtin", "case_gtin"):
        if values.get(field) and not is_valid_gtin(str(values[field])):
            mistakes[field] = "check_digit"
    for field in ("net_content", "count", "min_order"):
        if field in values and not (values[field] or 0) > 0:
            mistakes[field] = "not_positive"
    if (values.get("price_minor") or 0) < 0:
        mistakes["price_minor"] = "negative"
    if values.get("currency", "VND") not in EXPONENTS:
        mistakes["currency"] = "unknown_currency"
    if values.get("abv") is not None and not 0 <= values["abv"] <= 100:
        mistakes["abv"] = "out_of_range"
    if mistakes:
        raise InvalidFields(mistakes)


def _tell(
    session: Session, product_id: int, action: str, actor: Actor, now: datetime, **details: Any
) -> None:
    audit.record(session, actor, action, subject=f"product:{product_id}", now=now, **details)
    announce_once(session, "product.changed", product_id=product_id)
