"""The full record as the product page reads it: complete, exact, and in one statement."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from catalog.lots.recalls import open_recall
from catalog.price_list_offers import set_offer
from catalog.price_lists import create_price_list, wholesale_list
from catalog.products import update_product
from catalog.queries import get_product_page
from catalog.queries.prices import quote
from catalog.record import (
    AreaCode,
    read_ingredients,
    set_growing_areas,
    set_ingredients,
    set_nutrition,
)
from catalog.rules.nutrition import Nutrition
from catalog.rules.packaging import Wrapping
from catalog.rules.pricing import Quote, Tier
from catalog.wrapping import set_levels
from core.actor import Actor
from core.money import Money
from tests.factories.catalog import make_package, make_product
from tests.factories.lots import (
    GTIN,
    NOW,
    TESTER,
    TODAY,
    make_gtin_package,
    make_lot,
    make_material,
)

SYSTEM = Actor.system("test")


def full_product(session, on, now):
    product = make_product(session, package_gross_weight_g=620, package_drained=Decimal("480.5"))
    doing = {"actor": SYSTEM, "on": on, "now": now}
    listed = read_ingredients("Cá cơm 70,5 %, nước tương (đậu nành, nước), chất điều vị (INS 621)")
    set_ingredients(session, product.id, listed, **doing)
    set_nutrition(
        session,
        product.id,
        Nutrition("100ml", energy_kcal=Decimal("61.5"), protein=Decimal("15.25")),
        **doing,
    )
    set_growing_areas(
        session,
        product.id,
        [AreaCode("VN-B", "CN"), AreaCode("VN-A", "JP"), AreaCode("VN-C", status="suspended")],
        **doing,
    )
    package = product.packages[0]
    levels = [Wrapping("pallet", 40, layers=5), Wrapping("case", 12, length_mm=400)]
    set_levels(session, package.id, levels, **doing)
    update_product(
        session, product.id, {"season_months": (11, 12), "storage_max_c": Decimal(-18)}, **doing
    )
    return product, package


def test_the_record_is_read_as_it_was_written(session, on, now):
    product, package = full_product(session, on, now)
    record = get_product_page(session, product.slug, locale="vi", on=on).record
    assert [(i.name, i.percent, i.level, i.allergens) for i in record.ingredients] == [
        ("Cá cơm", Decimal("70.5"), 0, ("FIS",)),
        ("nước tương", None, 0, ()),
        ("đậu nành", None, 1, ("SOY",)),
        ("nước", None, 1, ()),
        ("", None, 0, ()),
    ]
    assert record.ingredients == tuple(row.facts() for row in product.ingredient_rows)
    assert record.nutrition == product.nutrition.facts()
    assert [(area.code, area.market) for area in record.areas] == [("VN-A", "JP"), ("VN-B", "CN")]
    assert [(w.level, w.quantity) for w in record.levels[package.id]] == [
        ("case", 12),
        ("pallet", 40),
    ]
    assert record.packages_in(package.id, "pallet") == 480
    assert record.measures[package.id].drained == Decimal("480.5")
    assert (record.season_months, record.storage_max_c) == ((11, 12), Decimal(-18))


def test_the_record_costs_no_statement_of_its_own_however_much_there_is(
    session, statements, on, now
):
    product, _ = full_product(session, on, now)
    for position in range(1, 4):
        make_package(session, product, position=position)
    session.flush()
    statements.clear()
    get_product_page(session, product.slug, locale="en", on=on)
    assert len(statements) == 3


def test_only_open_wholesale_prices_of_the_day_are_shown(session, on, now):
    product, package = full_product(session, on, now)
    maker = product.producer_id
    everybody = wholesale_list(session, maker, name="Giá sỉ", actor=SYSTEM, now=now)
    partner = create_price_list(
        session, maker, "m", name="M", kind="wholesale", partner_code="m", actor=SYSTEM, now=now
    )
    put = {"actor": SYSTEM, "now": now}
    for listed, tiers in (
        (everybody, (Tier(48, 70_000), Tier(12, 80_000))),
        (partner, (Tier(1, 1_000),)),
    ):
        set_offer(session, listed.id, package.id, tiers=tiers, valid_from=on, valid_to=on, **put)
    for day, expected in (
        (on, [(12, 80_000), (48, 70_000)]),
        (on + timedelta(days=1), []),
        (date(2026, 1, 1), []),
    ):
        page = get_product_page(session, product.slug, locale="vi", on=day)
        offers = page.record.bulk_prices.get(package.id, ())
        shown = [(count, price.amount) for offer in offers for count, price in offer.prices]
        assert shown == expected


def test_each_price_list_and_package_keeps_its_own_conditions(session, on, now):
    product, package = full_product(session, on, now)
    other = make_package(session, product, position=1)
    put = {"actor": SYSTEM, "now": now}
    home = wholesale_list(session, product.producer_id, name="Giá sỉ", **put)
    abroad = create_price_list(
        session, product.producer_id, "usd", name="FOB", kind="wholesale", currency="USD",
        tax_inclusive=False, **put,
    )  # fmt: skip
    tiers = (Tier(1, 90_000), Tier(10, 85_000), Tier(25, 80_000))
    set_offer(
        session, home.id, package.id, tiers=tiers, valid_from=on, min_order=12, order_multiple=12,
        **put,
    )  # fmt: skip
    set_offer(session, abroad.id, package.id, tiers=(Tier(100, 310),), valid_from=on, **put)
    set_offer(session, home.id, other.id, tiers=(Tier(5, 70_000),), valid_from=on, **put)
    prices = get_product_page(session, product.slug, locale="vi", on=on).record.bulk_prices
    assert [
        (offer.prices, offer.tax_inclusive, offer.least, offer.order_multiple)
        for offer in prices[package.id]
    ] == [
        (((12, Money(85_000, "VND")), (36, Money(80_000, "VND"))), True, 12, 12),
        (((100, Money(310, "USD")),), False, 100, 1),
    ]
    assert [offer.prices for offer in prices[other.id]] == [((5, Money(70_000, "VND")),)]
    quoted = quote(session, other.id, 5, kind="wholesale", on=on)
    assert isinstance(quoted, Quote)
    assert (5, quoted.unit) == prices[other.id][0].prices[0]


def test_the_newest_lots_lead_to_where_the_goods_come_from(session, statements, on):
    package = make_gtin_package(session)
    for number, made in (("OLDEST", 1), ("OLD", 2), ("NEW", 3), ("NEWEST", 4)):
        make_lot(session, package, number, produced_on=date(2026, 5, made))
    bad = make_lot(session, package, "BAD", produced_on=None, expires_on=date(2028, 1, 1))
    make_material(session, package.product.producer_id)
    later = make_lot(session, package, "L/5", produced_on=date(2026, 5, 5))
    open_recall(session, later.id, reason="r", advice="a", actor=TESTER, on=TODAY, now=NOW)
    session.flush()
    statements.clear()
    lots = get_product_page(session, package.product.slug, locale="vi", on=on).record.lots
    assert len(statements) == 3
    assert [(lot.number, lot.is_recalled) for lot in lots] == [
        ("L/5", True), ("NEWEST", False), ("NEW", False),
    ]  # fmt: skip
    assert lots[1].path.startswith(f"/01/0{GTIN}/10/NEWEST?15=")
    assert lots[0].path.startswith(f"/01/0{GTIN}/10/L%2F5?15=")
    assert bad.number not in {lot.number for lot in lots}


def test_lots_of_goods_without_a_gtin_lead_to_their_own_address(session, on):
    product = make_product(session, packages=0)
    package = make_package(session, product, gtin="2000000000015", gtin_is_internal=True)
    lot = make_lot(session, package)
    page = get_product_page(session, product.slug, locale="vi", on=on)
    assert [link.path for link in page.record.lots] == [f"/lots/{lot.code}"]


def test_a_product_without_any_of_it_has_an_empty_record(session, on):
    product = make_product(session)
    record = get_product_page(session, product.slug, locale="vi", on=on).record
    assert (record.ingredients, record.nutrition, record.levels, record.areas) == ((), None, {}, ())
    assert not record.has_supply_facts
