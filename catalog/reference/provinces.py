"""The 34 provinces and cities since 1 July 2025, and how a name as people write it finds one.

Resolution 202/2025/QH15. Keys are the two-digit codes of the National Statistics Office, never ISO
3166-2, which still lists the former 63 units.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from i18n import glossary
from i18n.text import fold, slugify


@dataclass(frozen=True, slots=True)
class Province:
    """A province or city; `kind` is "province" or "city", `former` the units merged into it."""

    code: str
    slug: str
    kind: str
    names: Mapping[str, str]
    former: tuple[str, ...]


_TABLE = """
01|city|Hà Nội|Hà Tây
04|province|Cao Bằng|
08|province|Tuyên Quang|Hà Giang
11|province|Điện Biên|
12|province|Lai Châu|
14|province|Sơn La|
15|province|Lào Cai|Yên Bái
19|province|Thái Nguyên|Bắc Kạn
20|province|Lạng Sơn|
22|province|Quảng Ninh|
24|province|Bắc Ninh|Bắc Giang
25|province|Phú Thọ|Hòa Bình;Vĩnh Phúc
31|city|Hải Phòng|Hải Dương
33|province|Hưng Yên|Thái Bình
37|province|Ninh Bình|Hà Nam;Nam Định
38|province|Thanh Hóa|
40|province|Nghệ An|
42|province|Hà Tĩnh|
44|province|Quảng Trị|Quảng Bình
46|city|Huế|Thừa Thiên Huế
48|city|Đà Nẵng|Quảng Nam
51|province|Quảng Ngãi|Kon Tum
52|province|Gia Lai|Bình Định
56|province|Khánh Hòa|Ninh Thuận
66|province|Đắk Lắk|Phú Yên
68|province|Lâm Đồng|Bình Thuận;Đắk Nông
75|province|Đồng Nai|Bình Phước
79|city|Hồ Chí Minh|Bình Dương;Bà Rịa – Vũng Tàu
80|province|Tây Ninh|Long An
82|province|Đồng Tháp|Tiền Giang
86|province|Vĩnh Long|Bến Tre;Trà Vinh
91|province|An Giang|Kiên Giang
92|city|Cần Thơ|Sóc Trăng;Hậu Giang
96|province|Cà Mau|Bạc Liêu
"""

_ALIASES = {
    "hcm": "79",
    "hcmc": "79",
    "tphcm": "79",
    "saigon": "79",
    "ho chi minh city": "79",
    "sai gon": "79",
    "thua thien": "46",
    "vung tau": "79",
    "ba ria vung tau": "79",
    "daklak": "66",
    "dac lac": "66",
    "dak nong": "68",
    "dac nong": "68",
    "bac can": "19",
    "hanoi": "01",
    "quy nhon": "52",
}
_EX = re.compile(r"\(\s*(?:ex|former|formerly|cu|truoc day|tinh cu)\.?\s+(.+?)\s*\)")
_KIND = re.compile(r"^(?:tinh|thanh pho|tp|t p|province of|city of)\s+|\s+(?:province|city)$")
_NOT_LETTER = re.compile(r"[\W_]+")


def _read_table() -> dict[str, Province]:
    provinces: dict[str, Province] = {}
    for line in _TABLE.strip().splitlines():
        code, kind, vi, former = line.split("|")
        units = tuple(filter(None, former.split(";")))
        provinces[code] = Province(
            code, slugify(vi), kind, glossary.names("provinces", code), units
        )
    return provinces


PROVINCES: Mapping[str, Province] = _read_table()
"""By code, in the order of the codes."""


def _key(name: str) -> str:
    """Lower-case ASCII words without "tỉnh", "TP." and the like; Ð (U+00D0) counts as Đ."""
    folded = fold(name.replace("\u00d0", "\u0110").replace("\u00f0", "\u0111"))
    words = _NOT_LETTER.sub(" ", folded).strip()
    return _KIND.sub("", words).strip()


def _index() -> tuple[dict[str, str], dict[str, str]]:
    current = {_key(name): p.code for p in PROVINCES.values() for name in p.names.values()}
    current.pop("", None)
    former = {_key(unit): p.code for p in PROVINCES.values() for unit in p.former}
    return current, {**_ALIASES, **former}


_CURRENT, _FORMER = _index()


def find_province(name_or_former: str) -> Province | None:
    """The province meant by a name, a former name, a code or "Thái Nguyên (ex Bắc Kạn)"; or None.

    Diacritics, NFD spelling, Ð for Đ, "tỉnh", "TP." and capitals don't matter. A present name wins
    over a former one.
    """
    text = name_or_former.strip()
    if text in PROVINCES:
        return PROVINCES[text]
    for candidate in (text, text.split("(", 1)[0], former_unit(text) or ""):
        key = _key(candidate)
        code = _CURRENT.get(key) or _FORMER.get(key) or _FORMER.get(key.replace(" ", ""))
        if code:
            return PROVINCES[code]
    return None


def former_unit(text: str) -> str | None:
    """The former unit named in brackets, as written: "Thái Nguyên (ex Bắc Kạn)" → "Bắc Kạn"."""
    found = re.search(r"\(([^)]*)\)", text)
    if not found or not _EX.search(fold(found.group(0))):
        return None
    return re.sub(r"^\s*\S+\s+", "", found.group(1)).strip() or None
