"""What a product may show on a day besides its stars: the only source of every badge but the OCOP one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from catalog.rules.rights import IN_FORCE, Standing, licence_end, licence_state, state_on

FOOD_SAFETY = (
    "facility_certificate",
    "commitment",
    "self_declaration",
    "registration",
    "test_report",
)
"""What the law asks of everybody: needed to be sold, but nothing to boast of."""

SITE_SCHEMES = ("haccp", "iso22000", "fssc22000", "brcgs")
"""Management systems of a site: they cover what is made there."""

LISTED_PAPERS = (*FOOD_SAFETY, "haccp", "iso22000")
"""What a page lists as food-safety papers: HACCP and ISO 22000 stand in for the facility certificate."""

PRODUCT_SCHEMES = (
    "vietgap",
    "globalgap",
    "organic_tcvn",
    "organic_eu",
    "organic_jas",
    "organic_usda",
    "halal",
    "asc",
    "bap",
    "msc",
)
"""Granted for named goods: a paper that names no product of the shop gives no badge to any."""

MARKET_PAPER = "registration"
"""The kind of every paper that names a market; its `document` says which it is."""

RECOGNITIONS = ("rural_industrial", "gold_brand")
RIGHTS = ("gi", "collective_mark", "certification_mark")
PAPER_KINDS = (*FOOD_SAFETY, *SITE_SCHEMES, *PRODUCT_SCHEMES, *RECOGNITIONS)
NEEDS_PRODUCT = frozenset((*PRODUCT_SCHEMES, "rural_industrial"))
MARKS = (*RIGHTS, *PRODUCT_SCHEMES, *SITE_SCHEMES, *RECOGNITIONS)
"""Every code `mark_claims` can yield, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """A paper of the producer that may cover the product.

    `is_checked`: the programme office has compared it with the original. `market` and `document` are
    set for a registration or permit that one market asks for; it says nothing at home.
    """

    id: int
    kind: str
    number: str | None
    issuer: str | None
    product_id: int | None
    standing: Standing
    is_checked: bool
    year: int | None = None
    is_illustrative: bool = False
    market: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class LicenceRecord:
    """A licence to use a protected name for the product; the right is known by kind and number.

    `goods` says by locale what the right is registered for: two rights may share a name.
    """

    id: int
    number: str
    issuer: str | None
    standing: Standing
    right_kind: str
    right_number: str
    right_name: str
    goods: tuple[tuple[str, str], ...]
    right: Standing
    is_illustrative: bool = False


@dataclass(frozen=True, slots=True)
class MarkFacts:
    """What is known of one product's papers and licences."""

    papers: tuple[PaperRecord, ...] = ()
    licences: tuple[LicenceRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkClaim:
    """A badge that may be shown, and where it can be looked up.

    `source` is "paper" or "licence" and `id` its row; `right_number` and `right_name` name the
    protected name; `last` is the last day it holds.
    """

    code: str
    source: str
    id: int
    number: str | None
    issuer: str | None
    first: date | None
    last: date | None
    year: int | None = None
    right_number: str | None = None
    right_name: str | None = None
    goods: tuple[tuple[str, str], ...] = ()
    is_illustrative: bool = False


def paper_claims(paper: PaperRecord, on: date) -> bool:
    """Whether the paper gives its badge that day: in force, checked, and naming the product if it must."""
    return (
        paper.kind in MARKS
        and paper.is_checked
        and (paper.product_id is not None or paper.kind not in NEEDS_PRODUCT)
        and state_on(paper.standing, on) in IN_FORCE
    )


def mark_claims(facts: MarkFacts, on: date) -> tuple[MarkClaim, ...]:
    """Every badge the product may show on that day, in the order of `MARKS`; one for each scheme or right.

    Of two papers of one scheme the one that lasts longer speaks. Stars are not among them: they have
    their one source in `star_claim`.
    """
    best: dict[tuple[str, str | None], MarkClaim] = {}
    for claim in (*_from_papers(facts, on), *_from_licences(facts, on)):
        key = (claim.code, claim.right_number)
        if key not in best or _endurance(claim) > _endurance(best[key]):
            best[key] = claim
    return tuple(
        best[key] for key in sorted(best, key=lambda key: (MARKS.index(key[0]), key[1] or ""))
    )


def _from_papers(facts: MarkFacts, on: date) -> list[MarkClaim]:
    return [
        MarkClaim(
            code=paper.kind,
            source="paper",
            id=paper.id,
            number=paper.number,
            issuer=paper.issuer,
            first=paper.standing.first,
            last=paper.standing.last,
            year=paper.year,
            is_illustrative=paper.is_illustrative,
        )
        for paper in facts.papers
        if paper_claims(paper, on)
    ]


def _from_licences(facts: MarkFacts, on: date) -> list[MarkClaim]:
    return [
        MarkClaim(
            code=licence.right_kind,
            source="licence",
            id=licence.id,
            number=licence.number,
            issuer=licence.issuer,
            first=licence.standing.first,
            last=licence_end(licence.standing, licence.right),
            right_number=licence.right_number,
            right_name=licence.right_name,
            goods=licence.goods,
            is_illustrative=licence.is_illustrative,
        )
        for licence in facts.licences
        if licence_state(licence.standing, licence.right, on) in IN_FORCE
    ]


def _endurance(claim: MarkClaim) -> tuple[date, int]:
    return (claim.last or date.max, claim.id)
