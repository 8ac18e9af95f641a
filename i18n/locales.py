"""The nine languages of the shop, which of them are open, and what is read when a text is missing."""

from functools import cache

from babel import Locale

LOCALES: tuple[str, ...] = ("vi", "en", "ja", "ko", "zh-hans", "zh-hant", "fr", "de", "bn")
"""Lower-case BCP 47 tags, as they stand in addresses."""

ENABLED: tuple[str, ...] = LOCALES
"""Languages a visitor can choose now; the first is the language of the texts' authors."""

DEFAULT = "vi"
"""For a visitor who says nothing about languages."""

FALLBACKS: dict[str, tuple[str, ...]] = {
    "vi": ("vi", "en"),
    "en": ("en", "vi"),
    "ja": ("ja", "en", "vi"),
    "ko": ("ko", "en", "vi"),
    "zh-hans": ("zh-hans", "zh-hant", "en", "vi"),
    "zh-hant": ("zh-hant", "zh-hans", "en", "vi"),
    "fr": ("fr", "en", "vi"),
    "de": ("de", "en", "vi"),
    "bn": ("bn", "en", "vi"),
}
"""Per field of a product: the languages tried in turn. What is shown says which one it came from."""

OWN_NAMES: dict[str, str] = {
    "vi": "Tiếng Việt",
    "en": "English",
    "ja": "日本語",
    "ko": "한국어",
    "zh-hans": "简体中文",
    "zh-hant": "繁體中文",
    "fr": "Français",
    "de": "Deutsch",
    "bn": "বাংলা",
}
"""Each language in its own words, for the language switch."""

OPEN_GRAPH: dict[str, str] = {
    "vi": "vi_VN",
    "en": "en_US",
    "ja": "ja_JP",
    "ko": "ko_KR",
    "zh-hans": "zh_CN",
    "zh-hant": "zh_TW",
    "fr": "fr_FR",
    "de": "de_DE",
    "bn": "bn_IN",
}
"""As ``og:locale`` names languages: with a country, and only those the largest reader of it knows (no bn_BD)."""

_BCP47 = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}


def bcp47(tag: str) -> str:
    """The tag with the customary capitals, for ``lang`` and ``hreflang`` ("zh-hant" → "zh-Hant")."""
    return _BCP47.get(tag, tag)


@cache
def babel_locale(tag: str) -> Locale:
    """Babel's locale for one of our tags; raises ``babel.UnknownLocaleError`` for others."""
    return Locale.parse(bcp47(tag), sep="-")


def directory_name(tag: str) -> str:
    """The folder of a language under ``i18n/translations`` ("zh-hant" → "zh_Hant", as gettext has it)."""
    return bcp47(tag).replace("-", "_")
