"""Fixed lists that need no database: provinces, product groups, allergens."""

from __future__ import annotations

from catalog.reference.allergens import ALLERGENS, KINDS_OF, MAIN_ALLERGENS, Allergen
from catalog.reference.provinces import PROVINCES, Province, find_province, former_unit
from catalog.reference.subgroups import GROUPS, SUBGROUPS, Group, Subgroup

__all__ = [
    "ALLERGENS",
    "GROUPS",
    "KINDS_OF",
    "MAIN_ALLERGENS",
    "PROVINCES",
    "SUBGROUPS",
    "Allergen",
    "Group",
    "Province",
    "Subgroup",
    "find_province",
    "former_unit",
]
