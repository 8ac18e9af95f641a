"""What a verdict on a market says to people: sentences for reasons, names of papers, markets and fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from catalog.queries.verdicts import VerdictView
from catalog.reference import ALLERGENS
from catalog.rules.destinations import Destination
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from i18n.catalogue import spoken
from i18n.formatting import format_list
from i18n.locales import babel_locale

Facts = Mapping[str, Any]

MARKET_NAMES = {
    "VN": later("Vietnam"),
    "AU": later("Australia"),
    "KR": later("South Korea"),
    "JP": later("Japan"),
    "EU": later("European Union"),
    "CN": later("Mainland China"),
    "HK": later("Hong Kong"),
    "TW": later("Taiwan"),
    "SG": later("Singapore"),
    "CA": later("Canada"),
}
LABEL_FIELD_NAMES = {
    "name": later("name of the product"),
    "producer": later("name of the producer"),
    "address": later("address of the producer"),
    "origin": later("country of origin"),
    "net_content": later("net content"),
    "ingredients": later("list of ingredients"),
    "allergens": later("allergens"),
    "date": later("how long it keeps"),
    "storage": later("how to store it"),
    "nutrition": later("nutrition table"),
    "abv": later("alcohol by volume"),
    "importer": later("name of the importer"),
}
DOCUMENT_NAMES = {
    "phytosanitary": later("phytosanitary certificate"),
    "protocol_fruit": later("entry in the list of fruit agreed with that country"),
    "planting_area_code": later("planting-area code for that market"),
    "packing_house_code": later("packing-house code for that market"),
    "aquaculture_code": later("registered farm for that market"),
    "swiftlet_house_code": later("swiftlet-house code"),
    "health_certificate": later("health certificate of the consignment"),
    "approved_establishment": later("processing plant on that market's list"),
    "catch_certificate": later("catch certificate against illegal fishing"),
    "residue_plan": later("country listed with a residue plan"),
    "facility_registration": later("registration of the maker with that country"),
    "product_registration": later("registration number for this kind of food"),
    "ciq_code": later("customs number of 13 digits"),
    "import_notification": later("import notification by the importer"),
    "import_permit": later("import permit"),
    "importer_registration": later("importer registered there"),
    "importer_licence": later("importer with a licence"),
    "consignment_permit": later("permit for each consignment"),
    "food_business_registration": later("food-business number of the importer"),
    "preventive_control_plan": later("preventive control plan of the importer"),
    "country_of_origin": later("country-of-origin mark on the label"),
    "origin_statement": later("statement of origin"),
    "origin_test": later("test of origin"),
    "aflatoxin_test": later("aflatoxin test"),
    "animal_origin_check": later("papers for ingredients of animal origin"),
    "novel_food_check": later("answer whether it counts as a novel food"),
    "ingredient_check": later("answer whether a herb counts as medicine"),
    "health_product_registration": later("registration as a health product"),
    "excise": later("excise paid"),
    "age_check": later("age check on delivery"),
    "liquor_licence": later("licence to import alcohol"),
    "chemical_registration": later("registration with the chemicals office"),
    "cosmetic_notification": later("notification as a cosmetic"),
    "responsible_person": later("responsible person in the European Union"),
    "ispm15": later("treated-wood mark (ISPM 15)"),
    "fumigation": later("fumigation certificate"),
    "food_contact_test": later("food-contact test"),
    "lead_cadmium_test": later("lead and cadmium test"),
    "deforestation_statement": later("deforestation-free statement with plot coordinates"),
}


def _kinds(facts: Facts) -> str:
    codes = str(facts.get("kinds", "")).split()
    return format_list((allergen_name(code) for code in codes), spoken())


def _label_sentence(facts: Facts) -> str:
    names = (LABEL_FIELD_NAMES.get(name, name) for name in str(facts.get("fields", "")).split())
    fields = format_list(names, spoken())
    languages = str(facts.get("languages", "")).split()
    if not languages:
        return _("The label for this market still lacks: %(fields)s.", fields=fields)
    return _(
        "The label for this market still lacks: %(fields)s (%(languages)s).",
        fields=fields,
        languages=format_list((language_name(tag) for tag in languages), spoken()),
    )


_REASONS: dict[str, Callable[[Facts], str]] = {
    "as_labelled": lambda _facts: _("May be sent with its label."),
    "with_documents": lambda _facts: _("May be sent with its label and the papers named here."),
    "on_file": lambda _facts: _("The registration or permit this market asks for is on file."),
    "registration_first": lambda _facts: _(
        "The maker or the goods must be registered there first."
    ),
    "permit_first": lambda _facts: _("It needs an import permit or an official certificate first."),
    "check_first": lambda _facts: _("Whether the ingredients are admitted must be checked first."),
    "test_first": lambda _facts: _("A laboratory test is needed first."),
    "licence_first": lambda _facts: _("Alcohol needs a licence there first."),
    "treatment_only": lambda _facts: _(
        "Fresh produce enters only as listed kinds after treatment, not in parcels."
    ),
    "fruit_fly": lambda _facts: _("Fresh produce is kept out because of fruit flies."),
    "meat_ban": lambda _facts: _("Goods with meat cannot be sent there."),
    "medicine_rules": lambda _facts: _("There it counts as medicine or as a health product."),
    "monopoly": lambda _facts: _("Only public monopolies may import alcohol there."),
    "live_organisms": lambda _facts: _("Living plants and animals cannot be sent there."),
    "parcels_blocked": lambda _facts: _("This cannot be sent there in a parcel."),
    "service_not_goods": lambda _facts: _("This is a service on the spot; nothing is sent."),
    "not_listed": lambda _facts: _("No rule allows it yet. Ask us."),
    "category_unknown": lambda _facts: _("We do not know the rules for such goods yet. Ask us."),
    "label_incomplete": _label_sentence,
    "allergens_unknown": lambda _facts: _(
        "The producer has not said yet which allergens it contains."
    ),
    "allergen_kinds": lambda facts: _(
        "The label there must say which kind it contains: %(kinds)s.", kinds=_kinds(facts)
    ),
}


@dataclass(frozen=True, slots=True)
class MarketLine:
    """A verdict in words: `state` is open, later (something can be done) or closed."""

    name: str
    state: str
    state_word: str
    sentences: tuple[str, ...]
    papers: tuple[str, ...]
    confirmed: bool
    judged_on: date


def reason_sentence(code: str, facts: Facts) -> str:
    """Why goods may or may not go to a market, in the spoken language; an unknown code as it is."""
    make = _REASONS.get(code)
    return make(facts) if make is not None else code.replace("_", " ")


def market_lines(verdicts: Iterable[VerdictView]) -> list[MarketLine]:
    """The verdicts in words, in the order of the markets."""
    return [_line(verdict) for verdict in verdicts]


def _line(verdict: VerdictView) -> MarketLine:
    return MarketLine(
        name=str(MARKET_NAMES[verdict.market]),
        state=verdict.state,
        state_word=state_word(verdict.state),
        sentences=tuple(reason_sentence(code, facts) for code, facts in verdict.reasons),
        papers=document_names(verdict.documents),
        confirmed=verdict.confirmed,
        judged_on=verdict.judged_on,
    )


def country_name(destination: Destination) -> str:
    """A destination in the spoken language: a market's own name, else what CLDR calls the country."""
    name = MARKET_NAMES.get(destination.country)
    if name is not None:
        return str(name)
    return babel_locale(spoken()).territories.get(destination.country) or destination.country


def state_word(state: str) -> str:
    """A verdict in two or three words; "unknown" where nobody has judged yet."""
    words = {
        "open": _("Can be sent"),
        "later": _("Not yet"),
        "closed": _("Cannot be sent"),
        "unknown": _("Not examined yet"),
    }
    return words[state]


def label_field_names(codes: Iterable[str]) -> list[str]:
    """Fields of a label by name, in the spoken language."""
    return [str(LABEL_FIELD_NAMES[code]) for code in codes if code in LABEL_FIELD_NAMES]


def document_names(codes: Sequence[str]) -> tuple[str, ...]:
    """The papers by name, in the spoken language."""
    return tuple(str(DOCUMENT_NAMES.get(code, code)) for code in codes)


def allergen_name(code: str) -> str:
    """From the fixed glossary, never by machine."""
    names = ALLERGENS[code].names if code in ALLERGENS else {}
    return names.get(spoken()) or names.get("en") or code


def language_name(tag: str) -> str:
    """The name of a language in the spoken one."""
    return babel_locale(tag).get_display_name(babel_locale(spoken())) or tag
