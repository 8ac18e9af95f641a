"""Entering and changing a product, its packages and its allergens."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from catalog.announcing import product_changed, touch
from catalog.changing import refuse_stale, set_changed
from catalog.checking import (
    PACKAGE_EDITABLE,
    content_mistakes,
    package_mistakes,
    product_mistakes,
)
from catalog.errors import CodeTaken, InvalidFields
from catalog.models import Package, Product, ProductAllergen
from catalog.producers import find_producer
from catalog.publishing import find_product, refresh_listings, refresh_price
from catalog.reference import ALLERGENS
from catalog.reference.additives import class_names
from catalog.rules.allergens import AllergenFacts, statement_mistakes
from catalog.rules.identifiers import is_restricted_circulation
from catalog.rules.ingredients import statement_text
from catalog.slugs import free_slug
from core.actor import Actor
from core.people.permissions import require


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
    _refuse(product_mistakes({"name": "", **values}))
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
    product_changed(session, product.id, "product.create", actor, now, fields=sorted(values))
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
    _refuse(product_mistakes(changes, product))
    changed = set_changed(product, changes)
    if not changed:
        return False
    if "ingredients" in changed:
        _drop_other_list(product)
    product.updated_at = now
    refresh_listings(session, [product_id], on=on)
    product_changed(session, product_id, "product.update", actor, now, fields=changed)
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
    _refuse(package_mistakes(values))
    if "gtin" in values:
        gtin = str(values["gtin"] or "")
        values = {**values, "gtin": gtin or None, "gtin_is_internal": _is_internal(gtin)}
    package = _loaded_package(product, sku) or session.scalar(
        select(Package).where(Package.sku == sku)
    )
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
        _refuse(content_mistakes(values))
        package, price_before = Package(product_id=product_id, sku=sku, **values), None
        session.add(package)
        changed = sorted(values)
    else:
        kept = {name: getattr(package, name) for name in PACKAGE_EDITABLE}
        _refuse(content_mistakes({**kept, **values}))
        price_before = package.price_minor
        changed = set_changed(package, values)
    if changed:
        refresh_price(session, product)
        touch(product, now)
        refresh_listings(session, [product_id], on=on)
        told: dict[str, Any] = {"sku": sku, "fields": changed}
        if "price_minor" in changed:
            told["price"] = [price_before, package.price_minor]
        product_changed(session, product_id, "package.edit", actor, now, **told)
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
    touch(product, now)
    refresh_listings(session, [product_id], on=on)
    product_changed(session, product_id, "product.allergens", actor, now, state=state, named=wanted)
    return True


def _loaded_package(product: Product, sku: str) -> Package | None:
    """The package when somebody has read those of the product already, as an import does for many products."""
    if "packages" in inspect(product).unloaded:
        return None
    return next((one for one in product.packages if one.sku == sku), None)


def _drop_other_list(product: Product) -> None:
    """A text written by hand replaces the structured list, unless it says the same."""
    if product.ingredient_rows and product.ingredients != statement_text(
        [row.facts() for row in product.ingredient_rows], class_names("vi")
    ):
        product.ingredient_rows.clear()


def _is_internal(gtin: str) -> bool:
    return bool(gtin) and is_restricted_circulation(gtin)


def _refuse(mistakes: dict[str, str]) -> None:
    if mistakes:
        raise InvalidFields(mistakes)
