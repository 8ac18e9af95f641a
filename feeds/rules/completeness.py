"""What an item still lacks before a partner may be told of it: every reason at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as factory
from typing import Any

from catalog.rules.identifiers import is_restricted_circulation, is_valid_gtin
from catalog.rules.publication import FRESH, NO_EXPIRY, is_food
from feeds.rules.items import FeedItem

UNITS: Mapping[str, str] = {
    "g": "GRM",
    "kg": "KGM",
    "mg": "MGM",
    "ml": "MLT",
    "cl": "CLT",
    "l": "LTR",
    "m": "MTR",
    "cm": "CMT",
    "piece": "H87",
}
"""Units of the catalogue and their UN/ECE Recommendation 20 codes, as GDSN wants them."""


@dataclass(frozen=True, slots=True)
class Lack:
    """One reason why an item is held: a stable code, the field to mend, and facts."""

    code: str
    field: str
    facts: dict[str, Any] = factory(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a partner's profile asks; ``required`` names fields of CHECKS."""

    required: tuple[str, ...]
    currency: str
    short_name_length: int
    accepts_restricted_numbers: bool


Check = Callable[[FeedItem, Requirements], Iterable[Lack]]


def lacks(item: FeedItem, requirements: Requirements) -> list[Lack]:
    """Everything the item lacks, in the order of the profile; empty when it may be sent."""
    found: list[Lack] = []
    for name in ("gtin", *(n for n in requirements.required if n != "gtin")):
        found += CHECKS[name](item, requirements)
    return found


def doubled(items: Iterable[FeedItem]) -> dict[str, list[str]]:
    """GTINs that more than one package claims, with the SKUs: none of them may be sent."""
    listed = list(items)
    counts = Counter(item.gtin for item in listed if item.gtin)
    return {
        gtin: sorted(item.sku for item in listed if item.gtin == gtin)
        for gtin, times in counts.items()
        if times > 1
    }


def _gtin(item: FeedItem, requirements: Requirements) -> Iterable[Lack]:
    if not item.gtin:
        yield Lack("gtin_missing", "gtin")
    elif len(item.gtin) != 14 or not is_valid_gtin(item.gtin):
        yield Lack("gtin_invalid", "gtin", {"gtin": item.gtin})
    elif is_restricted_circulation(item.gtin) and not requirements.accepts_restricted_numbers:
        yield Lack("gtin_restricted", "gtin", {"gtin": item.gtin})


def _name(item: FeedItem, _requirements: Requirements) -> Iterable[Lack]:
    if not item.name_vi.strip():
        yield Lack("name_missing", "name")


def _name_en(item: FeedItem, _requirements: Requirements) -> Iterable[Lack]:
    if not (item.name_en or "").strip():
        yield Lack("name_en_missing", "name_en")


def _short_name(item: FeedItem, requirements: Requirements) -> Iterable[Lack]:
    if not item.short_name:
        yield Lack("short_name_missing", "short_name")
    elif len(item.short_name) > requirements.short_name_length:
        limit = requirements.short_name_length
        yield Lack(
            "short_name_long", "short_name", {"length": len(item.short_name), "limit": limit}
        )


def _producer(item: FeedItem, _requirements: Requirements) -> Iterable[Lack]:
    if not item.producer_name.strip():
        yield Lack("producer_missing", "producer")


def _category(item: FeedItem, _requirements: Requirements) -> Iterable[Lack]:
    if not item.subgroup_code:
        yield Lack("category_missing", "subgroup")


def _net_content(item: FeedItem, _requirements: Requirements) -> Iterable[Lack]:
    if item.net_unit not in UNITS.values():
        yield Lack("unit_unknown", "unit", {"unit": item.net_unit})


def _price(item: FeedItem, requirements: Requirements) -> Iterable[Lack]:
    if item.price_minor <= 0:
        yield Lack("price_missing", "price")
    if item.currency != requirements.currency:
        facts = {"currency": item.currency, "wanted": requirements.currency}
        yield Lack("currency_other", "price", facts)


def _shelf_life(item: FeedItem, _requirements: Requirements) -> Iterable[Lack]:
    if (
        is_food(item.subgroup_code)
        and item.shelf_life_days is None
        and item.subgroup_code not in NO_EXPIRY
    ):
        yield Lack("shelf_life_missing", "shelf_life")


def _ingredients(item: FeedItem, _requirements: Requirements) -> Iterable[Lack]:
    needed = is_food(item.subgroup_code) and item.subgroup_code not in FRESH
    if needed and not (item.ingredients or "").strip():
        yield Lack("ingredients_missing", "ingredients")


def _allergens(item: FeedItem, _requirements: Requirements) -> Iterable[Lack]:
    if is_food(item.subgroup_code) and item.allergens_state not in {"declared", "none_declared"}:
        yield Lack("allergens_unknown", "allergens")


def _case(item: FeedItem, _requirements: Requirements) -> Iterable[Lack]:
    if not item.units_per_case:
        yield Lack("case_missing", "units_per_case")
    if item.case_gtin and not is_valid_gtin(item.case_gtin):
        yield Lack("case_gtin_invalid", "case_gtin", {"gtin": item.case_gtin})


def _origin(item: FeedItem, _requirements: Requirements) -> Iterable[Lack]:
    if not item.origin_country:
        yield Lack("origin_missing", "origin_country")


CHECKS: Mapping[str, Check] = {
    "gtin": _gtin,
    "name": _name,
    "name_en": _name_en,
    "short_name": _short_name,
    "producer": _producer,
    "category": _category,
    "net_content": _net_content,
    "price": _price,
    "shelf_life": _shelf_life,
    "ingredients": _ingredients,
    "allergens": _allergens,
    "case": _case,
    "origin": _origin,
}
"""What a profile may require, by the name it uses."""
