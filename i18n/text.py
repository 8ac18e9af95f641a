"""Written Vietnamese (and others) made comparable: one spelling, no marks, an address part, a sort order."""

import re
import unicodedata
from functools import lru_cache

_STROKED = str.maketrans({"đ": "d", "Đ": "d", "ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe"})
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_ALPHABET = {
    letter: rank
    for rank, letter in enumerate(
        ["a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "f", "g", "h", "i", "j", "k", "l", "m"]
        + ["n", "o", "ô", "ơ", "p", "q", "r", "s", "t", "u", "ư", "v", "w", "x", "y", "z"],
        start=100,
    )
}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
"""Level tone first, then huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries."""


def nfc(text: str) -> str:
    """The text with every letter as one code point where there is one (Excel and macOS send several)."""
    return unicodedata.normalize("NFC", text)


def typed(text: str) -> str:
    """A text from a form as it is kept: NFC, lines ended alike, no blanks around it."""
    return nfc(text.replace("\r\n", "\n").strip())


def fold(text: str) -> str:
    """Lower case without tone and vowel marks, đ as d, widths and compatibility forms unified.

    Only marks on Latin letters go: the voicing marks of Japanese kana change the sound and stay.
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFC", text).casefold().translate(_UNMARKED)
    if plain.isascii():  # Vietnamese and its like: by one table, ten times as fast
        return plain
    return fold_by_marks(text)


def fold_by_marks(text: str) -> str:
    """Do what `fold` does for any script, letter by letter and mark by mark."""
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    kept: list[str] = []
    base = ""
    for char in decomposed:
        if not unicodedata.combining(char):
            base = char
            kept.append(char)
        elif not ("a" <= base <= "z" or base in "đø"):
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_STROKED)


_LATIN = [*range(0xA0, 0x250), *range(0x1E00, 0x1F00)]
_UNMARKED = {
    code: plain
    for code in _LATIN
    if chr(code).casefold() == chr(code) and (plain := fold_by_marks(chr(code))).isascii()
}
"""Small letters that need no look at their neighbours."""


def slugify(text: str, *, longest: int = 80) -> str:
    """An address part of ASCII letters, digits and single hyphens; "" when nothing can be kept."""
    folded = fold(text).replace("°", " ")  # else "40°N" reads "40degn"
    if not folded.isascii():
        from anyascii import anyascii

        folded = anyascii(folded).lower()
    words = _NOT_WORD.sub("-", folded).strip("-")
    if len(words) <= longest:
        return words
    cut = words[: longest + 1].rsplit("-", 1)[0]
    return cut[:longest].strip("-")


def vietnamese_sort_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...], str]:
    """The order of a Vietnamese dictionary: letters (a ă â … đ …) first, tones only between equals.

    Neither SQLite nor Babel collates Vietnamese.
    """
    letters: list[int] = []
    tones: list[int] = []
    for char in nfc(text).casefold():
        rank, tone = _rank(char)
        if rank:
            letters.append(rank)
            tones.append(tone)
    return tuple(letters), tuple(tones), text


@lru_cache(maxsize=4_096)
def _rank(char: str) -> tuple[int, int]:
    """(place in the alphabet, tone) of one small letter; (0, …) for a mark without a letter."""
    tone = 0
    rest = ""
    for part in unicodedata.normalize("NFD", char):
        if part in _TONES:
            tone = _TONES[part]
        else:
            rest += part
    base = unicodedata.normalize("NFC", rest)
    if not base:
        return 0, tone
    known = _ALPHABET.get(base)
    if known is not None:
        return known, tone
    if base.isspace() or not base.isalnum():
        return 1, tone
    return (10 + ord(base[0]) if base.isdigit() else 1000 + ord(base[0])), tone
