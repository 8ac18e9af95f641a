"""Which Latin words of a page in pseudo were not said through the catalogue and stand in no record either."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, String, select

from catalog.reference import PROVINCES
from i18n.locales import OWN_NAMES
from storefront import ledger_words, live_words
from tests.factories.pseudo import outside

PROFILES = Path(__file__).parents[2] / "feeds" / "partners"
LAW = Path(__file__).parents[2] / "catalog" / "regulation" / "data"
_WORD = re.compile(r"[^\W\d_]{3,}")
_SILENT = frozenset({"script", "style", "svg", "code", "template"})
_SPOKEN_ATTRIBUTES = ("aria-label", "placeholder", "title", "alt")
_ANYWHERE = frozenset(
    [
        "mùa",
        "quê",
        "ocop",
        "vnd",
        "gmt",
        "gtin",
        "gln",
        "sku",
        "vat",
        "csv",
        "xlsx",
        "xliff",
        "xml",
        "pdf",
        "qr",
        "cod",
        "vietqr",
        "otop",
        "iso",
        "hs",
        "kcal",
        "html",
        "utf",
        "jpeg",
        "png",
        "webp",
        "http",
        "https",
        "www",
        "example",
        "sha",
        "sms",
        "excel",
        "misa",
        "kiotviet",
        "sapo",
        "facebook",
        "zalo",
        "line",
        "kakaotalk",
        "kakaostory",
        "wechat",
        "demo",
        "aud",
        "cad",
        "cny",
        "eur",
        "hkd",
        "jpy",
        "krw",
        "sgd",
        "twd",
        "usd",
        "epcis",
        "facefarm",
        "hanbai",
        "waca",
        "haccp",
    ]
)
"""Names and abbreviations that are the same in every language."""


def known_words(connection: Connection) -> frozenset[str]:
    """Every word of every text the database holds, and of names that stand in their own language."""
    tables = MetaData()
    tables.reflect(connection)
    found = set(_ANYWHERE)
    for table in tables.tables.values():
        columns = [column for column in table.c if isinstance(column.type, String)]
        if columns:
            for row in connection.execute(select(*columns)):
                for text in row:
                    found |= {word.lower() for word in _WORD.findall(str(text or ""))}
    same_everywhere = [
        name
        for names in (ledger_words.KINDS, live_words.PLATFORM_NAMES)
        for name in names.values()
        if type(name) is str
    ]
    provinces = [one.names["vi"] for one in PROVINCES.values()]
    for name in [*OWN_NAMES.values(), *provinces, *same_everywhere]:
        found |= {word.lower() for word in _WORD.findall(name)}
    for data in (*PROFILES.glob("*.toml"), *LAW.glob("*.csv")):
        found |= {word.lower() for word in _WORD.findall(data.read_text(encoding="utf-8"))}
    return frozenset(found)


def leftover_words(root: Any, known: frozenset[str]) -> set[str]:
    """Latin words of the page that a visitor reads or hears and that nobody could have translated."""
    page_language = root.get("lang")
    texts = [" ".join(_texts(root.find("{*}body"), page_language))]
    for element in root.iter():
        if isinstance(element.tag, str) and element.get("lang") in (None, page_language):
            texts += [element.get(name) or "" for name in _SPOKEN_ATTRIBUTES]
    return {
        word
        for text in texts
        for word in _WORD.findall(outside(text))
        if word.lower() not in known and re.match(r"[A-Za-zÀ-ỹ]", word)
    }


def _texts(element: Any, page_language: str) -> list[str]:
    """The texts of an element, without what is in another language, drawn or written for machines."""
    if not isinstance(element.tag, str) or element.tag.rpartition("}")[2] in _SILENT:
        return []
    if element.get("lang") not in (None, page_language):
        return [" "]
    if element.text and element.text == (element.get("href") or "").removeprefix("mailto:"):
        return [" "]  # an address that shows itself
    found = [element.text or ""]
    for child in element:
        found += [*_texts(child, page_language), child.tail or ""]
    return found
