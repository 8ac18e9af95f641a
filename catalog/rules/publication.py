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

from catalog.rules.food import ALCOHOL, FRESH, NO_EXPIRY, is_food
from catalog.rules.labelling import LABEL_FIELDS, required_label_fields
from catalog.rules.regulation import RuleSet

__all__ = [
    "ALCOHOL",
    "FACILITY_OR_PRODUCT_PAPERS",
    "FACILITY_PAPERS",
    "FRESH",
    "NO_EXPIRY",
    "PackageFacts",
    "PaperFacts",
    "Problem",
    "PublicationFacts",
    "accepted_papers",
    "is_food",
    "is_paper_valid",
    "known_label_fields",
    "listed_until",
    "publication_problems",
]

HOME = "VN"
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
    """What is known of a product; None and "" mean that it is not known.

    `rules` is the law the listing is judged by: it says which particulars a label must carry. Without
    it every particular is asked for, so that forgetting it can hide a listing, never show one.
    """

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
    rules: RuleSet | None = None


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
    asked = _asked(facts, on)
    problems: list[Problem] = []
    if "name" in asked and not (facts.name or "").strip():
        problems.append(Problem("name_missing", "name"))
    if "producer" in asked and facts.producer_id is None:
        problems.append(Problem("producer_missing", "producer"))
    if "address" in asked and not facts.province_code:
        problems.append(Problem("province_missing", "province"))
    if not facts.subgroup_code:
        problems.append(Problem("subgroup_missing", "subgroup"))
    problems += _package_problems(facts, asked)
    problems += _food_problems(facts, asked)
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


def known_label_fields(facts: PublicationFacts) -> frozenset[str]:
    """The particulars of a label that are known, apart from texts and allergens."""
    packages = facts.packages
    known = {
        "producer": facts.producer_id is not None,
        "address": bool(facts.province_code),
        "origin": True,
        "net_content": bool(packages) and all(_has_content(package) for package in packages),
        "date": facts.shelf_life_days is not None,
        "storage": bool(facts.storage_kind),
        "abv": bool(packages) and all(package.abv is not None for package in packages),
    }
    return frozenset(field for field, is_known in known.items() if is_known)


def _asked(facts: PublicationFacts, on: date) -> frozenset[str]:
    if facts.rules is None:
        return frozenset(LABEL_FIELDS)
    return required_label_fields(facts.rules, facts.subgroup_code, HOME, on)


def _has_content(package: PackageFacts) -> bool:
    return package.net_content is not None and package.net_content > 0 and bool(package.unit)


def _package_problems(facts: PublicationFacts, asked: frozenset[str]) -> Iterable[Problem]:
    if not facts.packages:
        yield Problem("package_missing", "packages")
    for package in facts.packages:
        if package.price_minor <= 0:
            yield Problem("price_missing", "price", {"sku": package.sku})
        if "net_content" in asked and not _has_content(package):
            yield Problem("net_content_missing", "net_content", {"sku": package.sku})
        if "abv" in asked and facts.subgroup_code in ALCOHOL and package.abv is None:
            yield Problem("abv_missing", "abv", {"sku": package.sku})


def _food_problems(facts: PublicationFacts, asked: frozenset[str]) -> Iterable[Problem]:
    if not is_food(facts.subgroup_code):
        return
    composed = facts.subgroup_code not in FRESH
    if "ingredients" in asked and composed and not (facts.ingredients or "").strip():
        yield Problem("ingredients_missing", "ingredients")
    if "allergens" in asked and facts.allergens_state not in {"declared", "none_declared"}:
        yield Problem("allergens_unknown", "allergens")
    dated = facts.subgroup_code not in NO_EXPIRY
    if "date" in asked and dated and facts.shelf_life_days is None:
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
