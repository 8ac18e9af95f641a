"""How complete a record is for a purpose, what it lacks, and what to do next.

A purpose (publish in the shop, sell in a market, the profile of a supermarket) is a list of needs
with weights. What blocks the purpose counts most; wishes make a listing better and block nothing.
The sentences for a need's code live in `storefront/messages.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from catalog.rules.identifiers import is_restricted_circulation, is_valid_gtin
from catalog.rules.publication import (
    ALCOHOL,
    FRESH,
    NO_EXPIRY,
    PublicationFacts,
    is_food,
    publication_problems,
)

BLOCKING = 5
"""Weight of a need without which the purpose fails; a wish weighs 1 to 3."""


@dataclass(frozen=True, slots=True)
class SoldUnit:
    """What completeness asks of one package."""

    sku: str
    gtin: str | None = None
    gross_weight_g: int | None = None
    dimensions_mm: tuple[int, int, int] | None = None
    case_quantity: int | None = None


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """Everything known of one product; None, "" and empty mean that it is not known.

    `translated` holds, per locale, the fields that have a usable text made from the present source.
    `documents` holds codes of documents on file per market; under "" those that count everywhere.
    """

    listing: PublicationFacts
    units: tuple[SoldUnit, ...] = ()
    short_name: str | None = None
    summary: str | None = None
    description: str | None = None
    producer_name: str | None = None
    producer_address: str | None = None
    producer_story: str | None = None
    storage_note: str | None = None
    ingredient_rows: int = 0
    nutrition_declared: bool = False
    pictures: int = 0
    hs6: str | None = None
    gpc_brick: str | None = None
    capacity_per_month: Decimal | None = None
    origin_country: str | None = None
    has_star_claim: bool = False
    translated: Mapping[str, frozenset[str]] = field(default_factory=dict)
    documents: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing a purpose asks for: a code, what it weighs, and whether the purpose fails without.

    `code` may carry an argument after a colon: `translation:en|zh-hant` (either language will do),
    `document:CN/planting_area_code`.
    """

    code: str
    weight: int
    blocks: bool


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a record should be good for: `shop`, `market:JP` or `partner:demo-supermarket`."""

    code: str
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Completeness:
    """A score from 0 to 100, what is missing (the most useful first), and whether it suffices."""

    purpose: str
    score: int
    missing: tuple[Need, ...]
    suffices: bool

    @property
    def next_best(self) -> Need | None:
        """What to do next: what blocks comes before what is only a wish."""
        return self.missing[0] if self.missing else None


def completeness(facts: RecordFacts, purpose: Purpose, on: date) -> Completeness:
    """Judge the record for the purpose on that day.

    The score is the share of the weights that are met, rounded down, so 100 means that nothing is
    missing; as the weights of a purpose sum to at most 100, meeting any need raises it. A need that
    does not apply to such goods (an expiry date on salt) counts as met.
    """
    problems = frozenset(problem.code for problem in publication_problems(facts.listing, on))
    missing = [need for need in purpose.needs if not is_met(need, facts, problems)]
    total = sum(need.weight for need in purpose.needs)
    lacking = sum(need.weight for need in missing)
    # sorted() keeps the order of the purpose among equals: the order of the forms.
    missing.sort(key=lambda need: (not need.blocks, -need.weight))
    return Completeness(
        purpose=purpose.code,
        score=100 * (total - lacking) // total if total else 100,
        missing=tuple(missing),
        suffices=not any(need.blocks for need in missing),
    )


def is_met(need: Need, facts: RecordFacts, problems: frozenset[str]) -> bool:
    """Whether the record has what the need asks; `problems` are the codes of what hinders listing."""
    name, _, argument = need.code.partition(":")
    if name in FOLLOWS_CATEGORY and not facts.listing.subgroup_code:
        return False
    if name in PROBLEMS_OF:
        return not problems & PROBLEMS_OF[name]
    if name == "translation":
        locales = argument.split("|")
        return any(facts.translated.get(tag, frozenset()) >= TRANSLATED_FIELDS for tag in locales)
    if name == "document":
        market, _, paper = argument.partition("/")
        return paper in facts.documents.get(market, ()) or paper in facts.documents.get("", ())
    return CHECKS[name](facts)


PROBLEMS_OF: Mapping[str, frozenset[str]] = {
    "name": frozenset({"name_missing"}),
    "producer": frozenset({"producer_missing"}),
    "province": frozenset({"province_missing"}),
    "category": frozenset({"subgroup_missing"}),
    "packages": frozenset({"package_missing"}),
    "price": frozenset({"package_missing", "price_missing"}),
    "net_content": frozenset({"package_missing", "net_content_missing"}),
    "abv": frozenset({"abv_missing"}),
    "ingredients": frozenset({"ingredients_missing"}),
    "allergens": frozenset({"allergens_unknown"}),
    "shelf_life": frozenset({"shelf_life_missing"}),
    "food_safety": frozenset({"food_safety_missing", "food_safety_expired"}),
}
"""Needs that the rule of publication answers: there is one truth about what may be listed."""

FOLLOWS_CATEGORY = frozenset(
    {
        "abv",
        "ingredients",
        "allergens",
        "shelf_life",
        "food_safety",
        "storage",
        "ingredient_rows",
        "nutrition",
    }
)
"""Whether these apply depends on the category: while that is unknown, they are not met either."""

TRANSLATED_FIELDS = frozenset({"name", "summary"})
"""What a visitor reads first; without both, a language does not count as done."""


def _food(facts: RecordFacts) -> bool:
    return is_food(facts.listing.subgroup_code)


def _prepared_food(facts: RecordFacts) -> bool:
    return _food(facts) and facts.listing.subgroup_code not in FRESH


def _every(facts: RecordFacts, has: Callable[[SoldUnit], object]) -> bool:
    return bool(facts.units) and all(has(unit) for unit in facts.units)


def _numbered(unit: SoldUnit) -> bool:
    return bool(unit.gtin) and is_valid_gtin(str(unit.gtin))


CHECKS: Mapping[str, Callable[[RecordFacts], bool]] = {
    "short_name": lambda facts: bool((facts.short_name or "").strip()),
    "summary": lambda facts: bool((facts.summary or "").strip()),
    "description": lambda facts: bool((facts.description or "").strip()),
    "producer_address": lambda facts: bool((facts.producer_address or "").strip()),
    "producer_story": lambda facts: bool((facts.producer_story or "").strip()),
    "storage": lambda facts: not _food(facts) or bool((facts.storage_note or "").strip()),
    "ingredient_rows": lambda facts: not _prepared_food(facts) or facts.ingredient_rows > 0,
    "nutrition": lambda facts: (
        not _prepared_food(facts)
        or facts.listing.subgroup_code in ALCOHOL | NO_EXPIRY
        or facts.nutrition_declared
    ),
    "picture": lambda facts: facts.pictures > 0,
    "hs6": lambda facts: len(facts.hs6 or "") == 6,
    "gpc": lambda facts: len(facts.gpc_brick or "") == 8,
    "capacity": lambda facts: facts.capacity_per_month is not None,
    "origin": lambda facts: bool(facts.origin_country),
    "gtin": lambda facts: _every(facts, _numbered),
    "gs1_gtin": lambda facts: _every(
        facts, lambda unit: _numbered(unit) and not is_restricted_circulation(str(unit.gtin))
    ),
    "gross_weight": lambda facts: _every(facts, lambda unit: unit.gross_weight_g),
    "dimensions": lambda facts: _every(facts, lambda unit: unit.dimensions_mm),
    "case": lambda facts: _every(facts, lambda unit: unit.case_quantity),
    "star_claim": lambda facts: facts.has_star_claim,
}

_LISTING = tuple(Need(code, BLOCKING, True) for code in PROBLEMS_OF)
_SHOP_WISHES = (
    Need("picture", 3, False),
    Need("summary", 3, False),
    Need("translation:en", 3, False),
    Need("nutrition", 2, False),
    Need("storage", 2, False),
    Need("description", 2, False),
    Need("producer_story", 2, False),
    Need("star_claim", 2, False),
    Need("ingredient_rows", 1, False),
)

SHOP = Purpose("shop", (*_LISTING, *_SHOP_WISHES))
"""Publish in the shop: the rule of publication blocks, the rest makes a listing people trust."""


LABEL_NEEDS: Mapping[str, str] = {
    "name": "name",
    "producer": "producer",
    "address": "producer_address",
    "origin": "origin",
    "net_content": "net_content",
    "ingredients": "ingredients",
    "allergens": "allergens",
    "date": "shelf_life",
    "storage": "storage",
    "nutrition": "nutrition",
    "abv": "abv",
}
"""The need that a particular of the label makes; who imports is not the producer's to know."""


def market_purpose(
    market: str,
    *,
    languages: Iterable[Iterable[str]],
    label_fields: Iterable[str],
    documents: Iterable[str] = (),
) -> Purpose:
    """Sell in a market: what the shop asks, and what the dated rules of that market ask of such goods.

    `languages`: one of each group must be there. `label_fields` as in `catalog.rules.labelling`.
    `documents` that a registration or permit wants on file.
    """
    needs = [Need(code, 3, True) for code in PROBLEMS_OF]
    needs += [Need(LABEL_NEEDS[f], 3, True) for f in label_fields if f in LABEL_NEEDS]
    needs += [
        Need(f"translation:{'|'.join(any_of)}", 3, True)
        for any_of in map(tuple, languages)
        if "vi" not in any_of
    ]
    needs += [Need(f"document:{market}/{paper}", 3, True) for paper in documents]
    needs += [Need("hs6", 3, True), Need("picture", 2, False), Need("gross_weight", 2, False)]
    return Purpose(f"market:{market}", _once(needs))


def partner_purpose(partner: str, required: Iterable[str], *, internal_numbers: bool) -> Purpose:
    """The item form of a supermarket: `required` are the names that its profile lists."""
    needs = [Need("gtin" if internal_numbers else "gs1_gtin", 6, True)]
    needs += [Need(code, 4, True) for code in ("name", "producer", "category", "net_content")]
    needs += [
        Need(name, 4, True)
        for name in required
        if name in CHECKS or name in PROBLEMS_OF or name.startswith("translation:")
    ]
    wishes = {"gpc": 3, "gross_weight": 3, "dimensions": 2, "case": 2, "picture": 2}
    needs += [Need(code, weight, False) for code, weight in wishes.items()]
    return Purpose(f"partner:{partner}", _once(needs))


def _once(needs: Iterable[Need]) -> tuple[Need, ...]:
    """Each code once: the first word on it counts."""
    kept: dict[str, Need] = {}
    for need in needs:
        kept.setdefault(need.code, need)
    if "gs1_gtin" in kept:
        kept.pop("gtin", None)
    return tuple(kept.values())
