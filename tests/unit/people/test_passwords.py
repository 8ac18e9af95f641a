import pytest

from core.people.passwords import UnfitPassword, hash_password, unfit_reason
from tests.rows import each_row


@each_row(
    ("password", "reason"),
    [
        ("ngắn123", "too_short"),
        ("x" * 257, "too_long"),
        ("matkhau123", "common"),
        ("MatKhau123", "common"),
        ("password", "common"),
        ("nuocmam123", "common"),
        ("aaaaaaaaaaaa", "common"),
        ("Nguyễn Thị Sáu", "personal"),
        ("tôm khô rạch gốc", None),
        ("a   b   c", None),
        ("🐟🐟🐠🐠🦐🦐🦀🦀", None),
        ("y3ue8d0q", None),
    ],
)
def test_a_password_is_refused_for_one_clear_reason(password: str, reason: str | None) -> None:
    assert unfit_reason(password, personal=("Nguyễn Thị Sáu",)) == reason


def test_a_refused_password_is_not_in_the_error() -> None:
    with pytest.raises(UnfitPassword) as refusal:
        hash_password("matkhau123")
    assert "matkhau123" not in str(refusal.value)
