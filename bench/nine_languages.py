"""Makes the catalogue on which search is measured: 20,000 products named and described in nine languages."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import Engine, bindparam, delete, func, insert, select, update

from bench.data import PRODUCTS, fill, translation_row
from catalog.models import Product, Translation
from catalog.models.product import sort_text
from catalog.search.taxonomy import Node, Place, nodes, places
from core.db import writing
from i18n.locales import LOCALES
from i18n.text import fold

_TRANSLATIONS = PRODUCTS * (len(LOCALES) - 1) * 3
_SENTENCE = {
    "vi": "{name} làm thủ công từ nguyên liệu địa phương ở {place}, phơi nắng và kiểm tra từng mẻ. ",
    "en": "{name} made by hand from local produce of {place}, dried in the sun, checked batch by batch. ",
    "ja": "{place}の原料から手作業で作った{name}。天日で干し、一回ごとに検査しています。",
    "ko": "{place}의 원료로 손으로 만든 {name}. 햇볕에 말리고 매번 검사합니다. ",
    "zh-hans": "{place}本地原料手工制作的{name},自然晒干,逐批检验。",
    "zh-hant": "{place}本地原料手工製作的{name},自然曬乾,逐批檢驗。",
    "fr": "{name} fabriqué à la main avec les produits de {place}, séché au soleil, contrôlé par lot. ",
    "de": "{name} von Hand aus Zutaten aus {place} gemacht, in der Sonne getrocknet und geprüft. ",
    "bn": "{place} অঞ্চলের উপাদান দিয়ে হাতে তৈরি {name}, রোদে শুকানো ও পরীক্ষিত। ",
}
_JOINED = ("ja", "zh-hans", "zh-hant")


def fill_nine_languages(engine: Engine) -> None:
    """Fill a database as `bench.data.fill` does, then name and describe the goods in every language."""
    fill(engine)
    with engine.connect() as connection:
        if connection.scalar(select(func.count()).select_from(Translation)) == _TRANSLATIONS:
            return
    sys.stderr.write("writing names and descriptions in nine languages (a minute or two)\n")
    with writing(engine).begin() as connection:
        connection.execute(delete(Translation))
        connection.execute(
            update(Product)
            .where(Product.id == bindparam("number"))
            .values({name: bindparam(f"own_{name}") for name in _VIETNAMESE}),
            [_vietnamese(number) for number in range(1, PRODUCTS + 1)],
        )
        rows: list[dict[str, Any]] = []
        for number in range(1, PRODUCTS + 1):
            rows += _translations(number)
            if len(rows) > 20_000 or number == PRODUCTS:
                connection.execute(insert(Translation), rows)
                rows = []


def names_of(number: int) -> dict[str, str]:
    """Return the names of a product by locale; a few kinds of goods are frequent, most are rare."""
    return {tag: _name(number, tag) for tag in LOCALES}


def parts_of(number: int, locale: str) -> tuple[str, str, str]:
    """Return what a name is made of: a quality, a kind of goods, a place."""
    chance = random.Random(number)
    kinds, marks = _kinds()
    good = kinds[int(len(kinds) * chance.random() ** 2)]
    mark = chance.choice(marks)
    place = chance.choice(_own_places())
    return _called(mark, locale), _called(good, locale), _called(place, locale)


_VIETNAMESE = ("name", "name_key", "search_fold", "summary", "description", "ingredients")


def _vietnamese(number: int) -> dict[str, Any]:
    name = _name(number, "vi")
    values = (name, sort_text(name), fold(name), *(text_of(number, "vi", n) for n in (1, 4)), name)
    return {"number": number} | {
        f"own_{column}": value for column, value in zip(_VIETNAMESE, values, strict=True)
    }


def _translations(number: int) -> Iterator[dict[str, Any]]:
    for locale in LOCALES[1:]:
        texts = (_name(number, locale), text_of(number, locale, 1), text_of(number, locale, 4))
        for field, text in zip(("name", "summary", "description"), texts, strict=True):
            yield translation_row(number, field, locale, text)


def _name(number: int, locale: str) -> str:
    mark, good, place = parts_of(number, locale)
    words = (good, mark, place) if locale in ("vi", "fr") else (mark, good, place)
    if locale in _JOINED:
        words = (place, mark, good)
    joined = ("" if locale in _JOINED else " ").join(words)
    return f"{joined[:1].upper()}{joined[1:]} {number}"


def text_of(number: int, locale: str, repeats: int) -> str:
    """Return a text about a product in one language, of so many sentences."""
    _, good, place = parts_of(number, locale)
    return _SENTENCE[locale].format(name=good, place=place) * repeats


@cache
def _kinds() -> tuple[list[Node], list[Node]]:
    """Return kinds of goods in an order that is the same in every run, and qualities."""
    found = sorted(nodes().values(), key=lambda node: node.key)
    random.Random(5).shuffle(found)
    return [n for n in found if not n.is_mark and n.parents], [
        n for n in found if n.is_mark and not n.is_wish
    ]


@cache
def _own_places() -> list[Place]:
    return [places()[key] for key in sorted(places())]


def _called(named: Node | Place, locale: str) -> str:
    names = named.names
    found = names.get(locale) or names.get({"zh-hant": "zh-hans"}.get(locale, "en"))
    return (found or names["vi"])[0]
