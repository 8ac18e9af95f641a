"""GS1 Digital Link: only true GTINs become addresses, and dates in addresses are read as the standard says."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.rules.digital_link import (
    lot_path,
    may_be_link,
    read_attributes,
    read_date,
    spellings,
)
from tests.rows import each_row

TODAY = date(2026, 11, 22)


@each_row(
    ("gtin", "internal", "may"),
    [
        ("8938500001239", False, True),
        ("18938500001236", False, True),
        ("2000000000015", False, False),  # in-house, whatever the flag says
        ("8938500001239", True, False),
        ("8938500001238", False, False),  # wrong check digit
        ("", False, False),
        (None, False, False),
    ],
)
def test_only_a_true_gtin_becomes_an_address(gtin: str | None, internal: bool, may: bool) -> None:
    assert may_be_link(gtin, is_internal=internal) is may


@each_row(
    ("arguments", "path"),
    [
        ({"number": "NM2605A"}, "/01/08938500001239/10/NM2605A"),
        ({"number": "L01/26"}, "/01/08938500001239/10/L01%2F26"),
        (
            {"number": "A", "expires_on": date(2027, 5, 1)},
            "/01/08938500001239/10/A?15=270501",
        ),
        (
            {"number": "A", "expires_on": date(2027, 5, 1), "expiry_kind": "use_by"},
            "/01/08938500001239/10/A?17=270501",
        ),
    ],
)
def test_the_address_of_a_lot(arguments: dict[str, object], path: str) -> None:
    assert lot_path("8938500001239", **arguments) == path  # type: ignore[arg-type]


def test_an_in_house_number_makes_no_address() -> None:
    with pytest.raises(ValueError, match="in-house"):
        lot_path("2000000000015", "A")


@each_row(
    ("text", "day"),
    [
        ("261231", date(2026, 12, 31)),
        ("270200", date(2027, 2, 28)),  # day 00 is the last of the month
        ("761231", date(2076, 12, 31)),
        ("771231", date(1977, 12, 31)),  # more than fifty years ahead is the past
        ("261301", None),
        ("260230", None),
        ("26-1-1", None),
        ("", None),
        ("２６１２３１", None),
    ],
)
def test_a_date_in_a_code(text: str, day: date | None) -> None:
    assert read_date(text, today=TODAY) == day


def test_what_an_address_says_and_what_cannot_be_read() -> None:
    said = read_attributes({"17": "270501", "15": "999999", "linkType": "x"}, today=TODAY)
    assert (said.use_by, said.expires_on, said.unreadable) == (
        date(2027, 5, 1),
        date(2027, 5, 1),
        ("15",),
    )


def test_a_number_is_looked_for_in_every_length_it_may_have() -> None:
    assert spellings("08938500001239") == ("08938500001239", "8938500001239")
    assert spellings("00000096385074")[-1] == "96385074"
