"""The cells of a listing about areas, nutrition, weights and cases, as `catalog.importing.record_facts` reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import GrowingArea, Package, PackageLevel, Product, ProductNutrition
from catalog.rules.nutrition import NUTRIENTS

RECORD_COLUMNS = (
    "growing_areas",
    "nutrition_basis",
    *NUTRIENTS,
    "gross_weight",
    "dimensions",
    "units_per_case",
    "case_gtin",
    "case_gross_weight",
)


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside products and packages, read with three statements."""

    areas: dict[int, list[str]] = field(default_factory=dict)
    nutrition: dict[int, ProductNutrition] = field(default_factory=dict)
    cases: dict[int, PackageLevel] = field(default_factory=dict)


def load_beside(session: Session) -> Beside:
    """Everything the cells below need, for the whole catalogue."""
    beside = Beside()
    for area in session.scalars(select(GrowingArea).order_by(GrowingArea.code, GrowingArea.market)):
        said = f"{area.code} ({area.market})" if area.market else area.code
        beside.areas.setdefault(area.product_id, []).append(said)
    for row in session.scalars(select(ProductNutrition)):
        beside.nutrition[row.product_id] = row
    for level in session.scalars(select(PackageLevel).where(PackageLevel.level == "case")):
        beside.cases[level.package_id] = level
    return beside


def record_cells(beside: Beside, product: Product, package: Package | None) -> dict[str, str]:
    """The cells of one row, those with nothing to say left out."""
    cells = {"growing_areas": "; ".join(beside.areas.get(product.id, []))}
    declared = beside.nutrition.get(product.id)
    if declared is not None:
        cells["nutrition_basis"] = f"100 {declared.basis.removeprefix('100')}"
        cells |= {name: _plain(getattr(declared, name)) for name in NUTRIENTS}
    if package is not None:
        cells |= _package_cells(package, beside.cases.get(package.id))
    return cells


def _package_cells(package: Package, case: PackageLevel | None) -> dict[str, str]:
    sides = (package.length_mm, package.width_mm, package.height_mm)
    cells = {"gross_weight": _grams(package.gross_weight_g)}
    if all(side is not None for side in sides):
        cells["dimensions"] = " x ".join(map(str, sides)) + " mm"
    if package.units_per_case is not None:
        cells["units_per_case"] = str(package.units_per_case)
    if case is not None:
        cells |= {"case_gtin": case.gtin or "", "case_gross_weight": _grams(case.gross_weight_g)}
    return cells


def _grams(weight: int | None) -> str:
    return "" if weight is None else f"{weight} g"


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"
