import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qr_pay import QRPay

from core.money import Money
from core.settings import Settings
from orders.payments.banks import BANKS
from orders.payments.registry import enabled_gateways, settings_problems
from orders.payments.vietqr import (
    VietQr,
    account_problems,
    checksum,
    fields,
    is_sound,
    payload,
    qr_svg,
)

# NAPAS specification 1.5.2, samples 6.1.2 to 6.1.4
TO_CARD = "00020101021138600010A00000072701300006970403011697040311012345670208QRIBFTTC53037045802VN63044F52"
TO_ACCOUNT_WITH_AMOUNT = (
    "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA5303704540618000058"
    "02VN62340107NPS68690819thanh toan don hang63042E2E"
)
TO_CARD_WITH_AMOUNT = (
    "00020101021238600010A00000072701300006970403011697040311012345670208QRIBFTTC530370454061800005802VN"
    "62340107NPS68690819thanh toan don hang6304A203"
)
MALFORMED_AS_PRINTED = (
    "00020101021138570010A00000072701270006970403011200110123456780208QRIBFTTA53037045802VN6304F4E5"
)


def test_the_official_sample_of_a_card_without_amount() -> None:
    assert payload("970403", "9704031101234567", to_card=True) == TO_CARD


def test_the_official_sample_of_an_account_with_amount() -> None:
    made = payload(
        "970403", "0011012345678", amount=180_000, memo="thanh toan don hang", bill="NPS6869"
    )
    assert made == TO_ACCOUNT_WITH_AMOUNT


def test_the_official_sample_of_a_card_with_amount() -> None:
    made = payload(
        "970403",
        "9704031101234567",
        amount=180_000,
        memo="thanh toan don hang",
        bill="NPS6869",
        to_card=True,
    )
    assert made == TO_CARD_WITH_AMOUNT


@pytest.mark.parametrize("sample", [TO_CARD, TO_ACCOUNT_WITH_AMOUNT, TO_CARD_WITH_AMOUNT])
def test_official_samples_are_sound(sample: str) -> None:
    assert is_sound(sample)


def test_a_payload_whose_lengths_do_not_fit_is_unsound_although_its_checksum_is_right() -> None:
    assert checksum(MALFORMED_AS_PRINTED[:-4]) == MALFORMED_AS_PRINTED[-4:]
    assert not is_sound(MALFORMED_AS_PRINTED)


def test_the_checksum_is_the_standard_one() -> None:
    assert checksum("123456789") == "29B1"


@given(
    st.sampled_from(sorted(BANKS)),
    st.from_regex(r"[0-9A-Za-z]{6,19}", fullmatch=True),
    st.integers(1, 499_999_999),
)
def test_every_payload_is_sound_and_holds_what_was_put_in(
    bank_bin: str, account: str, amount: int
) -> None:
    text = payload(bank_bin, account, amount=amount, memo="VN26110001234")
    assert is_sound(text)
    outer = fields(text)
    assert outer["54"] == str(amount)
    assert fields(fields(outer["38"])["01"]) == {"00": bank_bin, "01": account}
    assert fields(outer["62"])["08"] == "VN26110001234"


def test_an_independent_library_makes_the_same_text() -> None:
    made = QRPay(
        bin_id="970436",
        consumer_id="0123456789",
        transaction_amount=185_000,
        purpose_of_transaction="VN26110001234",
    ).code
    assert made == payload("970436", "0123456789", amount=185_000, memo="VN26110001234")


@pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg is not installed")
def test_a_camera_reads_back_what_was_drawn(tmp_path: Path) -> None:
    import segno

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
