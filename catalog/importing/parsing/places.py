"""Taking an address apart: hamlet, commune, district, province; abbreviations written out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from catalog.importing.parsing.text import clean, fold
from catalog.reference import PROVINCES, Province, find_province

_SHORT = (
    (re.compile(r"^(?:tp|t\.p)(?:\.\s*|\s+)|^tp(?=[A-ZĐ])", re.IGNORECASE), "thành phố "),
    (re.compile(r"^tx(?:\.\s*|\s+)", re.IGNORECASE), "thị xã "),
    (re.compile(r"^tt(?:\.\s*|\s+)", re.IGNORECASE), "thị trấn "),
    (re.compile(r"^(?:p|ph)(?:\.\s*|\s+(?=[\dA-ZĐ]))|^p(?=\d)", re.IGNORECASE), "phường "),
    (re.compile(r"^q(?:\.\s*|\s+(?=[\dA-ZĐ]))|^q(?=\d)", re.IGNORECASE), "quận "),
    (re.compile(r"^x(?:\.\s*|\s+(?=[A-ZĐ]))", re.IGNORECASE), "xã "),
    (re.compile(r"^h(?:\.\s*|\s+(?=[A-ZĐ]))", re.IGNORECASE), "huyện "),
    (re.compile(r"^t\.\s*(?=[A-ZĐ])", re.IGNORECASE), "tỉnh "),
)
_COMMUNE = ("xã", "phường", "thị trấn", "đặc khu")
_DISTRICT = ("huyện", "quận", "thị xã", "thành phố")
_HAMLET = ("thôn", "ấp", "bản", "xóm", "khóm", "tổ dân phố", "tổ", "khu phố", "khu", "buôn", "bon", "làng", "tdp", "phum",
           "sóc", "tiểu khu", "kp", "đội", "plei", "khối", "cụm")  # fmt: skip
_UNITS = "|".join((*_COMMUNE, *_DISTRICT, "tỉnh"))
_INSIDE = re.compile(rf"(?<![,;(–-])\s+(?=(?:{_UNITS}|TP\.|TX\.|TT\.)\s*[A-ZĐÀ-Ỹ\d])")
_CENTRAL = {"ha noi", "ho chi minh", "hai phong", "da nang", "can tho", "hue"}


@dataclass(frozen=True, slots=True)
class Place:
    """The parts of an address with their unit words; "" for what it doesn't say."""

    hamlet: str = ""
    commune: str = ""
    district: str = ""
    province: str = ""


@lru_cache(maxsize=65_536)
def read_place(text: str) -> Place:
    """The parts of an address as printed. A name without its unit word is not guessed at."""
    parts = [
        part for part in re.split(r"[,;\n()]|\s[-–]\s", _divide(clean(text))) if part.strip(" .-")
    ]
    hamlet: list[str] = []
    commune = district = province = ""
    for position, part in enumerate(parts):
        said = write_out(part)
        unit, name = _unit_of(said)
        if not name:
            continue
        if unit == "tỉnh":
            province = province or name
        elif unit in _COMMUNE and not commune:
            commune = said
        elif unit in _DISTRICT:
            last = position == len(parts) - 1
            central = (
                unit == "thành phố" and fold(name) in _CENTRAL and last and (district or position)
            )
            if central and (district or fold(name) != "hue"):
                province = province or name
            elif not district:
                district = said
        elif unit in _HAMLET:
            hamlet.append(said)
        elif position == len(parts) - 1 and position and _is_province(said):
            province = province or said
    return Place(", ".join(hamlet), commune, district, province)


def _divide(text: str) -> str:
    """A comma before each unit word, where people left it out; "thị xã" and "hợp tác xã" stay whole."""
    return re.sub(
        r"(?i)\b(thị|tác),\s+(?=xã\b)",
        r"\1 ",
        _INSIDE.sub(", ", re.sub(r"(?i)\b(thị|tác)\s+xã", r"\1_xã", text)),
    ).replace("_", " ")


@lru_cache(maxsize=65_536)
def write_out(part: str) -> str:
    """One part with its unit word written out in small letters: "TX. Tân Châu" → "thị xã Tân Châu"."""
    said = clean(part).strip(" .-–")
    for pattern, full in _SHORT:
        if pattern.search(said):
            said = full + pattern.sub("", said, count=1).strip(" .")
            break
    unit, name = _unit_of(said)
    if not unit or not name:
        return said
    name = name.title() if len(name) > 3 and name.isupper() else name
    return f"{unit} {name}"


def _unit_of(said: str) -> tuple[str, str]:
    lower = said.lower()
    for unit in (*_DISTRICT, *_COMMUNE, "tỉnh", *_HAMLET):
        if lower.startswith(unit) and (len(lower) == len(unit) or lower[len(unit)] in " .:"):
            return unit, said[len(unit) :].strip(" .:")
    return "", said


def with_unit(text: str, heading: str) -> str:
    """A cell of a column "Huyện" or "Xã": the name with its unit, from the cell or else from the heading.

    A heading of several units ("Huyện, thị xã, thành phố") gives the unit only where the name decides it.
    """
    said = write_out(text)
    unit, _name = _unit_of(said)
    if unit in _DISTRICT or unit in _COMMUNE or not said:
        return said
    head = clean(heading).lower()
    named = [u for u in (*_DISTRICT, *_COMMUNE) if re.search(rf"(?<!thị )\b{u}\b", head)]
    if len(named) == 1 and not re.search(r"\btx\b|\btp\b|\btt\b", head):
        return f"{named[0]} {said}"
    if any(u in _DISTRICT for u in named):
        return f"{_town_unit(said)} {said}".strip()
    return said


def is_commune(text: str) -> bool:
    """Whether a written-out place is a commune, ward, township or special zone."""
    return _unit_of(text)[0] in _COMMUNE


def is_district(text: str) -> bool:
    """Whether a written-out place is a district, town or provincial city of before July 2025."""
    return _unit_of(text)[0] in _DISTRICT


@cache
def _towns() -> dict[str, str]:
    import json
    from importlib.resources import files

    data = json.loads(files("catalog.importing").joinpath("data/towns.json").read_text("utf-8"))
    return {fold(name): unit for unit in ("thành phố", "thị xã", "quận", "") for name in data[unit]}


def _town_unit(name: str) -> str:
    return _towns().get(fold(name), "huyện")


@cache
def _names() -> dict[str, tuple[str, Province]]:
    """Province names of today and of before July 2025, by spelling without case and place of the tone."""
    names: dict[str, tuple[str, Province]] = {}
    for province in PROVINCES.values():
        names[spelling(province.names["vi"])] = (province.names["vi"], province)
        for unit in province.former:
            names[spelling(unit)] = (unit, province)
    hue = names[spelling("Huế")][1]
    names[spelling("Huế")] = ("Thừa Thiên Huế", hue)
    for other, right in (("Đăk Lăk", "Đắk Lắk"), ("Đắc Lắc", "Đắk Lắk"), ("Đăk Nông", "Đắk Nông"), ("Đắc Nông", "Đắk Nông"),
                         ("Bắc Cạn", "Bắc Kạn"), ("Sài Gòn", "Hồ Chí Minh"), ("TPHCM", "Hồ Chí Minh"), ("HCM", "Hồ Chí Minh"),
                         ("Vũng Tàu", "Bà Rịa – Vũng Tàu"), ("Đak Lak", "Đắk Lắk"), ("Kontum", "Kon Tum"), ("Daklak", "Đắk Lắk"),
                         ("Thừa Thiên", "Thừa Thiên Huế"), ("BR-VT", "Bà Rịa – Vũng Tàu"), ("BRVT", "Bà Rịa – Vũng Tàu"), ("TT Huế", "Huế")):  # fmt: skip
        names[spelling(other)] = names[spelling(right)]
    return names


@cache
def _bare_names() -> dict[str, tuple[str, Province]]:
    return {fold(key): value for key, value in _names().items()}


@lru_cache(maxsize=65_536)
def spelling(text: str) -> str:
    """A text to compare: small letters, hòa = hoà, one blank, no punctuation."""
    import unicodedata

    said = clean(text).lower()
    out = []
    for word in re.split(r"[\W_]+", said):
        spread = unicodedata.normalize("NFD", word)
        tones = "".join(c for c in spread if c in "\u0300\u0301\u0303\u0309\u0323")
        bare = "".join(c for c in spread if c not in "\u0300\u0301\u0303\u0309\u0323")
        out.append(unicodedata.normalize("NFC", bare) + tones)
    return " ".join(filter(None, out))


@lru_cache(maxsize=65_536)
def read_province(text: str) -> tuple[str, Province] | None:
    """The name as of its time ("Bắc Kạn") and today's province; None when nothing has exactly this name.

    Marks count: "Cà Mâu" is nothing. A name without any marks, or an English one, is understood.
    """
    said = re.sub(
        r"^(?:tỉnh|thành phố|tp\.?|t\.|province of|city of)\s*(?=\S)|\s+(?:province|city)$",
        "",
        clean(text),
        flags=re.IGNORECASE,
    )
    if said in PROVINCES and said.isdigit():
        return PROVINCES[said].names["vi"], PROVINCES[said]
    if told := _with_former(said):
        return told
    for candidate in (said, said.split("(", 1)[0]):
        key = spelling(candidate)
        if found := _names().get(key):
            return found
        if candidate.isascii() and (
            bare := _bare_names().get(re.sub(r"[\W_]+", " ", candidate.lower()).strip())
        ):
            return bare
    if said.isascii() and (province := find_province(said)):
        return province.names["vi"], province
    return None


def _with_former(said: str) -> tuple[str, Province] | None:
    """The unit of before July 2025 in "Cần Thơ (Sóc Trăng cũ)"; "Bình Phước (nay là Đồng Nai)" names it first."""
    found = re.fullmatch(
        r"([^()]+)\(\s*(?:cũ là|trước đây là|trước là|thuộc)?\s*(?:tỉnh\s+)?([^()]+?)\s*(?:cũ|trước đây)?\s*\)",
        said,
        flags=re.IGNORECASE,
    )
    if not found:
        return None
    outer, inner = (_names().get(spelling(part)) for part in found.groups())
    if not outer or not inner or outer[1].code != inner[1].code:
        return None
    return inner if outer[0] == outer[1].names["vi"] else outer


def suggest_province(text: str) -> str:
    """The province probably meant by a misspelt name; "" when nothing is near."""
    found = find_province(text)
    return found.names["vi"] if found else ""


def _is_province(text: str) -> bool:
    return read_province(text) is not None
