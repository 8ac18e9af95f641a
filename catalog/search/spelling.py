"""Knows the spelling by which a name is found letter by letter while somebody types."""

from collections.abc import Iterator
from unicodedata import normalize

from catalog.search.analysis import exact, ideographs
from catalog.search.scripts import fold, runs

_INITIALS = "ᄀ ᄁ ᄀᄉ ᄂ ᄂᄌ ᄂᄒ ᄃ ᄅ ᄅᄀ ᄅᄆ ᄅᄇ ᄅᄉ ᄅᄐ ᄅᄑ ᄅᄒ ᄆ ᄇ ᄇᄉ ᄉ ᄊ ᄋ ᄌ ᄎ ᄏ ᄐ ᄑ ᄒ"
_FINALS = {0x11A8 + number: own for number, own in enumerate(_INITIALS.split())}
"""While 커피 is typed it is 컾 for a moment: a final consonant is written as the initial it becomes."""


def spelled(text: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the spelling of a text without marks, then that with marks if it is another one.

    With each come the places, in UTF-8, where a later word, sign or syllable begins.
    """
    plain = _line(text, marked=False)
    yield plain
    marked = _line(text, marked=True)
    if marked[0] != plain[0]:
        yield marked


def _line(text: str, *, marked: bool) -> tuple[str, tuple[int, ...]]:
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for run in runs(text):
        if run.script == "word":
            parts = [exact(run.text) if marked else fold(run.text)]
        elif run.script == "cjk":
            parts = list(ideographs(run.text))
        elif run.script == "ko":
            parts = [normalize("NFD", sign).translate(_FINALS) for sign in run.text]
        else:
            parts = [run.text]
        for part in parts:
            places.append(at)
            at += len(part.encode())
        pieces.append("".join(parts))
        at += 1
    return " ".join(pieces), tuple(places[1:])
