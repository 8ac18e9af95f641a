"""The order of names in a list, as a reader of each language looks them up.

Neither SQLite nor Babel collates. Vietnamese has the rules of its dictionaries (``text``); European names go by
their plain letters (DIN 5007-1: ä with a); kana by its sounds, whatever its kind, size and voicing; and Han
characters by the tables that were made in such an order: JIS X 0208 by Japanese reading, GB 2312 by pinyin,
Big5 by the number of strokes.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

from i18n.text import vietnamese_sort_key

_HAN_BY = {"ja": "euc_jp", "zh-hans": "gb2312", "zh-hant": "big5"}
_HAN, _RARE = 0xF_0000, 0x10_0000
"""Han characters go to the planes behind all letters, those outside the table behind the others."""

_KATAKANA_TO_HIRAGANA = 0x60
_LATIN_MARKS, _KANA_MARKS = range(0x300, 0x370), (0x3099, 0x309A)
_SMALL = str.maketrans("ぁぃぅぇぉっゃゅょゎ", "あいうえおつやゆよわ")
_ROWS = (
    "あかさたなはまやらわ",
    "いきしちにひみり",
    "うくすつぬふむゆる",
    "えけせてねへめれ",
    "おこそとのほもよろを",
)
_LONG = "ー"
_VOWELS = {sign: row[0] for row in _ROWS for sign in row}
"""What a long mark makes longer: カー stands with かあ."""


def sort_key(text: str, locale: str) -> tuple[Any, ...]:
    """The place of a name in a list for readers of that language; quotation marks and the like do not count."""
    if locale == "vi":
        return vietnamese_sort_key(text)
    parts = unicodedata.normalize("NFD", text.casefold()).translate(_places(locale)).split(_LONG)
    letters = "".join(
        part + _VOWELS.get(part[-1:], "") if number < len(parts) else part
        for number, part in enumerate(parts, start=1)
    )
    return letters.lstrip(), text


class _Places(dict[int, int | None]):
    """Where each letter stands, found out when it is first met; None for a sign that does not count."""

    def __init__(self, table: str) -> None:
        super().__init__({ord("đ"): ord("d"), **dict.fromkeys((*_LATIN_MARKS, *_KANA_MARKS))})
        self.update(_SMALL)
        self._table = table

    def __missing__(self, code: int) -> int | None:
        self[code] = place = self._place(code)
        return place

    def _place(self, code: int) -> int | None:
        kind = unicodedata.category(chr(code))
        if kind[0] in "PSC":
            return None
        if kind[0] == "Z":
            return ord(" ")
        if "ァ" <= chr(code) <= "ヴ":
            return self[code - _KATAKANA_TO_HIRAGANA]
        if not 0x3400 <= code <= 0x9FFF:  # noqa: PLR2004 - the Han characters of everyday names
            return code
        try:
            return _HAN + int.from_bytes(chr(code).encode(self._table), "big")
        except UnicodeEncodeError:
            return _RARE + code


@cache
def _places(locale: str) -> _Places:
    return _Places(_HAN_BY.get(locale, "gb2312"))
