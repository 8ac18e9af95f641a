from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from catalog.models import Product
from catalog.price_list_offers import set_offer
from catalog.price_lists import create_price_list
from catalog.rules.pricing import Tier
from core import clock
from core.actor import Actor
from core.db import write_session
from core.settings import Settings
from tests.factories.application import application
from tests.web.page_client import PageClient
from tests.web.shop.conftest import Stalls

SYSTEM = Actor.system("test")


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """An application that keeps pages."""
    with application(replace(settings, kept_pages=True)) as app:
        yield app


def test_the_old_price_is_back_at_midnight_though_no_worker_is_awake(
    client: PageClient, stalls: Stalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stalls.engine is not None
    today = clock.today()
    with write_session(stalls.engine) as session:
        product = session.scalars(select(Product).where(Product.slug == stalls.starred)).one()
        listed = create_price_list(
            session, product.producer_id, "shop", name="Giá", kind="retail", actor=SYSTEM,
            now=clock.now(),
        )  # fmt: skip
        package = product.packages[0]
        usual = package.price_minor
        set_offer(
            session, listed.id, package.id, tiers=(Tier(1, 61_000),), valid_from=today,
            valid_to=today, actor=SYSTEM, now=clock.now(),
        )  # fmt: skip
        session.commit()
    path = f"/vi/products/{stalls.starred}"
    said = client.get(path).text
    assert client.get(path).text == said
    assert "61.000" in said
    midnight = datetime(today.year, today.month, today.day, 17, tzinfo=UTC)
    midnight += timedelta(days=0 if clock.vietnam_date(midnight) > today else 1)
    monkeypatch.setattr(clock, "now", lambda: midnight)
    for _ in range(2):
        later = client.get(path).text
        assert "61.000" not in later
        assert f"{usual:,}".replace(",", ".") in later
