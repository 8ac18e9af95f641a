"""A livestream in the shop: before, while and after it runs, on kept pages, with no worker awake."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from catalog.models import Package, Product
from core import clock
from core.db import write_session
from core.facts import announce
from core.settings import Settings
from orders import live_goods
from orders.live import checking, planning
from orders.live.planning import CouponPlan, ItemPlan
from orders.models import LiveItem
from tests.factories.application import application
from tests.factories.live import make_plan
from tests.factories.orders import OFFICE, TESTER
from tests.web.page_client import PageClient
from tests.web.shop.conftest import Stalls

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """An application that keeps pages."""
    with application(replace(settings, kept_pages=True)) as app:
        yield app


@dataclass
class Stage:
    """A checked session an hour from now, its address, and the hands of the clock."""

    slug: str
    product: str
    package_id: int
    live_id: int
    starts: datetime
    patch: pytest.MonkeyPatch

    def at(self, moment: datetime) -> None:
        """Let it be that moment."""
        self.patch.setattr(clock, "now", lambda: moment)


@pytest.fixture
def stage(stalls: Stalls, monkeypatch: pytest.MonkeyPatch) -> Stage:
    assert stalls.engine is not None
    now = datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0)
    starts = now + HOUR
    with write_session(stalls.engine) as session:
        product = session.scalars(select(Product).where(Product.slug == stalls.starred)).one()
        package = session.scalars(select(Package).where(Package.product_id == product.id)).one()
        plan = make_plan(starts_at=starts, ends_at=starts + HOUR)
        live = planning.plan_session(session, product.producer_id, plan, actor=TESTER, now=now)
        item = ItemPlan(package.id, package.price_minor - 12_345, 2)
        planning.put_item(session, live.id, item, actor=TESTER, now=now)
        code = CouponPlan("ONG10", "percent", 1_000, 5)
        planning.set_coupon(session, live.id, code, actor=TESTER, now=now)
        planning.write_text(
            session, live.id, "en", "Honey of the U Minh forest", "", actor=TESTER, now=now
        )
        checking.check_host(session, live.id, actor=OFFICE, now=now)
        checking.check(session, live.id, actor=OFFICE, now=now)
        session.commit()
        found = Stage(live.slug, product.slug, package.id, live.id, starts, monkeypatch)
    found.at(now)
    return found


def _price(html: str) -> str:
    found = re.search(r'<p class="amount">([^<]*)</p>', html)
    assert found is not None
    return found[1]


def _buy(client: PageClient, stage: Stage) -> None:
    fields = client.get(f"/en/live/{stage.slug}").form_to("/en/cart/add")
    # A kept page has no token: the browser says that the form is one of ours.
    client.post("/en/cart/add", data=fields, headers={"Sec-Fetch-Site": "same-origin"})


def _type(client: PageClient, code: str) -> None:
    fields = client.get("/en/cart").form_to("/en/cart/coupon")
    client.post("/en/cart/coupon", data=fields | {"code": code})


def test_kept_pages_show_start_and_end_on_the_second_though_nobody_announces_them(
    client: PageClient, stage: Stage
) -> None:
    seen = []
    for moment in (
        stage.starts - MINUTE,
        stage.starts,
        stage.starts + HOUR - MINUTE,
        stage.starts + HOUR,
    ):
        stage.at(moment)
        product = client.get(f"/en/products/{stage.product}").html
        page = client.get(f"/en/live/{stage.slug}").text
        listed = client.get("/en/live").text
        seen.append(
            (
                _price(product),
                "Watch on Facebook" in page,
                "left at this price" in page,
                "On air now" in listed,
            )
        )
    usual, live = seen[0][0], seen[1][0]
    assert usual != live
    assert seen == [
        (usual, True, False, False),
        (live, True, True, True),
        (live, True, True, True),
        (usual, False, False, False),
    ]


def test_cart_page_and_structured_data_tell_one_price_while_it_runs(
    client: PageClient, stage: Stage
) -> None:
    stage.at(stage.starts)
    page = client.get(f"/en/products/{stage.product}").html
    graphs = [
        json.loads(text) for text in re.findall(r'ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)
    ]
    offers = next(
        node["offers"] for graph in graphs for node in graph["@graph"] if "offers" in node
    )
    told = int(offers[0]["price"] if isinstance(offers, list) else offers["price"])
    _buy(client, stage)
    cart = client.get("/en/cart").text
    assert f"{told:,}" in cart
    assert f"{told:,}" in page
    assert "price of the livestream" in cart


def test_a_code_is_typed_into_the_cart_and_taken_off(client: PageClient, stage: Stage) -> None:
    stage.at(stage.starts)
    assert "Code ONG10 takes 10" in client.get(f"/en/live/{stage.slug}").text
    _buy(client, stage)
    _type(client, "ong-10")
    assert "Code ONG10 takes" in client.get("/en/cart").text
    _type(client, "KHONGCO")
    assert "We do not know this code" in client.get("/en/cart").text
    stage.at(stage.starts + HOUR)
    _type(client, "ONG10")
    assert "The time of this code is over" in client.get("/en/cart").text


def test_what_is_left_is_shown_at_once_and_a_session_costs_six_statements(
    client: PageClient, stage: Stage, stalls: Stalls, sent: list[str]
) -> None:
    stage.at(stage.starts)
    sent.clear()
    assert "2 left at this price" in client.get(f"/en/live/{stage.slug}").text
    assert len(sent) <= 6
    assert stalls.engine is not None
    with write_session(stalls.engine) as session:
        item = session.scalars(select(LiveItem)).one()
        live_goods.take(session, {item.id: (stage.package_id, 1)}, now=stage.starts)
        announce(session, "live.sold", item_ids=[item.id])
        session.commit()
    assert "1 left at this price" in client.get(f"/en/live/{stage.slug}").text


def test_a_cancelled_session_says_so_and_an_unchecked_one_is_not_shown(
    client: PageClient, stage: Stage, stalls: Stalls
) -> None:
    assert stalls.engine is not None
    with write_session(stalls.engine) as session:
        checking.cancel(session, stage.live_id, reason="bão", actor=OFFICE, now=clock.now())
        secret = planning.plan_session(
            session, session.scalars(select(Product.producer_id)).first() or 0,
            make_plan(title="Chưa ai kiểm tra", starts_at=stage.starts, ends_at=stage.starts + HOUR),
            actor=TESTER, now=clock.now(),
        )  # fmt: skip
        slug = secret.slug
        session.commit()
    assert "This session was called off." in client.get(f"/en/live/{stage.slug}").text
    assert "Honey of the U Minh forest" not in client.get("/en/live").text
    client.get(f"/en/live/{slug}", status=404)
