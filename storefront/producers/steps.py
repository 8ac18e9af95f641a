"""The questions about one product: what each shows, what it changes, and which problem it mends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from catalog.models import Product
from catalog.products import set_allergens, set_package
from catalog.rules.publication import ALCOHOL, Problem
from i18n.catalogue import lazy_gettext as later
from orders import stock
from storefront.producers import forms, record_steps
from storefront.producers.asking import (
    Doing,
    NoSuchQuestion,
    Step,
    columns,
    has_package,
    needed_package,
    package_of,
)

GROUPS = {
    "first": later("First"),
    "label": later("What stands on the label"),
    "trade": later("For shops and buyers abroad"),
}
"""The headings under which the questions are listed."""


def find_step(key: str) -> Step:
    """The question of that name; raises NoSuchQuestion."""
    if key not in STEPS:
        raise NoSuchQuestion(question=key)
    return STEPS[key]


def mend_address(problem: Problem, product_id: int, producer_id: int) -> str:
    """Where the problem is mended."""
    if problem.field == "province":
        return url_for("producers.place", producer_id=producer_id, product=product_id)
    if problem.field == "food_safety":
        return url_for("producers.paper", producer_id=producer_id, product=product_id)
    key = _MENDS.get(problem.field, "name")
    return url_for("producers.step", product_id=product_id, key=key, sku=problem.facts.get("sku"))


_MENDS = {
    "name": "name",
    "subgroup": "group",
    "packages": "package",
    "price": "package",
    "net_content": "package",
    "abv": "package",
    "ingredients": "ingredients",
    "allergens": "allergens",
    "shelf_life": "keeping",
}


def _read_package(_session: Session, product: Product, sku: str) -> dict[str, Any]:
    package = package_of(product, sku)
    if package is None:
        return {"count": 1, "unit": "g", "sold_by": "piece"}
    return {
        "price": package.price_minor,
        "net_content": package.net_content,
        "unit": package.unit,
        "count": package.count,
        "abv": package.abv,
        "sold_by": package.sold_by,
    }


def _keep_package(session: Session, product: Product, form: Any, doing: Doing) -> None:
    package = package_of(product, doing.sku)
    values: dict[str, Any] = {
        "price_minor": form.price.data,
        "net_content": form.net_content.data,
        "unit": form.unit.data,
        "count": form.count.data or 1,
        "sold_by": form.sold_by.data,
    }
    if product.subgroup_code in ALCOHOL:
        values["abv"] = form.abv.data
    if package is None:
        values["position"] = len(product.packages)
    set_package(
        session,
        product.id,
        package.sku if package is not None else _free_sku(product),
        values,
        actor=doing.actor,
        on=doing.on,
        now=doing.now,
    )


def _without_abv(form: Any, product: Product) -> None:
    """Only drinks with alcohol are asked how strong they are."""
    if product.subgroup_code not in ALCOHOL:
        del form.abv


def _free_sku(product: Product) -> str:
    taken = {package.sku for package in product.packages}
    number = len(taken) + 1
    while f"{product.code}-{number}" in taken:
        number += 1
    return f"{product.code[:56]}-{number}"


def _read_allergens(_session: Session, product: Product, _sku: str) -> dict[str, Any]:
    return {
        "state": product.allergens_state,
        "contains": [row.code for row in product.allergens if row.containment == "contains"],
        "may_contain": [row.code for row in product.allergens if row.containment == "may_contain"],
    }


def _keep_allergens(session: Session, product: Product, form: Any, doing: Doing) -> None:
    set_allergens(
        session,
        product.id,
        state=form.state.data,
        contains=form.contains.data or (),
        may_contain=form.may_contain.data or (),
        actor=doing.actor,
        on=doing.on,
        now=doing.now,
    )


def _read_stock(session: Session, product: Product, sku: str) -> dict[str, Any]:
    from orders.models.stock import StockItem

    package = package_of(product, sku)
    item = session.get(StockItem, package.id) if package is not None else None
    return {"on_hand": item.on_hand if item is not None else None}


def _keep_stock(session: Session, product: Product, form: Any, doing: Doing) -> None:
    package = needed_package(product, doing.sku)
    stock.set_on_hand(session, package.id, form.on_hand.data, actor=doing.actor, now=doing.now)


_name = columns("name", "summary")
_group = columns("subgroup_code")

_BASIC = (
    Step(
        "name",
        later("What is it called?"),
        later("Write the name as it stands on the label."),
        forms.NameForm,
        *_name,
    ),
    Step(
        "group",
        later("What kind of product is it?"),
        later("The group stands in your OCOP decision."),
        forms.GroupForm,
        *_group,
    ),
    Step(
        "package",
        later("How is it sold?"),
        later("The price of one package, and how much is inside."),
        forms.PackageForm,
        _read_package,
        _keep_package,
        adapt=_without_abv,
    ),
    Step(
        "stock",
        later("How many do you have?"),
        later("Buyers can order as many as you enter here."),
        forms.StockForm,
        _read_stock,
        _keep_stock,
        has_package,
    ),
)
_ALLERGENS = Step(
    "allergens",
    later("Can it make somebody ill?"),
    later("Some people become ill from these foods. Buyers must know."),
    forms.AllergensForm,
    _read_allergens,
    _keep_allergens,
    doubts=record_steps.allergen_doubts,
    group="label",
)

STEPS: Mapping[str, Step] = {
    step.key: step for step in (*_BASIC, record_steps.INGREDIENTS, _ALLERGENS, *record_steps.OTHERS)
}
"""All questions about a product, in the order in which they are listed."""
