"""The record in the database is judged as the rule says, and filling in what is named raises the score."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from catalog.models import Product, ProductNutrition
from catalog.queries.completeness import judge_record
from catalog.queries.errors import ProductNotFound
from catalog.rules.completeness import Completeness, partner_purpose
from catalog.translating import set_translation
from tests.conftest import NOW, TODAY
from tests.factories.catalog import make_producer, make_product
from tests.factories.orders import TESTER


@pytest.fixture
def fish_sauce(session: Session) -> Product:
    maker = make_producer(session, "HTX Rạch Gốc")
    make_product(session, "Tôm khô", maker)
    return make_product(session, "Nước mắm", maker, subgroup_code="F09")


def _judged(session: Session, product: Product, purpose: str) -> Completeness | None:
    partners = [partner_purpose("chain", ("short_name",), internal_numbers=True)]
    found = judge_record(session, product.id, on=TODAY, partners=partners)
    return next((one for one in found if one.purpose == purpose), None)


def test_a_product_on_sale_is_good_enough_for_the_shop_and_could_be_better(
    session: Session, fish_sauce: Product
) -> None:
    shop = _judged(session, fish_sauce, "shop")
    assert shop is not None
    assert shop.suffices
    assert 60 < shop.score < 100
    assert "nutrition" in [need.code for need in shop.missing]


def test_a_nutrition_table_and_a_translation_raise_the_score(
    session: Session, fish_sauce: Product
) -> None:
    before = _judged(session, fish_sauce, "shop")
    session.add(ProductNutrition(product_id=fish_sauce.id, energy_kcal=Decimal(60), updated_at=NOW))
    session.flush()
    session.expire_all()
    after = _judged(session, fish_sauce, "shop")
    assert before is not None
    assert after is not None
    assert after.score > before.score
    for field, text in (("name", "Fish sauce"), ("summary", "From anchovies")):
        set_translation(
            session, entity_kind="product", entity_id=fish_sauce.id, field=field, locale="en", text=text,
            status="reviewed", actor=TESTER, now=NOW,
        )  # fmt: skip
    translated = _judged(session, fish_sauce, "shop")
    assert translated is not None
    assert translated.score > after.score


def test_a_chain_wants_what_its_profile_lists(session: Session, fish_sauce: Product) -> None:
    chain = _judged(session, fish_sauce, "partner:chain")
    assert chain is not None
    assert "short_name" in [need.code for need in chain.missing]


def test_a_market_that_is_closed_to_such_goods_gives_nobody_work(session: Session) -> None:
    maker = make_producer(session, "HTX Đất Mũi")
    make_product(session, "Tôm khô", maker)
    crab = make_product(
        session, "Cua sống", maker, subgroup_code="F02", storage_kind="live", hs6="030633"
    )
    open_to = {one.purpose for one in judge_record(session, crab.id, on=TODAY)}
    assert "shop" in open_to
    assert "market:AU" not in open_to, "live seafood is not let in by parcel"


def test_a_product_nobody_knows_has_no_score(session: Session, fish_sauce: Product) -> None:
    with pytest.raises(ProductNotFound):
        judge_record(session, fish_sauce.id + 999, on=TODAY)
