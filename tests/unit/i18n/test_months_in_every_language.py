"""The names of months, whichever language a process spoke first."""

from __future__ import annotations

from babel import Locale

from storefront.record_words import month_names


def test_no_language_lends_its_months_to_another() -> None:
    for first in ("ja", "bn", "fr"):
        dict(Locale.parse(first).months["stand-alone"]["wide"])
    month_names.cache_clear()
    november = {tag: month_names(tag)[11] for tag in ("vi", "en", "ja", "zh-hans", "fr", "bn")}
    assert november == {
        "vi": "tháng 11",
        "en": "November",
        "ja": "11月",
        "zh-hans": "十一月",
        "fr": "novembre",
        "bn": "নভেম্বর",
    }
