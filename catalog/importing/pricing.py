"""Understanding a row of a price list: name, barcode, content in grams, shelf life, price in đồng."""

from __future__ import annotations

import re

from catalog.importing.cleaning import clean_row
from catalog.importing.judged import Judged
from catalog.importing.judging import judge_name, raw_of
from catalog.importing.layout import FoundRow, FoundTable
from catalog.importing.parsing.barcodes import read_barcode
from catalog.importing.parsing.contents import (
    Content,
    agree,
    heading_unit,
    read_content,
    read_contents,
    read_shelf_life,
)
from catalog.importing.parsing.prices import decimal_mark, heading_factor, read_price
from catalog.importing.parsing.text import clean, fold

_NUMERIC = ("price_vnd", "price_wholesale", "net_content")


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
    unit = heading_unit(headings.get("net_content", ""))
    return [_judge(row, headings, table.sheet, mark, factor, unit) for row in table.rows]


def _judge(
    row: FoundRow, headings: dict[str, str], sheet: str, mark: str, factor: int, unit: str
) -> Judged:
    cells = clean_row(row, known=headings)
    said = cells.cells
    judged = Judged(row.line, {}, raw_of(row, headings), row.extra, row.cells, headings, sheet)
    for code, name in cells.errors.items():
        judged.blame(code, name)
    judge_name(judged, cells, "name")
    _barcode(judged, said)
    _content(judged, said, mark, unit)
    judged.values["shelf_life"] = read_shelf_life(
        said.get("shelf_life_storage", ""), heading=headings.get("shelf_life_storage", "")
    )
    _price(judged, said, mark, factor)
    for name in ("producer_name", "sku", "sale_unit", "group_guess", "note"):
        if text := said.get(name) or clean(row.section.get(name, "")):
            judged.values[name] = text
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


def _price(judged: Judged, said: dict[str, str], mark: str, factor: int) -> None:
    price = read_price(said.get("price_vnd", ""), mark=mark, factor=factor)
    judged.values["price_vnd"] = price.dong if price.dong is not None else ""
    if price.error:
        judged.blame(price.error, suggestion=price.suggestion)
    elif price.dong is None:
        judged.warnings.append("price_missing")
    wholesale = read_price(said.get("price_wholesale", ""), mark=mark, factor=factor)
    if wholesale.dong is not None:
        judged.values["price_wholesale_vnd"] = wholesale.dong
