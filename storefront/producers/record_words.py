"""Names of months, units, countries and kinds of area in the spoken language, for the portal's forms."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import SelectChoice

from catalog.rules.vat import PLAIN_MARKS
from i18n.catalogue import gettext as _
from i18n.catalogue import spoken
from i18n.locales import babel_locale
from storefront.record_words import AREA_KINDS, month_names


def month_choices() -> list[SelectChoice]:
    """The twelve months."""
    return [SelectChoice(number, name) for number, name in month_names(spoken()).items()]


def unit_names() -> dict[str, str]:
    """Units in which an output is counted."""
    return {
        "kg": _("kilogram (kg)"),
        "l": _("litre (l)"),
        "piece": _("piece"),
        "set": _("set"),
        "person": _("person"),
    }


def market_names(codes: Iterable[str]) -> dict[str, str]:
    """Countries by name, home first."""
    territories = babel_locale(spoken()).territories
    return {"": _("Vietnam"), **{code: territories.get(code, code) for code in codes}}


def area_kind_names() -> dict[str, str]:
    """Kinds of registered place."""
    return {kind: str(name) for kind, name in AREA_KINDS.items()}


def tax_kinds() -> list[tuple[str, str]]:
    """Kinds of goods for the value-added tax, by the marks of `catalog.rules.vat.PLAIN_MARKS`."""
    names = {
        "8": _("Processed or packed goods, and all others"),
        "N": _("Raw products of field, forest and sea, only cleaned, dried or cooled"),
        "S": _("Salt"),
        "5": _("Plaited goods of bamboo, rattan, sedge, coconut and the like"),
        "X": _("Spirits, beer and other goods with excise tax"),
    }
    return [(mark, names[mark]) for mark in PLAIN_MARKS]
