from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_10

from orders.rules.order_numbers import (
    check_digit,
    is_order_number,
    month_key,
    order_number,
    order_numbers_within,
)
from tests.rows import each_row

MONTHS = st.integers(0, 9999).map(lambda number: f"{number:04d}")
COUNTS = st.integers(1, 999_999)


def test_a_number_says_the_month() -> None:
    assert month_key(date(2026, 11, 22)) == "2611"
    assert order_number("2611", 123).startswith("VN2611000123")


@given(st.from_regex(r"[0-9]{1,12}", fullmatch=True))
def test_the_check_digit_is_that_of_iso_7064(digits: str) -> None:
    assert check_digit(digits) == mod_11_10.calc_check_digit(digits)


@given(MONTHS, COUNTS, st.integers(2, 12), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(month: str, count: int, place: int, by: int) -> None:
    number = order_number(month, count)
    wrong = (int(number[place]) + by) % 10
    assert not is_order_number(f"{number[:place]}{wrong}{number[place + 1 :]}")


@each_row(
    "memo",
    [
        "{n}",
        "MBVCB.5551234567.{n}.CT tu 0011 toi 0022",
        "chuyen tien {lower} cam on",
        "{spaced}",
        "IBFT {n}-091122-10:01:02",
    ],
)
def test_a_number_is_found_in_what_banks_make_of_a_memo(memo: str) -> None:
    number = order_number("2611", 123)
    spaced = f"{number[:2]} {number[2:6]} {number[6:12]} {number[12:]}"
    text = memo.format(n=number, lower=number.lower(), spaced=spaced)
    assert order_numbers_within(text) == [number]


def test_two_numbers_in_one_memo_are_both_reported() -> None:
    one, two = order_number("2611", 1), order_number("2611", 2)
    assert order_numbers_within(f"{one} va {two} {one}") == [one, two]


def test_a_memo_with_a_slip_names_no_order() -> None:
    number = order_number("2611", 123)
    slip = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert order_numbers_within(slip) == []


@each_row("count", [0, -1, 1_000_000])
def test_a_month_has_a_million_numbers_less_one(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 999999"):
        order_number("2611", count)
