"""Entering the cases and pallets around a package."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from catalog.announcing import product_changed, touch
from catalog.changing import set_changed
from catalog.errors import InvalidFields, PackageNotFound
from catalog.models import Package, PackageLevel
from catalog.publishing import find_product, refresh_listings
from catalog.rules.identifiers import is_restricted_circulation
from catalog.rules.packaging import Wrapping, in_order, packages_in, packaging_mistakes
from core.actor import Actor
from core.people.permissions import require


def set_levels(
    session: Session,
    package_id: int,
    wrappings: Sequence[Wrapping],
    *,
    actor: Actor,
    on: date,
    now: datetime,
) -> bool:
    """Replace the inner, case and pallet around a package; returns whether anything changed.

    `units_per_case` and `case_gtin` of the package follow the case. Raises InvalidFields with fields
    named level.field, PackageNotFound and Forbidden.
    """
    package = find_package(session, package_id)
    product = find_product(session, package.product_id)
    require(actor, "package.edit", producer_id=product.producer_id)
    mistakes = packaging_mistakes([package.facts(), *wrappings])
    if mistakes:
        raise InvalidFields({f"{m.level}.{m.field}": m.code for m in mistakes})
    present = {row.level: row for row in package.levels}
    changed = False
    for level in present.keys() - {wrapping.level for wrapping in wrappings}:
        package.levels.remove(present[level])
        changed = True
    for wrapping in in_order(wrappings):
        values = _values(wrapping)
        if wrapping.level in present:
            changed = bool(set_changed(present[wrapping.level], values)) or changed
        else:
            package.levels.append(PackageLevel(level=wrapping.level, **values))
            changed = True
    case = next((w for w in wrappings if w.level == "case"), None)
    follows = {
        "units_per_case": packages_in(wrappings, "case") if case else None,
        "case_gtin": case.gtin if case else None,
    }
    if changed:
        set_changed(package, follows)
        touch(product, now)
        refresh_listings(session, [product.id], on=on)
        levels = {wrapping.level: wrapping.quantity for wrapping in wrappings}
        product_changed(
            session, product.id, "package.levels", actor, now, sku=package.sku, levels=levels
        )
    return changed


def find_package(session: Session, package_id: int) -> Package:
    """The row; raises PackageNotFound."""
    package = session.get(Package, package_id)
    if package is None:
        raise PackageNotFound(package_id=package_id)
    return package


def _values(wrapping: Wrapping) -> dict[str, object]:
    return {
        "quantity": wrapping.quantity,
        "gtin": wrapping.gtin or None,
        "gtin_is_internal": bool(wrapping.gtin) and is_restricted_circulation(str(wrapping.gtin)),
        "gross_weight_g": wrapping.gross_weight_g,
        "length_mm": wrapping.length_mm,
        "width_mm": wrapping.width_mm,
        "height_mm": wrapping.height_mm,
        "layers": wrapping.layers,
    }
