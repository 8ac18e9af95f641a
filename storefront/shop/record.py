"""The full record of a product in the words of the page: statement, nutrition table, months, levels."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from catalog.queries.pages import PackageView, ProducerView, ProductPage
from catalog.queries.record import Measures
from catalog.reference.additives import ADDITIVES, class_names
from catalog.rules.identifiers import is_restricted_circulation as is_in_house
from catalog.rules.ingredients import Ingredient, statement
from catalog.rules.nutrition import Nutrition, completed
from catalog.rules.seasons import month_spans
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext, spoken
from i18n.formatting import format_list, format_number, format_quantity
from storefront.record_words import AREA_KINDS, month_names
from storefront.shop.ingredients import pieces

__all__ = ["AREA_KINDS", "closure", "ingredient_statement", "is_in_house", "nutrition_rows"]

SOON = timedelta(days=45)
"""A closure is announced so long before its first day."""

NUTRIENT_NAMES = {
    "fat": lazy_gettext("Fat"),
    "saturates": lazy_gettext("of which saturates"),
    "carbohydrate": lazy_gettext("Carbohydrate"),
    "sugars": lazy_gettext("of which sugars"),
    "protein": lazy_gettext("Protein"),
    "fibre": lazy_gettext("Fibre"),
    "salt": lazy_gettext("Salt"),
}
PARTS = frozenset({"saturates", "sugars"})
LEVEL_NAMES = {
    "each": lazy_gettext("Single package"),
    "inner": lazy_gettext("Inner pack"),
    "case": lazy_gettext("Case"),
    "pallet": lazy_gettext("Pallet"),
}
DURABILITIES = {
    "best_before": lazy_gettext("Best before"),
    "use_by": lazy_gettext("Use by; not to be eaten afterwards"),
}


def ingredient_statement(page: ProductPage, locale: str) -> tuple[list[tuple[str, bool]], str]:
    """The statement in pieces with what stands out, and the language it is in.

    The structured list speaks Vietnamese, with additives in the page's language; a translation of
    the label's text made for this language goes before it.
    """
    text, listed = page.ingredients, page.record.ingredients
    if listed and (text is None or text.locale != locale or locale == "vi"):
        shown = tuple(_named(one, locale) for one in listed)
        parts = [(p.text, p.is_allergen) for p in statement(shown, class_names(locale))]
        first, is_allergen = parts[0]
        return [(first[:1].upper() + first[1:], is_allergen), *parts[1:]], "vi"
    if text is None:
        return [], locale
    return pieces(text.value, page.allergens.contains, text.locale), text.locale


def _named(one: Ingredient, locale: str) -> Ingredient:
    """An additive known by its number alone gets its name, from the fixed list."""
    known = ADDITIVES.get(one.ins_number or "")
    if one.name or known is None:
        return one
    return Ingredient(
        known.names.get(locale) or known.names["en"],
        one.percent,
        one.level,
        one.function_class,
        one.ins_number,
        one.allergens,
        one.origin,
    )


def nutrition_rows(declared: Nutrition, locale: str) -> list[tuple[str, str, bool]]:
    """(nutrient, amount, whether it is part of the row above) in the order of a label."""
    full = completed(declared)
    rows: list[tuple[str, str, bool]] = []
    if full.energy_kj is not None and full.energy_kcal is not None:
        kj, kcal = (format_number(value, locale) for value in (full.energy_kj, full.energy_kcal))
        rows.append((_("Energy"), f"{kj}\u00a0kJ / {kcal}\u00a0kcal", False))
    for name, word in NUTRIENT_NAMES.items():
        value: Decimal | None = getattr(full, name)
        if value is not None:
            rows.append((str(word), f"{format_number(value, locale)}\u00a0g", name in PARTS))
    if full.sodium_mg is not None:
        rows.append((_("Sodium"), f"{format_number(full.sodium_mg, locale)}\u00a0mg", True))
    return rows


def season_words(months: tuple[int, ...] | None) -> str:
    """ "May–July, September", or "all year"."""
    names = month_names(spoken())
    spans = month_spans(months or ())
    if spans == [(1, 12)]:
        return _("all year")
    words = [names[a] if a == b else f"{names[a]} – {names[b]}" for a, b in spans]
    return format_list(words, spoken())


def temperature(low: Decimal | None, high: Decimal | None, locale: str) -> str:
    """ "2–8 °C", "at most −18 °C", "at least 10 °C"; "" when neither is known."""
    if low is not None and high is not None:
        if low == high:
            return _degrees(low, locale)
        joint = "…" if min(low, high) < 0 else "–"
        return f"{_sign(low, locale)}{joint}{_degrees(high, locale)}"
    if high is not None:
        return _("at most %(degrees)s", degrees=_degrees(high, locale))
    if low is not None:
        return _("at least %(degrees)s", degrees=_degrees(low, locale))
    return ""


def _sign(value: Decimal, locale: str) -> str:
    return format_number(value, locale).replace("-", "−")


def _degrees(value: Decimal, locale: str) -> str:
    return f"{_sign(value, locale)} °C"


def size(length: int | None, width: int | None, height: int | None, locale: str) -> str:
    """Outside measures in centimetres, "40 × 30 × 20 cm"; "" unless all three are known."""
    if not (length and width and height):
        return ""
    sides = (format_number(Decimal(side) / 10, locale) for side in (length, width, height))
    return f"{' × '.join(sides)} cm"


def weight(grams: int | None, locale: str) -> str:
    """Grams below a kilogram, else kilograms; "" when not known."""
    if not grams:
        return ""
    if grams < 1000:  # noqa: PLR2004
        return f"{format_number(grams, locale)} g"
    return f"{format_number(Decimal(grams) / 1000, locale)} kg"


def package_rows(page: ProductPage, locale: str) -> list[tuple[PackageView, list[str]]]:
    """Each package of which more is known than its content, with what a shop asks about it."""
    rows = []
    for pack in page.packages:
        known = page.record.measures.get(pack.id, Measures())
        outside = size(known.length_mm, known.width_mm, known.height_mm, locale)
        gross = weight(known.gross_weight_g, locale)
        facts = [
            pack.sold_by == "weight" and _("sold by weight"),
            pack.abv and _("%(percent)s %% vol", percent=format_number(pack.abv, locale)),
            known.drained
            and _("drained %(amount)s", amount=format_quantity(known.drained, pack.unit, locale)),
            gross and _("gross %(weight)s", weight=gross),
            outside,
        ]
        said = [fact for fact in facts if fact]
        if said or pack.gtin:
            rows.append((pack, said))
    return rows


def closure(maker: ProducerView, on: date) -> tuple[date, date | None] | None:
    """The days on which the maker is closed when they are now or soon, else None."""
    first, last = maker.closed_from, maker.closed_to
    if first is None or first - on > SOON or (last is not None and last < on):
        return None
    return first, last
