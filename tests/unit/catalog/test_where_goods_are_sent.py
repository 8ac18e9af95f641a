from __future__ import annotations

from datetime import date, timedelta

from catalog.reference.destinations import destinations
from catalog.rules.destinations import FIGURES_HOLD, PriceThere, choose, price_there
from catalog.rules.eligibility import MARKETS, verdict_state
from catalog.rules.particulars import Particulars, market_particulars, read_particulars
from catalog.rules.pricing import OfferFacts, Tier
from core.money import Money
from tests.rows import each_row
from tests.unit.catalog.test_market_verdicts import (
    HONEY,
    KINDS_OF,
    PRAWNS,
    RULES,
    TODAY,
    goods,
)

KNOWN = destinations()
RETAIL = Money(120_000, "VND")


@each_row(
    ("in_address", "remembered", "country"),
    [
        ("", "", "VN"),
        ("jp", "", "JP"),
        ("", "jp", "JP"),
        ("fr", "jp", "FR"),
        ("vn", "jp", "VN"),
        ("JP", "", "JP"),
        ("xx", "", "VN"),
        ("xx", "kr", "KR"),
        ("eu", "", "VN"),
        ("ｊｐ", "", "VN"),
        ("jp\x00", "../", "VN"),
        ("us", "us", "VN"),
    ],
)
def test_the_address_decides_then_the_choice_then_home(in_address, remembered, country):
    assert choose(KNOWN, in_address, remembered).country == country


def test_every_market_of_the_rules_has_a_destination_and_money():
    assert {place.market for place in KNOWN.values()} == {"VN", *MARKETS}
    assert KNOWN["FR"].market == KNOWN["DE"].market == "EU"
    assert KNOWN["FR"].currency == "EUR"
    assert [place for place in KNOWN.values() if place.is_home] == [KNOWN["VN"]]
    assert all(place.tax is not None for place in KNOWN.values() if not place.is_home)


def test_figures_on_taxes_are_hidden_ninety_days_after_somebody_checked_them():
    tax = KNOWN["JP"].tax
    assert tax is not None
    assert tax.free_up_to == Money(10_000, "JPY")
    assert tax.holds(tax.checked_on + FIGURES_HOLD)
    assert not tax.holds(tax.checked_on + FIGURES_HOLD + timedelta(days=1))


def yen(price: int, *, least: int = 1, since: date = date(2026, 1, 1), **more) -> OfferFacts:
    return OfferFacts(
        id=price, package_id=7, valid_from=since, valid_to=more.pop("to", None), currency="JPY",
        tax_inclusive=True, tiers=(Tier(least, price),), list_id=3, list_code="jp", **more,
    )  # fmt: skip


@each_row(
    ("country", "offers", "quantity", "expected"),
    [
        ("VN", [yen(1_480)], 1, PriceThere(RETAIL, is_local=True)),
        ("JP", [yen(1_480)], 1, PriceThere(Money(1_480, "JPY"), is_local=True, list_code="jp")),
        ("JP", [], 1, PriceThere(RETAIL, is_local=False)),
        ("KR", [yen(1_480)], 1, PriceThere(RETAIL, is_local=False)),
        ("JP", [yen(1_480, least=6)], 1, PriceThere(RETAIL, is_local=False)),
        ("JP", [yen(1_480, since=date(2027, 1, 1))], 1, PriceThere(RETAIL, is_local=False)),
        ("JP", [yen(1_480, to=TODAY - timedelta(days=1))], 1, PriceThere(RETAIL, is_local=False)),
    ],
)
def test_a_list_in_the_money_of_the_place_gives_the_price_else_the_one_at_home(
    country, offers, quantity, expected
):
    there = price_there(RETAIL, offers, KNOWN[country], package_id=7, quantity=quantity, on=TODAY)
    assert there == expected


def asked(facts, market: str) -> Particulars:
    return market_particulars(RULES, facts, market, TODAY, kinds=KINDS_OF)


def test_each_market_names_its_own_allergens_and_hides_none():
    squid = goods("F08", "160554", "Mực", "MOL SQU")
    assert asked(squid, "JP").allergens_must == ()
    assert asked(squid, "JP").allergens_should == ("SQU",)
    assert "MOL" in asked(squid, "EU").allergens_must
    assert "SQU" in asked(squid, "KR").allergens_must
    assert set(asked(squid, "JP").allergens_named) >= {"SHR", "CRB", "BUC"}
    assert squid.label.allergens.contains == {"MOL", "SQU"}


def test_papers_are_missing_until_they_are_on_file():
    seafood_for_china = asked(PRAWNS, "CN").papers_missing
    assert seafood_for_china
    kept = goods("F08", "030617", "Tôm sú", "CRU SHR", "frozen", CN=" ".join(seafood_for_china))
    assert asked(kept, "CN").papers_missing == ()
    assert asked(HONEY, "JP").papers_missing == (), "papers of a consignment come with it"


def test_fields_of_the_label_are_known_or_missing_and_never_both():
    untranslated = goods(languages=frozenset({"vi"}))
    japan = asked(untranslated, "JP")
    assert "name" in japan.label_missing
    assert "origin" in japan.label_known
    assert not set(japan.label_known) & set(japan.label_missing)
    assert asked(goods(), "JP").label_missing == ()


def test_what_is_kept_is_read_back_and_an_unknown_part_is_passed_over():
    particulars = asked(PRAWNS, "CN")
    assert read_particulars(particulars.stored()) == particulars
    assert read_particulars(None) == Particulars()
    assert read_particulars({"of_a_later_release": ["x"]}) == Particulars()


@each_row(
    ("allowed", "reasons", "state"),
    [
        (True, ["with_documents"], "open"),
        (False, ["registration_first", "label_incomplete"], "later"),
        (False, ["meat_ban"], "closed"),
        (False, ["not_listed"], "closed"),
    ],
)
def test_a_verdict_is_open_later_or_closed(allowed, reasons, state):
    assert verdict_state(allowed=allowed, reasons=reasons) == state
