"""The office's verbs for seasonal collections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from catalog.errors import InvalidFields
from catalog.models import Collection, CollectionProduct, Product
from catalog.programme import keeping
from catalog.rules.campaigns import TEXT_STEPS
from core.actor import Actor
from core.people.permissions import require

RULE_FACETS = ("province", "group", "certificate", "season")
"""Facets a collection may be chosen by (`catalog.rules.facets`)."""
MOST_BY_HAND = 60


def create_collection(
    session: Session, values: Mapping[str, Any], *, actor: Actor, now: datetime
) -> Collection:
    """A draft. Raises InvalidFields, NotAllowed."""
    return keeping.create(session, Collection, _with_rule(values, {}), actor=actor, now=now)


def update_collection(
    session: Session, number: int, values: Mapping[str, Any], *, actor: Actor, now: datetime
) -> Collection:
    """Change what is said of it and its rule. Raises InvalidFields, CampaignNotFound, NotAllowed."""
    row = keeping.find(session, Collection, number, lock=True)
    tidy = _with_rule(values, row.rule)
    return keeping.change(session, row, tidy, actor=actor, now=now)


def move_collection(
    session: Session, number: int, step: str, *, actor: Actor, now: datetime
) -> Collection:
    """Publish or withdraw it. Raises StepNotPossible, CampaignNotFound, NotAllowed."""
    row = keeping.find(session, Collection, number, lock=True)
    return keeping.take_step(session, row, TEXT_STEPS, step, actor=actor, now=now)


def choose_products(
    session: Session, number: int, slugs: Sequence[str], *, actor: Actor, now: datetime
) -> list[str]:
    """Put these products into it, in this order; returns the slugs that nobody knows.

    Raises InvalidFields for too many, CampaignNotFound, NotAllowed.
    """
    require(actor, "campaign.keep")
    row = keeping.find(session, Collection, number, lock=True)
    wanted = list(dict.fromkeys(slugs))
    if len(wanted) > MOST_BY_HAND:
        raise InvalidFields({"products": "too_many"})
    rows = session.execute(select(Product.slug, Product.id).where(Product.slug.in_(wanted)))
    known = {row.slug: row.id for row in rows}
    session.execute(delete(CollectionProduct).where(CollectionProduct.collection_id == row.id))
    session.add_all(
        CollectionProduct(collection_id=row.id, product_id=known[slug], position=place)
        for place, slug in enumerate((s for s in wanted if s in known), start=1)
    )
    row.updated_at = now
    session.flush()
    keeping.note(session, row, "choose", actor, now, products=len(known))
    return [slug for slug in wanted if slug not in known]


def _with_rule(values: Mapping[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
    """The values with the rule as the facets want it: known facets only, none without values."""
    rule = values.get("rule", present)
    kept = {facet: sorted(map(str, rule[facet])) for facet in RULE_FACETS if rule.get(facet)}
    return {**values, "rule": kept}
