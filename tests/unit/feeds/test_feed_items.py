"""The canonical form of an item, its hash, and the texts partners read."""

import json
import unicodedata
from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from feeds.rules.items import (
    content_hash,
    item_of,
    payload_of,
    short_name,
    without_programme_words,
)
from feeds.rules.mapping import (
    COLUMNS,
    cells,
    decimal_amount,
    percent,
    plain_decimal,
    unit_code,
)
from tests.factories.feeds import item, plain_item
from tests.rows import each_row


def test_the_hash_of_an_item_never_drifts() -> None:
    """A changed value here means that every item would be sent to every partner again."""
    assert content_hash(payload_of(item())) == (
        "e5e12978a412c4459b4329c56af5135f72d4cd7e15cc5ea9408487fdca590374"
    )


def test_a_stored_payload_reads_back_as_the_same_item() -> None:
    for original in (item(), plain_item()):
        stored = json.loads(json.dumps(payload_of(original)))

        assert item_of(stored) == original
        assert content_hash(stored) == content_hash(payload_of(original))


def test_the_order_of_keys_and_the_form_of_accents_do_not_matter() -> None:
    payload = payload_of(item())
    turned = dict(reversed(payload.items()))
    turned["name_vi"] = unicodedata.normalize("NFD", payload["name_vi"])

    assert content_hash(turned) == content_hash(payload)


@each_row("name", [f.name for f in fields(item())])
def test_every_fact_is_in_the_hash(name: str) -> None:
    value = getattr(item(), name)
    other = {int: 7, bool: not value, tuple: ("EGG",)}.get(type(value), "x")
    if name == "recognition":
        other = None

    assert content_hash(payload_of(replace(item(), **{name: other}))) != content_hash(
        payload_of(item())
    )


@given(st.text(max_size=120), st.integers(min_value=12, max_value=60))
def test_a_short_name_is_never_longer_than_allowed(name: str, limit: int) -> None:
    assert len(short_name(name, limit)) <= limit


def test_a_short_name_keeps_the_size_that_tells_two_packages_apart() -> None:
    name = "Nước mắm cá cơm ủ chượp thùng gỗ bời lời 500 ml"

    assert short_name(name, 40, "500 ml") == "Nước mắm cá cơm ủ chượp thùng gỗ 500 ml"


@each_row(
    ("text", "left"),
    [
        ("Nước mắm OCOP 4 sao Cát Hải", "Nước mắm Cát Hải"),
        ("Trà (OCOP 5 sao)", "Trà"),
        ("Mắm OCOP", "Mắm"),
        ("Ocopus sấy", "Ocopus sấy"),
    ],
)
def test_the_programme_is_not_named_in_free_text(text: str, left: str) -> None:
    assert without_programme_words(text) == left


def test_no_heading_names_the_programme() -> None:
    assert not [c.heading for c in COLUMNS.values() if "OCOP" in c.heading.upper()]


def test_without_a_claim_no_cell_names_the_programme() -> None:
    texts = cells(item(recognition=None), tuple(COLUMNS))

    assert not [text for text in texts if "OCOP" in text.upper() or "sao" in text]


def test_amounts_are_decimal_text() -> None:
    assert decimal_amount(85_000, "VND") == "85000"
    assert decimal_amount(1999, "EUR") == "19.99"
    assert (percent(800), percent(550), percent(0)) == ("8", "5.5", "0")


def test_quantities_never_show_an_exponent() -> None:
    from decimal import Decimal

    texts = [plain_decimal(Decimal(t)) for t in ("1E+3", "1.50", "0.125", "70")]
    assert texts == ["1000", "1.5", "0.125", "70"]
    assert (unit_code("ml"), unit_code("Kg"), unit_code("chai")) == ("MLT", "KGM", "H87")
