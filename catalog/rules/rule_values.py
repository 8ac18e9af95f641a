"""What a rule of each kind may say: the mistakes in a value before it is entered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from catalog.rules.eligibility import DECISIONS, REASONS
from catalog.rules.labelling import GOODS
from catalog.rules.vat import TREATMENTS

DUTIES = ("required", "advised")
DOCUMENTS = (
    "phytosanitary",
    "protocol_fruit",
    "planting_area_code",
    "packing_house_code",
    "aquaculture_code",
    "swiftlet_house_code",
    "health_certificate",
    "approved_establishment",
    "catch_certificate",
    "residue_plan",
    "facility_registration",
    "product_registration",
    "ciq_code",
    "import_notification",
    "import_permit",
    "importer_registration",
    "importer_licence",
    "consignment_permit",
    "food_business_registration",
    "preventive_control_plan",
    "country_of_origin",
    "origin_statement",
    "origin_test",
    "aflatoxin_test",
    "animal_origin_check",
    "novel_food_check",
    "ingredient_check",
    "health_product_registration",
    "excise",
    "age_check",
    "liquor_licence",
    "chemical_registration",
    "cosmetic_notification",
    "responsible_person",
    "ispm15",
    "fumigation",
    "food_contact_test",
    "lead_cadmium_test",
    "deforestation_statement",
)
"""Papers a market may ask for; each has a name in `storefront.market_messages`."""

PLACE_DOCUMENTS = {
    "planting": "planting_area_code",
    "packing_house": "packing_house_code",
    "aquaculture": "aquaculture_code",
    "swiftlet_house": "swiftlet_house_code",
}
"""Kind of place → the paper its code stands for; such codes are entered with the place."""

MARKET_DOCUMENTS = tuple(code for code in DOCUMENTS if code not in PLACE_DOCUMENTS.values())
"""What can be recorded as a paper of the producer for a market."""


def value_mistakes(
    kind: str, value: Mapping[str, str], *, allergens: Collection[str], languages: Collection[str]
) -> dict[str, str]:
    """Field → stable code for everything a rule of that kind can't say; empty when it can be entered."""
    return _CHECKS[kind](value, allergens, languages)


def _act(value: Mapping[str, str], *_known: Collection[str]) -> dict[str, str]:
    return {} if value.get("says", "").strip() else {"says": "missing"}


def _market(value: Mapping[str, str], *_known: Collection[str]) -> dict[str, str]:
    mistakes = {}
    if value.get("decision") not in DECISIONS:
        mistakes["decision"] = "unknown_kind"
    if value.get("reason") not in REASONS:
        mistakes["reason"] = "unknown_kind"
    if set(value.get("documents", "").split()) - set(DOCUMENTS):
        mistakes["documents"] = "unknown_kind"
    return mistakes


def _vat(value: Mapping[str, str], *_known: Collection[str]) -> dict[str, str]:
    mistakes = {}
    treatment, rate = value.get("treatment"), value.get("rate_bp", "")
    if treatment not in TREATMENTS:
        mistakes["treatment"] = "unknown_kind"
    if not (rate.isascii() and rate.isdigit() and int(rate) <= 10_000):
        mistakes["rate_bp"] = "out_of_range"
    elif treatment != "rate" and int(rate) != 0:
        mistakes["rate_bp"] = "untaxed_has_no_rate"
    return mistakes


def _label(
    value: Mapping[str, str], _allergens: Collection[str], languages: Collection[str]
) -> dict[str, str]:
    mistakes = {}
    if value.get("goods") not in GOODS:
        mistakes["goods"] = "unknown_kind"
    if value.get("duty") not in DUTIES:
        mistakes["duty"] = "unknown_kind"
    tags = value.get("languages", "").replace("+", "|").split("|")
    if set(filter(None, tags)) - set(languages):
        mistakes["languages"] = "unknown_kind"
    return mistakes


def _allergens(
    value: Mapping[str, str], allergens: Collection[str], _languages: Collection[str]
) -> dict[str, str]:
    codes = value.get("codes", "").split()
    return {} if codes and not set(codes) - set(allergens) else {"codes": "unknown_kind"}


_CHECKS: Mapping[str, Callable[..., dict[str, str]]] = {
    "act": _act,
    "market": _market,
    "vat": _vat,
    "label": _label,
    "allergens": _allergens,
}
