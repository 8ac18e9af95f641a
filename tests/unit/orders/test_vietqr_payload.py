from hypothesis import given
from hypothesis import strategies as st

from orders.payments.banks import BANKS
from orders.rules.vietqr_text import checksum, fields, is_sound, payload
from tests.rows import each_row

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


@each_row("sample", [TO_CARD, TO_ACCOUNT_WITH_AMOUNT, TO_CARD_WITH_AMOUNT])
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
