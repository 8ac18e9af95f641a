"""A row of a catalogue understood: a whole listing with package, price, shelf life, allergens, translations."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from catalog.checking import content_mistakes, package_mistakes, product_mistakes
from catalog.errors import InvalidFields
from catalog.importing.columns import translation_columns
from catalog.importing.maker_facts import read_maker_facts
from catalog.importing.parsing import (
    NetContent,
    ShelfLife,
    parse_allergens,
    parse_net_content,
    parse_price,
    parse_shelf_life,
    parse_whole,
)
from catalog.importing.record_facts import RecordFacts, read_record_facts
from catalog.importing.rows import Row
from catalog.reference import ALLERGENS, SUBGROUPS, Province, former_unit
from catalog.rules.allergens import AllergenFacts, statement_mistakes
from catalog.rules.fallback import STATUSES
from catalog.rules.identifiers import is_restricted_circulation, is_valid_gtin
from i18n.text import nfc, slugify

_LONGEST_NUMBER = 9

VAT_RATES_BP = {"N": 0, "N/5": 0, "S": 0, "5": 500, "8": 800, "X": 1000}
"""Basis points for a sale by the maker: raw farm goods and salt none, excise goods the full 10 %."""

_PACKSHOT_BY_SUBGROUP = {
    "F01": "fresh",
    "F02": "fish",
    "F03": "rice",
    "F04": "honey",
    "F06": "noodle",
    "F07": "bag",
    "F08": "fish",
    "F09": "bottle",
    "F10": "salt",
    "F11": "tea",
    "F12": "tea",
    "F13": "coffee",
    "D01": "spirit",
    "D02": "spirit",
    "D03": "bottle",
    "D04": "bottle",
    "H03": "oil",
    "C01": "craft",
    "C02": "textile",
    "S01": "plant",
    "S02": "plant",
    "S03": "plant",
    "T01": "tour",
}
LABEL_TEXTS = {"brand": 120, "short_name": 40, "warnings": 1000, "gpc_brick": 8}
"""What stands on the label, with the longest text that is kept."""


def named_number(code: str) -> str:
    """The code of a listing that is only numbered ("7" is demo-007); other codes as they are."""
    is_number = code.isascii() and code.isdigit() and len(code) <= _LONGEST_NUMBER
    return f"demo-{int(code):03d}" if is_number else code


@dataclass(frozen=True, slots=True)
class Text:
    """One field in one language other than Vietnamese."""

    field: str
    locale: str
    text: str
    status: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What one row says, ready to be stored; `maker` are the facts of a maker nobody knows yet.

    `states_allergens` is false when the file has no such column: then nothing was said about them.
    """

    row: Row
    code: str
    product: dict[str, Any]
    sku: str
    package: dict[str, Any]
    allergens: AllergenFacts
    states_allergens: bool
    stars: int | None
    maker_code: str
    maker: dict[str, Any]
    texts: tuple[Text, ...]
    record: RecordFacts

    @property
    def line(self) -> int:
        """The line of the file."""
        return self.row.line

    @property
    def sheet(self) -> str:
        """The sheet of the file, "" for the only one."""
        return self.row.sheet


def read_listing(row: Row) -> Listing:
    """Read one row; raises RowRejected with all problems, or InvalidFields for what can't be stored.

    A row that names no producer gets one illustrative producer for its place.
    """
    row.problems.clear()
    code = row.required("code", 80)
    code = nfc(code if "producer_code" in row.cells else named_number(code))
    product = _product_values(row)
    province = row.province()
    net = row.parsed("net_content", parse_net_content, "unreadable_net_content")
    price = row.parsed("price_vnd", parse_price, "unreadable_price")
    for name in ("net_content", "price_vnd"):
        row.required(name)
    if price is not None and price <= 0:
        row.refuse("price_vnd", "unreadable_price")
    if net is not None and not _fits(net.amount, net.abv):
        row.refuse("net_content", "unreadable_net_content")
    shelf = row.parsed("shelf_life_storage", parse_shelf_life, "unreadable_shelf_life")
    shelf = shelf or ShelfLife(None, "ambient")
    said = row.parsed("allergens", parse_allergens, "unreadable_allergens") or parse_allergens("")
    stars = row.stars()
    gtin = _gtin(row)
    sku = nfc(row.text("sku", 64) or code.upper())
    texts = _texts(row)
    maker_code, maker = _maker(row, province)
    record = _record(row)
    row.finish()
    if province is None or net is None or price is None:
        raise ValueError("checked above")
    if "shelf_life_storage" in row.cells:
        product |= {"shelf_life_days": shelf.days, "storage_kind": shelf.storage_kind}
    if said.note.startswith("season "):
        product["season"] = said.note.removeprefix("season ")
    listing = Listing(
        row=row,
        code=code,
        product=product,
        sku=sku,
        package=_package_values(row, net, price, gtin),
        allergens=AllergenFacts(said.state, frozenset(said.contains), frozenset(said.may_contain)),
        states_allergens="allergens" in row.cells,
        stars=stars,
        maker_code=maker_code,
        maker=maker,
        texts=texts,
        record=record,
    )
    _check(listing)
    return listing


def _check(listing: Listing) -> None:
    """The same rules as for what is typed into a form."""
    package = {name: v for name, v in listing.package.items() if name != "gtin_is_internal"}
    mistakes = (
        product_mistakes(listing.product) | package_mistakes(package) | content_mistakes(package)
    )
    said = statement_mistakes(listing.allergens, ALLERGENS)
    if said:
        mistakes["allergens"] = ",".join(said)
    if mistakes:
        raise InvalidFields(mistakes)


def _fits(*numbers: Decimal | None) -> bool:
    """At most three places and not beyond what a database counts."""
    return all(n is None or (n == round(n, 3) and n < 10**12) for n in numbers)


def _product_values(row: Row) -> dict[str, Any]:
    subgroup = (row.required("subgroup", 10)).upper()
    if subgroup and subgroup not in SUBGROUPS:
        row.refuse("subgroup", "unknown_subgroup", allowed=list(SUBGROUPS))
    values: dict[str, Any] = {
        "name": nfc(row.required("name")),
        "subgroup_code": subgroup,
        "hs6": row.text("hs6", 6),
        "vat_class": row.text("vat_class", 8),
        "packshot": row.text("packshot", 24) or _PACKSHOT_BY_SUBGROUP.get(subgroup, "box"),
    }
    for name in ("ingredients", "summary", "description", "usage", "storage_note", "season"):
        if name in row.cells:
            text = row.text(name, 120 if name == "season" else 20_000)
            values[name] = None if text is None else nfc(text)
    for name, longest in LABEL_TEXTS.items():
        if name in row.cells:
            text = row.text(name, longest)
            values[name] = None if text is None else nfc(text)
    if "lead_time_days" in row.cells:
        values["lead_time_days"] = row.parsed("lead_time_days", parse_whole, "not_a_number")
    if values["vat_class"] is not None and values["vat_class"] not in VAT_RATES_BP:
        row.refuse("vat_class", "unknown_kind", allowed=list(VAT_RATES_BP))
    return values


def _gtin(row: Row) -> str | None:
    gtin = row.text("gtin", 20)
    if gtin and not is_valid_gtin(gtin):
        row.refuse("gtin", "refused", why="check_digit")
    return gtin


def _package_values(row: Row, net: NetContent, price: int, gtin: str | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "net_content": net.amount,
        "unit": nfc(net.unit),
        "count": net.count,
        "label": nfc(net.label),
        "sold_by": net.sold_by,
        "abv": net.abv,
        "price_minor": price,
        "currency": "VND",
        "vat_rate_bp": VAT_RATES_BP[row.text("vat_class") or "8"],
    }
    if gtin:
        values |= {"gtin": gtin, "gtin_is_internal": is_restricted_circulation(gtin)}
    return values


def _maker(row: Row, province: Province | None) -> tuple[str, dict[str, Any]]:
    """The code of the producer and its facts, should it be new; its name is "" when none is told."""
    name = row.text("producer_name", 300)
    commune = row.text("commune", 120)
    code = row.text("producer_code", 80)
    illustrative = name is None
    if code is None and name is None:
        place = commune or former_unit(row.text("province") or "")
        place = place or (province.names["vi"] if province else "")
        name = f"Nhà cung cấp minh họa {place}"
    if code is None:
        code = f"cat:{province.code if province else ''}:{slugify(name or '', longest=60)}"
    return nfc(code), {
        "name": nfc(name or ""),
        "province_code": province.code if province else None,
        "commune": commune,
        "former_unit": former_unit(row.text("province") or ""),
        "is_illustrative": illustrative,
        **read_maker_facts(row.cells)[0],
    }


def _record(row: Row) -> RecordFacts:
    record, unsound = read_record_facts(row.cells, row.headings)
    for name in dict.fromkeys(unsound):
        row.refuse(name, "refused", why="unreadable")
    return record


def _texts(row: Row) -> tuple[Text, ...]:
    """The translations; a file that says how far they are is believed, any other holds finished ones."""
    status = (row.text("translation_status") or "reviewed").lower()
    if status not in STATUSES:
        row.refuse("translation_status", "unknown_kind", allowed=list(STATUSES))
    texts = []
    for column, field, locale in _columns(frozenset(row.cells)):
        text = row.text(column, 300 if field == "name" else 20_000)
        if text:
            texts.append(Text(field, locale, nfc(text), status))
    return tuple(texts)


@lru_cache(maxsize=16)
def _columns(known: frozenset[str]) -> tuple[tuple[str, str, str], ...]:
    return tuple(translation_columns(dict.fromkeys(known, 0)))
