"""Names for codes that stand on the shop's pages: kinds of producer and paper, states, storage, facets."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

from babel.support import LazyProxy

from catalog.reference import GROUPS, MAIN_ALLERGENS, PROVINCES, SUBGROUPS
from catalog.rules.eligibility import MARKETS
from catalog.rules.facets import BANDS, band_ends
from catalog.rules.food import whole_months
from catalog.rules.marks import MARKS
from core.money import Money
from i18n import glossary
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext, ngettext, speaking, spoken
from i18n.formatting import format_money
from i18n.locales import babel_locale
from storefront.ledger_words import KINDS
from storefront.market_messages import MARKET_NAMES
from storefront.record_words import PRODUCER_KINDS as PRODUCER_KINDS  # noqa: PLC0414 - templates say words.PRODUCER_KINDS

PAPER_KINDS = {
    "facility_certificate": lazy_gettext("Food-safety certificate of the facility"),
    "commitment": lazy_gettext("Food-safety commitment"),
    "self_declaration": lazy_gettext("Product self-declaration"),
    "registration": lazy_gettext("Product registration"),
    "haccp": lazy_gettext("HACCP certificate"),
    "iso22000": lazy_gettext("ISO 22000 certificate"),
    "test_report": lazy_gettext("Laboratory test report"),
}
STORAGE = {
    kind: LazyProxy(lambda kind: glossary.term("storage", kind, spoken()), kind, enable_cache=False)
    for kind in ("ambient", "chilled", "frozen", "live")
}
"""How to keep it, from the fixed glossary: words of the law are never anybody's own translation."""

ISSUING_LEVELS = {
    "district": lazy_gettext("District level"),
    "province": lazy_gettext("Province level"),
    "central": lazy_gettext("National level"),
}
SORT_NAMES = {
    "newest": lazy_gettext("Newest"),
    "name": lazy_gettext("Name"),
    "price": lazy_gettext("Price, low first"),
    "-price": lazy_gettext("Price, high first"),
    "relevance": lazy_gettext("Best match"),
}
FACET_NAMES = {
    "province": lazy_gettext("Province"),
    "commune": lazy_gettext("Commune"),
    "group": lazy_gettext("Group"),
    "subgroup": lazy_gettext("Kind"),
    "stars": lazy_gettext("Stars"),
    "certificate": lazy_gettext("Certificates"),
    "price": lazy_gettext("Price"),
    "stock": lazy_gettext("Availability"),
    "ships_to": lazy_gettext("Can be sent to"),
    "free_from": lazy_gettext("Declared free from"),
    "season": lazy_gettext("Season"),
    "maker": lazy_gettext("Kind of producer"),
    "producer": lazy_gettext("Producer"),
}


class Named(Protocol):
    """An entry of a reference list: what it is called in each language."""

    @property
    def names(self) -> Mapping[str, str]:
        """By locale."""


def star_words(stars: int) -> str:
    """The stars of a claim in words; only ever called for a ``StarClaim``."""
    return _("OCOP %(stars)s stars (%(stars)s/5)", stars=stars)


@lru_cache(maxsize=16)
def star_claims(locale: str) -> dict[int, str]:
    """The words of ``star_words`` for 3, 4 and 5 stars in a language."""
    with speaking(locale):
        return {stars: star_words(stars) for stars in (3, 4, 5)}


@lru_cache(maxsize=16)
def facet_labels(locale: str) -> dict[str, dict[str, str]]:
    """The names of all values of all facets in a language."""

    def named(table: Mapping[str, Named]) -> dict[str, str]:
        return {
            code: entry.names.get(locale) or entry.names.get("en") or entry.names["vi"]
            for code, entry in table.items()
        }

    with speaking(locale):
        stars = {str(n): ngettext("%(num)s star", "%(num)s stars", n) for n in (5, 4, 3)}
        said = {
            "certificate": {code: str(KINDS[code]) for code in MARKS},
            "price": {
                band: _price_words(band, locale) for bands in BANDS.values() for band in bands
            },
            "stock": {"in": _("In stock")},
            "ships_to": {code: str(MARKET_NAMES[code]) for code in MARKETS},
            "season": {"now": _("In season now")},
            "maker": {code: str(name) for code, name in PRODUCER_KINDS.items()}
            | {"unknown": _("Not known")},
        }
    return {
        "province": named(PROVINCES),
        "group": named(GROUPS),
        "subgroup": named(SUBGROUPS),
        "stars": stars,
        "free_from": named(MAIN_ALLERGENS),
        **said,
    }


def _price_words(band: str, locale: str) -> str:
    """A price band in words, ends in round figures: "50.000 ₫ – 100.000 ₫"."""
    currency, low, high = band_ends(band)
    least = "" if not low else format_money(Money(low, currency), locale)
    if high is None:
        return _("From %(price)s", price=least)
    most = format_money(Money(high + 1, currency), locale)
    if not low:
        return _("Below %(price)s", price=most)
    return f"{least} – {most}"


def language_name(tag: str) -> str:
    """The name of a language in the page's language."""
    return babel_locale(tag).get_display_name(babel_locale(spoken())) or tag


def per_unit(per: str) -> str:
    """What a unit price is for: "kg", "100 g", "l", "piece"."""
    if per == "piece":
        return _("piece")
    return {"l": "L"}.get(per, per).replace(" ", "\u00a0")


def shelf_life(days: int) -> str:
    """A shelf life in the largest unit that fits exactly enough: days, months or years."""
    if (months := whole_months(days)) is not None:
        return ngettext("%(num)s month", "%(num)s months", months)
    if days >= 60:
        return ngettext("%(num)s month", "%(num)s months", round(days / 30.4))
    return ngettext("%(num)s day", "%(num)s days", days)
