"""What a row says for the full record: areas, nutrition, weights and cases, each only when it is sound."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from catalog.importing.parsing.contents import heading_unit, read_content
from catalog.importing.parsing.text import ascii_digits, fold
from catalog.rules.identifiers import is_valid_gtin
from catalog.rules.nutrition import NUTRIENTS, Nutrition, nutrition_mistakes
from catalog.rules.packaging import Wrapping

_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,3})?")
_AREA = re.compile(
    r"([A-Z0-9][A-Z0-9./-]{2,38}[A-Z0-9])(\s*\([^()]{3,20}\))?(?:\s*\(([A-Z]{2})\))?", re.IGNORECASE
)
"""A code, a remark that belongs to it, and the market it is for."""
_PACKING_HOUSE = re.compile(r"[A-Z]{2}PH-?\d")
_MILLIMETRES = {"mm": 1, "cm": 10, "m": 1000}
_MEASURES = re.compile(
    r"(\d{1,4}(?:[.,]\d{1,2})?)\s*(?:mm|cm|m)?\s*[x×*]\s*(\d{1,4}(?:[.,]\d{1,2})?)\s*(?:mm|cm|m)?\s*"
    r"[x×*]\s*(\d{1,4}(?:[.,]\d{1,2})?)\s*(mm|cm|m)?"
)
_IN_CASE = re.compile(
    r"(?:thung|kien|case|carton)\s*(?:gom|co|:)?\s*(\d{1,4})\s*[a-z]+"
    r"|(\d{1,4})\s*[a-z]+\s*/\s*(?:thung|kien|case|carton)"
)
_NUTRIENT_WORDS = (
    ("saturates", r"chat beo (?:bao hoa|no)|acid beo (?:bao hoa|no)|saturate[sd](?: fat)?"),
    ("sugars", r"(?:tong )?duong(?: tong so)?|(?:total )?sugars?"),
    ("carbohydrate", r"carbohydrates?|carb|bot duong|glucid|tinh bot"),
    ("protein", r"(?:chat )?dam|protein|protid"),
    ("fibre", r"chat xo|fib(?:re|er)"),
    ("fat", r"(?:tong )?(?:chat )?beo(?: tong so)?|lipid|(?:total )?fat"),
    ("sodium_mg", r"natri|sodium|na"),
    ("salt", r"muoi|salt"),
    ("energy", r"nang luong|energy|calo(?:ries)?"),
)
_PIECE = re.compile(r"^([a-z ]+?)\s*[:=]?\s*(\d{1,5}(?:[.,]\d{1,3})?)\s*(kcal|kj|mg|g)?$")
_BASIS = re.compile(r"(?:trong|tren|per|/|tinh theo)?\s*100\s*(g|ml)\b")
CASES = ("units_per_case", "case_gtin", "case_gross_weight")
PACKAGE_COLUMNS = ("gross_weight", "dimensions", *CASES)
"""Those about a package."""
COLUMNS = ("growing_areas", "nutrition", "nutrition_basis", *NUTRIENTS, *PACKAGE_COLUMNS)
"""Our names of the columns read here."""


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """Codes of areas with their markets, a declaration, values of the package, and the case around it."""

    areas: tuple[tuple[str, str, str], ...] = ()
    nutrition: Nutrition | None = None
    package: Mapping[str, Any] = field(default_factory=dict)
    case: Wrapping | None = None

    @property
    def says_anything(self) -> bool:
        """Whether there is anything to store."""
        return bool(self.areas or self.nutrition or self.package or self.case)


NOTHING = RecordFacts()


def read_record_facts(
    cells: Mapping[str, str], headings: Mapping[str, str]
) -> tuple[RecordFacts, list[str]]:
    """The facts of one row, and the names of filled cells nobody can rely on."""
    filled = {name: text for name in COLUMNS if (text := cells.get(name, "").strip())}
    packed = "" if "units_per_case" in filled else _in_case(cells.get("packing", ""))
    if not filled and not packed:
        return NOTHING, []
    unsound: list[str] = []
    package: dict[str, Any] = {}
    if grams := _told(filled, "gross_weight", headings, unsound):
        package["gross_weight_g"] = grams
    if "dimensions" in filled:
        sides = _sides(filled["dimensions"], headings.get("dimensions", ""))
        package |= dict(zip(("length_mm", "width_mm", "height_mm"), sides, strict=False))
        unsound += [] if sides else ["dimensions"]
    facts = RecordFacts(
        areas=_areas(filled, unsound),
        nutrition=_nutrition(filled, headings, unsound),
        package=package,
        case=_case(filled, packed, headings, unsound),
    )
    return facts, unsound


def _areas(filled: Mapping[str, str], unsound: list[str]) -> tuple[tuple[str, str, str], ...]:
    """(code, market or "", kind) of each code in the cell."""
    found: list[tuple[str, str, str]] = []
    for part in re.split(r"[;,\n|]|\s{2,}", filled.get("growing_areas", "")):
        if not (text := part.strip()):
            continue
        said = _AREA.fullmatch(text)
        if not said or not re.search(r"\d", said.group(1)):
            unsound.append("growing_areas")
            return ()
        code = said.group(1).upper() + (said.group(2) or "")
        kind = "packing_house" if _PACKING_HOUSE.search(code) else "planting"
        found.append((code, (said.group(3) or "").upper(), kind))
    return tuple(dict.fromkeys(found))


def _nutrition(
    filled: Mapping[str, str], headings: Mapping[str, str], unsound: list[str]
) -> Nutrition | None:
    said: dict[str, Decimal] = {}
    told = fold(" ".join([filled.get("nutrition_basis", ""), filled.get("nutrition", "")]))
    basis = _BASIS.search(told) or _BASIS.search(fold(headings.get("nutrition", "")))
    if "nutrition" in filled:
        pieces = _pieces(filled["nutrition"])
        if pieces is None:
            unsound.append("nutrition")
        said |= pieces or {}
    for name in NUTRIENTS:
        if name in filled:
            number = _number(re.sub(r"\s*(?:kcal|kj|mg|g)$", "", fold(filled[name])))
            if number is None:
                unsound.append(name)
            else:
                said[name] = number
    if not said:
        return None
    declared = Nutrition(f"100{basis.group(1)}" if basis else "100g", **said)
    refused = [mistake.field for mistake in nutrition_mistakes(declared)]
    if refused:
        unsound += [name if name in filled else "nutrition" for name in refused]
        return None
    return declared


def _pieces(text: str) -> dict[str, Decimal] | None:
    """ "Năng lượng 350 kcal; Đạm 12 g" by nutrient; None unless every piece is understood."""
    said = _BASIS.sub(" ", fold(ascii_digits(text)))
    found: dict[str, Decimal] = {}
    for part in re.split(r"[;\n•]|,(?!\d)|\s-\s", said):
        piece = part.strip(" .:-()")
        if not piece:
            continue
        matched = _PIECE.match(piece)
        name = _nutrient(matched.group(1).strip()) if matched else ""
        number = _number(matched.group(2)) if matched else None
        if not matched or not name or number is None:
            return None
        unit = matched.group(3) or ""
        if name == "energy":
            if unit not in ("kcal", "kj"):
                return None
            name = f"energy_{unit}"
        elif unit not in ({"mg", "g"} if name in ("sodium_mg", "salt") else {"g"}):
            return None
        if name == "sodium_mg" and unit == "g":
            number *= 1000
        if name == "salt" and unit == "mg":
            number /= 1000
        if name in found:
            return None
        found[name] = number
    return found


def _nutrient(words: str) -> str:
    return next((name for name, said in _NUTRIENT_WORDS if re.fullmatch(said, words)), "")


def _case(
    filled: Mapping[str, str], packed: str, headings: Mapping[str, str], unsound: list[str]
) -> Wrapping | None:
    """The case; without a number of packages in it nothing else about it is stored."""
    said = ascii_digits(filled.get("units_per_case", packed)).strip()
    count = re.fullmatch(r"(\d{1,4})(?:\.0|\s*[^\W\d]+)?", _in_case(said) or said)
    if not count or not int(count.group(1)):
        unsound += [name for name in CASES if name in filled]
        return None
    gtin = re.sub(r"[\s.-]", "", ascii_digits(filled.get("case_gtin", ""))).lstrip("'")
    if gtin and not (len(gtin) in (13, 14) and is_valid_gtin(gtin)):
        unsound.append("case_gtin")
        gtin = ""
    case = Wrapping("case", int(count.group(1)), gtin=gtin or None)
    return replace(case, gross_weight_g=_told(filled, "case_gross_weight", headings, unsound))


def _in_case(packing: str) -> str:
    """The number in "24 gói/thùng" or "thùng 24 chai", "" where nothing of a case is said."""
    found = _IN_CASE.fullmatch(fold(ascii_digits(packing)).strip(" .()")) if packing else None
    return next(filter(None, found.groups()), "") if found else ""


def _told(
    filled: Mapping[str, str], name: str, headings: Mapping[str, str], unsound: list[str]
) -> int | None:
    """Whole grams of a weight with its unit in the cell or in the heading."""
    if name not in filled:
        return None
    heading = headings.get(name, "")
    unit = "g" if re.search(r"_g$|\(g\)", heading) else heading_unit(heading)
    content = read_content(filled[name], unit=unit)
    if content is None or content.kind != "g" or content.total != int(content.total):
        unsound.append(name)
        return None
    return int(content.total)


def _sides(text: str, heading: str) -> tuple[int, ...]:
    """Length, width and height in whole millimetres; () without three numbers and a unit."""
    said = fold(ascii_digits(text))
    found = _MEASURES.fullmatch(said.strip())
    told = found.group(4) if found else None
    unit = told or next(
        (u for u in ("mm", "cm") if re.search(rf"\b{u}\b|_{u}$", fold(heading))), ""
    )
    if not found or unit not in _MILLIMETRES:
        return ()
    sides = [Decimal(found.group(n).replace(",", ".")) * _MILLIMETRES[unit] for n in (1, 2, 3)]
    return tuple(map(int, sides)) if all(side == int(side) > 0 for side in sides) else ()


def _number(text: str) -> Decimal | None:
    plain = ascii_digits(text).strip()
    return Decimal(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else None
