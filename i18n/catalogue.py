"""The sentences of the interface in each language, and the language being spoken at the moment.

English is the source language: the message identifiers are English sentences. ``gettext`` looks the
sentence up in the language that ``speak`` or ``speaking`` has set (a web request sets it from its
address, an e-mail from the order), so nothing here knows about the web.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from babel.support import LazyProxy, NullTranslations, Translations

from i18n.compile import DOMAIN, TRANSLATIONS, compiled_file
from i18n.locales import DEFAULT, LOCALES, directory_name

_spoken: ContextVar[str] = ContextVar("spoken_locale", default=DEFAULT)


@cache
def translations(locale: str) -> NullTranslations:
    """The compiled catalogue of a language; a language without one speaks English."""
    if locale not in LOCALES:
        raise ValueError(f"{locale!r} is not one of our languages")
    path = compiled_file(TRANSLATIONS / directory_name(locale) / "LC_MESSAGES" / f"{DOMAIN}.po")
    if path is None:
        return NullTranslations()
    with path.open("rb") as compiled:
        return Translations(compiled, domain=DOMAIN)


def speak(locale: str) -> None:
    """From here on, in this thread or task, sentences come out in that language."""
    _spoken.set(locale)


def spoken() -> str:
    """The language set by ``speak``."""
    return _spoken.get()


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Speak a language for a while: one e-mail, one document."""
    token = _spoken.set(locale)
    try:
        yield
    finally:
        _spoken.reset(token)


def look_up(message: str) -> str:
    """The sentence as it stands in the catalogue, placeholders unfilled (what Jinja needs)."""
    return str(translations(_spoken.get()).ugettext(message))


def look_up_plural(singular: str, plural: str, count: int) -> str:
    """The sentence for that count, placeholders unfilled (what Jinja needs)."""
    return str(translations(_spoken.get()).ungettext(singular, plural, count))


def look_up_in(context: str, message: str) -> str:
    """The sentence as it is said in that context, placeholders unfilled (what Jinja needs)."""
    return str(translations(_spoken.get()).upgettext(context, message))


def gettext(message: str, /, **facts: Any) -> str:
    """The sentence in the spoken language with ``%(name)s`` filled in; a literal percent is ``%%``."""
    return look_up(message) % facts


def ngettext(singular: str, plural: str, num: int, /, **facts: Any) -> str:
    """The sentence for ``num`` things, with ``%(num)s`` and other facts filled in."""
    facts.setdefault("num", num)
    return look_up_plural(singular, plural, num) % facts


def ngettext_in(locale: str, singular: str, plural: str, num: int) -> str:
    """As ``look_up_plural``, in a language given by name."""
    return str(translations(locale).ungettext(singular, plural, num))


def pgettext(context: str, message: str, /, **facts: Any) -> str:
    """A word that means different things in different places, in the meaning ``context`` names."""
    return look_up_in(context, message) % facts


def lazy_pgettext(context: str, message: str, /, **facts: Any) -> Any:
    """As ``pgettext``, looked up when it is shown."""
    return LazyProxy(pgettext, context, message, enable_cache=False, **facts)


def lazy_gettext(message: str, /, **facts: Any) -> Any:
    """A sentence that is looked up when it is shown: for form labels, made once at import."""
    return LazyProxy(gettext, message, enable_cache=False, **facts)
