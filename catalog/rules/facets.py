"""Which facets a list of goods has, and which of their values a product stands under."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping
from itertools import pairwise

from catalog.rules.destinations import HOME_CURRENCY
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

_STEPS: Mapping[str, tuple[int, ...]] = {
    HOME_CURRENCY: (50_000, 100_000, 200_000, 500_000, 1_000_000),
    "JPY": (500, 1_000, 2_000, 5_000, 10_000),
    "KRW": (5_000, 10_000, 20_000, 50_000, 100_000),
    "EUR": (500, 1_000, 2_000, 5_000, 10_000),
    "AUD": (500, 1_000, 2_000, 5_000, 10_000),
    "CAD": (500, 1_000, 2_000, 5_000, 10_000),
    "SGD": (500, 1_000, 2_000, 5_000, 10_000),
    "USD": (500, 1_000, 2_000, 5_000, 10_000),
    "CNY": (2_000, 5_000, 10_000, 20_000, 50_000),
    "HKD": (2_000, 5_000, 10_000, 20_000, 50_000),
    "TWD": (10_000, 20_000, 50_000, 100_000, 200_000),
}
"""Where a new band of prices begins, in minor units: round figures of each currency, none converted."""


def _bands(currency: str) -> tuple[str, ...]:
    starts = (0, *_STEPS[currency])
    written = [f"{low}-{after - 1}" for low, after in pairwise(starts)] + [f"{starts[-1]}-"]
    if currency == HOME_CURRENCY:
        return tuple(written)
    return tuple(f"{currency.lower()}-{band}" for band in written)


BANDS: Mapping[str, tuple[str, ...]] = {currency: _bands(currency) for currency in _STEPS}
"""The bands of each currency as addresses have them, rising: "50000-99999" dong, "jpy-500-999" yen.

In minor units for the package that is shown, both ends included.
"""

PRICE_BANDS = BANDS[HOME_CURRENCY]

Chosen = Mapping[str, Collection[str]]
"""The chosen values of each facet; a facet without any does not narrow."""


def price_band(price: int, currency: str = HOME_CURRENCY) -> str:
    """Return the band of a price in minor units; raises KeyError for a currency nobody sells in."""
    return BANDS[currency][bisect_right(_STEPS[currency], price)]


def band_ends(band: str) -> tuple[str, int, int | None]:
    """Return the currency of a band, its least price, and the greatest; None where it has no end."""
    *before, low, high = band.split("-")
    return (before[0].upper() if before else HOME_CURRENCY), int(low), int(high) if high else None


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
