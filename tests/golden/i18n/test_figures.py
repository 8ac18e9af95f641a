from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.money import Money
from i18n.catalogue import gettext, ngettext, speaking, spoken, translations
from i18n.formatting import (
    format_date,
    format_datetime,
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
    [("vi", "5 tháng 3, 2026"), ("en", "March 5, 2026"), ("ja", "2026年3月5日")],
)
def test_a_day_is_written_in_words(locale: str, text: str) -> None:
    assert format_date(date(2026, 3, 5), locale) == text


def test_a_moment_is_told_on_vietnamese_clocks() -> None:
    text = format_datetime(datetime(2026, 3, 5, 18, 30, tzinfo=UTC), "vi")
    assert "6" in text
    assert "01:30" in text
    assert text.endswith("(GMT+7)")


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


def test_a_language_without_a_catalogue_still_works() -> None:
    with speaking("bn"):
        assert gettext("Cart") == "Cart"
    with pytest.raises(ValueError, match="xx"):
        translations("xx")


def test_a_day_in_a_vietnamese_table_reads_as_papers_write_it() -> None:
    assert format_short_date(date(2026, 8, 5), "vi") == "05/08/2026"
    assert format_short_date(date(2026, 8, 5), "en") == "Aug 5, 2026"
