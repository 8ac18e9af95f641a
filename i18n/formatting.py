"""Prices, numbers, quantities, dates and lists as a reader of each language expects them (Babel, CLDR).

Figures are written with the digits 0 to 9 in every language, Bengali too: prices, codes and papers carry
them anyhow, and two sets of digits in one sentence are read wrongly. Names are one field, written as the
person writes it; addresses in Vietnam keep the order of Vietnam, which is what the carrier reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from babel import dates, numbers

from i18n.catalogue import ngettext_in
from i18n.locales import babel_locale

NBSP = "\u00a0"
WORD_JOINER = "\u2060"
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_HOME_CURRENCIES = {
    "vi": "VND",
    "ja": "JPY",
    "ko": "KRW",
    "zh-hans": "CNY",
    "zh-hant": "TWD",
    "fr": "EUR",
    "de": "EUR",
}
"""Where a bare symbol is understood. A reader abroad gets the ISO code: "₫" or "$" alone says too little."""


_GROUPS = {"bn": "#,##,##0"}
"""Where thousands are not grouped by three: a lakh is a hundred thousand."""


class Amount(Protocol):
    """What a price is here: whole minor units and an ISO 4217 code (``core.money.Money`` is one)."""

    @property
    def amount(self) -> int:
        """Minor units."""

    @property
    def currency(self) -> str:
        """ISO 4217 code."""


_SYMBOLS = {"g": "g", "kg": "kg", "mg": "mg", "ml": "ml", "l": "L", "cm": "cm", "m": "m"}


def format_money(money: Amount, locale: str) -> str:
    """A price: ``120.000 ₫`` in Vietnamese, ``120,000 VND`` for readers abroad; no line break inside."""
    return _format_money(money.amount, money.currency, locale)


@lru_cache(maxsize=8192)
def _format_money(minor_units: int, currency: str, locale: str) -> str:
    digits = numbers.get_currency_precision(currency)
    amount = Decimal(minor_units).scaleb(-digits)
    if _HOME_CURRENCIES.get(locale) == currency:
        text = numbers.format_currency(amount, currency, locale=babel_locale(locale))
        return text.replace(" ", NBSP)
    pattern = _GROUPS.get(locale, "#,##0") + ("." + "0" * digits if digits else "")
    number = numbers.format_decimal(amount, format=pattern, locale=babel_locale(locale))
    return f"{number}{NBSP}{currency}"


@lru_cache(maxsize=4096)
def format_number(value: int | Decimal, locale: str) -> str:
    """A number with the separators of the language."""
    return numbers.format_decimal(value, locale=babel_locale(locale))


@lru_cache(maxsize=4096)
def format_date(day: date, locale: str) -> str:
    """A calendar day in words where the language likes it: ``5 tháng 3, 2026``, ``2026年3月5日``.

    A line may break before the last part only: "23 tháng" at the end of a line is misread.
    """
    *first, last = dates.format_date(day, format="long", locale=babel_locale(locale)).split(" ")
    return f"{NBSP.join(first)} {last}" if first else last


_SHORT_DATES = {"vi": "dd/MM/yyyy"}
"""Where CLDR's medium form ("25 thg 8, 2026") is not what people write."""


@lru_cache(maxsize=1024)
def format_short_date(day: date, locale: str) -> str:
    """A calendar day in figures, for tables: ``25/08/2026`` in Vietnamese, as papers and forms write it."""
    return dates.format_date(
        day, format=_SHORT_DATES.get(locale, "medium"), locale=babel_locale(locale)
    )


_TIMES = {"en": "h:mm\u202fa"}
"""Elsewhere 24 hours: no "PM" where CLDR has no word of the language for it."""


def format_datetime(moment: datetime, locale: str) -> str:
    """A moment to the minute on Vietnamese clocks, saying so (orders and papers are dated in Vietnam)."""
    day = format_short_date(moment.astimezone(VIETNAM).date(), locale)
    return f"{_joined(day, _clock(moment, locale), locale)} (GMT+7)"


def format_span(first: datetime, last: datetime, locale: str) -> str:
    """From when to when on Vietnamese clocks, saying so; the day with its weekday, once when it is one day."""
    begins, ends = ((_weekday(moment, locale), _clock(moment, locale)) for moment in (first, last))
    if begins[0] == ends[0]:
        hours = WORD_JOINER.join((begins[1], "–", ends[1]))
        return f"{_joined(begins[0], hours, locale)} (GMT+7)"
    return f"{_joined(*begins, locale)} – {_joined(*ends, locale)} (GMT+7)"


def _weekday(moment: datetime, locale: str) -> str:
    return str(
        dates.format_skeleton("yMMMEd", moment.astimezone(VIETNAM), locale=babel_locale(locale))
    )


def _clock(moment: datetime, locale: str) -> str:
    return dates.format_time(
        moment.astimezone(VIETNAM), format=_TIMES.get(locale, "HH:mm"), locale=babel_locale(locale)
    )


def _joined(day: str, hours: str, locale: str) -> str:
    """Day and hours in the order of the language."""
    pattern = str(dates.get_datetime_format("medium", locale=babel_locale(locale)))
    return pattern.replace("{0}", hours).replace("{1}", day)


_BETWEEN = {"ja": "、", "zh-hans": "、", "zh-hant": "、"}


def list_comma(locale: str) -> str:
    """What stands between things of one kind; Chinese has a comma of its own for them."""
    return _BETWEEN.get(locale, ", ")


def format_list(words: Iterable[object], locale: str) -> str:
    """Words one after the other, with the comma of the language; "" for none."""
    return list_comma(locale).join(str(word) for word in words)


_COLONS = {"ja": "：", "zh-hans": "：", "zh-hant": "：", "fr": f"{NBSP}: "}


def colon(locale: str) -> str:
    """What stands between a label and what it labels: full-width beside Han, with room before it in French."""
    return _COLONS.get(locale, ": ")


_COMMAS = {"ja": "、", "zh-hans": "，", "zh-hant": "，"}


def comma(locale: str) -> str:
    """What stands between a thing and what is said of it, as in "Cà Mau, Vietnam": full-width beside Han."""
    return _COMMAS.get(locale, ", ")


_LARGEST_FIRST = frozenset({"ja", "ko", "zh-hans", "zh-hant"})


def format_place(parts: Iterable[str], locale: str) -> str:
    """A place of the parts given from the smallest on: "Đất Mũi, Cà Mau, Vietnam", "ベトナム カマウ省 Đất Mũi".

    What a carrier reads stays in the order of Vietnam (see above); this is for readers. "" for none.
    """
    named = [part for part in parts if part]
    if locale not in _LARGEST_FIRST:
        return ", ".join(named)
    written = ""
    for part in reversed(named):
        parts_meet = _is_latin(part) and _is_latin(written)
        written += (comma(locale) if parts_meet else " " if written else "") + part
    return written


_MARKUP = re.compile(r"<[^<>]*>")


def _is_latin(part: str) -> bool:
    """Whether a reader of Han or Hangul cannot see where this name ends beside another."""
    last = _MARKUP.sub("", part).strip()[-1:]
    return bool(last) and last < "\u2000"


_OF_VIETNAM = re.compile(r"(?:\+84|0)(24|28|2\d\d|[35789]\d\d)(\d{3,4})(\d{3,4})")


def format_telephone(number: str, locale: str) -> str:
    """A number as it is dialled: ``0912 345 678`` by readers of Vietnamese, ``+84 912 345 678`` by others.

    Groups as ITU-T E.123 has them, which no line break parts; what is not a Vietnamese number stays as written.
    """
    found = _OF_VIETNAM.fullmatch(number)
    if found is None:
        return number
    first, *others = found.groups()
    begins = f"0{first}" if locale == "vi" else f"+84{NBSP}{first}"
    return NBSP.join((begins, *others))


def gap(locale: str) -> str:
    """What stands after a full stop or a colon: nothing beside Han, whose marks bring their own room."""
    return "" if locale in _BETWEEN else " "


@lru_cache(maxsize=4096)
def format_quantity(value: Decimal, unit: str, locale: str) -> str:
    """A net content: ``500 g``, ``1,5 kg``, ``12 pieces``; no line break inside.

    ``unit`` is ``g kg mg ml l cm m`` or one of the counted units below; anything else is shown as it is.
    """
    number = numbers.format_decimal(value.normalize() + 0, locale=babel_locale(locale))
    if unit in _SYMBOLS:
        return f"{number}{NBSP}{_SYMBOLS[unit]}"
    counted = _counted(unit, int(value) if value == int(value) else 2, locale)
    return (
        counted.replace("{number}", number).replace(" ", NBSP)
        if counted
        else (f"{number}{NBSP}{unit}")
    )


def _counted(unit: str, count: int, locale: str) -> str:
    if unit in ("piece", "pcs", "pc", "ea"):
        return ngettext_in(locale, "{number} piece", "{number} pieces", count)
    if unit == "bag":
        return ngettext_in(locale, "{number} bag", "{number} bags", count)
    if unit == "box":
        return ngettext_in(locale, "{number} box", "{number} boxes", count)
    if unit == "bottle":
        return ngettext_in(locale, "{number} bottle", "{number} bottles", count)
    if unit == "set":
        return ngettext_in(locale, "{number} set", "{number} sets", count)
    if unit in ("person", "guest"):
        return ngettext_in(locale, "{number} person", "{number} persons", count)
    return ""
