"""Finding rows of one file that are, or may be, the same product: exact doubles, other stars, other spellings.

Doubles are proposed and never merged. Names that differ in a number, or in a word that is a kind, a colour or a
strength, are different products of one maker.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import Any

from catalog.importing.judged import Judged
from catalog.importing.parsing.makers import maker_key
from catalog.importing.parsing.places import spelling
from catalog.importing.parsing.text import fold

_COMPARED = (
    "province_2025",
    "stars",
    "rating_year",
    "decision_number",
    "decision_date",
    "commune",
    "district",
)
_SHORT_WORD = 3


def find_doubles(rows: list[Judged], kind: str) -> None:
    """Mark duplicates, conflicting stars, possible upgrades, shared barcodes; sets the statuses anew."""
    _same_codes(rows)
    rows = [row for row in rows if row.status != "reject"]
    if kind == "price_list":
        _same_articles(rows)
        _shared_barcodes(rows)
    else:
        _same_records(rows)
        _other_spellings(rows)
    for row in rows:
        row.settle()


def _same_codes(rows: list[Judged]) -> None:
    """A code is the key of one product: the second line with it is refused."""
    first: dict[str, int] = {}
    for row in rows:
        code = row.values.get("code")
        if code and code in first:
            row.blame("duplicate_code", first_line=first[code])
            row.settle()
        elif code:
            first[code] = row.line


def _make_duplicate(row: Judged, first: Judged) -> None:
    row.status, row.duplicate_of = "duplicate", first.line


def _same_articles(rows: list[Judged]) -> None:
    seen: dict[tuple[Any, ...], Judged] = {}
    named: dict[tuple[str, str], Judged] = {}
    for row in rows:
        values = row.values
        name, gtin = spelling(values["name"]), values["gtin"]
        key = (
            name,
            gtin,
            values["net_g"],
            values.get("net_ml"),
            values["price_vnd"],
            values.get("sku"),
            values.get("sale_unit"),
        )
        if first := seen.get(key):
            _make_duplicate(row, first)
            continue
        seen[key] = row
        if gtin and (first := named.get((name, gtin))):
            row.blame("possible_duplicate", "gtin", line=first.line)
        named.setdefault((name, gtin), row)


def _shared_barcodes(rows: list[Judged]) -> None:
    by_gtin: dict[str, list[Judged]] = defaultdict(list)
    for row in rows:
        if row.values["gtin"] and row.status != "duplicate":
            by_gtin[row.values["gtin"]].append(row)
    for sharing in by_gtin.values():
        if len({spelling(row.values["name"]) for row in sharing}) > 1:
            for row in sharing:
                row.blame(
                    "barcode_shared", lines=[other.line for other in sharing if other is not row]
                )


def _same_records(rows: list[Judged]) -> None:
    """Rows of one name and maker: equal ones are doubles, others conflict or follow one another."""
    groups: dict[tuple[str, ...], list[Judged]] = defaultdict(list)
    for row in rows:
        values = row.values
        maker = maker_key(values["producer_name"])
        where = spelling(values["province_2025"])
        place = "" if maker else spelling(values["commune"] or values["district"])
        groups[(spelling(values["product_name_vi"]), maker, where, place)].append(row)
    for group in groups.values():
        for position, row in enumerate(group[1:], start=1):
            _compare(row, group[:position])


def _other_code(row: Judged, first: Judged) -> bool:
    """Whether the file itself keeps two records: then they may be one, but nobody may say so without looking."""
    return bool(row.values.get("code") and first.values.get("code"))


def _compare(row: Judged, earlier: list[Judged]) -> None:
    def facts(judged: Judged) -> tuple[Any, ...]:
        return tuple(judged.values[name] for name in _COMPARED)

    for first in earlier:
        if (
            facts(first) == facts(row)
            and not _other_code(row, first)
            and first.status != "duplicate"
            and first.values.get("gtin") == row.values.get("gtin")
        ):
            _make_duplicate(row, first)
            return
    first = earlier[0]
    stars, before = row.values["stars"], first.values["stars"]
    row.duplicate_of = first.line
    if stars and before and stars != before:
        row.blame(_later(row, first) or "conflicting_stars", line=first.line)
    else:
        row.blame("possible_duplicate", line=first.line)


def _later(row: Judged, first: Judged) -> str:
    """possible_upgrade when both tell when they were recognised, and the later one has more stars."""

    def when(judged: Judged) -> str:
        return str(judged.values["decision_date"] or judged.values["rating_year"] or "")[:4]

    a, b = when(first), when(row)
    if not a or not b or a == b:
        return ""
    old, new = (first, row) if a < b else (row, first)
    return "possible_upgrade" if new.values["stars"] > old.values["stars"] else ""


def _other_spellings(rows: list[Judged]) -> None:
    """Names that are one but for a letter, a mark, y or i, or a blank; of one maker or of none named."""
    by_place: dict[tuple[str, str, str], list[Judged]] = defaultdict(list)
    for row in rows:
        if row.status == "duplicate" or row.duplicate_of is not None:
            continue
        maker = maker_key(row.values["producer_name"])
        key = words_key(row.values["product_name_vi"])
        for token in {
            (maker, key.replace(" ", ""), ""),
            *(
                (maker, f"{position}", _without(key, position))
                for position in range(len(key.split()))
            ),
        }:
            for other in by_place[token]:
                if other.line != row.line and _may_be_one(row, other, maker):
                    row.blame("possible_duplicate", line=other.line)
                    row.duplicate_of = other.line
            by_place[token].append(row)
            if len(by_place[token]) > 50:
                by_place[token].pop(0)


def _without(key: str, position: int) -> str:
    words = key.split()
    return " ".join([*words[:position], "_", *words[position + 1 :]])


def _may_be_one(row: Judged, other: Judged, maker: str) -> bool:
    one, two = row.values, other.values
    if _digits(one["product_name_vi"]) != _digits(two["product_name_vi"]):
        return False
    if one["province_2025"] != two["province_2025"] or maker != maker_key(two["producer_name"]):
        return False
    if not maker and one["commune"] and two["commune"] and one["commune"] != two["commune"]:
        return False
    return near(one["product_name_vi"], two["product_name_vi"])


@lru_cache(maxsize=65_536)
def _digits(name: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\d+", name))


@lru_cache(maxsize=65_536)
def words_key(name: str) -> str:
    """A name without marks and punctuation, with i for y."""
    return " ".join(re.sub(r"[\W_]+", " ", fold(name)).replace("y", "i").split())


def near(one: str, other: str) -> bool:
    """Whether two names are probably one product: a mark, y or i, a blank, or one letter of one longer word differs."""
    if spelling(one) == spelling(other):
        return True
    a, b = words_key(one), words_key(other)
    if re.findall(r"\d+", a) != re.findall(r"\d+", b):
        return False
    if a == b or a.replace(" ", "") == b.replace(" ", ""):
        return _marks_only_misspelt(one, other)
    left, right = a.split(), b.split()
    if len(left) != len(right) or len(left) < 3:
        return False
    differing = [(x, y) for x, y in zip(left, right, strict=True) if x != y]
    if len(differing) != 1:
        return False
    x, y = differing[0]
    return (
        min(len(x), len(y)) > _SHORT_WORD
        and len(x) == len(y)
        and sum(p != q for p, q in zip(x, y, strict=True)) == 1
    )


def _marks_only_misspelt(one: str, other: str) -> bool:
    """Names equal but for marks: "phòng" for "phồng" is a slip in a longer name, "Muối ớt" and "Muối ốt" may not be."""
    left, right = spelling(one).split(), spelling(other).split()
    if len(left) != len(right):
        return True
    return (
        sum(x != y for x, y in zip(left, right, strict=True)) * 2 < max(len(left), 1)
        or len(left) > 3
    )
