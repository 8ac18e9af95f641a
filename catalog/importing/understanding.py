"""From a file to understood rows: what kind of file it is, its tables, and every row judged. No database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from catalog.importing.columns import heading_key
from catalog.importing.doubles import find_doubles
from catalog.importing.judged import Judged
from catalog.importing.judging import judge_register
from catalog.importing.layout import FoundTable, find_table
from catalog.importing.limits import MAX_ROWS
from catalog.importing.parsing.places import read_province
from catalog.importing.parsing.price_terms import meaning_of
from catalog.importing.parsing.text import fold
from catalog.importing.pricing import judge_price_list
from catalog.importing.report import UnusableFile
from catalog.importing.sheets import Document
from catalog.importing.tables import read_document

_PRICE_TITLE = re.compile(r"\b(?:bang (?:bao )?gia|bao gia|bieu gia|price list)\b")
KINDS = ("auto", "register", "price_list", "catalogue")
CATALOGUE_COLUMNS = ("name", "province", "subgroup", "net_content", "price_vnd")
_REGISTER_SIGNS = (
    "stars",
    "rating_year",
    "decision_number",
    "decision_date",
    "score",
    "former_province",
    "round",
)
_PRICE_SIGNS = (
    "price_vnd",
    "price_wholesale",
    "gtin",
    "sku",
    "net_content",
    "shelf_life_storage",
    "sale_unit",
)


@dataclass(slots=True)
class Understood:
    """A file understood: its kind, its tables, the judged rows in their order."""

    kind: str
    document: Document
    tables: list[FoundTable]
    rows: list[Judged] = field(default_factory=list)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headings nobody knows, each once; those of a price list's terms are known by what they say."""
        found = dict.fromkeys(heading for table in self.tables for heading in table.unknown)
        if self.kind == "price_list":
            return tuple(heading for heading in found if not meaning_of(heading)[0])
        return tuple(found)


def understand(
    path: Path,
    *,
    as_of: date,
    kind: str = "auto",
    name: str = "",
    province: str = "",
    mapping: Mapping[str, str] | None = None,
) -> Understood:
    """Read and judge a file; raises UnusableFile.

    `province` counts where nothing in the file tells one; `mapping` says what headings nobody knows mean.
    """
    document = read_document(path, name=name)
    said = {heading_key(heading): field for heading, field in (mapping or {}).items()}
    tables = _tables(document, said)
    if not tables:
        raise _no_table(document)
    found = kind_of(tables[0], tables) if kind == "auto" else kind
    understood = Understood(
        found, document, [t for t in tables if kind != "auto" or kind_of(t, [t]) == found]
    )
    if not any(table.rows for table in understood.tables):
        raise UnusableFile("empty")
    if sum(len(table.rows) for table in understood.tables) > MAX_ROWS:
        raise UnusableFile("too_many_rows", limit=MAX_ROWS)
    if found == "catalogue":
        return understood
    several = len(understood.tables) > 1
    for table in understood.tables:
        _give_province(table, province)
        if not several:
            table.sheet = ""
        judged = (
            judge_price_list(table) if found == "price_list" else judge_register(table, as_of=as_of)
        )
        understood.rows += judged
    find_doubles(understood.rows, found)
    return understood


def _tables(document: Document, mapping: Mapping[str, str]) -> list[FoundTable]:
    """The tables with products. Those of a Word file have no names, so their lines are counted on from one to the next."""
    tables: list[FoundTable] = []
    counted = 0
    for number, sheet in enumerate(document.sheets, start=1):
        if sheet.hidden or not sheet.has_text():
            continue
        if document.format == "docx":
            sheet.move_down(counted)
        like = tables[-1].header if tables and document.format == "docx" else None
        table = find_table(sheet, file_name=document.file_name, like=like, mapping=mapping)
        if table is None:
            continue
        table.number = number
        if document.format == "docx" and tables:
            _inherit(table, tables[0])
        tables.append(table)
        if table.rows:
            counted = sheet.rows[-1][0]
    return [table for table in tables if table.rows or table is tables[0]]


def _inherit(table: FoundTable, first: FoundTable) -> None:
    """A later table of a Word file stands under the same title as the first."""
    for name in ("former", "province", "rating_year", "decision_number", "decision_date"):
        if not getattr(table.titles, name):
            setattr(table.titles, name, getattr(first.titles, name))


def _give_province(table: FoundTable, province: str) -> None:
    if province and table.titles.province is None and (found := read_province(province)):
        table.titles.former, table.titles.province = found


def kind_of(table: FoundTable, tables: list[FoundTable]) -> str:
    """register, price_list or catalogue, by the columns of a table and by its title."""
    known = set(table.header.by_field)
    if "province_2025" in known:
        known.add("province")
    if set(CATALOGUE_COLUMNS) <= known and ("code" in known or "row_no" in known):
        return "catalogue"
    register = sum(sign in known for sign in _REGISTER_SIGNS) + 2 * bool(table.header.stars)
    prices = sum(sign in known for sign in _PRICE_SIGNS)
    prices += 2 * any(_PRICE_TITLE.search(fold(line)) for line in table.title_lines)
    if "price_vnd" not in known and "price_wholesale" not in known:
        return (
            "price_list"
            if "gtin" in known and not register and "producer_name" not in known
            else "register"
        )
    if register and register >= prices - ("producer_name" in known):
        return "register"
    del tables
    return "price_list"


def _no_table(document: Document) -> UnusableFile:
    if not any(sheet.has_text() for sheet in document.sheets):
        return UnusableFile("empty")
    found = next(
        (
            cells
            for sheet in document.sheets
            for _line, cells in sheet.rows
            if sum(map(bool, cells)) >= 2
        ),
        [],
    )
    if not found:
        return UnusableFile("empty")
    return UnusableFile(
        "unknown_columns", missing=["name"], found=[cell for cell in found if cell][:20]
    )
