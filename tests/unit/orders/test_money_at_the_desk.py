from core.money import Money
from orders.rules.bank_references import tidy_reference
from orders.rules.states import refund_event
from orders.rules.transfers import transfer_doubt
from tests.rows import each_row


@each_row(
    ("typed", "kept"),
    [
        ("FT26326123", "FT26326123"),
        (" ft2632 6123 ", "FT26326123"),
        ("\uff26\uff34２６", "FT26"),
        ("MBVCB.11/22-1", "MBVCB.11/22-1"),
        ("FT\x00\u200b26", "FT26"),
        (" \u3000\t", ""),
    ],
)
def test_a_bank_reference_is_compared_without_blanks_and_small_letters(
    typed: str, kept: str
) -> None:
    assert tidy_reference(typed) == kept


@each_row(
    ("state", "sent_back", "event"),
    [
        ("paid", 7, None),  # 107 came for 100: what was too much
        ("paid", 8, "refund_part"),
        ("paid", 107, "refund"),
        ("partially_refunded", 50, "refund_part"),
        ("partially_refunded", 107, "refund"),
        ("review", 106, None),
        ("review", 107, "refund"),
        ("refunded", 107, None),
        ("pending", 107, None),
    ],
)
def test_a_refund_moves_the_payment_only_when_it_touches_the_price(
    state: str, sent_back: int, event: str | None
) -> None:
    assert refund_event(state, total=100, received=107, sent_back=sent_back) == event


@each_row(
    ("state", "payment_state", "amount", "doubt"),
    [
        ("placed", "pending", 100, None),
        ("placed", "partially_paid", 99, "too_little"),
        ("confirmed", "authorized", 101, "too_much"),
        ("confirmed", "paid", 100, "paid"),
        ("completed", "refunded", 100, "paid"),
        ("cancelled", "voided", 100, "cancelled"),
        ("expired", "review", 100, "expired"),
    ],
)
def test_what_looks_wrong_about_a_transfer_is_said_before_it_is_booked(
    state: str, payment_state: str, amount: int, doubt: str | None
) -> None:
    due = Money(100, "VND")
    assert transfer_doubt(state, payment_state, due, Money(amount, "VND")) == doubt
