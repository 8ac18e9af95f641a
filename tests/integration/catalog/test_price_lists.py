"""Price lists in the database: who may see which price, and what happens when a new one begins."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.errors import CodeTaken, InvalidFields, PackageNotFound, PriceListNotFound
from catalog.price_list_offers import remove_offer, set_offer
from catalog.price_lists import create_price_list, wholesale_list
from catalog.queries.prices import quote
from catalog.rules.pricing import NoQuote, Quote, Tier
from core.actor import Actor, Role
from core.errors import Forbidden
from core.money import Money
from tests.factories.catalog import make_product

SYSTEM = Actor.system("test")
TIERS = (Tier(12, 80_000), Tier(48, 76_000))


@pytest.fixture
def package(session):
    return make_product(session).packages[0]


@pytest.fixture
def wholesale(session, package, now):
    producer_id = package.product.producer_id
    return wholesale_list(session, producer_id, name="Giá sỉ", actor=SYSTEM, now=now)


def put(session, price_list, package, now, **values):
    values = {"valid_from": date(2026, 11, 1), "tiers": TIERS, **values}
    return set_offer(session, price_list.id, package.id, actor=SYSTEM, now=now, **values)


def test_a_quantity_gets_the_price_of_its_tier(session, package, wholesale, on, now):
    put(session, wholesale, package, now, min_order=12, order_multiple=12)
    found = quote(session, package.id, 60, kind="wholesale", on=on)
    assert isinstance(found, Quote)
    assert (found.unit, found.total) == (Money(76_000, "VND"), Money(4_560_000, "VND"))
    refused = quote(session, package.id, 50, kind="wholesale", on=on)
    assert refused == NoQuote("not_a_multiple", 60)


def test_the_retail_price_of_the_package_is_the_default(session, package, on):
    found = quote(session, package.id, 2, kind="retail", on=on)
    assert isinstance(found, Quote)
    assert (found.unit, found.total) == (Money(85_000, "VND"), Money(170_000, "VND"))
    assert quote(session, package.id, 2, kind="wholesale", on=on) == NoQuote("no_offer", 0)


def test_a_partners_own_list_goes_before_the_open_one(session, package, wholesale, on, now):
    put(session, wholesale, package, now)
    own = create_price_list(
        session,
        package.product.producer_id,
        "mart-1",
        name="Siêu thị",
        kind="wholesale",
        tax_inclusive=False,
        partner_code="mart",
        actor=SYSTEM,
        now=now,
    )
    put(session, own, package, now, tiers=(Tier(1, 70_000),))
    theirs = quote(session, package.id, 12, kind="wholesale", on=on, partner_code="mart")
    others = quote(session, package.id, 12, kind="wholesale", on=on)
    assert isinstance(theirs, Quote)
    assert isinstance(others, Quote)
    assert (theirs.unit.amount, theirs.tax_inclusive) == (70_000, False)
    assert (others.unit.amount, others.tax_inclusive) == (80_000, True)


def test_a_new_offer_ends_the_endless_one_the_day_before(session, package, wholesale, now):
    old = put(session, wholesale, package, now)
    put(session, wholesale, package, now, valid_from=date(2027, 1, 1), tiers=(Tier(12, 90_000),))
    assert old.valid_to == date(2026, 12, 31)
    for day, price in ((date(2026, 12, 31), 80_000), (date(2027, 1, 1), 90_000)):
        found = quote(session, package.id, 12, kind="wholesale", on=day)
        assert isinstance(found, Quote)
        assert found.unit.amount == price


def test_offers_that_would_overlap_are_refused(session, package, wholesale, now):
    old = put(session, wholesale, package, now, valid_to=date(2026, 12, 31))
    with pytest.raises(InvalidFields) as refused:
        put(session, wholesale, package, now, valid_from=date(2026, 12, 31))
    assert refused.value.mistakes == {"valid_from": "overlaps"}
    assert old.valid_to == date(2026, 12, 31)


def test_the_offer_that_begins_the_same_day_is_changed(session, package, wholesale, on, now):
    first = put(session, wholesale, package, now)
    second = put(session, wholesale, package, now, tiers=(Tier(12, 79_000), Tier(24, 1_000)))
    assert first is second
    session.expire_all()
    assert {t.from_quantity: t.price_minor for t in first.tiers} == {12: 79_000, 24: 1_000}
    remove_offer(session, first.id, actor=SYSTEM, now=now)
    session.flush()
    assert quote(session, package.id, 12, kind="wholesale", on=on) == NoQuote("no_offer", 0)


def test_impossible_offers_are_refused(session, package, wholesale, now):
    for values, mistakes in (
        ({"tiers": ()}, {"tiers": "missing"}),
        ({"tiers": (Tier(1, 5), Tier(2, 6))}, {"tiers": "dearer_for_more"}),
        ({"order_multiple": 0}, {"order_multiple": "not_positive"}),
        ({"valid_to": date(2026, 10, 31)}, {"valid_to": "before_first_day"}),
    ):
        with pytest.raises(InvalidFields) as refused:
            put(session, wholesale, package, now, **values)
        assert refused.value.mistakes == mistakes
    other = make_product(session).packages[0]
    with pytest.raises(InvalidFields):
        put(session, wholesale, other, now)


def test_lists_and_packages_must_exist_and_be_ones_own(session, package, wholesale, now):
    stranger = Actor(1, "Chị Ba", frozenset({Role.PRODUCER}), frozenset({10**6}))
    with pytest.raises(Forbidden):
        set_offer(
            session, wholesale.id, package.id, tiers=TIERS, valid_from=date(2026, 1, 1),
            actor=stranger, now=now,
        )  # fmt: skip
    with pytest.raises(PriceListNotFound):
        set_offer(
            session, 10**9, package.id, tiers=TIERS, valid_from=date(2026, 1, 1), actor=SYSTEM,
            now=now,
        )  # fmt: skip
    with pytest.raises(PackageNotFound):
        quote(session, 10**9, 1, kind="retail", on=date(2026, 1, 1))
    with pytest.raises(CodeTaken):
        create_price_list(
            session,
            package.product.producer_id,
            wholesale.code,
            name="x",
            kind="wholesale",
            actor=SYSTEM,
            now=now,
        )
