"""Vietnamese tax numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.tax_numbers import is_valid_tax_number, tax_check_digit, tidy_tax_number
from tests.rows import each_row


@each_row(
    ("number", "valid"),
    [
        ("0100233488", True),
        ("0100233480", False),
        ("0314409058-002", True),
        ("0314409058002", True),
        ("0314409058-000", False),
        ("0314409059-002", False),
        (" 0100 233 488 ", True),
        ("096085001234", True),  # a household's personal number, from Cà Mau
        ("097085001234", False),  # no province has this code
        ("000085001234", False),
        ("010023348", False),
        ("01002334889", False),
        ("٠١٠٠٢٣٣٤٨٨", False),
        ("", False),
        ("MST0100233488", False),
    ],
)
def test_a_tax_number_is_judged_by_its_digits(number: str, valid: bool) -> None:
    assert is_valid_tax_number(number) is valid


@given(st.text("0123456789", min_size=9, max_size=9), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_found(nine: str, at: int, by: int) -> None:
    digit = tax_check_digit(nine)
    wrong = nine[:at] + str((int(nine[at]) + by) % 10) + nine[at + 1 :]
    assert digit is None or tax_check_digit(wrong) != digit


def test_a_branch_is_written_with_a_hyphen() -> None:
    assert tidy_tax_number("0314409058.002") == "0314409058-002"
