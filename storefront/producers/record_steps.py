"""The questions of the full record: label, keeping, use, codes, supply, areas, cases, bulk prices."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Offer, PriceList, Product
from catalog.price_list_offers import Terms, end_offer, put_on_list, revise_offer
from catalog.price_lists import wholesale_list
from catalog.products import set_package, update_product
from catalog.record import (
    AreaCode,
    read_ingredients,
    set_growing_areas,
    set_ingredients,
    set_nutrition,
)
from catalog.reference import ALLERGENS
from catalog.reference.additives import class_names
from catalog.rules.ingredients import list_warnings, split_list, statement_text, undeclared
from catalog.rules.nutrition import NUTRIENTS, Nutrition, nutrition_doubts
from catalog.rules.packaging import Wrapping
from catalog.rules.pricing import Tier
from catalog.rules.vat import plain_mark
from catalog.wrapping import set_levels
from core.people.permissions import require
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from i18n.catalogue import spoken
from storefront.producers import record_forms as forms
from storefront.producers.asking import (
    Doing,
    Step,
    columns,
    has_package,
    needed_package,
    package_of,
    tidy,
)


def _read_ingredients(_session: Session, product: Product, _sku: str) -> dict[str, Any]:
    text = product.ingredients or ""
    if product.ingredient_rows:
        text = statement_text([row.facts() for row in product.ingredient_rows], class_names("vi"))
    return {"ingredients": "\n".join(split_list(text))}


def _keep_ingredients(session: Session, product: Product, form: Any, doing: Doing) -> None:
    listed = read_ingredients(tidy(form.ingredients.data) or "")
    set_ingredients(session, product.id, listed, **doing.use)


def _list_doubts(product: Product, _sku: str) -> list[str]:
    listed = [row.facts() for row in product.ingredient_rows]
    doubts = [
        _(
            "“%(name)s” has a larger share than what stands above it. The largest share comes first.",
            name=listed[warning.position].name,
        )
        for warning in list_warnings(listed)
    ]
    return doubts + allergen_doubts(product, "")


def allergen_doubts(product: Product, _sku: str) -> list[str]:
    """Allergens the ingredients name and the statement does not."""
    listed = [row.facts() for row in product.ingredient_rows]
    declared = frozenset(row.code for row in product.allergens)
    return [
        _(
            "The ingredients seem to contain %(allergen)s, but you have not declared it.",
            allergen=_allergen(code),
        )
        for code in undeclared(listed, declared)
    ]


def _allergen(code: str) -> str:
    names = ALLERGENS[code].names
    return names.get(spoken()) or names["en"]


def _read_nutrition(_session: Session, product: Product, _sku: str) -> dict[str, Any]:
    row = product.nutrition
    if row is None:
        return {"basis": "100g"}
    return {"basis": row.basis, "source": row.source or ""} | {
        name: getattr(row, name) for name in NUTRIENTS
    }


def _keep_nutrition(session: Session, product: Product, form: Any, doing: Doing) -> None:
    declared = Nutrition(form.basis.data, **{name: form[name].data for name in NUTRIENTS})
    source = form.source.data or None
    set_nutrition(session, product.id, declared, source=source, **doing.use)


def _nutrition_doubts(product: Product, _sku: str) -> list[str]:
    if product.nutrition is None:
        return []
    package = package_of(product, "")
    found = nutrition_doubts(product.nutrition.facts(), package.abv if package else None)
    return [_doubt_sentence(doubt.code, str(doubt.expected)) for doubt in found]


def _doubt_sentence(code: str, expected: str) -> str:
    if code == "energy_units":
        return _(
            "kJ and kcal do not fit each other: about %(expected)s kJ was expected.",
            expected=expected,
        )
    if code == "salt_sodium":
        return _(
            "Salt and sodium do not fit each other: %(expected)s g salt was expected.",
            expected=expected,
        )
    return _(
        "The energy does not fit fat, carbohydrate and protein: about %(expected)s was expected.",
        expected=expected,
    )


_keeping = columns(
    "shelf_life_days",
    "opened_shelf_life_days",
    "durability",
    "storage_kind",
    "storage_min_c",
    "storage_max_c",
    "storage_note",
)
_use = columns("usage", "warnings")


def _read_codes(_session: Session, product: Product, _sku: str) -> dict[str, Any]:
    names = ("brand", "short_name", "hs6", "gpc_brick")
    kind = plain_mark(product.vat_class) or ""
    return {name: getattr(product, name) for name in names} | {"vat_class": kind}


def _keep_codes(session: Session, product: Product, form: Any, doing: Doing) -> None:
    changes = {name: tidy(form[name].data) for name in ("brand", "short_name")}
    for name in ("hs6", "gpc_brick"):
        digits = "".join(sign for sign in form[name].data or "" if sign not in " .-")
        changes[name] = digits or None
    if (form.vat_class.data or None) != plain_mark(product.vat_class):
        changes["vat_class"] = form.vat_class.data or None
    update_product(session, product.id, changes, **doing.use)


def _read_supply(_session: Session, product: Product, _sku: str) -> dict[str, Any]:
    return {
        "season_months": list(product.season_months or ()),
        "capacity_per_month": product.capacity_per_month,
        "capacity_unit": product.capacity_unit or "kg",
        "lead_time_days": product.lead_time_days,
    }


def _keep_supply(session: Session, product: Product, form: Any, doing: Doing) -> None:
    capacity = form.capacity_per_month.data
    changes = {
        "season_months": tuple(sorted(form.season_months.data or ())) or None,
        "capacity_per_month": capacity,
        "capacity_unit": form.capacity_unit.data if capacity is not None else None,
        "lead_time_days": form.lead_time_days.data,
    }
    update_product(session, product.id, changes, **doing.use)


def _read_areas(_session: Session, product: Product, _sku: str) -> dict[str, Any]:
    return {"remove": [f"{row.code}|{row.market}" for row in product.growing_areas]}


def _keep_areas(session: Session, product: Product, form: Any, doing: Doing) -> None:
    gone = set(form.remove.data or ())
    kept = [
        AreaCode(row.code, row.market, row.kind, row.status)
        for row in product.growing_areas
        if f"{row.code}|{row.market}" not in gone
    ]
    code = tidy(form.code.data)
    market = form.market.data or ""
    if code:
        kept = [area for area in kept if (area.code, area.market) != (code, market)]
        kept.append(AreaCode(code, market, form.kind.data))
    set_growing_areas(session, product.id, kept, **doing.use)


def _read_measures(_session: Session, product: Product, sku: str) -> dict[str, Any]:
    package = needed_package(product, sku)
    return {
        "gtin": package.gtin,
        "gross_weight_g": package.gross_weight_g,
        "drained": package.drained,
        "size": _sides(package),
    }


def _sides(thing: Any) -> tuple[int, int, int] | None:
    if thing is None or not (thing.length_mm and thing.width_mm and thing.height_mm):
        return None
    return thing.length_mm, thing.width_mm, thing.height_mm


def _keep_measures(session: Session, product: Product, form: Any, doing: Doing) -> None:
    package = needed_package(product, doing.sku)
    length, width, height = form.size.data or (None, None, None)
    values = {
        "gtin": form.gtin.data,
        "gross_weight_g": form.gross_weight_g.data,
        "drained": form.drained.data,
        "length_mm": length,
        "width_mm": width,
        "height_mm": height,
    }
    set_package(session, product.id, package.sku, values, **doing.use)


def _read_cases(_session: Session, product: Product, sku: str) -> dict[str, Any]:
    levels = {row.level: row for row in needed_package(product, sku).levels}
    values: dict[str, Any] = {}
    for name in ("case", "pallet"):
        level = levels.get(name)
        values |= {
            f"{name}_quantity": level.quantity if level else None,
            f"{name}_gtin": level.gtin if level else None,
            f"{name}_weight": level.gross_weight_g if level else None,
            f"{name}_size": _sides(level),
        }
    values["pallet_layers"] = levels["pallet"].layers if "pallet" in levels else None
    return values


def _keep_cases(session: Session, product: Product, form: Any, doing: Doing) -> None:
    package = needed_package(product, doing.sku)
    wrappings = [row.facts() for row in package.levels if row.level == "inner"]
    for name in ("case", "pallet"):
        quantity = form[f"{name}_quantity"].data
        if quantity is None:
            continue
        length, width, height = form[f"{name}_size"].data or (None, None, None)
        wrappings.append(
            Wrapping(
                level=name,
                quantity=quantity,
                gtin=form[f"{name}_gtin"].data,
                gross_weight_g=form[f"{name}_weight"].data,
                length_mm=length,
                width_mm=width,
                height_mm=height,
                layers=form.pallet_layers.data if name == "pallet" else None,
            )
        )
    set_levels(session, package.id, wrappings, **doing.use)


def _open_offer(session: Session, product: Product, sku: str) -> Offer | None:
    """The newest bulk offer of the package on the producer's list for everybody."""
    package = needed_package(product, sku)
    return session.scalar(
        select(Offer)
        .join(PriceList)
        .where(
            Offer.package_id == package.id,
            PriceList.kind == "wholesale",
            PriceList.partner_code.is_(None),
            PriceList.currency == "VND",
            PriceList.active.is_(True),
        )
        .order_by(Offer.valid_from.desc(), Offer.id.desc())
        .limit(1)
    )


def _read_bulk(session: Session, product: Product, sku: str) -> dict[str, Any]:
    offer = _open_offer(session, product, sku)
    if offer is None:
        return {}
    values: dict[str, Any] = {
        "order_multiple": offer.order_multiple,
        "valid_from": offer.valid_from,
        "valid_to": offer.valid_to,
    }
    for number, tier in enumerate(offer.tiers[:3], start=1):
        values[f"quantity_{number}"] = tier.from_quantity
        values[f"price_{number}"] = tier.price_minor
    return values


def _keep_bulk(session: Session, product: Product, form: Any, doing: Doing) -> None:
    package = needed_package(product, doing.sku)
    require(doing.actor, "package.edit", producer_id=product.producer_id)
    tiers = tuple(Tier(quantity, price) for quantity, price in form.tiers())
    offer = _open_offer(session, product, doing.sku)
    if not tiers:
        if offer is not None:
            end_offer(session, offer.id, seen_version=offer.version, **doing.use)
        return
    least = min(tier.from_quantity for tier in tiers)
    terms = Terms(tiers, form.valid_to.data, least, form.order_multiple.data or 1)
    since = form.valid_from.data or doing.on
    runs = offer is not None and (offer.valid_to is None or offer.valid_to >= doing.on)
    if offer is not None and runs and since == offer.valid_from:
        revise_offer(session, offer.id, terms, seen_version=offer.version, **doing.use)
        return
    listed = wholesale_list(
        session, product.producer_id, name="Giá sỉ", actor=doing.actor, now=doing.now
    )
    put_on_list(
        session,
        listed.id,
        package.id,
        terms,
        valid_from=since,
        actor=doing.actor,
        now=doing.now,
    )


INGREDIENTS = Step(
    "ingredients",
    later("What is it made of?"),
    later("Write all ingredients, the largest share first, as on the label."),
    forms.IngredientsForm,
    _read_ingredients,
    _keep_ingredients,
    doubts=_list_doubts,
    extra="producers/record/statement.html",
    group="label",
)


OTHERS = (
    Step(
        "keeping",
        later("How long does it keep?"),
        later("Count from the day it is made."),
        forms.KeepingForm,
        *_keeping,
        group="label",
    ),
    Step(
        "nutrition",
        later("What does it give the body?"),
        later(
            "Copy the figures from the label or from the laboratory. Leave out what you do not know."
        ),
        forms.NutritionForm,
        _read_nutrition,
        _keep_nutrition,
        doubts=_nutrition_doubts,
        group="label",
    ),
    Step(
        "use",
        later("How is it used, and what must one beware of?"),
        later("Short sentences, as on the label."),
        forms.UseForm,
        *_use,
        group="label",
    ),
    Step(
        "measures",
        later("Bar code, weight and size"),
        later("Of one package, as it stands on the shelf."),
        forms.MeasuresForm,
        _read_measures,
        _keep_measures,
        has_package,
        group="trade",
    ),
    Step(
        "cases",
        later("Cases and pallets"),
        later("How you pack it for shops. Leave empty what you do not use."),
        forms.CasesForm,
        _read_cases,
        _keep_cases,
        has_package,
        group="trade",
    ),
    Step(
        "bulk",
        later("Prices for larger quantities"),
        later("Tax included. Everybody sees them, and the cart counts them."),
        forms.BulkForm,
        _read_bulk,
        _keep_bulk,
        has_package,
        group="trade",
    ),
    Step(
        "supply",
        later("When and how much can you deliver?"),
        later("Shops and exporters ask this first."),
        forms.SupplyForm,
        _read_supply,
        _keep_supply,
        group="trade",
    ),
    Step(
        "areas",
        later("Codes of growing areas"),
        later("Countries that buy fresh goods ask for the registered code of the place."),
        forms.AreasForm,
        _read_areas,
        _keep_areas,
        group="trade",
    ),
    Step(
        "codes",
        later("Brand and codes"),
        later("Ask the programme office if you do not know the codes."),
        forms.CodesForm,
        _read_codes,
        _keep_codes,
        group="trade",
    ),
)
"""The questions after those a product needs to be sold."""
