"""An item as partners see it, in one canonical form whose hash says whether anything has changed."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

_PROGRAMME_WORDS = re.compile(r"[\s,(\[–-]*\bOCOP\b(\s*\d\s*(sao|stars?|★))?[)\]]?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Recognition:
    """The OCOP claim valid on the day of the feed; dates are ISO days, ``valid_to`` inclusive."""

    stars: int
    decision_number: str
    issued_on: str
    issuer: str | None
    valid_to: str


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One sellable package with everything a supermarket asks of it.

    ``gtin`` has fourteen digits. Quantities are decimal text without exponent, ``net_content`` is the
    content of the whole package in ``net_unit`` (a UN/ECE Recommendation 20 code), ``price_minor`` is what
    the partner pays for one, tax included.
    ``recognition`` comes from ``star_claim`` on the day of the feed and is the only place that says OCOP.
    """

    gtin: str
    sku: str
    name_vi: str
    name_en: str | None
    short_name: str
    producer_name: str
    producer_gln: str | None
    producer_address: str | None
    province: str | None
    origin_country: str
    subgroup_code: str | None
    category: str | None
    gpc: str
    net_content: str
    net_unit: str
    inner_count: int
    sold_by: str
    gross_weight_g: int | None
    abv: str | None
    price_minor: int
    currency: str
    vat_rate_bp: int
    units_per_case: int | None
    case_gtin: str | None
    min_order: int
    shelf_life_days: int | None
    shelf_life_at_arrival_days: int | None
    storage_kind: str
    ingredients: str | None
    allergens_state: str
    contains: tuple[str, ...]
    may_contain: tuple[str, ...]
    hs6: str | None
    recognition: Recognition | None
    is_illustrative: bool


def payload_of(item: FeedItem) -> dict[str, Any]:
    """The item as plain JSON, as it is stored with a batch line."""
    payload = asdict(item)
    payload["contains"] = list(item.contains)
    payload["may_contain"] = list(item.may_contain)
    return payload


def item_of(payload: Mapping[str, Any]) -> FeedItem:
    """Read a stored payload back; raises TypeError for one of another form."""
    values = dict(payload)
    recognition = values.pop("recognition")
    return FeedItem(
        **{
            **values,
            "contains": tuple(values["contains"]),
            "may_contain": tuple(values["may_contain"]),
        },
        recognition=None if recognition is None else Recognition(**recognition),
    )


def canonical(payload: Mapping[str, Any]) -> bytes:
    """Sorted JSON in NFC and UTF-8 without blanks: equal facts are equal bytes, whatever their order."""
    text = json.dumps(
        payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return unicodedata.normalize("NFC", text).encode()


def content_hash(payload: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical form, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(payload)).hexdigest()


def withdrawal_of(item_key: str) -> dict[str, Any]:
    """The payload of an explicit withdrawal when nothing more is known of the item."""
    return {"gtin": item_key, "withdrawn": True}


def without_programme_words(text: str) -> str:
    """The text without "OCOP" or "OCOP 4 sao": only the recognition may say so, while it is valid."""
    return " ".join(_PROGRAMME_WORDS.sub("", text).split())


def short_name(name: str, limit: int, label: str = "") -> str:
    """The name cut at a word to at most ``limit`` characters, for tills and shelf labels.

    A ``label`` such as "500 ml" that ends the name is kept, so that two sizes stay apart.
    """
    if len(name) <= limit:
        return name
    if label and name.endswith(f" {label}") and len(label) + 8 < limit:
        return f"{short_name(name.removesuffix(f' {label}'), limit - len(label) - 1)} {label}"
    head = name[: limit + 1].rsplit(" ", 1)[0] if " " in name[: limit + 1] else name[:limit]
    return head.rstrip(" ,;-–(")[:limit]
