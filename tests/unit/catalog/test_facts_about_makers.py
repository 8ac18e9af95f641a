"""Numbers of a maker are taken from a file only when they are sound; a spreadsheet's lost nought is put back."""

from catalog.importing.maker_facts import read_maker_facts
from tests.rows import each_row


@each_row(
    ("name", "cell", "kept"),
    [
        ("tax_number", "0100233488", "0100233488"),
        ("tax_number", "100233488", "0100233488"),  # a spreadsheet took the nought
        ("tax_number", "0100233488001", "0100233488-001"),
        ("gln", "893 8500009990", "8938500009990"),
        ("phone", "0912.345.678", "0912345678"),
        ("phone", "912345678", "0912345678"),
        ("phone", "+84 912 345 678", "0912345678"),
        ("phone", "0912 345 678 / 0987 654 321", "0912345678"),
        ("phone", "(024) 3825 1234", "02438251234"),
        ("phone", "০৯১২৩৪৫৬৭৮", "0912345678"),
        ("email", "htx.sen@example.vn; lan@example.vn", "htx.sen@example.vn"),
        ("registration_number", "30A8 000 123", "30A8 000 123"),
    ],
)
def test_a_sound_fact_is_kept_in_one_form(name: str, cell: str, kept: str) -> None:
    assert read_maker_facts({name: cell}) == ({name: kept}, [])


@each_row(
    ("name", "cell"),
    [
        ("tax_number", "0100233489"),
        ("tax_number", "đang xin cấp"),
        ("gln", "8938500009991"),
        ("phone", "0912 345"),
        ("phone", "9" * 5000),
        ("email", "htx sen"),
        ("email", "a" * 300 + "@example.vn"),
        ("registration_number", "chưa có"),
        ("registration_number", "1" * 61),
    ],
)
def test_a_doubtful_one_is_named_and_not_kept(name: str, cell: str) -> None:
    assert read_maker_facts({name: cell}) == ({}, [name])


def test_an_empty_cell_says_nothing() -> None:
    assert read_maker_facts({"tax_number": " ", "phone": "\x00", "name": "Trà"}) == ({}, [])
