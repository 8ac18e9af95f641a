"""The codes buyers scan: what other programs read in them, and whose account they name."""

import subprocess
from pathlib import Path

import pytest
from qr_pay import QRPay

from core.money import Money
from core.settings import Settings
from orders.payments.banks import BANKS
from orders.payments.registry import enabled_gateways, settings_problems
from orders.payments.vietqr import VietQr, account_problems, qr_svg
from orders.rules.vietqr_text import payload
from tests.conftest import needs_program


def test_an_independent_library_makes_the_same_text() -> None:
    made = QRPay(
        bin_id="970436",
        consumer_id="0123456789",
        transaction_amount=185_000,
        purpose_of_transaction="VN26110001234",
    ).code
    assert made == payload("970436", "0123456789", amount=185_000, memo="VN26110001234")


def test_a_camera_reads_back_what_was_drawn(tmp_path: Path) -> None:
    import segno

    needs_program("zbarimg")
    text = payload("970436", "0123456789", amount=185_000, memo="VN26110001234")
    assert "<svg" in qr_svg(text)
    picture = tmp_path / "qr.png"
    segno.make_qr(text, error="m").save(str(picture), border=4, scale=6)
    read = subprocess.run(
        ["zbarimg", "--quiet", "--raw", str(picture)], capture_output=True, text=True, check=True
    )
    assert read.stdout.strip() == text


def test_wrong_accounts_are_all_named_at_once() -> None:
    assert len(account_problems("123456", "12 34", " ")) == 3
    assert account_problems("970436", "0123456789", "CUA HANG") == []


def test_a_memo_is_the_order_number() -> None:
    way = VietQr("970436", "0123456789", "CUA HANG")
    told = way.instructions("VN26110001234", Money(185_000, "VND"))
    assert told.memo == "VN26110001234"
    assert (told.bank_name, told.account) == ("Vietcombank", "0123456789")


@pytest.mark.parametrize("memo", ["", "VN2611-000123", "đơn hàng", "V" * 26])
def test_a_memo_banks_would_mangle_is_refused(memo: str) -> None:
    with pytest.raises(ValueError, match="memo"):
        VietQr("970436", "0123456789", "CUA HANG").instructions(memo, Money(1, "VND"))


def test_the_demonstration_account_is_never_offered_to_real_buyers() -> None:
    shown = enabled_gateways(Settings())["vietqr"]
    assert isinstance(shown, VietQr)
    assert shown.is_illustrative
    assert list(enabled_gateways(Settings(env="production"))) == ["cod"]


def test_a_configured_account_is_the_one_used() -> None:
    settings = Settings(
        env="production", vietqr_bank_bin="970436", vietqr_account="0123456789", vietqr_name="HTX"
    )
    assert settings_problems(settings) == []
    way = enabled_gateways(settings)["vietqr"]
    assert isinstance(way, VietQr)
    assert not way.is_illustrative


def test_a_bank_number_is_six_digits() -> None:
    assert all(len(number) == 6 and number.isdigit() for number in BANKS)
