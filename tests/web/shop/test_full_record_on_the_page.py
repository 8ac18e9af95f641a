"""What a buyer reads of a product's full record, in three languages, and never more than is known."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from catalog.models import Producer, Product
from catalog.price_list_offers import set_offer
from catalog.price_lists import wholesale_list
from catalog.producers import update_producer
from catalog.products import set_package, update_product
from catalog.record import read_ingredients, set_ingredients, set_nutrition
from catalog.rules.nutrition import Nutrition
from catalog.rules.packaging import Wrapping
from catalog.rules.pricing import Tier
from catalog.wrapping import set_levels
from core import clock
from core.actor import Actor
from core.db import write_session
from core.facts import announce
from tests.factories.catalog import make_product, make_translation
from tests.web.page_client import PageClient
from tests.web.shop.conftest import Stalls

SYSTEM = Actor.system("test")
STATEMENT = "Cá cơm 70 %, nước tương (đậu nành, nước), chất bảo quản (INS 202)"


@pytest.fixture
def recorded(stalls: Stalls) -> str:
    """The starred fish sauce with a full record; its address."""
    assert stalls.engine is not None
    today, now = clock.today(), clock.now()
    doing = {"actor": SYSTEM, "on": today, "now": now}
    with write_session(stalls.engine) as session:
        product = session.scalars(select(Product).where(Product.slug == stalls.starred)).one()
        set_ingredients(session, product.id, read_ingredients(STATEMENT), **doing)
        declared = Nutrition("100ml", energy_kcal=Decimal("61.5"), sodium_mg=Decimal(9800))
        set_nutrition(session, product.id, declared, **doing)
        changes = {
            "warnings": "Không dùng cho trẻ dưới 1 tuổi.",
            "storage_min_c": Decimal(2),
            "storage_max_c": Decimal(8),
            "opened_shelf_life_days": 90,
            "season_months": (1, 11, 12),
            "capacity_per_month": Decimal(1200),
            "capacity_unit": "kg",
        }
        update_product(session, product.id, changes, **doing)
        package = product.packages[0]
        levels = [Wrapping("case", 12, gtin="2000000000022"), Wrapping("pallet", 40)]
        set_levels(session, package.id, levels, **doing)
        maker = product.producer_id
        listed = wholesale_list(session, maker, name="Giá sỉ", actor=SYSTEM, now=now)
        set_offer(
            session, listed.id, package.id, tiers=[Tier(12, 80_000)], valid_from=date(2020, 1, 1),
            min_order=12, order_multiple=12, actor=SYSTEM, now=now,
        )  # fmt: skip
        closing = {"closed_from": today + timedelta(days=3), "closed_note": "Nghỉ Tết"}
        update_producer(session, maker, closing, **doing)
        session.commit()
    return stalls.starred


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ").split())


def test_the_page_says_all_of_the_record_in_vietnamese(client: PageClient, recorded: str) -> None:
    html = client.get(f"/vi/products/{recorded}").html
    words = _words(html)
    assert "<b>Cá cơm</b> 70 %, nước tương (<b>đậu nành</b>, nước)" in html
    assert "chất bảo quản (kali sorbat INS 202)" in words
    for said in ("257 kJ / 61,5 kcal", "9.800 mg", "24,5 g", "2–8 °C", "Không dùng cho trẻ",
                 "480 đơn vị", "không phải GTIN", "80.000", "1.200", "Nghỉ Tết"):  # fmt: skip
        assert said in words, said


@pytest.mark.parametrize(
    ("locale", "additive"),
    [("en", "preservative (potassium sorbate INS 202)"), ("ja", "保存料 (ソルビン酸カリウム")],
)
def test_additives_are_named_in_the_readers_language(
    client: PageClient, recorded: str, locale: str, additive: str
) -> None:
    html = client.get(f"/{locale}/products/{recorded}").html
    assert additive in _words(html)
    assert re.search(r'class="ingredient-list" lang="vi"', html)


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("vi", ("500 ml", "ít nhất 12", "80.000")),
        ("en", ("500 ml", "at least 12", "in steps of 12", "12 packages", "VAT included")),
        ("ja", ("500", "最少12", "80,000")),
    ],
)
def test_the_table_of_bulk_prices_tells_their_conditions(
    client: PageClient, recorded: str, locale: str, told: tuple[str, ...]
) -> None:
    html = client.get(f"/{locale}/products/{recorded}").html
    table = _words(html[html.index('class="figures-table bulk"') :][:1500])
    for words in told:
        assert words in table, (words, table)


def test_every_package_tells_a_shop_its_strength_weights_size_and_number(
    client: PageClient, stalls: Stalls, recorded: str
) -> None:
    assert stalls.engine is not None
    doing: dict[str, Any] = {"actor": SYSTEM, "on": clock.today(), "now": clock.now()}
    with write_session(stalls.engine) as session:
        product = session.scalars(select(Product).where(Product.slug == recorded)).one()
        large = {
            "net_content": Decimal(500), "unit": "ml", "count": 6, "price_minor": 540_000,
            "abv": Decimal("29.5"), "drained": Decimal(300), "gross_weight_g": 4200,
            "length_mm": 300, "width_mm": 200, "height_mm": 250, "gtin": "2000000000015",
            "sold_by": "weight", "position": 1,
        }  # fmt: skip
        package = set_package(session, product.id, "THUNG-6", large, **doing)
        set_levels(session, package.id, [Wrapping("case", 4)], **doing)
        session.commit()
    html = client.get(f"/en/products/{recorded}").html
    row = _words(html[html.index('id="packs-head"') : html.index('id="levels-head"')])
    for said in ("500 ml × 6", "sold by weight", "29.5 % vol", "drained 300 ml", "gross 4.2 kg",
                 "30 × 20 × 25 cm", "In-house number 2000000000015, not a GTIN"):  # fmt: skip
        assert said in row, (said, row)
    assert "Cases and pallets: 500 ml × 6" in _words(html)
    assert re.search(r"Product group [A-Z]\d\d, ", _words(html))


def test_the_page_of_a_producer_says_who_it_is_and_where(
    client: PageClient, stalls: Stalls, recorded: str
) -> None:
    assert stalls.engine is not None
    with write_session(stalls.engine) as session:
        product = session.scalars(select(Product).where(Product.slug == recorded)).one()
        facts = {
            "registration_number": "30A8000123", "tax_number": "0100233488", "gln": "8938500009990",
            "commune": "Xã Đất Mũi", "commune_code": "32248", "former_unit": "Huyện Ngọc Hiển",
            "address": "Ấp Rạch Tàu", "founded_year": 2015,
        }  # fmt: skip
        who: dict[str, Any] = {"actor": SYSTEM, "on": clock.today(), "now": clock.now()}
        update_producer(session, product.producer_id, facts, **who)
        slug = product.producer.slug
        session.commit()
    words = _words(client.get(f"/en/producers/{slug}").html)
    for said in ("Registration number 30A8000123", "Tax number 0100233488", "GLN 8938500009990",
                 "Xã Đất Mũi (32248)", "Before July 2025 Huyện Ngọc Hiển", "Ấp Rạch Tàu",
                 "Since 2015", "The producer is closed from", "Nghỉ Tết"):  # fmt: skip
        assert said in words, (said, words)


def test_the_full_page_still_sends_six_statements(
    client: PageClient, recorded: str, sent: list[str]
) -> None:
    sent.clear()
    client.get(f"/ja/products/{recorded}")
    assert len(sent) <= 6, sent


def test_warnings_are_said_in_the_readers_language_once_somebody_has_reviewed_them(
    client: PageClient, stalls: Stalls, recorded: str
) -> None:
    label = '<p lang="vi">Không dùng cho trẻ dưới 1 tuổi.</p>'
    assert stalls.engine is not None
    with write_session(stalls.engine) as session:
        product = session.scalars(select(Product).where(Product.slug == recorded)).one()
        english = "Not for children under one year."
        make_translation(session, product, "en", "warnings", english)
        make_translation(session, product, "ja", "warnings", "機械訳です。", status="machine")
        announce(session, "product.changed", product_id=product.id)
        session.commit()
    shown = client.get(f"/en/products/{recorded}").html
    assert f'<p lang="en">{english}</p>' in shown
    assert "The Vietnamese label says" in shown
    for locale in ("vi", "ja"):  # neither a machine's words nor another foreign language
        page = client.get(f"/{locale}/products/{recorded}").html
        assert label in page
        assert english not in page
        assert "機械訳" not in page


def test_a_page_without_a_record_shows_no_empty_sections(
    client: PageClient, stalls: Stalls
) -> None:
    html = client.get(f"/vi/products/{stalls.lapsed}").html
    for absent in ('class="nutrition"', 'id="levels-head"', "figures-table bulk", "closed"):
        assert absent not in html, absent


def test_food_of_which_nothing_is_said_says_so(client: PageClient, stalls: Stalls) -> None:
    assert stalls.engine is not None
    with write_session(stalls.engine) as session:
        maker = session.scalars(select(Producer).where(Producer.slug == stalls.producer)).one()
        nothing = {"ingredients": None, "allergens_state": "unknown"}
        cake = make_product(session, "Bánh lá dừa", maker, subgroup_code="F03", **nothing)
        bowl = make_product(session, "Chén dừa", maker, subgroup_code="C01", **nothing)
        slugs = cake.slug, bowl.slug
        session.commit()
    food, craft = (client.get(f"/en/products/{slug}").html for slug in slugs)
    unknown = "Unknown does not mean none."
    assert unknown in food
    assert unknown not in craft
    assert '<h2>Nutrition</h2><p class="quiet">Not known</p>' in food
    assert "Nutrition" not in craft
