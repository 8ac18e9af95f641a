"""The parts of a product's full record: its list of ingredients, nutrition and growing areas."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from catalog.announcing import product_changed, touch
from catalog.changing import set_changed
from catalog.errors import InvalidFields
from catalog.models import GrowingArea, ProductIngredient, ProductNutrition
from catalog.models.growing_area import AREA_KINDS
from catalog.publishing import find_product, refresh_listings
from catalog.reference import ALLERGENS
from catalog.reference.additives import ADDITIVES, CLASS_WORDS, FUNCTION_CLASSES, class_names
from catalog.reference.allergen_words import allergens_named_in
from catalog.rules.ingredients import (
    Ingredient,
    IngredientMistake,
    list_mistakes,
    read_list,
    statement_text,
)
from catalog.rules.nutrition import NUTRIENTS, SOURCES, Nutrition, nutrition_mistakes
from core.actor import Actor
from core.people.permissions import require


@dataclass(frozen=True, slots=True)
class AreaCode:
    """A code for a market (ISO 3166 country, "EU", or "" for home)."""

    code: str
    market: str = ""
    kind: str = "planting"
    status: str = "active"


def read_ingredients(text: str) -> tuple[Ingredient, ...]:
    """The structured list that a label's text says, with the allergens its words name.

    An INS number without a class gets the class it is mostly used for.
    """
    listed = []
    for one in read_list(text, CLASS_WORDS):
        known = ADDITIVES.get(one.ins_number or "")
        if known is not None and one.function_class is None:
            one = replace(one, function_class=known.function_class)  # noqa: PLW2901
        named = allergens_named_in(one.name, one.ins_number)
        listed.append(replace(one, allergens=named))
    return tuple(listed)


def set_ingredients(
    session: Session,
    product_id: int,
    ingredients: Sequence[Ingredient],
    *,
    actor: Actor,
    on: date,
    now: datetime,
) -> bool:
    """Replace the list and write the label's text from it; returns whether anything changed.

    The first free text is kept as `ingredients_source`. An empty list takes the structure away and
    gives that text back. Raises InvalidFields (code:line), ProductNotFound and Forbidden.
    """
    product = find_product(session, product_id)
    require(actor, "product.edit", producer_id=product.producer_id)
    mistakes = _list_refusals(ingredients)
    if mistakes:
        raise InvalidFields(
            {"ingredients": ",".join(f"{m.code}:{m.position + 1}" for m in mistakes)}
        )
    had = [row.facts() for row in product.ingredient_rows]
    text = statement_text(ingredients, class_names("vi")) or product.ingredients_source
    if had == list(ingredients) and product.ingredients == text:
        return False
    if not had and product.ingredients and product.ingredients != text:
        product.ingredients_source = product.ingredients
    product.ingredients = text
    touch(product, now)
    if had != list(ingredients):
        product.ingredient_rows.clear()
        session.flush()
        product.ingredient_rows.extend(
            ProductIngredient(position=position, **_columns(one))
            for position, one in enumerate(ingredients, start=1)
        )
    refresh_listings(session, [product_id], on=on)
    product_changed(session, product_id, "product.ingredients", actor, now, lines=len(ingredients))
    return True


def _columns(one: Ingredient) -> dict[str, object]:
    return {
        "level": one.level,
        "name": one.name[:200],
        "percent": one.percent,
        "function_class": one.function_class,
        "ins_number": one.ins_number,
        "allergens": tuple(sorted(one.allergens)),
        "origin": one.origin,
    }


def _list_refusals(ingredients: Sequence[Ingredient]) -> list[IngredientMistake]:
    mistakes = list_mistakes(ingredients)
    for at, one in enumerate(ingredients):
        if len(one.name) > 200:  # noqa: PLR2004
            mistakes.append(IngredientMistake("too_long", at))
        if one.function_class is not None and one.function_class not in FUNCTION_CLASSES:
            mistakes.append(IngredientMistake("unknown_class", at))
        if not set(one.allergens) <= ALLERGENS.keys():
            mistakes.append(IngredientMistake("unknown_allergen", at))
    return mistakes


def set_nutrition(
    session: Session,
    product_id: int,
    declared: Nutrition | None,
    *,
    source: str | None = None,
    actor: Actor,
    on: date,
    now: datetime,
) -> bool:
    """State what 100 g or ml hold; None or nothing declared takes it away. Raises InvalidFields.

    Doubtful figures are kept: `nutrition_doubts` is for the page to ask back.
    """
    product = find_product(session, product_id)
    require(actor, "product.edit", producer_id=product.producer_id)
    if declared is not None and all(getattr(declared, name) is None for name in NUTRIENTS):
        declared = None
    refused = {m.field: m.code for m in nutrition_mistakes(declared)} if declared else {}
    if source is not None and source not in SOURCES:
        refused["source"] = "unknown_kind"
    if refused:
        raise InvalidFields(refused)
    row = product.nutrition
    if declared is None:
        if row is None:
            return False
        product.nutrition = None
    else:
        values = {"basis": declared.basis, "source": source}
        values |= {name: getattr(declared, name) for name in NUTRIENTS}
        if row is None:
            product.nutrition = ProductNutrition(**values, updated_at=now)
        elif set_changed(row, values):
            row.updated_at = now
        else:
            return False
    touch(product, now)
    refresh_listings(session, [product_id], on=on)
    fields = [name for name in NUTRIENTS if declared and getattr(declared, name) is not None]
    product_changed(session, product_id, "product.nutrition", actor, now, fields=fields)
    return True


def set_growing_areas(
    session: Session,
    product_id: int,
    areas: Collection[AreaCode],
    *,
    actor: Actor,
    on: date,
    now: datetime,
) -> bool:
    """Replace the codes of the places where the goods grow or are packed; raises InvalidFields."""
    product = find_product(session, product_id)
    require(actor, "product.edit", producer_id=product.producer_id)
    wanted = {(area.code, area.market): area for area in areas}
    if len(wanted) != len(areas):
        raise InvalidFields({"code": "repeated"})
    for area in areas:
        if not area.code or len(area.code) > 40:  # noqa: PLR2004
            raise InvalidFields({"code": "missing"})
        if area.kind not in AREA_KINDS or area.status not in ("active", "suspended"):
            raise InvalidFields({"kind": "unknown_kind"})
    present = {(row.code, row.market): row for row in product.growing_areas}
    changed = False
    for key in present.keys() - wanted.keys():
        product.growing_areas.remove(present[key])
        changed = True
    for key, area in wanted.items():
        values = {"kind": area.kind, "status": area.status}
        if key in present:
            changed = bool(set_changed(present[key], values)) or changed
        else:
            product.growing_areas.append(GrowingArea(code=area.code, market=area.market, **values))
            changed = True
    if changed:
        touch(product, now)
        refresh_listings(session, [product_id], on=on)
        codes = sorted(area.code for area in areas)
        product_changed(session, product_id, "product.growing_areas", actor, now, codes=codes)
    return changed
