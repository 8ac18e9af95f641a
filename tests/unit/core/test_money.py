import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import CurrencyMismatch, Money, sum_money, vat_included
from tests.rows import each_row


def test_two_currencies_never_add_up() -> None:
    with pytest.raises(CurrencyMismatch):
        Money(35_000, "VND") + Money(1, "EUR")


def test_a_float_is_not_money() -> None:
    with pytest.raises(TypeError):
        Money(35_000.0, "VND")  # type: ignore[arg-type]


def test_ten_dong_among_three_gives_the_odd_one_to_the_first() -> None:
    shares = Money(10, "VND").allocate([1, 1, 1])

    assert shares == [Money(4, "VND"), Money(3, "VND"), Money(3, "VND")]


def test_shares_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="weights"):
        Money(10, "VND").allocate([0, 0])


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any),
)
def test_shares_always_add_up_to_the_whole(amount: int, weights: list[int]) -> None:
    whole = Money(amount, "VND")

    assert sum_money(whole.allocate(weights), "VND") == whole


@each_row(
    ("gross", "rate_bp", "vat"),
    [
        (108_000, 800, 8_000),
        (105_000, 500, 5_000),
        (18_000, 800, 1_333),
        (27, 800, 2),
        (7, 800, 1),
        (6, 800, 0),
        (0, 800, 0),
        (100_000, 0, 0),
        (-108_000, 800, -8_000),
    ],
)
def test_the_tax_inside_a_price_is_rounded_half_up(gross: int, rate_bp: int, vat: int) -> None:
    assert vat_included(Money(gross, "VND"), rate_bp) == Money(vat, "VND")
