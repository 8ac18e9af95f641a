"""Which facets a list of goods has, and which of their values a product stands under."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from catalog.rules.food import is_food

FACETS = (
    "province",
    "commune",
    "group",
    "subgroup",
    "stars",
    "certificate",
    "price",
    "stock",
    "ships_to",
    "free_from",
    "season",
    "maker",
    "producer",
)
"""Their names in addresses and answers, in the order in which they are shown."""

ALL_OF = frozenset({"free_from"})
"""Of these every chosen value must hold: two allergies are not one of them. Of others any will do."""

PRICE_BANDS = (
    "0-49999",
    "50000-99999",
    "100000-199999",
    "200000-499999",
    "500000-999999",
    "1000000-",
)
"""Dong for the package that is shown, both ends included."""

_LAST_PRICES = tuple(int(band.partition("-")[2] or 0) for band in PRICE_BANDS[:-1])

Chosen = Mapping[str, Collection[str]]
"""The chosen values of each facet; a facet without any does not narrow."""


def price_band(price: int) -> str:
    """Return the band of a price in dong."""
    for band, last in zip(PRICE_BANDS, _LAST_PRICES, strict=False):
        if price <= last:
            return band
    return PRICE_BANDS[-1]


def free_from(
    state: str, named: Collection[str], groups: Mapping[str, Collection[str]], subgroup: str | None
) -> tuple[str, ...]:
    """Return the main allergens a food is declared to be without.

    ``state`` is that of the statement: nobody is told "free from" of goods of which nothing is known.
    ``named`` are the codes it contains or may contain; ``groups`` maps each main allergen to its kinds
    (`catalog.reference.KINDS_OF`): what may contain walnuts is not free from nuts.
    """
    if state == "unknown" or not is_food(subgroup):
        return ()
    return tuple(
        code
        for code, kinds in groups.items()
        if code not in named and not any(kind in named for kind in kinds)
    )
