"""What kind of maker a name tells of, and two spellings of one maker as one key."""

from __future__ import annotations

import re
from functools import lru_cache

from catalog.importing.parsing.text import clean, fold

_KINDS = (
    ("company", r"cong ty|c\.?ty\b|cty|ctcp|ct tnhh|ct cp|doanh nghiep|dntn|tap doan|\btnhh\b|chi nhanh|xi nghiep|nha may|company|co\.,? ?ltd|jsc|corporation|enterprise"),
    ("cooperative_group", r"to hop tac|\btht\b|to hop san xuat|nhom ho|cooperative group|to san xuat"),
    ("HTX", r"hop tac xa|htx|h\.t\.x|lien hiep htx|cooperative"),
    ("household", r"\bho kinh doanh|\bhkd\b|\bho\b|gia dinh|household|ho gia dinh|ho ca the|h\.k\.d"),
    ("facility", r"co so|\bcssx\b|\bcs\b|\bcskd\b|^xuong\b|xuong san xuat|^lo\b|^trai\b|trang trai|nong trai|facility|nha vuon|^lang nghe"),
)  # fmt: skip
_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)
_STATED = {
    "company": ("company", "enterprise", "doanh nghiep", "cong ty", "cty", "dn", "cong ty tnhh", "cong ty cp", "cong ty co phan"),
    "HTX": ("htx", "hop tac xa", "cooperative", "lien hiep htx", "co op"),
    "cooperative_group": ("cooperative group", "to hop tac", "tht", "to hop"),
    "household": ("household", "ho kinh doanh", "ho san xuat", "hkd", "ho gia dinh", "ho", "ho sxkd", "ho kd", "ho ca the", "ho san xuat kinh doanh"),
    "facility": ("facility", "co so", "co so san xuat", "cssx"),
    "farm": ("farm", "trang trai"),
    "board": ("board", "ban quan ly"),
    "unknown": ("unknown", "khac", "chua ro"),
}  # fmt: skip
_STATED_INDEX = {word: kind for kind, words in _STATED.items() for word in words}
STORED_KINDS = {
    "company": "enterprise", "HTX": "cooperative", "cooperative_group": "cooperative_group", "household": "household",
    "facility": "facility", "farm": "farm", "board": "board", "unknown": "unknown",
}  # fmt: skip
_LONG = (
    ("trach nhiem huu han", "tnhh"), ("cong ty co phan", "ctcp"), ("cong ty cp", "ctcp"), ("mot thanh vien", "mtv"),
    ("hop tac xa", "htx"), ("to hop tac", "tht"), ("ho kinh doanh", "hkd"), ("ho sxkd", "hkd"), ("ho kd", "hkd"), ("co so san xuat", "cssx"),
    ("cong ty", "cty"), ("thuong mai", "tm"), ("dich vu", "dv"), ("san xuat", "sx"), ("nong nghiep", "nn"),
    ("xuat nhap khau", "xnk"), ("kinh doanh", "kd"), ("va", ""), ("tmdv", "tm dv"), ("dvnn", "dv nn"), ("sxkd", "sx kd"), ("sxtm", "sx tm"),
)  # fmt: skip
_SHORTER = tuple((re.compile(rf"\b{long}\b"), short) for long, short in _LONG)


@lru_cache(maxsize=65_536)
def maker_kind(name: str, stated: str = "") -> str:
    """company, HTX, cooperative_group, household, facility, farm, board or unknown.

    What a column of its own states counts before what the name tells.
    """
    kind = stated_kind(stated)
    if kind and kind != "unknown":
        return kind
    said = fold(clean(name))
    found = [
        (match.start(), kind) for kind, pattern in _PATTERNS if (match := pattern.search(said))
    ]
    return min(found)[1] if found else kind or "unknown"


def stated_kind(text: str) -> str:
    """The kind a cell of the column "loại hình" states; "" when it is not one we know."""
    return _STATED_INDEX.get(re.sub(r"[\W_]+", " ", fold(text)).strip(), "") if text else ""


@lru_cache(maxsize=65_536)
def maker_key(name: str) -> str:
    """One key for "HTX Sông Đầm" and "Hợp tác xã (HTX) Sông Đầm"; marks count, forms of a company don't."""
    said = re.sub(r"\((?:htx|tht|hkd)\)", " ", fold(clean(name)))
    said = re.sub(r"[\W_]+", " ", said)
    for pattern, short in _SHORTER:
        said = pattern.sub(short, said)
    return " ".join(said.split())
