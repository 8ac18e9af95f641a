"""A supermarket with a price list of its own gets its prices, from the day they hold, and nobody else does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Package
from catalog.price_list_offers import set_offer
from catalog.price_lists import create_price_list
from catalog.rules.pricing import Tier
from core.actor import Actor
from feeds.batches import make_plan
from feeds.snapshot import load_offers
from tests.factories.feeds import profile
from tests.integration.feeds.conftest import make_goods

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = NOW.date()
ACTOR = Actor.system("test")
PARTNER = profile()


def give_list(session: Session, package: Package, partner: str, since: date) -> None:
    listed = create_price_list(
        session,
        package.product.producer_id,
        f"for-{partner}",
        name="Giá siêu thị",
        kind="wholesale",
        tax_inclusive=False,
        partner_code=partner,
        actor=ACTOR,
        now=NOW,
    )
    set_offer(
        session,
        listed.id,
        package.id,
        tiers=(Tier(1, 65_000), Tier(240, 60_000)),
        valid_from=since,
        order_multiple=12,
        actor=ACTOR,
        now=NOW,
    )


def prices(session: Session, day: date) -> dict[str, tuple[int, int]]:
    return {
        offer.item.sku: (offer.item.price_minor, offer.item.min_order)
        for offer in load_offers(session, PARTNER, on=day)
    }


@pytest.fixture
def sauce(session: Session) -> Package:
    make_goods(session)
    return session.scalars(select(Package).where(Package.sku == "NM-500")).one()


def test_the_file_carries_the_partners_price_with_tax(session: Session, sauce: Package) -> None:
    give_list(session, sauce, PARTNER.code, TODAY)
    assert prices(session, TODAY) == {
        "NM-500": (70_200, 12), "CT-500": (85_000, 1), "MC-1": (85_000, 1)
    }  # fmt: skip
    assert prices(session, TODAY - timedelta(days=1))["NM-500"] == (85_000, 1)
    (line,) = [
        n for n in make_plan(session, PARTNER, on=TODAY).lines if n.payload["sku"] == "NM-500"
    ]
    assert (line.payload["price_minor"], line.payload["vat_rate_bp"]) == (70_200, 800)


def test_another_partners_price_is_never_told(session: Session, sauce: Package) -> None:
    give_list(session, sauce, "other-mart", TODAY)
    assert prices(session, TODAY)["NM-500"] == (85_000, 1)


def test_the_prices_of_a_feed_take_one_statement(
    session: Session, sauce: Package, statements: list[str]
) -> None:
    give_list(session, sauce, PARTNER.code, TODAY)
    session.flush()
    statements.clear()
    load_offers(session, PARTNER, on=TODAY)
    assert len(statements) == 6
