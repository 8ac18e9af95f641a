"""Which classes of goods are eaten or drunk, and which of them law treats apart."""

from __future__ import annotations

FRESH = frozenset({"F01", "F02"})
"""Unprocessed food: no ingredient list and no self-declaration, but a commitment or certificate."""

ALCOHOL = frozenset({"D01", "D02"})
NO_EXPIRY = ALCOHOL | {"F10"}
"""Spirits and salt carry no date of expiry."""

EATEN_GROUPS = frozenset("FD")


def is_food(subgroup_code: str | None) -> bool:
    """Whether the goods are eaten or drunk, so that food law applies (H01 is swallowed too)."""
    return bool(subgroup_code) and (str(subgroup_code)[0] in EATEN_GROUPS or subgroup_code == "H01")
