"""Price lists through time and through many hands: nothing past is rewritten, no edit is lost, one list speaks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from catalog.errors import InvalidFields, ListInForce, OfferNotFound, StaleVersion
from catalog.models import Offer
from catalog.price_list_offers import (
    Terms,
    end_offer,
    remove_offer,
    revise_offer,
    set_offer,
)
from catalog.price_list_retail import apply_retail_prices
from catalog.price_lists import (
    create_price_list,
    list_in_force,
    put_list_in_force,
    stop_list,
    wholesale_list,
)
from catalog.products import set_package
from catalog.queries.prices import quote
from catalog.rules.pricing import NoQuote, Quote, Tier
from core.actor import Actor
from core.facts import Fact
from tests.factories.catalog import make_product

SYSTEM = Actor.system("test")
BEGAN = date(2026, 11, 1)


@pytest.fixture
def package(session):
    return make_product(session).packages[0]


def price_on(session, package, day, quantity=12, kind="wholesale"):
    found = quote(session, package.id, quantity, kind=kind, on=day)
    return found.unit.amount if isinstance(found, Quote) else found.reason


def open_list(session, package, now, kind="wholesale", code="mine", **values):
    maker = package.product.producer_id
    return create_price_list(
        session, maker, code, name="Giá", kind=kind, actor=SYSTEM, now=now, **values
    )


def put(session, listed, package, now, price, since=BEGAN, least=12, **values):
    return set_offer(
        session, listed.id, package.id, tiers=(Tier(least, price),), valid_from=since,
        actor=SYSTEM, now=now, **values,
    )  # fmt: skip


def revise(session, offer, price, on, now, seen=None, **values):
    return revise_offer(
        session, offer.id, Terms((Tier(12, price),), **values),
        seen_version=offer.version if seen is None else seen, actor=SYSTEM, on=on, now=now,
    )  # fmt: skip


def test_a_price_that_held_is_not_rewritten(session, package, on, now):
    old = put(session, open_list(session, package, now), package, now, 80_000)
    new = revise(session, old, 70_000, on, now)
    assert (old.valid_to, new.valid_from) == (on - timedelta(days=1), on)
    assert [price_on(session, package, day) for day in (BEGAN, on - timedelta(days=1), on)] == [
        80_000, 80_000, 70_000,
    ]  # fmt: skip
    again = revise(session, new, 69_000, on, now)
    assert again is new
    assert price_on(session, package, on) == 69_000


def test_another_last_day_changes_the_running_offer_itself(session, package, on, now):
    offer = put(session, open_list(session, package, now), package, now, 80_000)
    assert revise(session, offer, 80_000, on, now, valid_to=on) is offer
    assert price_on(session, package, on + timedelta(days=1)) == "no_offer"
    with pytest.raises(InvalidFields):
        revise(session, offer, 80_000, on, now, valid_to=on - timedelta(days=1))


def test_two_people_editing_one_offer_never_lose_an_edit(session, package, on, now):
    offer = put(session, open_list(session, package, now), package, now, 80_000, since=on)
    seen = offer.version
    revise(session, offer, 75_000, on, now, seen=seen)
    with pytest.raises(StaleVersion):
        revise(session, offer, 90_000, on, now, seen=seen)
    with pytest.raises(StaleVersion):
        end_offer(session, offer.id, seen_version=seen, actor=SYSTEM, on=on, now=now)
    assert price_on(session, package, on) == 75_000
    with pytest.raises(OfferNotFound):
        end_offer(session, 10**9, seen_version=1, actor=SYSTEM, on=on, now=now)


def test_an_ended_offer_stays_in_the_history(session, package, on, now):
    listed = open_list(session, package, now)
    offer = put(session, listed, package, now, 80_000)
    to_come = put(session, listed, package, now, 70_000, since=on + timedelta(days=10))
    for one in (offer, to_come):
        end_offer(session, one.id, seen_version=one.version, actor=SYSTEM, on=on, now=now)
    session.flush()
    assert session.scalars(select(Offer)).all() == [offer]
    assert price_on(session, package, on - timedelta(days=1)) == 80_000
    assert price_on(session, package, on) == "no_offer"


def test_a_draft_sells_nothing_until_it_is_in_force(session, package, on, now):
    running = open_list(session, package, now, code="running")
    put(session, running, package, now, 80_000)
    draft = open_list(session, package, now, code="draft", active=False)
    put(session, draft, package, now, 60_000)
    assert price_on(session, package, on) == 80_000
    with pytest.raises(ListInForce):
        put_list_in_force(session, draft.id, actor=SYSTEM, on=on, now=now)
    with pytest.raises(ListInForce):
        open_list(session, package, now, code="third")
    put_list_in_force(session, draft.id, instead=True, actor=SYSTEM, on=on, now=now)
    assert price_on(session, package, on) == 60_000
    assert (running.active, running.offers[0].valid_to) == (False, on - timedelta(days=1))
    told = session.scalars(select(Fact.payload).where(Fact.name == "product.changed")).all()
    assert {"product_id": package.product_id} in told
    stop_list(session, draft.id, actor=SYSTEM, on=on, now=now)
    assert price_on(session, package, on) == "no_offer"


def test_lists_for_others_or_in_other_money_stand_beside_it(session, package, on, now):
    open_list(session, package, now, code="home")
    open_list(session, package, now, code="usd", currency="USD")
    open_list(session, package, now, code="mart", partner_code="mart")
    maker = package.product.producer_id
    found = {
        (currency, partner): list_in_force(
            session, maker, kind="wholesale", currency=currency, partner_code=partner
        )
        for currency, partner in (("VND", None), ("USD", None), ("VND", "mart"), ("EUR", None))
    }
    assert [one and one.code for one in found.values()] == ["home", "usd", "mart", None]
    assert wholesale_list(session, maker, name="x", actor=SYSTEM, now=now).code == "home"


def test_a_price_in_other_money_is_no_price_in_this(session, package, on, now):
    listed = open_list(session, package, now, currency="USD", partner_code="mart")
    put(session, listed, package, now, 350, least=1)
    own = {"kind": "wholesale", "on": on, "partner_code": "mart"}
    assert quote(session, package.id, 1, **own) == NoQuote("no_offer", 0)
    found = quote(session, package.id, 1, currency="USD", **own)
    assert isinstance(found, Quote)
    assert (found.unit.currency, found.unit.amount) == ("USD", 350)


def test_the_minimum_of_one_list_never_meets_the_price_of_another(session, package, on, now):
    mart = open_list(session, package, now, code="mart", partner_code="mart")
    put(session, mart, package, now, 60_000, least=100)
    put(session, open_list(session, package, now, code="home"), package, now, 80_000)
    found = quote(session, package.id, 12, kind="wholesale", on=on, partner_code="mart")
    assert found == NoQuote("below_first_tier", 100)


def test_a_retail_price_begins_on_its_day_and_once(session, package, on, now):
    retail = open_list(session, package, now, kind="retail", code="shop")
    later = on + timedelta(days=3)
    put(session, retail, package, now, 90_000, least=1, since=on)
    put(session, retail, package, now, 95_000, least=1, since=later)
    assert package.price_minor == 90_000
    set_package(
        session, package.product_id, package.sku, {"price_minor": 88_000}, actor=SYSTEM, on=on,
        now=now,
    )  # fmt: skip
    assert apply_retail_prices(session, on=on, actor=SYSTEM, now=now) == 0
    assert package.price_minor == 88_000, "what a person entered since then stays"
    assert apply_retail_prices(session, on=later, actor=SYSTEM, now=now) == 1
    assert apply_retail_prices(session, on=later, actor=SYSTEM, now=now) == 0
    assert package.price_minor == package.product.price_from_minor == 95_000
    assert price_on(session, package, later, quantity=1, kind="retail") == 95_000


def test_a_retail_price_in_yen_is_never_the_price_in_dong(session, package, on, now):
    abroad = open_list(session, package, now, kind="retail", code="japan", currency="JPY")
    put(session, abroad, package, now, 1_480, least=1, since=on)
    assert apply_retail_prices(session, on=on, actor=SYSTEM, now=now) == 0
    assert package.price_minor == 85_000
    assert price_on(session, package, on, quantity=1, kind="retail") == 85_000


def test_a_retail_draft_leaves_the_shop_alone(session, package, on, now):
    draft = open_list(session, package, now, kind="retail", code="shop", active=False)
    put(session, draft, package, now, 90_000, least=1, since=on)
    assert apply_retail_prices(session, on=on, actor=SYSTEM, now=now) == 0
    assert package.price_minor == 85_000
    put_list_in_force(session, draft.id, actor=SYSTEM, on=on, now=now)
    assert package.price_minor == 90_000


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "retail", "partner_code": "mart"}, "kind"),
        ({"kind": "retail", "tax_inclusive": False}, "tax_inclusive"),
        ({"kind": "gift"}, "kind"),
        ({"currency": "XXX"}, "currency"),
        ({"code": " "}, "code"),
    ],
)
def test_impossible_lists_are_refused(session, package, now, values, field):
    with pytest.raises(InvalidFields) as refused:
        open_list(session, package, now, **values)
    assert field in refused.value.mistakes


def test_a_retail_list_has_one_price_in_the_money_of_the_package(session, package, on, now):
    retail = open_list(session, package, now, kind="retail")
    foreign = open_list(session, package, now, kind="retail", code="usd", currency="USD")
    for listed, tiers, field in (
        (retail, (Tier(1, 9_000), Tier(5, 8_000)), "tiers"),
        (retail, (Tier(2, 9_000),), "tiers"),
        (foreign, (Tier(1, 900),), "currency"),
    ):
        with pytest.raises(InvalidFields) as refused:
            set_offer(
                session, listed.id, package.id, tiers=tiers, valid_from=on, actor=SYSTEM, now=now
            )
        assert field in refused.value.mistakes
    assert package.price_minor == 85_000


LAST = date(2026, 12, 31)
NEXT = date(2027, 1, 1)


def settle(session, on, now):
    return apply_retail_prices(session, on=on, actor=SYSTEM, now=now)


def test_a_promotion_gives_way_to_the_price_before_it(session, package, on, now):
    retail = open_list(session, package, now, kind="retail", code="shop")
    put(session, retail, package, now, 70_000, least=1, since=on, valid_to=LAST)
    assert package.price_minor == 70_000
    assert settle(session, LAST, now) == 0, "the last day counts"
    assert settle(session, NEXT, now) == 1
    assert package.price_minor == package.product.price_from_minor == 85_000
    assert settle(session, NEXT, now) == 0


def test_a_price_entered_during_a_promotion_stays_after_it(session, package, on, now):
    retail = open_list(session, package, now, kind="retail", code="shop")
    put(session, retail, package, now, 70_000, least=1, since=on, valid_to=LAST)
    set_package(
        session, package.product_id, package.sku, {"price_minor": 72_000}, actor=SYSTEM, on=on,
        now=now,
    )  # fmt: skip
    assert settle(session, NEXT, now) == 0
    assert package.price_minor == 72_000


@pytest.mark.parametrize(("kind", "least"), [("wholesale", 12), ("retail", 1)])
def test_an_open_price_holds_again_after_a_promotion(session, package, on, now, kind, least):
    listed = open_list(session, package, now, kind=kind)
    first, last = on + timedelta(days=5), on + timedelta(days=9)
    put(session, listed, package, now, 80_000, least=least)
    put(session, listed, package, now, 60_000, least=least, since=first, valid_to=last)
    said = []
    for day in (first - timedelta(days=1), first, last, last + timedelta(days=1)):
        settle(session, day, now)
        said.append(price_on(session, package, day, kind=kind))
    assert said == [80_000, 60_000, 60_000, 80_000]
    again = session.scalar(select(Offer).where(Offer.resumes.is_(True)))
    assert (again.valid_from, again.valid_to) == (last + timedelta(days=1), None)


def test_the_open_price_comes_back_as_soon_as_the_promotion_ends(session, package, on, now):
    listed = open_list(session, package, now)
    old = put(session, listed, package, now, 80_000)
    promotion = put(
        session, listed, package, now, 60_000, since=on, valid_to=on + timedelta(days=9)
    )
    later = on + timedelta(days=20)
    revise(session, promotion, 60_000, on, now, valid_to=later)
    assert price_on(session, package, later) == 60_000
    assert price_on(session, package, later + timedelta(days=1)) == 80_000
    day = on + timedelta(days=3)
    end_offer(session, promotion.id, seen_version=promotion.version, actor=SYSTEM, on=day, now=now)
    session.flush()
    assert price_on(session, package, day) == 80_000
    remove_offer(session, promotion.id, actor=SYSTEM, now=now)
    session.flush()
    assert (old.valid_to, price_on(session, package, on)) == (None, 80_000)


def test_a_promotion_taken_off_today_gives_its_price_back(session, package, on, now):
    retail = open_list(session, package, now, kind="retail", code="shop")
    offer = put(session, retail, package, now, 70_000, least=1, since=on, valid_to=LAST)
    end_offer(session, offer.id, seen_version=offer.version, actor=SYSTEM, on=on, now=now)
    assert package.price_minor == 85_000
    put(session, retail, package, now, 71_000, least=1, since=on, valid_to=LAST)
    stop_list(session, retail.id, actor=SYSTEM, on=on, now=now)
    assert package.price_minor == 85_000
