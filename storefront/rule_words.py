"""A dated rule in words for the office: what it is about, what it says, since when, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from catalog.rules.regulation import Rule
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from i18n.catalogue import spoken
from i18n.formatting import colon, format_list, format_number
from storefront.market_messages import (
    LABEL_FIELD_NAMES,
    MARKET_NAMES,
    allergen_name,
    document_names,
    language_name,
    reason_sentence,
)

KIND_NAMES = {
    "act": later("Laws and decrees"),
    "vat": later("Value-added tax"),
    "market": later("What may be sent where"),
    "label": later("What a label must say"),
    "allergens": later("Allergens by market"),
}
STATE_NAMES = {
    "upcoming": later("not yet in force"),
    "in_force": later("in force"),
    "suspended": later("suspended"),
    "superseded": later("a newer version speaks"),
    "ended": later("ended"),
}
CERTAINTY_NAMES = {
    "article": later("from the programme's own reports"),
    "published": later("read in a published source"),
    "derived": later("computed"),
    "unverified": later("to be confirmed"),
}
CATEGORY_NAMES = {
    "any": later("everything else"),
    "fresh_produce": later("fresh fruit and vegetables"),
    "live_seafood": later("live seafood"),
    "seafood": later("seafood, frozen, dried or processed"),
    "honey": later("honey"),
    "birds_nest": later("bird's nest"),
    "meat": later("meat and goods with meat"),
    "grain": later("rice, noodles, cereals"),
    "dried_goods": later("dried fruit, nuts, spices"),
    "condiments": later("salt, sauces, oils"),
    "tea": later("tea"),
    "coffee": later("coffee"),
    "herbal": later("herbal tea and herbs"),
    "functional": later("functional food and remedies"),
    "alcohol": later("alcohol"),
    "cosmetics": later("cosmetics and essential oils"),
    "plant_craft": later("crafts of wood and bamboo"),
    "ceramics": later("ceramics"),
    "live_organisms": later("living plants and animals"),
    "service": later("services"),
    "unlisted": later("goods nobody has classified"),
}
DECISION_NAMES = {
    "allowed": later("allowed"),
    "permit": later("with a permit"),
    "registration": later("after registration"),
    "blocked": later("blocked"),
}
TREATMENT_NAMES = {
    "rate": later("taxed at a rate"),
    "not_subject": later("not subject to VAT"),
    "not_declared": later("no declaration, no payment"),
}
DUTY_NAMES = {"required": later("required"), "advised": later("advised")}
ALLERGEN_DUTIES = {"mandatory": later("must be named"), "recommended": later("should be named")}
_VAT_WORDS = {
    "standard": later("most goods"),
    "raw": later("raw farm, forest and fishery goods"),
    "salt": later("salt"),
    "plant_craft": later("crafts of rush, bamboo and rattan"),
    "excise": later("alcohol"),
    "producer": later("sold by who grew or caught them"),
    "trader": later("sold by a trader"),
    "consumer": later("to consumers"),
    "business": later("to businesses"),
    "abroad": later("exported"),
}
ACT_NAMES = {
    "act.ocop.recognition": later("Who recognises stars, and for how long"),
    "act.ocop.programme": later("The programme"),
    "act.goods.labels": later("Labels of goods"),
    "act.food.declaration": later("Food-safety declaration"),
    "act.ecommerce": later("E-commerce"),
    "act.personal_data": later("Personal data"),
    "act.tax.household": later("Tax-free revenue of households"),
    "act.traceability": later("Traceability"),
    "act.live.recording": later("Livestream selling: keeping the recording"),
    "act.live.confirmation": later("Livestream selling: confirmation of what is advertised"),
    "act.live.not_advertised": later("Goods that may not be advertised"),
    "act.cn.registration": later("China: registration of food makers"),
    "act.cn.label": later("China: food labels"),
    "act.eu.deforestation.large": later("European Union: deforestation, large operators"),
    "act.eu.deforestation.small": later("European Union: deforestation, small operators"),
    "act.ca.front_of_pack": later("Canada: front-of-pack symbol"),
}


def rule_title(code: str) -> str:
    """What the rule is about, in the spoken language; an act nobody named shows its code."""
    kind, *parts = code.split(".")
    if kind == "act":
        return str(ACT_NAMES.get(code, code))
    if kind == "vat":
        named = [str(_VAT_WORDS[part]) for part in parts if part in _VAT_WORDS]
        return format_list(named, spoken()) or code
    market = str(MARKET_NAMES.get(parts[0], parts[0]))
    table = {"market": CATEGORY_NAMES, "label": LABEL_FIELD_NAMES, "allergens": ALLERGEN_DUTIES}
    return f"{market}{colon(spoken())}{table[kind].get(parts[1], parts[1])}"


def rule_says(rule: Rule) -> str:
    """What this version says, in the spoken language."""
    return _SAYS[rule.kind](rule)


def percent(basis_points: int) -> str:
    """800 → "8 %"."""
    return f"{format_number(Decimal(basis_points) / 100, spoken())} %"


def _market(rule: Rule) -> str:
    said = [str(DECISION_NAMES[rule.says("decision")])]
    if rule.says("decision") != "allowed":
        said.append(reason_sentence(rule.says("reason"), {}).rstrip("."))
    return "; ".join([*said, *document_names(rule.lists("documents"))])


def _vat(rule: Rule) -> str:
    if rule.says("treatment") == "rate":
        return percent(int(rule.says("rate_bp")))
    return str(TREATMENT_NAMES[rule.says("treatment")])


def _label(rule: Rule) -> str:
    said = [str(DUTY_NAMES[rule.says("duty")])]
    if rule.says("languages"):
        either, both = f" {_('or')} ", f" {_('and')} "
        parts = [
            either.join(language_name(tag) for tag in part.split("|"))
            for part in rule.says("languages").split("+")
        ]
        said.append(both.join(parts))
    return "; ".join(said)


def _allergens(rule: Rule) -> str:
    return format_list((allergen_name(code) for code in rule.lists("codes")), spoken())


_SAYS: dict[str, Callable[[Rule], str]] = {
    "act": lambda rule: rule.says("says"),
    "market": _market,
    "vat": _vat,
    "label": _label,
    "allergens": _allergens,
}
