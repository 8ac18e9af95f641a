from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core.money import Money
from i18n.catalogue import (
    gettext,
    lazy_pgettext,
    ngettext,
    pgettext,
    speaking,
    spoken,
    translations,
)
from i18n.formatting import (
    colon,
    comma,
    format_date,
    format_datetime,
    format_list,
    format_money,
    format_place,
    format_quantity,
    format_short_date,
    format_span,
    format_telephone,
    gap,
    list_comma,
)
from i18n.locales import LOCALES


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("vi", "1.250.000\u00a0₫"),
        ("en", "1,250,000\u00a0VND"),
        ("ja", "1,250,000\u00a0VND"),
        ("fr", "1\u202f250\u202f000\u00a0VND"),
        ("de", "1.250.000\u00a0VND"),
        ("ko", "1,250,000\u00a0VND"),
        ("bn", "12,50,000\u00a0VND"),
    ],
)
def test_a_price_in_dong_is_clear_to_every_reader(locale: str, text: str) -> None:
    assert format_money(Money(1_250_000, "VND"), locale) == text


def test_other_currencies_keep_their_cents_and_name_themselves() -> None:
    assert format_money(Money(1999, "USD"), "en") == "19.99\u00a0USD"
    assert format_money(Money(1999, "EUR"), "de") == "19,99\u00a0€"
    assert format_money(Money(1200, "JPY"), "ja") == "￥1,200"


@pytest.mark.parametrize("locale", LOCALES)
def test_a_price_never_breaks_over_two_lines(locale: str) -> None:
    assert " " not in format_money(Money(85_000, "VND"), locale)
    assert " " not in format_quantity(Decimal("1.5"), "kg", locale)
    assert " " not in format_quantity(Decimal(12), "piece", locale)


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("vi", "5\u00a0tháng\u00a03, 2026"),
        ("en", "March\u00a05, 2026"),
        ("ja", "2026年3月5日"),
        ("ko", "2026년\u00a03월 5일"),
        ("zh-hant", "2026年3月5日"),
        ("fr", "5\u00a0mars 2026"),
        ("de", "5.\u00a0März 2026"),
        ("bn", "5\u00a0মার্চ, 2026"),
    ],
)
def test_a_day_is_written_in_words_that_stay_together(locale: str, text: str) -> None:
    assert format_date(date(2026, 3, 5), locale) == text


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("vi", "13:30 06/03/2026"),
        ("en", "Mar 6, 2026, 1:30\u202fPM"),
        ("ja", "2026/03/06 13:30"),
        ("ko", "2026. 3. 6. 13:30"),
        ("zh-hans", "2026年3月6日 13:30"),
        ("zh-hant", "2026年3月6日 13:30"),
        ("fr", "6 mars 2026, 13:30"),
        ("de", "06.03.2026, 13:30"),
        ("bn", "6 মার্চ, 2026 13:30"),
    ],
)
def test_a_moment_is_told_to_the_minute_on_vietnamese_clocks(locale: str, text: str) -> None:
    assert format_datetime(datetime(2026, 3, 6, 6, 30, 59, tzinfo=UTC), locale) == f"{text} (GMT+7)"


@pytest.mark.parametrize("locale", LOCALES)
def test_figures_are_written_with_the_same_ten_digits_everywhere(locale: str) -> None:
    moment = datetime(2026, 3, 6, 6, 30, tzinfo=UTC)
    shown = [
        format_money(Money(1_234_567_890, "VND"), locale),
        format_quantity(Decimal("1234.5"), "kg", locale),
        format_date(moment.date(), locale),
        format_datetime(moment, locale),
    ]
    digits = {char for text in shown for char in text if char.isdigit()}
    assert digits <= set("0123456789")


def test_lists_take_the_comma_of_the_language() -> None:
    assert format_list(["a", "b", "c"], "de") == "a, b, c"
    assert format_list(["えび", "卵"], "ja") == "えび、卵"
    assert format_list(iter(["蝦", "蛋"]), "zh-hant") == "蝦、蛋"
    assert format_list([], "ko") == ""


def test_a_label_ends_in_the_colon_of_the_language() -> None:
    assert ["支払い" + colon("ja"), "Paiement" + colon("fr"), "Zahlung" + colon("de")] == [
        "支払い：",
        "Paiement\u00a0: ",
        "Zahlung: ",
    ]


def test_commas_and_full_stops_are_those_of_the_language() -> None:
    assert ["カマウ省" + comma("ja") + "ベトナム", "Cà Mau" + comma("vi") + "Việt Nam"] == [
        "カマウ省、ベトナム",
        "Cà Mau, Việt Nam",
    ]
    assert ["蝦" + list_comma("zh-hant") + "蛋", "金甌省" + comma("zh-hant") + "越南"] == [
        "蝦、蛋",
        "金甌省，越南",
    ]
    assert ["です。" + gap("ja") + "次", "입니다." + gap("ko") + "다음"] == [
        "です。次",
        "입니다. 다음",
    ]


def test_a_place_begins_with_its_largest_part_where_readers_expect_it() -> None:
    french, german = ("Tân Ân", "Ca Mau", "Vietnam"), ("", "Ca Mau", "Vietnam")
    assert [format_place(french, "fr"), format_place(german, "de")] == [
        "Tân Ân, Ca Mau, Vietnam",
        "Ca Mau, Vietnam",
    ]
    assert format_place(("Tân Ân", "カマウ省", "ベトナム"), "ja") == "ベトナム カマウ省 Tân Ân"
    assert format_place(["Tân Ân", "까마우성"], "ko") == "까마우성 Tân Ân"
    assert format_place(["Chợ xã", "Tân Ân", "金甌省"], "zh-hant") == "金甌省 Tân Ân，Chợ xã"
    marked = '<span lang="vi">Chợ xã</span>', '<span lang="vi">Tân Ân</span>', "カマウ省"
    assert format_place(marked, "ja") == (
        'カマウ省 <span lang="vi">Tân Ân</span>、<span lang="vi">Chợ xã</span>'
    )
    assert format_place(iter(["", "金甌省", "越南"]), "zh-hant") == "越南 金甌省"


def test_a_span_of_one_day_never_breaks_between_its_hours() -> None:
    first = datetime(2026, 11, 24, 13, tzinfo=UTC)
    hours = "20:00\u2060–\u206021:00"
    assert [format_span(first, first + timedelta(hours=1), locale) for locale in ("vi", "ja")] == [
        f"{hours} Th 3, 24 thg 11, 2026 (GMT+7)",
        f"2026年11月24日(火) {hours} (GMT+7)",
    ]
    assert format_span(first, first + timedelta(hours=13), "en") == (
        "Tue, Nov 24, 2026, 8:00\u202fPM – Wed, Nov 25, 2026, 9:00\u202fAM (GMT+7)"
    )


def test_a_telephone_number_is_written_as_it_is_dialled() -> None:
    written = {
        "+84912345678": ("0912 345 678", "+84 912 345 678"),
        "0912345678": ("0912 345 678", "+84 912 345 678"),
        "+842903123456": ("0290 3123 456", "+84 290 3123 456"),
        "+842438250000": ("024 3825 0000", "+84 24 3825 0000"),
        "+81312345678": ("+81312345678", "+81312345678"),
        "024 3825 0000": ("024 3825 0000", "024 3825 0000"),
    }
    shown = {
        number: tuple(
            format_telephone(number, locale).replace("\u00a0", " ") for locale in ("vi", "ja")
        )
        for number in written
    }
    assert shown == written
    assert " " not in format_telephone("+84912345678", "ja")


def test_one_word_says_two_things_in_two_places() -> None:
    with speaking("ja"):
        assert pgettext("year of founding", "Since") == "創業"
        assert pgettext("parked task", "Since") == "発生日時"
    with speaking("fr"):
        assert str(lazy_pgettext("order", "New")) == "Nouvelle"


def test_quantities_are_counted_in_each_language() -> None:
    assert format_quantity(Decimal("500.000"), "g", "vi") == "500\u00a0g"
    assert format_quantity(Decimal("1.5"), "l", "vi") == "1,5\u00a0L"
    assert format_quantity(Decimal(1), "piece", "en") == "1\u00a0piece"
    assert format_quantity(Decimal(3), "piece", "en") == "3\u00a0pieces"
    assert format_quantity(Decimal(3), "piece", "ja") == "3個"
    assert format_quantity(Decimal(2), "tray", "en") == "2\u00a0tray"


def test_a_language_is_spoken_for_a_while() -> None:
    before = spoken()
    with speaking("vi"):
        assert gettext("Cart") == "Giỏ hàng"
        assert gettext("Order %(number)s", number="%s") == "Đơn hàng %s"
        assert ngettext("%(num)s star", "%(num)s stars", 4) == "4 sao"
    with speaking("en"):
        assert ngettext("%(num)s star", "%(num)s stars", 1) == "1 star"
    assert spoken() == before


def test_a_language_without_a_catalogue_still_works(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("i18n.catalogue.TRANSLATIONS", tmp_path)
    translations.cache_clear()
    with speaking("bn"):
        assert gettext("Cart") == "Cart"
        assert pgettext("order", "New") == "New"
    translations.cache_clear()
    with pytest.raises(ValueError, match="xx"):
        translations("xx")


def test_a_day_in_a_vietnamese_table_reads_as_papers_write_it() -> None:
    assert format_short_date(date(2026, 8, 5), "vi") == "05/08/2026"
    assert format_short_date(date(2026, 8, 5), "en") == "Aug 5, 2026"


@pytest.mark.parametrize("locale", ["ja", "zh-hans", "zh-hant"])
def test_no_sentence_beside_han_has_a_narrow_colon(locale: str) -> None:
    narrow = re.compile("[\u3040-\u30ff\u4e00-\u9fff）)]:(?!//)")
    allowed = re.compile("[時时]:分|時:分")
    texts = [str(text) for text in translations(locale)._catalog.values()]
    assert len(texts) > 1000
    assert [text for text in texts if narrow.search(allowed.sub("", text))] == []
