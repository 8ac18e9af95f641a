from __future__ import annotations

from datetime import date, timedelta

from catalog.regulation.files import rules_of_files
from catalog.rules.vat import (
    PLAIN_MARKS,
    VAT_CLASSES,
    plain_mark,
    seller_kind,
    untaxed_gaps,
    vat_class,
    vat_rate,
)
from tests.rows import each_row

RULES = rules_of_files()
LAST_DAY_OF_EIGHT = date(2026, 12, 31)


@each_row(
    ("goods", "seller", "buyer", "destination", "on", "treatment", "rate_bp"),
    [
        # the reduction ends on 31 December 2026, its last day inclusive
        ("standard", "trader", "consumer", "VN", "2026-11-22", "rate", 800),
        ("standard", "producer", "business", "VN", "2026-12-31", "rate", 800),
        ("standard", "producer", "consumer", "VN", "2027-01-01", "rate", 1000),
        # alcohol was never reduced
        ("excise", "producer", "consumer", "VN", "2026-12-31", "rate", 1000),
        ("excise", "producer", "consumer", "VN", "2027-01-01", "rate", 1000),
        # raw farm goods
        ("raw", "producer", "consumer", "VN", "2026-11-22", "not_subject", 0),
        ("raw", "producer", "business", "VN", "2026-11-22", "not_subject", 0),
        ("raw", "trader", "consumer", "VN", "2026-11-22", "rate", 500),
        ("raw", "trader", "business", "VN", "2025-12-31", "rate", 500),
        ("raw", "trader", "business", "VN", "2026-01-01", "not_declared", 0),
        # the rest of the table
        ("salt", "trader", "consumer", "VN", "2027-06-01", "not_subject", 0),
        ("plant_craft", "trader", "consumer", "VN", "2027-06-01", "rate", 500),
        ("standard", "producer", "consumer", "abroad", "2026-11-22", "rate", 0),
        ("excise", "trader", "business", "abroad", "2027-01-01", "rate", 0),
    ],
)
def test_the_tax_follows_goods_seller_buyer_destination_and_day(
    goods: str, seller: str, buyer: str, destination: str, on: str, treatment: str, rate_bp: int
) -> None:
    answer = vat_rate(RULES, goods, seller, buyer, destination, date.fromisoformat(on))
    assert answer is not None
    assert (answer.treatment, answer.rate_bp) == (treatment, rate_bp)


def test_the_answer_names_the_version_it_was_given_under() -> None:
    before = vat_rate(RULES, "standard", "trader", "consumer", "VN", LAST_DAY_OF_EIGHT)
    after = vat_rate(
        RULES, "standard", "trader", "consumer", "VN", LAST_DAY_OF_EIGHT + timedelta(days=1)
    )
    assert before is not None
    assert after is not None
    assert before.rule_version.startswith("vat.standard.any.any.VN/always/")
    assert after.rule_version.startswith("vat.standard.any.any.VN/2027-01-01/")


@each_row("year", [2026, 2027, 2030])
def test_every_sale_has_a_rate_in_every_year(year: int) -> None:
    assert untaxed_gaps(RULES, date(year, 1, 1)) == []
    assert untaxed_gaps(RULES, date(year, 12, 31)) == []


def test_goods_nobody_classified_are_never_taxed_too_low() -> None:
    assert vat_class(None, "F06") == "standard"
    assert vat_class("?", None) == "standard"
    assert vat_class(None, "D01") == "excise"
    assert vat_class("N/5", "F08") == "raw"


def test_people_choose_one_mark_for_each_class_of_goods() -> None:
    assert sorted(vat_class(mark, None) for mark in PLAIN_MARKS) == sorted(VAT_CLASSES)
    assert (plain_mark("N/5"), plain_mark("10"), plain_mark("S")) == ("N", "8", "S")
    assert plain_mark(None) is plain_mark("?") is None


def test_a_firm_counts_as_a_trader_until_it_says_otherwise() -> None:
    assert seller_kind("cooperative") == "producer"
    assert seller_kind("enterprise") == "trader"
    assert seller_kind("unknown") == "trader"
    assert seller_kind(None) == "trader"


def test_rates_only_known_by_hearsay_are_marked() -> None:
    salt = vat_rate(RULES, "salt", "producer", "consumer", "VN", LAST_DAY_OF_EIGHT)
    usual = vat_rate(RULES, "standard", "producer", "consumer", "VN", LAST_DAY_OF_EIGHT)
    assert salt is not None
    assert not salt.confirmed
    assert usual is not None
    assert usual.confirmed
