"""Storing what rows say for the full record, each part only where it says something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import InvalidFields
from catalog.importing.record_facts import RecordFacts
from catalog.models import Package, Product
from catalog.products import set_package
from catalog.record import AreaCode, set_growing_areas, set_nutrition
from catalog.rules.nutrition import NUTRIENTS
from catalog.rules.packaging import Wrapping, packages_in
from catalog.wrapping import set_levels
from core.actor import Actor


class RowOfAProduct(Protocol):
    """A row that was taken in and may say more about its product."""

    @property
    def record(self) -> RecordFacts: ...


def add_record_facts(
    session: Session,
    rows: Sequence[RowOfAProduct],
    outcomes: Sequence[tuple[str, int]],
    *,
    actor: Actor,
    on: date,
    now: datetime,
) -> Sequence[tuple[str, int]]:
    """Store the facts of rows that were taken in; the outcomes, "same" ones made "updated" by it. Raises InvalidFields.

    A declaration keeps nutrients the file does not tell, and codes of areas are added to those known.
    Weights, measures and the case belong to a package, so a row without one (of a register) leaves them.
    """
    if not any(row.record.says_anything for row in rows):
        return outcomes
    who: dict[str, Any] = {"actor": actor, "on": on, "now": now}
    told = []
    for row, (outcome, number) in zip(rows, outcomes, strict=True):
        changed = _store(session, row, number, who)
        told.append(("updated" if changed and outcome == "same" else outcome, number))
    session.flush()
    return told


def _store(session: Session, row: RowOfAProduct, number: int, who: dict[str, Any]) -> bool:
    said = Said(number, row.record, getattr(row, "sku", ""))
    parts = [_areas(session, said, who), _nutrition(session, said, who)]
    return any([*parts, _package(session, said, who) if said.sku else False])


@dataclass(frozen=True, slots=True)
class Said:
    """What one row says of a product; `sku` names its package, "" when the row is about none."""

    product_id: int
    facts: RecordFacts
    sku: str = ""


def _areas(session: Session, said: Said, who: dict[str, Any]) -> bool:
    if not said.facts.areas:
        return False
    product = session.get_one(Product, said.product_id)
    codes = {
        (row.code, row.market): AreaCode(row.code, row.market, row.kind, row.status)
        for row in product.growing_areas
    }
    for code, market, kind in said.facts.areas:
        codes.setdefault((code, market), AreaCode(code, market, kind))
    return set_growing_areas(session, product.id, list(codes.values()), **who)


def _nutrition(session: Session, said: Said, who: dict[str, Any]) -> bool:
    declared = said.facts.nutrition
    if declared is None:
        return False
    row = session.get_one(Product, said.product_id).nutrition
    if row is not None and row.basis == declared.basis:
        told = {n: v for n in NUTRIENTS if (v := getattr(declared, n)) is not None}
        declared = replace(row.facts(), **told)
    source = row.source if row is not None else "label"
    return set_nutrition(session, said.product_id, declared, source=source, **who)


def _package(session: Session, said: Said, who: dict[str, Any]) -> bool:
    package = session.scalars(select(Package).where(Package.sku == said.sku)).one()
    changed = False
    values = said.facts.package
    if any(getattr(package, name) != value for name, value in values.items()):
        set_package(session, said.product_id, said.sku, values, **who)
        changed = True
    if said.facts.case is None:
        return changed
    wrappings = _with_case([level.facts() for level in package.levels], said.facts.case)
    return set_levels(session, package.id, wrappings, **who) or changed


def _with_case(present: Sequence[Wrapping], case: Wrapping) -> list[Wrapping]:
    """The levels with the case the file tells of; what it does not tell of the case stays.

    The file counts packages, a level counts the next lower one; raises InvalidFields when inner boxes
    don't fill the case.
    """
    others = [one for one in present if one.level != "case"]
    known = next((one for one in present if one.level == "case"), Wrapping("case"))
    inner = packages_in(present, "inner") or 1
    if case.quantity % inner:
        raise InvalidFields({"units_per_case": "layers_do_not_divide"})
    told = {n: v for n in ("gtin", "gross_weight_g") if (v := getattr(case, n)) is not None}
    return [*others, replace(known, quantity=case.quantity // inner, **told)]
