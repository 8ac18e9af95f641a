"""Understanding a row of a price list: name, barcode, content in grams, shelf life, price in đồng."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.importing.cleaning import clean_row
from catalog.importing.judged import Judged
from catalog.importing.judging import judge_name, raw_of
from catalog.importing.layout import FoundRow, FoundTable
from catalog.importing.parsing.barcodes import read_barcode
from catalog.importing.parsing.contents import (
    Content,
    agree,
    heading_unit,
    priced_by,
    read_content,
    read_contents,
    read_shelf_life,
)
from catalog.importing.parsing.dates import read_date
from catalog.importing.parsing.price_terms import TitleTerms, meaning_of, sells_much, title_terms
from catalog.importing.parsing.prices import (
    PriceCell,
    decimal_mark,
    heading_currency,
    heading_factor,
    read_foreign_price,
    read_price,
)
from catalog.importing.parsing.text import ascii_digits, clean, fold
from catalog.importing.record_facts import COLUMNS

_NUMERIC = ("price_vnd", "price_wholesale", "net_content")


@dataclass(frozen=True, slots=True)
class _Writing:
    """How a table writes its prices, and what its titles say of all of them."""

    mark: str
    factor: int
    unit: str
    currency: str
    titles: TitleTerms


def judge_price_list(table: FoundTable) -> list[Judged]:
    """Every row of a price list understood; the decimal mark is the one the whole table uses."""
    headings = table.headings
    mark = decimal_mark(row.cells.get(name, "") for row in table.rows for name in _NUMERIC)
    factor = heading_factor(headings.get("price_vnd", ""))
    if factor == 1:
        told = [
            line for line in table.title_lines if "đvt" in line.lower() or "đơn vị" in line.lower()
        ]
        factor = heading_factor(" ".join(told)) if told else 1
    priced = [headings.get(name, "") for name in ("price_vnd", "price_wholesale")]
    writing = _Writing(
        mark,
        factor,
        heading_unit(headings.get("net_content", "")),
        heading_currency(" ".join(priced)),
        title_terms([*table.title_lines, *priced]),
    )
    return [_judge(row, headings, table.sheet, writing) for row in table.rows]


def _judge(row: FoundRow, headings: dict[str, str], sheet: str, writing: _Writing) -> Judged:
    cells = clean_row(row, known=headings)
    said = cells.cells
    judged = Judged(row.line, {}, raw_of(row, headings), row.extra, row.cells, headings, sheet)
    for code, name in cells.errors.items():
        judged.blame(code, name)
    judge_name(judged, cells, "name")
    _barcode(judged, said)
    _content(judged, said, writing.mark, writing.unit)
    judged.values["shelf_life"] = read_shelf_life(
        said.get("shelf_life_storage", ""), heading=headings.get("shelf_life_storage", "")
    )
    _price(judged, said, writing)
    _terms(judged, row, said, writing)
    for name in ("producer_name", "sku", "sale_unit", "group_guess", "note"):
        if text := said.get(name) or clean(row.section.get(name, "")):
            judged.values[name] = text
    judged.extra = row.extra | {
        headings[n]: said[n] for n in COLUMNS if said.get(n) and n in headings
    }
    judged.warnings += [hint.replace(":", "_") for hint in row.hints]
    judged.settle()
    return judged


def _barcode(judged: Judged, said: dict[str, str]) -> None:
    barcode = read_barcode(said.get("gtin", ""))
    judged.values["gtin"] = barcode.gtin
    if said.get("gtin"):
        judged.values["gtin_valid"] = bool(barcode.gtin)
    if barcode.error:
        judged.blame(barcode.error)


def _content(judged: Judged, said: dict[str, str], mark: str, unit: str) -> None:
    """The content of the column, else the only one the name tells of; both must agree."""
    text = said.get("net_content", "") or _of_one(said.get("packing", ""))
    content = read_content(text, unit=unit, mark=mark)
    named = read_contents(judged.values["name"], mark="")
    if content is None and not text and len({(c.total, c.kind) for c in named}) == 1:
        content = named[0]
        judged.warnings.append("content_from_name")
    elif content is not None and named and not agree(content, named):
        judged.blame("net_weight_conflict", named=[_shown(c) for c in named])
    if text and content is None:
        judged.warnings.append("content_unreadable")
    judged.values["net_g"] = _number(content) if content and content.kind == "g" else ""
    if content and content.kind == "ml":
        judged.values["net_ml"] = _number(content)
    if content and content.count > 1:
        judged.values |= {
            "count": content.count,
            "each": _number(Content(content.each, content.kind, 1, content.each)),
        }


def _of_one(packing: str) -> str:
    """The packing when it tells of the article itself and not of a case of them."""
    return "" if re.search(r"\b(?:thung|kien|case|carton)\b", fold(packing)) else packing


def _number(content: Content) -> int | float:
    whole = int(content.total)
    return whole if content.total == whole else float(content.total)


def _shown(content: Content) -> str:
    return f"{content.total:f} {content.kind}"


def _read(text: str, writing: _Writing) -> PriceCell:
    if writing.currency != "VND":
        return read_foreign_price(text, writing.currency, mark=writing.mark)
    return read_price(text, mark=writing.mark, factor=writing.factor)


def _price(judged: Judged, said: dict[str, str], writing: _Writing) -> None:
    """The prices of the two columns, and which list each belongs to (minor units by quantity)."""
    price = _of_the_package(
        _read(said.get("price_vnd", ""), writing), said.get("price_vnd", ""), judged.values
    )
    home = writing.currency == "VND"
    judged.values["price_vnd"] = price.dong if price.dong is not None and home else ""
    wholesale = _read(said.get("price_wholesale", ""), writing)
    if price.error:
        judged.blame(price.error, suggestion=price.suggestion)
    elif price.dong is None:
        judged.warnings.append("price_missing")
    if wholesale.dong is not None and home:
        judged.values["price_wholesale_vnd"] = wholesale.dong
    prices: dict[str, dict[int, int]] = {}
    for_agents = sells_much(judged.headings.get("price_wholesale", ""))
    if wholesale.error and for_agents:
        judged.blame(wholesale.error, "price_wholesale", suggestion=wholesale.suggestion)
    if wholesale.dong is not None and for_agents:
        start = meaning_of(judged.headings["price_wholesale"])[1] or 1
        prices["wholesale"] = {start: wholesale.dong}
    if price.dong is not None:
        alone = writing.titles.kind == "wholesale" and "wholesale" not in prices
        start = meaning_of(judged.headings.get("price_vnd", ""))[1]
        much = alone or start > 1
        prices.setdefault("wholesale" if much else "retail", {})[start or 1] = price.dong
    judged.prices = prices
    judged.terms["currency"] = writing.currency


def _of_the_package(price: PriceCell, text: str, values: Mapping[str, Any]) -> PriceCell:
    """A price for another amount than the package holds ("đ/kg" of half a litre) is doubtful, never taken as it is."""
    by = priced_by(text)
    held = {"g": values.get("net_g"), "ml": values.get("net_ml")}
    if price.dong is None or by is None or not any(held.values()):
        return price
    total = Decimal(str(held[by.kind] or 0))
    if by.total == total or (total and by.total == Decimal(str(values.get("each", 0)))):
        return price
    worth = price.dong * total / by.total
    exact = int(worth) if worth and worth == int(worth) else None
    return PriceCell(error="price_ambiguous", suggestion=exact)


def _terms(judged: Judged, row: FoundRow, said: dict[str, str], writing: _Writing) -> None:
    """Tiers, least quantity, step and days from the columns that say so, else from the titles."""
    terms = judged.terms
    titles = writing.titles
    terms |= {"valid_from": titles.valid_from, "valid_to": titles.valid_to}
    if titles.tax_inclusive is not None:
        terms["tax_inclusive"] = titles.tax_inclusive
    cells = [
        (judged.headings[name], text) for name, text in said.items() if name in judged.headings
    ]
    for heading, text in (*cells, *row.extra.items()):
        meaning, quantity = meaning_of(heading)
        if meaning in ("valid_from", "valid_to"):
            terms[meaning] = read_date(text).day or terms[meaning]
        elif meaning == "tier" and heading in row.extra:
            found = _read(clean(text), writing)
            if found.error:
                judged.blame(found.error, suggestion=found.suggestion)
            elif found.dong is not None:
                judged.prices.setdefault("wholesale", {})[quantity] = found.dong
        elif meaning and (count := re.match(r"\s*(\d{1,6})\b", ascii_digits(text))):
            terms[meaning] = int(count.group(1))
    if judged.prices and "price_missing" in judged.warnings:
        judged.warnings.remove("price_missing")
