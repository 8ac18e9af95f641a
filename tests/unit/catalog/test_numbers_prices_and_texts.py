import random
import unicodedata
from decimal import Decimal

import pytest

from catalog.reference import ALLERGENS, GROUPS, PROVINCES, SUBGROUPS, find_province, former_unit
from catalog.rules.allergens import AllergenFacts, statement_mistakes
from catalog.rules.fallback import Text, resolve
from catalog.rules.identifiers import (
    Gtin,
    internal_gtin,
    is_restricted_circulation,
    is_valid_gln,
    is_valid_gtin,
)
from catalog.rules.unit_price import unit_price
from core.money import Money
from i18n.locales import LOCALES
from tests.rows import each_row

GOOD = ["8938500001239", "8930000000019", "18938500001236", "2000000000015", "96385074"]


@each_row("gtin", GOOD)
def test_a_changed_digit_is_noticed(gtin):
    assert is_valid_gtin(gtin)
    for position, digit in enumerate(gtin):
        for other in "0123456789":
            if other != digit:
                assert not is_valid_gtin(gtin[:position] + other + gtin[position + 1 :])


@each_row(
    "text",
    [
        "",
        "0",
        "00000000",
        "0000000000000",
        "893850000123",
        "89385000012391",
        "8938500001a39",
        "٨٩٣٨٥٠٠٠٠١٢٣٩",
    ],
)
def test_what_is_no_gtin_is_refused(text):
    assert not is_valid_gtin(text)
    with pytest.raises(ValueError, match="not a GTIN"):
        Gtin.parse(text)


def test_a_gtin_is_read_as_people_type_it():
    gtin = Gtin.parse("893-850 0001239")
    assert gtin.gtin14 == "08938500001239"
    assert not gtin.is_restricted


@each_row(
    ("gtin", "restricted"),
    [
        ("2000000000015", True),
        ("2912345678900", True),
        ("8938500001239", False),
        ("18938500001236", False),
        ("0212345678909", True),
        ("96385074", False),
        ("20000011", True),
    ],
)
def test_in_house_numbers_are_told_from_gtins(gtin, restricted):
    assert is_restricted_circulation(gtin) is restricted


def test_internal_numbers_are_valid_and_restricted():
    for number in [0, 1, 10**10 - 1, *random.sample(range(10**10), 50)]:
        gtin = internal_gtin(number)
        assert is_valid_gtin(gtin)
        assert is_restricted_circulation(gtin)
    with pytest.raises(ValueError, match="prefix"):
        internal_gtin(1, prefix="89")


def test_a_location_number_has_thirteen_digits():
    assert is_valid_gln("8938500009990")
    assert not is_valid_gln("18938500001236")


@each_row(
    ("price", "net", "unit", "count", "expected"),
    [
        (85_000, "500", "ml", 1, (170_000, "l")),
        (330_000, "70", "ml", 6, (785_714, "l")),
        (60_000, "2", "g", 20, (150_000, "100 g")),
        (120_000, "10", "ml", 1, (1_200_000, "100 ml")),
        (18_000, "1", "kg", 1, (18_000, "kg")),
        (320_000, "1.2", "kg", 1, (266_667, "kg")),
        (62_500, "250", "g", 1, (25_000, "100 g")),
        (60_000, "10", "piece", 1, (6_000, "piece")),
        (40_000, "1", "piece", 1, None),
        (650_000, "1", "set", 1, None),
    ],
)
def test_packages_are_compared_per_kilogram_litre_or_hundred(price, net, unit, count, expected):
    found = unit_price(Money(price, "VND"), Decimal(net), unit, count)
    assert (found and (found.price.amount, found.per)) == expected


def test_a_missing_text_falls_back_and_says_where_it_came_from():
    values = {"ja": "", "en": "Salt", "vi": "Muối"}
    assert resolve("name", values, ("ja", "en", "vi")) == Text("Salt", "en")
    assert resolve("name", {}, ("ja", "en", "vi")) is None


@each_row("field", ["allergens", "legal"])
def test_allergens_and_legal_text_never_fall_back(field):
    assert resolve(field, {"en": "fish", "vi": "cá"}, ("ja", "en", "vi")) is None
    assert resolve(field, {"ja": "魚", "vi": "cá"}, ("ja", "en", "vi")) == Text("魚", "ja")


@each_row(
    ("state", "contains", "may", "mistakes"),
    [
        ("declared", {"FIS"}, set(), []),
        ("declared", set(), {"GLU"}, []),
        ("declared", set(), set(), ["declared_empty"]),
        ("none_declared", set(), set(), []),
        ("unknown", set(), set(), []),
        ("none_declared", {"FIS"}, set(), ["not_declared"]),
        ("declared", {"XXX"}, set(), ["unknown_code:XXX"]),
        ("declared", {"FIS"}, {"FIS"}, ["both:FIS"]),
        ("maybe", set(), set(), ["unknown_state"]),
    ],
)
def test_a_contradictory_allergen_statement_is_refused(state, contains, may, mistakes):
    facts = AllergenFacts(state, frozenset(contains), frozenset(may))
    assert statement_mistakes(facts, ALLERGENS) == mistakes


@each_row(
    ("name", "code"),
    [
        ("Cà Mau", "96"),
        ("ca mau", "96"),
        ("TỈNH CÀ MAU", "96"),
        (unicodedata.normalize("NFD", "Lạng Sơn"), "20"),
        ("Ðắk Lắk", "66"),
        ("TP. Hồ Chí Minh", "79"),
        ("tp.hcm", "79"),
        ("Thành phố Huế", "46"),
        ("Thừa Thiên-Huế", "46"),
        ("Bà Rịa–Vũng Tàu", "79"),
        ("Thái Nguyên (ex Bắc Kạn)", "19"),
        ("Bạc Liêu", "96"),
        ("Hoà Bình", "25"),
        ("カマウ省", "96"),
        ("Ho Chi Minh City", "79"),
        ("91", "91"),
    ],
)
def test_a_province_is_found_however_it_is_written(name, code):
    province = find_province(name)
    assert province is not None
    assert province.code == code


@each_row("name", ["", "  ", "Atlantis", "tỉnh", "99"])
def test_what_is_no_province_is_not_guessed(name):
    assert find_province(name) is None


def test_a_former_unit_in_brackets_is_kept_as_written():
    assert former_unit("Thái Nguyên (ex Bắc Kạn)") == "Bắc Kạn"
    assert former_unit("Thái Nguyên") is None


def test_the_fixed_lists_are_complete_in_nine_languages():
    assert (len(PROVINCES), len(GROUPS), len(SUBGROUPS)) == (34, 6, 26)
    units = {name for p in PROVINCES.values() for name in (p.names["vi"], *p.former)}
    assert len(units - {"Hà Tây", "Huế"}) == 63  # the units up to June 2025
    for thing in [*PROVINCES.values(), *GROUPS.values(), *SUBGROUPS.values(), *ALLERGENS.values()]:
        assert tuple(thing.names) == LOCALES
        assert all(thing.names.values())
        assert all(name == unicodedata.normalize("NFC", name) for name in thing.names.values())
    assert {s.group for s in SUBGROUPS.values()} == set(GROUPS)
