"""What a record still needs, said to the person who can give it."""

from __future__ import annotations

from babel import Locale

from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from i18n.catalogue import spoken
from i18n.locales import babel_locale
from storefront.market_messages import DOCUMENT_NAMES, MARKET_NAMES

NEEDS = {
    "name": later("Give the product a name"),
    "producer": later("Say who makes it"),
    "province": later("Choose the province it comes from"),
    "category": later("Choose the product group"),
    "packages": later("Add a package"),
    "price": later("Give every package a price"),
    "net_content": later("Say how much is in every package"),
    "abv": later("Say how strong the drink is"),
    "ingredients": later("List the ingredients"),
    "allergens": later("Say whether it holds allergens"),
    "shelf_life": later("Say how long it keeps"),
    "food_safety": later("Record a valid food-safety paper"),
    "short_name": later("Write a short name for the till and the shelf"),
    "summary": later("Say in one sentence what it is"),
    "description": later("Describe how it is made and how it tastes"),
    "producer_address": later("Write the full address of the producer"),
    "producer_story": later("Tell who you are"),
    "storage": later("Say how it should be stored"),
    "ingredient_rows": later("Enter the ingredients line by line, with their shares"),
    "nutrition": later("Fill in the nutrition table"),
    "picture": later("Add a picture"),
    "hs6": later("Enter the customs code (HS, six digits)"),
    "gpc": later("Choose the GS1 product class (GPC)"),
    "capacity": later("Say how much you can make in a month"),
    "origin": later("Say which country it comes from"),
    "gtin": later("Give every package its barcode number"),
    "gs1_gtin": later("Get a barcode number from GS1 for every package"),
    "gross_weight": later("Weigh every package as it is sent"),
    "dimensions": later("Measure every package"),
    "case": later("Say how many packages are in a case"),
    "star_claim": later("Record a valid OCOP certificate"),
}
"""Every need of `catalog.rules.completeness` that takes no argument."""


def need_sentence(code: str) -> str:
    """What to do about a need; raises KeyError for a code nobody has a word for."""
    name, _colon, argument = code.partition(":")
    if name == "translation":
        own = Locale.parse(babel_locale(spoken()))
        names = [own.languages.get(tag.split("-")[0], tag) for tag in argument.split("|")]
        if argument in {"zh-hans", "zh-hant"}:
            names = [str(_CHINESE[argument])]
        return _(
            "Translate the name and the summary: %(languages)s",
            languages=" / ".join(dict.fromkeys(names)),
        )
    if name == "document":
        return _("Record this paper: %(paper)s", paper=DOCUMENT_NAMES[argument.partition("/")[2]])
    return str(NEEDS[name])


def purpose_title(code: str, partner_names: dict[str, str]) -> str:
    """The name of a purpose: the shop, a market, or a supermarket by its own name."""
    kind, _colon, which = code.partition(":")
    if kind == "market":
        return str(MARKET_NAMES[which])
    if kind == "partner":
        return partner_names.get(which, which)
    return _("Our shop")


_CHINESE = {
    "zh-hans": later("Chinese (simplified)"),
    "zh-hant": later("Chinese (traditional)"),
}
