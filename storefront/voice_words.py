"""The words for reviews, questions and wholesale requests; points are never called stars."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from i18n.catalogue import ngettext, spoken
from i18n.collation import sort_key
from i18n.formatting import format_number
from i18n.locales import OWN_NAMES, babel_locale
from orders.rules.voices import MOST_POINTS, Rating

POINTS: Mapping[int, object] = {
    5: later("Very good"),
    4: later("Good"),
    3: later("Fair"),
    2: later("Poor"),
    1: later("Very poor"),
}
REFUSALS: Mapping[str, object] = {
    "not_about_goods": later("It is not about these goods."),
    "personal_data": later("It names people or their data."),
    "insult": later("It insults somebody."),
    "advertising": later("It advertises something."),
    "unlawful": later("It breaks the law."),
}
UNITS: Mapping[str, object] = {
    "package": later("packages"),
    "case": later("cases"),
    "pallet": later("pallets"),
    "kg": later("kilogram (kg)"),
    "l": later("litre (l)"),
    "piece": later("piece"),
}
REQUEST_STATES: Mapping[str, object] = {
    "new": later("New"),
    "answered": later("Answered"),
    "closed": later("Closed"),
    "declined": later("Declined"),
}
LANGUAGES: tuple[tuple[str, str], ...] = tuple(OWN_NAMES.items())


def marks(points: int) -> str:
    """The points as five round marks: another drawing than the programme's stars."""
    return "●" * points + "○" * (MOST_POINTS - points)


def points_words(points: int) -> str:
    """So many of five points, in words."""
    return _("%(points)s of %(most)s points", points=points, most=MOST_POINTS)


def rating_words(rating: Rating) -> str:
    """The mean of all shown reviews and how many there are; "" without any."""
    if not rating.count:
        return ""
    mean = _(
        "%(points)s of %(most)s points",
        points=format_number(Decimal(rating.tenths) / 10, spoken()),
        most=MOST_POINTS,
    )
    return f"{mean} · {count_words(rating.count)}"


def count_words(count: int) -> str:
    """So many reviews."""
    return ngettext("%(num)s review", "%(num)s reviews", count)


def mistake_sentence(code: str) -> str:
    """What a code of a refused text means to who typed it."""
    sentences = {
        "missing": _("Please fill this in."),
        "too_long": _("This is too long."),
        "out_of_range": _("This cannot be right. Please check it."),
    }
    return sentences.get(code) or _("This cannot be right. Please check it.")


def countries() -> list[tuple[str, str]]:
    """Every country by name in the spoken language."""
    return list(_countries(spoken()))


def country_name(code: str) -> str:
    """A country in the spoken language; the code itself for one nobody knows."""
    return dict(_countries(spoken())).get(code, code)


_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
"""Two letters in the CLDR that name no country."""


@cache
def _countries(locale: str) -> tuple[tuple[str, str], ...]:
    names = {
        code: name
        for code, name in babel_locale(locale).territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES  # noqa: PLR2004 # ISO 3166
    }
    return tuple(sorted(names.items(), key=lambda entry: sort_key(entry[1], locale)))
