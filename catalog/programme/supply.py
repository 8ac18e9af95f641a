"""Requests of buyers and offers of producers: write one down, close it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from catalog.announcing import announce_once
from catalog.errors import InvalidFields
from catalog.models import SupplyOffer, SupplyRequest
from catalog.publishing import find_product
from catalog.queries.errors import CampaignNotFound
from catalog.reference import GROUPS, PROVINCES, SUBGROUPS
from catalog.rules.matching import UNITS
from core import audit
from core.actor import Actor
from core.people.permissions import require
from i18n.text import nfc

MOST = Decimal(1_000_000_000)
_LONGEST = 200


def create_request(
    session: Session,
    values: Mapping[str, Any],
    *,
    partner: str | None = None,
    actor: Actor,
    now: datetime,
) -> SupplyRequest:
    """What a buyer asks for, written by the office or by a supermarket of its own accord.

    Raises InvalidFields, NotAllowed.
    """
    require(actor, "supply.request", partner=partner)
    mistakes = _quantity_mistakes(values, "needed_from", "needed_to")
    tidy = dict(values)
    for name in ("buyer", "what", "deliver_to"):
        tidy[name] = nfc(" ".join(str(values.get(name) or "").split()))
        if not tidy[name] or len(tidy[name]) > _LONGEST:
            mistakes[name] = "missing" if not tidy[name] else "too_long"
    if values.get("subgroup_code") not in (*GROUPS, *SUBGROUPS):
        mistakes["subgroup_code"] = "unknown"
    if values.get("province_code") and values["province_code"] not in PROVINCES:
        mistakes["province_code"] = "unknown"
    if mistakes:
        raise InvalidFields(mistakes)
    row = SupplyRequest(partner_code=partner, created_at=now, **tidy)
    session.add(row)
    session.flush()
    _note(session, f"supply_request:{row.id}", "supply.request", actor, now, row.id)
    return row


def create_offer(
    session: Session,
    product_id: int,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> SupplyOffer:
    """What a producer can deliver of a product. Raises InvalidFields, ProductNotFound, NotAllowed."""
    product = find_product(session, product_id)
    require(actor, "supply.offer", producer_id=product.producer_id)
    mistakes = _quantity_mistakes(values, "ready_from", "ready_to")
    if mistakes:
        raise InvalidFields(mistakes)
    row = SupplyOffer(product_id=product_id, created_at=now, **values)
    session.add(row)
    session.flush()
    _note(session, f"supply_offer:{row.id}", "supply.offer", actor, now, row.id)
    return row


def close_request(session: Session, number: int, *, actor: Actor, now: datetime) -> SupplyRequest:
    """Nobody needs to answer it any more. Raises CampaignNotFound, NotAllowed."""
    row = session.get(SupplyRequest, number)
    if row is None:
        raise CampaignNotFound(kind="supply_request", campaign_id=number)
    require(actor, "supply.request", partner=row.partner_code)
    row.is_open = False
    _note(session, f"supply_request:{row.id}", "supply.close", actor, now, row.id)
    return row


def close_offer(session: Session, number: int, *, actor: Actor, now: datetime) -> SupplyOffer:
    """It cannot be had any more. Raises CampaignNotFound, NotAllowed."""
    row = session.get(SupplyOffer, number)
    if row is None:
        raise CampaignNotFound(kind="supply_offer", campaign_id=number)
    product = find_product(session, row.product_id)
    require(actor, "supply.offer", producer_id=product.producer_id)
    row.is_open = False
    _note(session, f"supply_offer:{row.id}", "supply.close", actor, now, row.id)
    return row


def _quantity_mistakes(values: Mapping[str, Any], first: str, last: str) -> dict[str, str]:
    mistakes: dict[str, str] = {}
    quantity = values.get("quantity")
    if not isinstance(quantity, Decimal) or quantity <= 0:
        mistakes["quantity"] = "not_positive"
    elif quantity > MOST:
        mistakes["quantity"] = "out_of_range"
    if values.get("unit") not in UNITS:
        mistakes["unit"] = "unknown"
    days = values.get(first), values.get(last)
    if not isinstance(days[0], date):
        mistakes[first] = "missing"
    if not isinstance(days[1], date):
        mistakes[last] = "missing"
    elif isinstance(days[0], date) and days[1] < days[0]:
        mistakes[last] = "before_start"
    return mistakes


def _note(
    session: Session, subject: str, action: str, actor: Actor, now: datetime, number: int
) -> None:
    audit.record(session, actor, action, subject=subject, now=now)
    announce_once(session, "supply.changed", supply_id=number)
