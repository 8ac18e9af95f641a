"""Which column is which: our names for the headings of registers and catalogues, in any spelling."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from i18n.text import fold

_ALIASES: Mapping[str, tuple[str, ...]] = {
    "code": ("id", "no", "stt", "ma", "ma so", "ma san pham", "product code", "ma sp"),
    "name": (
        "product name vi",
        "name vi",
        "name",
        "ten san pham",
        "san pham",
        "ten sp",
        "product name",
    ),
    "producer_name": (
        "producer",
        "chu the",
        "ten chu the",
        "chu the ocop",
        "co so san xuat",
        "don vi",
        "ten chu the san xuat",
    ),
    "producer_code": ("ma chu the",),
    "producer_type": ("producer kind", "loai hinh", "loai hinh chu the", "loai chu the"),
    "place": (
        "commune or district as printed",
        "dia chi",
        "xa huyen",
        "dia danh",
        "noi san xuat",
        "huyen",
    ),
    "commune": ("xa", "xa phuong", "phuong xa"),
    "province": ("province 2025", "tinh", "tinh thanh", "tinh thanh pho", "province"),
    "former_province": ("tinh cu", "tinh truoc day"),
    "stars": ("so sao", "hang sao", "xep hang", "hang", "sao", "phan hang"),
    "rating_year": ("nam", "nam danh gia", "nam cong nhan", "nam xep hang"),
    "decision_number": ("so quyet dinh", "quyet dinh so", "so qd", "quyet dinh"),
    "decision_date": ("ngay quyet dinh", "ngay ky", "ngay ban hanh", "ngay qd", "issued on"),
    "issuer": ("co quan ban hanh", "co quan cap", "noi cap"),
    "issuing_level": ("cap", "cap cong nhan"),
    "group_guess": ("nhom", "nhom san pham", "group"),
    "source_site": ("nguon", "source"),
    "source_title": ("tieu de nguon",),
    "source_date": ("ngay dang",),
    "note": ("ghi chu",),
    "subgroup": ("phan nhom", "ma phan nhom", "subgroup code"),
    "net_content": ("khoi luong tinh", "dinh luong", "khoi luong", "quy cach", "net weight"),
    "price_vnd": ("gia", "gia ban", "don gia", "price", "gia vnd"),
    "shelf_life_storage": ("han su dung", "han dung", "bao quan", "shelf life", "hsd"),
    "ingredients": ("thanh phan", "ingredients vi"),
    "allergens": ("di ung", "chat gay di ung"),
    "hs6": ("ma hs", "hs code", "hs"),
    "vat_class": ("thue gtgt", "vat", "thue suat"),
    "gtin": ("ma vach", "barcode", "ean"),
    "sku": ("ma hang",),
    "packshot": (),
    "season": ("mua vu",),
    "summary": ("summary vi", "tom tat"),
    "description": ("description vi", "mo ta"),
    "usage": ("usage vi", "cach dung", "huong dan su dung"),
    "storage_note": ("storage note vi", "huong dan bao quan"),
}
_TRANSLATED = ("name", "summary", "description", "ingredients", "usage", "storage_note")
_LOCALES = ("en", "ja", "ko", "zh-hans", "zh-hant", "fr", "de", "bn")


def _key(heading: str) -> str:
    return re.sub(r"[\W_]+", " ", fold(heading)).strip()


def _index() -> dict[str, str]:
    index = {}
    for name, aliases in _ALIASES.items():
        for alias in (name, *aliases):
            index[_key(alias)] = name
    for field in _TRANSLATED:
        for locale in _LOCALES:
            index[_key(f"{field} {locale}")] = f"{field}_{locale}"
    return index


_INDEX = _index()


def match_columns(headings: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Our names → positions, and the headings we don't know; the first of two equal ones counts."""
    known: dict[str, int] = {}
    unknown: list[str] = []
    for position, heading in enumerate(headings):
        name = _INDEX.get(_key(heading))
        if name is not None and name not in known:
            known[name] = position
        elif heading:
            unknown.append(heading)
    return known, tuple(unknown)


def translation_columns(known: Mapping[str, int]) -> list[tuple[str, str, str]]:
    """(our column, field, locale) of every column that holds a translation."""
    return [
        (f"{field}_{locale}", field, locale)
        for field in _TRANSLATED
        for locale in _LOCALES
        if f"{field}_{locale}" in known
    ]
