"""Judging products for each market and keeping the verdicts in step with facts, rules and days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from catalog.models import MarketVerdict, Product
from catalog.queries.markets import load_market_facts
from catalog.queries.office import load_publication_facts
from catalog.queries.verdicts import VerdictView, verdict_view
from catalog.reference import KINDS_OF
from catalog.regulation.loading import load_rules
from catalog.rules.eligibility import HOME, MARKETS, MarketFacts, Verdict, market_verdict
from catalog.rules.particulars import market_particulars
from catalog.rules.regulation import RuleSet
from core.facts import announce

_verdict = MarketVerdict.__table__


def judge_products(
    session: Session, product_ids: Collection[int], *, on: date, now: datetime
) -> int:
    """Judge these products for all markets on that day and tell of it; returns how many verdicts are new.

    A verdict that comes out as before is left alone, with the day and the rules it was given under.
    For a few hundred products at once.
    """
    rules = load_rules(session)
    listed = load_publication_facts(session, product_ids, rules=rules)
    facts = load_market_facts(session, listed, on=on)
    stored = {
        (row.product_id, row.market): row
        for row in session.execute(
            select(_verdict).where(_verdict.c.product_id.in_(sorted(product_ids)))
        )
    }
    new: list[dict[str, Any]] = []
    for product_id, known in facts.items():
        for market in (HOME, *MARKETS):
            row = _row(rules, known, market, on)
            old = stored.get((product_id, market))
            if old is None or any(getattr(old, name) != row[name] for name in row):
                stamp = {"judged_on": on, "judged_at": now, "rules_digest": rules.digest}
                new.append({"product_id": product_id, "market": market, **row, **stamp})
    _store(session, new)
    if new:
        judged = sorted({row["product_id"] for row in new})
        announce(session, "markets.judged", product_ids=judged)
        session.flush()
    return len(new)


def judge_now(
    session: Session, product_ids: Collection[int], market: str, *, on: date
) -> dict[int, VerdictView]:
    """The verdicts for one market from the facts and rules of this moment; nothing is stored.

    For a cart: what a page showed may be a minute old, and whoever orders is told what holds now.
    """
    rules = load_rules(session)
    listed = load_publication_facts(session, product_ids, rules=rules)
    facts = load_market_facts(session, listed, on=on)
    return {
        product_id: verdict_view(market=market, judged_on=on, **_row(rules, known, market, on))
        for product_id, known in facts.items()
    }


def published_ids(session: Session) -> list[int]:
    """The products whose verdicts buyers can see."""
    query = select(Product.id).where(Product.state == "published").order_by(Product.id)
    return list(session.scalars(query))


def _row(rules: RuleSet, facts: MarketFacts, market: str, on: date) -> dict[str, Any]:
    verdict: Verdict = market_verdict(rules, facts, market, on, kinds=KINDS_OF)
    return {
        "allowed": verdict.allowed,
        "confirmed": verdict.confirmed,
        "reasons": [{"code": one.code, "facts": dict(one.facts)} for one in verdict.reasons],
        "documents": list(verdict.documents),
        "rule_version": verdict.rule_version,
        "particulars": market_particulars(rules, facts, market, on, kinds=KINDS_OF).stored(),
    }


def _store(session: Session, rows: list[dict[str, Any]]) -> None:
    """Replace the rows: the same two statements on both engines, however many they are."""
    by_market: dict[str, list[int]] = {}
    for row in rows:
        by_market.setdefault(row["market"], []).append(row["product_id"])
    for market, ids in by_market.items():
        session.execute(
            delete(MarketVerdict)
            .where(MarketVerdict.market == market, MarketVerdict.product_id.in_(ids))
            .execution_options(synchronize_session=False)
        )
    if rows:
        session.execute(insert(MarketVerdict), rows)
