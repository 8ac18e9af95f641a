"""Which values of a product, a package or a producer cannot be stored, field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from catalog.models import Producer, Product
from catalog.models.producer import PRODUCER_KINDS
from catalog.models.product import DURABILITIES, STORAGE_KINDS
from catalog.reference import PROVINCES, SUBGROUPS
from catalog.rules.identifiers import is_valid_gln, is_valid_gtin
from catalog.rules.packaging import is_gross_plausible
from catalog.rules.tax_numbers import is_valid_tax_number
from catalog.rules.vat import MARKS
from core.money import EXPONENTS

PRODUCT_EDITABLE = frozenset(
    [
        "name",
        "summary",
        "description",
        "ingredients",
        "usage",
        "storage_note",
        "subgroup_code",
        "packshot",
        "storage_kind",
        "shelf_life_days",
        "hs6",
        "vat_class",
        "season",
        "origin_country",
        "is_illustrative",
        "source",
        "brand",
        "short_name",
        "storage_min_c",
        "storage_max_c",
        "opened_shelf_life_days",
        "durability",
        "warnings",
        "gpc_brick",
        "season_months",
        "capacity_per_month",
        "capacity_unit",
        "lead_time_days",
    ]
)
PACKAGE_EDITABLE = frozenset(
    [
        "gtin",
        "net_content",
        "unit",
        "count",
        "label",
        "drained",
        "gross_weight_g",
        "length_mm",
        "width_mm",
        "height_mm",
        "sold_by",
        "abv",
        "price_minor",
        "currency",
        "vat_rate_bp",
        "units_per_case",
        "case_gtin",
        "min_order",
        "active",
        "position",
    ]
)
PRODUCER_EDITABLE = frozenset(
    [
        "name",
        "kind",
        "registration_number",
        "registered_on",
        "tax_number",
        "gln",
        "province_code",
        "commune_code",
        "commune",
        "former_unit",
        "address",
        "phone",
        "email",
        "story",
        "founded_year",
        "closed_from",
        "closed_to",
        "closed_note",
        "is_illustrative",
        "source",
    ]
)
COLDEST_C, HOTTEST_C = -60, 60
_WORDS_OF = {"durability": DURABILITIES, "vat_class": MARKS}
_HS6 = re.compile(r"(?!00|77|98|99)\d{6}")
_GPC = re.compile(r"[1-9]\d{7}")
_COMMUNE = re.compile(r"\d{5}")


def product_mistakes(values: Mapping[str, Any], product: Product | None = None) -> dict[str, str]:
    """Field → code for what can't be stored; `product` is the row that the values will change."""
    mistakes = {field: "unknown_field" for field in values if field not in PRODUCT_EDITABLE}
    if "name" in values and not str(values["name"] or "").strip():
        mistakes["name"] = "missing"
    if values.get("subgroup_code") and values["subgroup_code"] not in SUBGROUPS:
        mistakes["subgroup_code"] = "unknown_subgroup"
    for field, known in _WORDS_OF.items():
        if values.get(field) and values[field] not in known:
            mistakes[field] = "unknown_kind"
    for field in ("shelf_life_days", "opened_shelf_life_days", "capacity_per_month"):
        if values.get(field) is not None and values[field] <= 0:
            mistakes[field] = "not_positive"
    if (values.get("lead_time_days") or 0) < 0:
        mistakes["lead_time_days"] = "negative"
    if values.get("hs6") and not _HS6.fullmatch(str(values["hs6"])):
        mistakes["hs6"] = "not_six_digits"
    if values.get("gpc_brick") and not _GPC.fullmatch(str(values["gpc_brick"])):
        mistakes["gpc_brick"] = "not_eight_digits"
    return mistakes | _keeping_mistakes(values, product)


def _keeping_mistakes(values: Mapping[str, Any], product: Product | None) -> dict[str, str]:
    """What disagrees between fields of which a form may send only some."""

    def after(field: str) -> Any:
        return values[field] if field in values else getattr(product, field, None)

    mistakes: dict[str, str] = {}
    if values.get("storage_kind", "ambient") not in STORAGE_KINDS:
        mistakes["storage_kind"] = "unknown_storage_kind"
    for field in ("storage_min_c", "storage_max_c"):
        if values.get(field) is not None and not COLDEST_C <= values[field] <= HOTTEST_C:
            mistakes[field] = "out_of_range"
    low, high = after("storage_min_c"), after("storage_max_c")
    if low is not None and high is not None and low > high:
        mistakes["storage_max_c"] = "below_minimum"
    days, opened = after("shelf_life_days"), after("opened_shelf_life_days")
    if "opened_shelf_life_days" in values and days and opened and opened > days:
        mistakes["opened_shelf_life_days"] = "longer_than_closed"
    return mistakes


def package_mistakes(values: Mapping[str, Any]) -> dict[str, str]:
    """Field → code for what can't be stored of a package."""
    mistakes = {field: "unknown_field" for field in values if field not in PACKAGE_EDITABLE}
    for field in ("gtin", "case_gtin"):
        if values.get(field) and not is_valid_gtin(str(values[field])):
            mistakes[field] = "check_digit"
    for field in ("net_content", "count", "min_order"):
        if field in values and not (values[field] or 0) > 0:
            mistakes[field] = "not_positive"
    for field in ("drained", "gross_weight_g", "length_mm", "width_mm", "height_mm"):
        if values.get(field) is not None and values[field] <= 0:
            mistakes[field] = "not_positive"
    if (values.get("price_minor") or 0) < 0:
        mistakes["price_minor"] = "negative"
    if values.get("currency", "VND") not in EXPONENTS:
        mistakes["currency"] = "unknown_currency"
    if values.get("abv") is not None and not 0 <= values["abv"] <= 100:
        mistakes["abv"] = "out_of_range"
    return mistakes


def content_mistakes(values: Mapping[str, Any]) -> dict[str, str]:
    """What disagrees in a whole package: drained above net, gross below net."""
    mistakes: dict[str, str] = {}
    net, drained = values.get("net_content"), values.get("drained")
    if net is not None and drained is not None and drained > net:
        mistakes["drained"] = "more_than_net"
    gross, unit = values.get("gross_weight_g"), values.get("unit")
    if (
        gross is not None
        and net is not None
        and unit is not None
        and not is_gross_plausible(gross, net, unit, values.get("count") or 1)
    ):
        mistakes["gross_weight_g"] = "lighter_than_content"
    return mistakes


def producer_mistakes(
    values: Mapping[str, Any], producer: Producer | None = None
) -> dict[str, str]:
    """Field → code for what can't be stored; `producer` is the row that the values will change."""
    mistakes = {field: "unknown_field" for field in values if field not in PRODUCER_EDITABLE}
    if "name" in values and not str(values["name"] or "").strip():
        mistakes["name"] = "missing"
    if values.get("kind", "unknown") not in PRODUCER_KINDS:
        mistakes["kind"] = "unknown_kind"
    if values.get("province_code") and values["province_code"] not in PROVINCES:
        mistakes["province_code"] = "unknown_province"
    if values.get("commune_code") and not _COMMUNE.fullmatch(str(values["commune_code"])):
        mistakes["commune_code"] = "not_five_digits"
    if values.get("gln") and not is_valid_gln(str(values["gln"])):
        mistakes["gln"] = "check_digit"
    if values.get("tax_number") and not is_valid_tax_number(str(values["tax_number"])):
        mistakes["tax_number"] = "check_digit"
    first = values.get("closed_from", getattr(producer, "closed_from", None))
    last = values.get("closed_to", getattr(producer, "closed_to", None))
    if last is not None and (first is None or last < first):
        mistakes["closed_to" if first is not None else "closed_from"] = (
            "before_first_day" if first is not None else "missing"
        )
    return mistakes
