import unicodedata

import pytest

from core.people.registration import (
    UnreadableEmail,
    UnreadablePhone,
    normal_email,
    normal_identifier,
    normal_phone,
)
from core.people.sign_in import throttle_keys


@pytest.mark.parametrize(
    "written", ["0912 345 678", "+84 912 345 678", "0912.345.678", "84912345678"]
)
def test_one_telephone_number_has_one_spelling(written: str) -> None:
    assert normal_phone(written) == "+84912345678"


@pytest.mark.parametrize("written", ["", "12", "abc", "0912 345", "+999999999999999"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(UnreadablePhone):
        normal_phone(written)


def test_an_email_is_compared_in_lower_case_and_composed() -> None:
    written = unicodedata.normalize("NFD", " Sáu@Example.VN ")
    assert normal_email(written) == "sáu@example.vn"


@pytest.mark.parametrize(
    "written", ["@", "a@b", "a b@example.vn", "a@example.vn\nBcc: x@y.vn", "a@.vn"]
)
def test_what_is_no_email_is_refused(written: str) -> None:
    with pytest.raises(UnreadableEmail):
        normal_email(written)


def test_neither_email_nor_phone_is_nobody() -> None:
    assert normal_identifier("sáu") is None


def test_spellings_of_one_identifier_share_a_bucket_and_show_nobody() -> None:
    first, _ = throttle_keys("0912345678", "203.0.113.9")
    second, _ = throttle_keys("+84 912 345 678", "203.0.113.9")
    assert first == second
    assert "912345678" not in first


def test_a_household_with_ipv6_is_one_address() -> None:
    assert throttle_keys("a@b.vn", "2001:db8::1")[1] == throttle_keys("c@d.vn", "2001:db8::ffff")[1]
    assert throttle_keys("a@b.vn", "2001:db8::1")[1] != throttle_keys("a@b.vn", "2001:db8:1::1")[1]
