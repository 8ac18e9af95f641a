from __future__ import annotations

import unicodedata

from i18n.collation import sort_key
from i18n.text import fold, fold_by_marks, nfc, slugify, vietnamese_sort_key
from tests.rows import each_row


def test_all_spellings_of_nuoc_mam_fold_alike() -> None:
    composed = "Nước Mắm"
    decomposed = unicodedata.normalize("NFD", composed)
    assert fold(composed) == fold(decomposed) == fold("nuoc mam") == "nuoc mam"
    assert nfc(decomposed) == composed


def test_folding_keeps_what_changes_the_sound_in_japanese() -> None:
    assert fold("ガバ") == "ガバ"
    assert fold("ﾊﾟﾝ") == "パン"
    assert fold("Đặc Sản") == "dac san"


def test_the_short_way_of_folding_says_what_the_long_way_says() -> None:
    letters = [chr(code) for code in (*range(0xA0, 0x300), *range(0x1E00, 0x2100), 0xFB01, 0xFF21)]
    for letter in letters:
        for text in (letter, f"Ế{letter}a", f"a\u0323{letter}\u0302"):
            assert fold(text) == fold_by_marks(text), ascii(text)


@each_row(
    ("text", "slug"),
    [
        ("Cà phê Đắk Lắk – Buôn Ma Thuột", "ca-phe-dak-lak-buon-ma-thuot"),
        ("  40°N  ", "40-n"),
        ("///", ""),
        ("một " * 40, "mot-" * 19 + "mot"),
    ],
)
def test_slugs_are_plain_and_short(text: str, slug: str) -> None:
    assert slugify(text) == slug
    assert len(slugify(text)) <= 80


def test_a_japanese_name_gets_an_address_too() -> None:
    assert slugify("魚醤").isascii()
    assert slugify("魚醤")


def test_vietnamese_words_stand_in_the_order_of_the_dictionary() -> None:
    words = ["đào", "dừa", "ăn", "an", "ân", "bá", "bà", "ba", "ơi", "ôi", "oi", "bạ", "bả", "bã"]
    assert sorted(words, key=vietnamese_sort_key) == [
        "an", "ăn", "ân", "ba", "bà", "bả", "bã", "bá", "bạ", "dừa", "đào", "oi", "ôi", "ơi",
    ]  # fmt: skip


def test_names_stand_in_the_order_of_the_readers_language() -> None:
    names = ["Đắk Lắk", "Đà Nẵng", "Cà Mau", "Điện Biên", "Dầu Tiếng", "An Giang"]
    vietnamese = sorted(names, key=lambda name: sort_key(name, "vi"))
    assert vietnamese == ["An Giang", "Cà Mau", "Dầu Tiếng", "Đà Nẵng", "Đắk Lắk", "Điện Biên"]


@each_row(
    ("locale", "in_order"),
    [
        (
            "de",
            ["„3 Tình“-Orangen", "Ätherisches Öl", "Austern", "Österreich", "Quitten", "Zypern"],
        ),
        ("fr", ["Bánh gai", "Bonsaï", "Châtaignes", "Chou", "« Étoile »", "Fèves"]),
        (
            "ja",
            [
                "Aloe",
                "あじ",
                "オーストリア",
                "オランダ",
                "カキ",
                "がに",
                "ギフト",
                "燕の巣",
                "雷魚",
            ],
        ),
        ("ko", ["5가지 콩가루", "가", "나무", "하늘"]),
        ("zh-hans", ["3 Tình橙子", "爱尔兰", "奥地利", "薄寮", "保加利亚", "波兰", "丹麦", "龙眼"]),
        ("zh-hant", ["Rạch Gốc蝦乾", "丹麥", "波蘭", "保加利亞", "奧地利", "龍眼"]),
        ("bn", ["‘3 তিন’", "অস্ট্রিয়া", "আয়ারল্যান্ড", "হাঙ্গেরি"]),
    ],
)
def test_each_language_looks_names_up_in_its_own_order(locale: str, in_order: list[str]) -> None:
    shuffled = in_order[::-1]
    assert sorted(shuffled, key=lambda name: sort_key(name, locale)) == in_order
