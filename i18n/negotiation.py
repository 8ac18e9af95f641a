"""Which of our languages a browser's Accept-Language header asks for.

Neither Babel nor werkzeug maps zh-TW to traditional Chinese: Babel answers nothing, werkzeug English.
So the regions of Chinese are mapped here, also before Chinese is open.
"""

from collections.abc import Sequence

from i18n.locales import DEFAULT, ENABLED, FALLBACKS, LOCALES

_TRADITIONAL_REGIONS = frozenset({"tw", "hk", "mo"})
_MAX_TAGS = 20
"""Nobody reads more languages than this; a longer header is an attack on the parser."""


def locale_of(language_tag: str) -> str | None:
    """Our tag for any BCP 47 tag ("zh-HK" → "zh-hant", "en-GB" → "en"), or None."""
    parts = language_tag.strip().lower().replace("_", "-").split("-")
    if parts[0] == "zh":
        if "hant" in parts:
            return "zh-hant"
        if "hans" in parts:
            return "zh-hans"
        return "zh-hant" if _TRADITIONAL_REGIONS.intersection(parts[1:]) else "zh-hans"
    if parts[0] in ("yue", "nan", "lzh"):
        return "zh-hans" if "hans" in parts else "zh-hant"
    return parts[0] if parts[0] in LOCALES else None


def preferences(accept_language: str) -> list[str]:
    """The language tags of the header, most wanted first; entries nobody can read are left out."""
    ranked: list[tuple[float, str]] = []
    for entry in accept_language[:2000].split(",")[:_MAX_TAGS]:
        tag, _, parameters = entry.strip().partition(";")
        tag = tag.strip()
        quality = _quality(parameters)
        if quality > 0 and tag and all(p.isascii() and p.isalnum() for p in tag.split("-")):
            ranked.append((quality, tag))
    ranked.sort(key=lambda pair: -pair[0])
    return [tag for _, tag in ranked]


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if not name:
        return 1.0
    if name.strip().lower() != "q":
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if 0.0 <= quality <= 1.0 else 0.0


def negotiate(accept_language: str, enabled: Sequence[str] = ENABLED) -> str:
    """The open language that suits the visitor best.

    First an open language the visitor named, in the visitor's order; then what stands in for the
    languages named (zh-TW reads English while Chinese is closed); a visitor who named only languages
    we do not have at all gets English; one who named nothing gets the default.
    """
    wanted = preferences(accept_language)
    ours = [locale for tag in wanted if (locale := locale_of(tag)) is not None]
    for locale in ours:
        if locale in enabled:
            return locale
    for locale in ours:
        for substitute in FALLBACKS[locale]:
            if substitute in enabled:
                return substitute
    if wanted and "en" in enabled:
        return "en"
    return DEFAULT if DEFAULT in enabled else enabled[0]
