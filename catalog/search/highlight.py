"""Knows which parts of a text answer a query, on the text as it is written."""

from collections.abc import Sequence
from unicodedata import normalize

from catalog.search.analysis import bengali_key, exact, ideographs, word_key
from catalog.search.scripts import RUN, Run, fold, prepare, runs

MAX_LENGTH = 2000
"""Longer texts stay as they are: nobody reads marks in a page of text."""


def parts(text: str, query: str) -> list[tuple[str, bool]]:
    """Return a text in pieces that add up to it (in NFC), each with whether it answers the query.

    Words meet without tones where none were typed, and in their inflections; rows of CJK signs meet
    by pairs, in any of their shapes; the last word of a query may be the beginning of one.
    """
    text = normalize("NFC", text)
    asked = runs(query[:200])
    if not asked or len(text) > MAX_LENGTH:
        return [(text, False)]
    marks = [False] * len(text)
    for match in RUN.finditer(text):
        script, start, found = match.lastgroup, match.start(), match.group()
        if script in ("cjk", "ko"):
            rows = [_signs(run.text) for run in asked if run.script == script]
            for at in _answering_signs(_signs(found), rows):
                marks[start + at] = True
        elif any(
            _answers(run, found, is_last=run is asked[-1]) for run in asked if run.script == script
        ):
            marks[start : match.end()] = [True] * len(found)
    return _pieces(text, marks)


def _answers(asked: Run, found: str, *, is_last: bool) -> bool:
    written = prepare(found)
    if asked.script == "bn":
        return bengali_key(asked.text) == bengali_key(written)
    if exact(asked.text) == exact(written):
        return True
    typed, plain = fold(asked.text), fold(written)
    if is_last and len(typed) >= 3 and plain.startswith(typed) and typed != plain:
        return typed == asked.text or written.startswith(asked.text)
    if word_key(typed) != word_key(plain):
        return False
    # With tones typed, the same letters with other tones are another word; an ending is not.
    return typed == asked.text or plain == written or len(typed) != len(plain)


def _signs(row: str) -> list[str]:
    """Return the signs of a row, each in the one shape that all its shapes share."""
    return [ideographs(sign) for sign in row]


def _answering_signs(row: Sequence[str], asked: Sequence[Sequence[str]]) -> set[int]:
    found: set[int] = set()
    for signs in asked:
        if len(signs) == 1:
            found |= {at for at, sign in enumerate(row) if sign == signs[0]}
            continue
        pairs = set(zip(signs, signs[1:], strict=False))
        for at, pair in enumerate(zip(row, row[1:], strict=False)):
            if pair in pairs:
                found |= {at, at + 1}
    return found


def _pieces(text: str, marks: Sequence[bool]) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or marks[at] != marks[start]:
            pieces.append((text[start:at], marks[start]))
            start = at
    return pieces
