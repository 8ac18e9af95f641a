"""Recording a producer's papers and checking them against the original."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import AlreadyRecorded, InvalidFields, LedgerEntryNotFound, ProducerNotFound
from catalog.models import Paper, Producer, Product
from catalog.publishing import refresh_producer
from catalog.rules.eligibility import MARKETS
from catalog.rules.marks import (
    LISTED_PAPERS,
    MARKET_PAPER,
    NEEDS_PRODUCT,
    PAPER_KINDS,
    RECOGNITIONS,
)
from catalog.rules.rule_values import MARKET_DOCUMENTS
from core import audit
from core.actor import Actor
from core.facts import announce
from core.people.permissions import allows, require
from i18n.text import nfc

LEVELS = ("commune", "province", "region", "national")
FIRST_YEAR = 2008
"""Typical rural industrial products have been voted for since Circular 35/2010; the brand is younger."""


def record_paper(
    session: Session,
    producer_id: int,
    *,
    kind: str,
    number: str | None,
    issued_on: date | None,
    valid_to: date | None,
    issuer: str | None,
    actor: Actor,
    on: date,
    now: datetime,
    product_id: int | None = None,
    facility: str | None = None,
    scope: str | None = None,
    year: int | None = None,
    level: str | None = None,
    evidence: str | None = None,
    market: str | None = None,
    document: str | None = None,
    is_illustrative: bool = False,
) -> Paper:
    """Add a paper of the producer, or of one of its products.

    What the programme office enters counts as checked; what a producer enters gives no badge before
    it is. Schemes need number, body and both dates, and those certified for goods the product;
    awards need year and decision; a paper for a market (`market` of `MARKETS`, `document` of
    `MARKET_DOCUMENTS`) number, office and first day. Raises ProducerNotFound, InvalidFields, AlreadyRecorded, Forbidden.
    """
    if session.get(Producer, producer_id) is None:
        raise ProducerNotFound(producer_id=producer_id)
    require(actor, "paper.record", producer_id=producer_id)
    paper = Paper(
        producer_id=producer_id,
        product_id=product_id,
        kind=kind,
        number=_tidy(number),
        issued_on=issued_on,
        valid_to=valid_to,
        issuer=_tidy(issuer),
        facility=_tidy(facility),
        scope=_tidy(scope),
        year=year or (issued_on.year if kind in RECOGNITIONS and issued_on else None),
        level=level,
        evidence=evidence,
        market=market,
        document=document,
        checked_on=on if allows(actor, "paper.check") else None,
        is_illustrative=is_illustrative,
        created_at=now,
    )
    mistakes = _mistakes(paper, on)
    if product_id is not None and not _owns(session, producer_id, product_id):
        mistakes["product_id"] = "not_of_this_producer"
    if mistakes:
        raise InvalidFields(mistakes)
    if paper.number and _is_known(session, paper):
        raise AlreadyRecorded(kind=kind, number=paper.number)
    session.add(paper)
    session.flush()
    refresh_producer(session, producer_id, on=on)
    subject = f"paper:{paper.id}"
    details = {"producer_id": producer_id, "product_id": product_id, "number": paper.number}
    audit.record(session, actor, "paper.record", subject=subject, now=now, kind=kind, **details)
    announce(session, "paper.recorded", paper_id=paper.id, producer_id=producer_id)
    return paper


def check_paper(session: Session, paper_id: int, *, actor: Actor, on: date, now: datetime) -> Paper:
    """Note that the office has compared the paper with its original; from now on it gives its badge.

    Checking twice changes nothing. Raises LedgerEntryNotFound, Forbidden.
    """
    paper = session.get(Paper, paper_id)
    if paper is None:
        raise LedgerEntryNotFound(subject="paper", subject_id=paper_id)
    require(actor, "paper.check")
    if paper.checked_on is None:
        paper.checked_on = on
        session.flush()
        audit.record(session, actor, "paper.check", subject=f"paper:{paper_id}", now=now)
        announce(session, "paper.checked", paper_id=paper_id, producer_id=paper.producer_id)
    return paper


def _mistakes(paper: Paper, on: date) -> dict[str, str]:
    if paper.kind not in PAPER_KINDS:
        return {"kind": "unknown_kind"}
    mistakes: dict[str, str] = {}
    if paper.issued_on is not None and paper.issued_on > on:
        mistakes["issued_on"] = "in_future"
    if paper.issued_on and paper.valid_to and paper.valid_to < paper.issued_on:
        mistakes["valid_to"] = "before_issued_on"
    if paper.level is not None and paper.level not in LEVELS:
        mistakes["level"] = "unknown_level"
    if paper.year is not None and not FIRST_YEAR <= paper.year <= on.year:
        mistakes["year"] = "out_of_range"
    if paper.kind in NEEDS_PRODUCT and paper.product_id is None:
        mistakes["product_id"] = "missing"
    needed: tuple[str, ...]
    if paper.market is not None or paper.document is not None:
        mistakes |= _market_mistakes(paper)
        needed = ("market", "document", "number", "issuer", "issued_on")
    elif paper.kind in RECOGNITIONS:
        needed = ("number", "year")
    elif paper.kind in LISTED_PAPERS:
        needed = ()
    else:
        needed = ("number", "issuer", "issued_on", "valid_to")
    return {field: "missing" for field in needed if not getattr(paper, field)} | mistakes


def _market_mistakes(paper: Paper) -> dict[str, str]:
    mistakes = {}
    if paper.kind != MARKET_PAPER:
        mistakes["kind"] = "unknown_kind"
    if paper.market is not None and paper.market not in MARKETS:
        mistakes["market"] = "unknown_kind"
    if paper.document is not None and paper.document not in MARKET_DOCUMENTS:
        mistakes["document"] = "unknown_kind"
    return mistakes


def _is_known(session: Session, paper: Paper) -> bool:
    return (
        session.scalar(
            select(Paper.id)
            .where(
                Paper.producer_id == paper.producer_id,
                Paper.kind == paper.kind,
                Paper.number == paper.number,
                Paper.issued_on == paper.issued_on
                if paper.issued_on
                else Paper.issued_on.is_(None),
                Paper.product_id == paper.product_id
                if paper.product_id
                else Paper.product_id.is_(None),
                Paper.market.is_not_distinct_from(paper.market),
                Paper.document.is_not_distinct_from(paper.document),
                Paper.revoked_on.is_(None),
            )
            .limit(1)
        )
        is not None
    )


def _owns(session: Session, producer_id: int, product_id: int) -> bool:
    product = session.get(Product, product_id)
    return product is not None and product.producer_id == producer_id


def _tidy(text: str | None) -> str | None:
    return nfc(" ".join(text.split())) or None if text else None
