"""Products in the order in which their certificates were decided: what somebody subscribes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from catalog.queries.listing import (
    card_select,
    certificate,
    in_force,
    latest_certificate,
    product,
    read_card,
    visible,
)
from catalog.queries.pages import Card
from catalog.rules.certification import StarClaim


@dataclass(frozen=True, slots=True)
class NewlyCertified:
    """A card with the claim that brought it here, and when its texts or certificate last changed."""

    card: Card
    claim: StarClaim
    changed_at: datetime


def list_newly_certified(
    session: Session, *, locale: str, on: date, limit: int
) -> Sequence[NewlyCertified]:
    """Goods on sale whose certificate holds that day, the latest decision first. One statement."""
    rows = session.execute(_newest(locale), {"on": on, "limit": limit})
    found = [(read_card(row, locale, on), row[-1]) for row in rows]
    return [
        NewlyCertified(card, card.claim, changed)
        for card, changed in found
        if card.claim is not None
    ]


@cache
def _newest(locale: str) -> Select[Any]:
    chosen = (
        select(product.c.id, certificate.c.issued_on)
        .select_from(product.join(certificate, latest_certificate()))
        .where(visible(), in_force())
        .order_by(certificate.c.issued_on.desc(), product.c.id.desc())
        .limit(bindparam("limit"))
        .subquery("chosen")
    )
    statement = card_select(locale, chosen).add_columns(product.c.updated_at)
    return statement.order_by(chosen.c.issued_on.desc(), chosen.c.id.desc())
