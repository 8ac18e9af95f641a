from __future__ import annotations

from i18n.locales import ENABLED, FALLBACKS, LOCALES, OWN_NAMES, babel_locale, bcp47
from i18n.negotiation import locale_of, negotiate
from tests.rows import each_row


@each_row(
    ("header", "expected"),
    [
        ("vi", "vi"),
        ("en-GB,en;q=0.9", "en"),
        ("fr;q=0.2, ja;q=0.9", "ja"),
        ("ja;q=0, vi", "vi"),
        ("zh-TW,vi;q=0.5", "vi"),
        ("zh-TW", "en"),
        ("th", "en"),
        ("", "vi"),
        ("*", "vi"),
        (";;;q=,,,", "vi"),
        ("ja;q=abc, en;q=0.1", "en"),
        ("<script>", "vi"),
        ("ja;q=9, en", "en"),
        ("x" * 10_000, "en"),
        ("en;q=0.5,ja;q=0.5", "en"),
    ],
)
def test_the_browser_gets_the_open_language_it_wants_most(header: str, expected: str) -> None:
    assert negotiate(header, ("vi", "en", "ja")) == expected


@each_row(
    ("tag", "expected"),
    [
        ("zh-TW", "zh-hant"),
        ("zh-HK", "zh-hant"),
        ("zh-MO", "zh-hant"),
        ("zh-Hant-CN", "zh-hant"),
        ("zh", "zh-hans"),
        ("zh-CN", "zh-hans"),
        ("zh-SG", "zh-hans"),
        ("zh_Hans_TW", "zh-hans"),
        ("yue-HK", "zh-hant"),
        ("pt-BR", None),
    ],
)
def test_chinese_is_told_apart_by_script_then_region(tag: str, expected: str | None) -> None:
    assert locale_of(tag) == expected


@each_row("locale", ENABLED)
def test_a_reader_of_an_open_language_gets_it(locale: str) -> None:
    assert negotiate(f"{bcp47(locale)},en;q=0.3") == locale


def test_chinese_readers_get_chinese_as_soon_as_it_is_open() -> None:
    assert negotiate("zh-TW,en;q=0.5", ("vi", "en", "zh-hant")) == "zh-hant"
    assert negotiate("zh-TW", ("vi", "en", "zh-hans")) == "zh-hans"


def test_every_language_is_known_to_babel_and_has_a_way_down() -> None:
    for tag in LOCALES:
        assert babel_locale(tag)
        assert OWN_NAMES[tag]
        assert FALLBACKS[tag][0] == tag
        assert "vi" in FALLBACKS[tag]
    assert bcp47("zh-hant") == "zh-Hant"
    assert set(ENABLED) <= set(LOCALES)
