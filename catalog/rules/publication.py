"""What a listing needs before it may be shown: every missing fact at once, each with a stable code.

An OCOP certificate is not among them: a product may be sold without stars. Sentences for people
live in `storefront/messages.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

FRESH = frozenset({"F01", "F02"})
"""Unprocessed food: no ingredient list and no self-declaration, but a commitment or certificate."""

ALCOHOL = frozenset({"D01", "D02"})
NO_EXPIRY = ALCOHOL | {"F10"}
"""Spirits and salt carry no date of expiry."""

EATEN_GROUPS = frozenset("FD")
FACILITY_PAPERS = frozenset({"facility_certificate", "commitment", "haccp", "iso22000"})
"""A facility certificate, the small producer's commitment instead of it, or a system replacing it."""

FACILITY_OR_PRODUCT_PAPERS = FACILITY_PAPERS | {"self_declaration", "registration"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a product can't be listed: a stable code, the field to mend, and facts."""

    code: str
    field: str
    facts: dict[str, Any] = dataclass_field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """A food-safety paper that covers the product, through its maker or by itself."""

    kind: str
    issued_on: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """A package that can be bought."""

    sku: str
    price_minor: int
    net_content: Decimal | None
    unit: str | None
    abv: Decimal | None


@dataclass(frozen=True, slots=True)
class PublicationFacts:
    """What is known of a product; None and "" mean that it is not known."""

    name: str | None
    producer_id: int | None
    province_code: str | None
    subgroup_code: str | None
    ingredients: str | None
    allergens_state: str
    shelf_life_days: int | None
    storage_kind: str
    packages: tuple[PackageFacts, ...] = ()
    papers: tuple[PaperFacts, ...] = ()


def is_food(subgroup_code: str | None) -> bool:
    """Whether the goods are eaten or drunk, so that food law applies (H01 is swallowed too)."""
    return bool(subgroup_code) and (str(subgroup_code)[0] in EATEN_GROUPS or subgroup_code == "H01")


def accepted_papers(subgroup_code: str | None) -> frozenset[str]:
    """Kinds of paper of which one must be valid; empty for goods that need none."""
    if subgroup_code in FRESH:
        return FACILITY_PAPERS
    if is_food(subgroup_code):
        return FACILITY_OR_PRODUCT_PAPERS
    return frozenset()


def is_paper_valid(paper: PaperFacts, on: date) -> bool:
    """Whether the paper covers that day; without an end it does, the last day counts."""
    return (paper.issued_on is None or paper.issued_on <= on) and (
        paper.valid_to is None or on <= paper.valid_to
    )


def publication_problems(facts: PublicationFacts, on: date) -> list[Problem]:
    """All reasons, in the order of the form, why the product can't be listed on that day."""
    problems: list[Problem] = []
    if not (facts.name or "").strip():
        problems.append(Problem("name_missing", "name"))
    if facts.producer_id is None:
        problems.append(Problem("producer_missing", "producer"))
    if not facts.province_code:
        problems.append(Problem("province_missing", "province"))
    if not facts.subgroup_code:
        problems.append(Problem("subgroup_missing", "subgroup"))
    problems += _package_problems(facts)
    problems += _food_problems(facts)
    problems += _paper_problems(facts, on)
    return problems


def listed_until(facts: PublicationFacts, on: date) -> date | None:
    """The last day on which the papers valid or following on without a gap cover the product.

    None means without end (or that no paper is needed). Only meaningful when there is no problem on
    that day.
    """
    accepted = accepted_papers(facts.subgroup_code)
    papers = [paper for paper in facts.papers if paper.kind in accepted]
    if not accepted:
        return None
    last = on - timedelta(days=1)
    for paper in sorted(papers, key=lambda p: p.issued_on or date.min):
        if paper.issued_on is not None and paper.issued_on > max(on, last + timedelta(days=1)):
            continue
        if paper.valid_to is None:
            return None
        last = max(last, paper.valid_to)
    return last


def _package_problems(facts: PublicationFacts) -> Iterable[Problem]:
    if not facts.packages:
        yield Problem("package_missing", "packages")
    for package in facts.packages:
        if package.price_minor <= 0:
            yield Problem("price_missing", "price", {"sku": package.sku})
        if package.net_content is None or package.net_content <= 0 or not package.unit:
            yield Problem("net_content_missing", "net_content", {"sku": package.sku})
        if facts.subgroup_code in ALCOHOL and package.abv is None:
            yield Problem("abv_missing", "abv", {"sku": package.sku})


def _food_problems(facts: PublicationFacts) -> Iterable[Problem]:
    if not is_food(facts.subgroup_code):
        return
    if facts.subgroup_code not in FRESH and not (facts.ingredients or "").strip():
        yield Problem("ingredients_missing", "ingredients")
    if facts.allergens_state not in {"declared", "none_declared"}:
        yield Problem("allergens_unknown", "allergens")
    if facts.shelf_life_days is None and facts.subgroup_code not in NO_EXPIRY:
        yield Problem("shelf_life_missing", "shelf_life")


def _paper_problems(facts: PublicationFacts, on: date) -> Iterable[Problem]:
    accepted = accepted_papers(facts.subgroup_code)
    if not accepted:
        return
    papers = [paper for paper in facts.papers if paper.kind in accepted]
    if any(is_paper_valid(paper, on) for paper in papers):
        return
    ended = [paper.valid_to for paper in papers if paper.valid_to and paper.valid_to < on]
    if ended:
        yield Problem("food_safety_expired", "food_safety", {"valid_to": max(ended).isoformat()})
    else:
        yield Problem("food_safety_missing", "food_safety", {"accepted": sorted(accepted)})
