from __future__ import annotations

import re
from datetime import UTC, date, datetime
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
    format_date,
    format_datetime,
    format_list,
    format_money,
    format_quantity,
    format_short_date,
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
        ("vi", "5 tháng 3, 2026"),
        ("en", "March 5, 2026"),
        ("ja", "2026年3月5日"),
        ("ko", "2026년 3월 5일"),
        ("zh-hant", "2026年3月5日"),
        ("fr", "5 mars 2026"),
        ("de", "5. März 2026"),
        ("bn", "5 মার্চ, 2026"),
    ],
)
def test_a_day_is_written_in_words(locale: str, text: str) -> None:
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
