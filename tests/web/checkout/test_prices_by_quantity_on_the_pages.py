"""A buyer who takes much sees the price for much on the product page, in the cart and on the order."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from catalog.models import Package, Product
from catalog.price_list_offers import set_offer
from catalog.price_lists import wholesale_list
from catalog.rules.pricing import Tier
from core.actor import Actor
from core.db import write_session
from orders import stock
from tests.factories.orders import NOW
from tests.web.checkout.conftest import Visitor
from tests.web.checkout.test_buying_without_scripts import reviewed
from tests.web.page_client import check

SYSTEM = Actor.system("test")


@pytest.fixture
def listed(engine: Engine, stocked: list[int]) -> int:
    """The first package, 300 on the shelf, by the dozen on the list for everybody."""
    with write_session(engine) as session:
        package = session.get_one(Package, stocked[0])
        stock.set_on_hand(session, package.id, 300, actor=SYSTEM, now=NOW)
        maker = package.product.producer_id
        wholesale = wholesale_list(session, maker, name="Giá sỉ", actor=SYSTEM, now=NOW)
        set_offer(
            session,
            wholesale.id,
            package.id,
            tiers=(Tier(12, 80_000), Tier(24, 76_500)),
            valid_from=date(2020, 1, 1),
            min_order=12,
            order_multiple=12,
            actor=SYSTEM,
            now=NOW,
        )
        session.commit()
    return stocked[0]


def said(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ").split())


def test_the_price_for_much_is_the_same_on_every_page(
    app: Flask, visitor: Visitor, listed: int, engine: Engine
) -> None:
    with write_session(engine) as session:
        slug = session.scalars(
            select(Product.slug).join(Package, Package.product_id == Product.id)
            .where(Package.id == listed)
        ).one()  # fmt: skip
    page = visitor.get(f"/en/products/{slug}").get_data(as_text=True)
    assert "from 12 packages: 80,000 VND each" in said(page)
    assert "24 packages 76,500 VND" in said(page)
    assert "The cart counts these prices by itself." in page
    visitor.post("/en/cart/add", package_id=listed, quantity=10)
    cart = said(visitor.get("/en/cart").get_data(as_text=True))
    assert "85,000 VND" in cart
    assert "With 12 packages each costs 80,000 VND." in cart
    visitor.post("/en/cart/update", **{f"quantity-{listed}": "24"})
    answer = visitor.get("/en/cart")
    check(app, answer, "/en/cart")
    cart = said(answer.get_data(as_text=True))
    assert "price from 24 packages" in cart
    assert "1,836,000 VND" in cart
    assert "price changed" not in cart
    placed = visitor.client.post("/en/checkout/place", data=reviewed(visitor))
    assert placed.status_code == 303
    order = said(visitor.get(placed.location).get_data(as_text=True))
    assert "× 24 76,500 VND each · price from 24 packages" in order
    assert "1,836,000 VND" in order
