"""What search engines are told of what is in a product: allergens and the nutrition declaration.

schema.org lets only recipes and menus have ``nutrition``, so a product's declaration is the value of a
property of its own, which the vocabulary allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from catalog.rules.nutrition import Nutrition, completed
from i18n.catalogue import gettext as _

Graph = dict[str, Any]

_GRAMS = {
    "fat": "fatContent",
    "saturates": "saturatedFatContent",
    "carbohydrate": "carbohydrateContent",
    "sugars": "sugarContent",
    "protein": "proteinContent",
    "fibre": "fiberContent",
}
_BASES = {"100g": "100 g", "100ml": "100 ml"}


def properties(
    declared: Nutrition | None, contains: Sequence[str], may_contain: Sequence[str]
) -> list[Graph]:
    """The properties of a product as food; nothing that nobody declared."""
    found: list[Graph] = [
        {"@type": "PropertyValue", "propertyID": code, "name": name, "value": ", ".join(listed)}
        for code, name, listed in (
            ("allergens", _("Contains:").rstrip(" :："), contains),
            ("traces", _("May contain traces of:").rstrip(" :："), may_contain),
        )
        if listed
    ]
    if declared is not None:
        found.append(
            {
                "@type": "PropertyValue",
                "propertyID": "nutrition",
                "name": _("Nutrition"),
                "valueReference": _nutrition(declared),
            }
        )
    return found


def _nutrition(declared: Nutrition) -> Graph:
    full = completed(declared)
    graph: Graph = {"@type": "NutritionInformation", "servingSize": _BASES[declared.basis]}
    if full.energy_kcal is not None:
        graph["calories"] = f"{_plain(full.energy_kcal)} kcal"
    for name, term in _GRAMS.items():
        value: Decimal | None = getattr(full, name)
        if value is not None:
            graph[term] = f"{_plain(value)} g"
    if full.sodium_mg is not None:
        graph["sodiumContent"] = f"{_plain(full.sodium_mg)} mg"
    return graph


def _plain(value: Decimal) -> str:
    """Digits with a point, never an exponent."""
    return f"{value.normalize():f}"
