"""Knows what Vietnamese word was meant by keys typed while the input method was off."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from catalog.search.scripts import fold

_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_TONES |= {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_SYLLABLE = re.compile(
    "(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnpqrstvx])?"
    "[aăâeêioôơuưy]{1,3}(?:ng|nh|ch|[ckmnpt])?"
)
_ENDING = re.compile("(?:ng|nh|ch|[ckmnpt])$")


@lru_cache(maxsize=4096)
def decode(word: str) -> str | None:
    """Return the word that Telex or VNI keys spell (``nuowcs``, ``nu7o7c1``), or None.

    Only a word that is a Vietnamese syllable and owes a mark to its keys counts.
    """
    if not word.isascii() or not 2 <= len(word) <= 10:
        return None
    letters: list[str] = []
    tone = ""
    marked = False
    for at, key in enumerate(word):
        changed = _modified(letters, key) if letters else None
        if changed is not None:
            letters, marked = changed, True
        elif at and key in _TONES and _has_vowel(letters):
            tone, marked = _TONES[key], True
        elif key.isalpha() and key not in "wzjf":
            letters.append(key)
        else:
            return None
    plain = "".join(letters)
    if not marked or not _SYLLABLE.fullmatch(plain):
        return None
    return _toned(plain, tone)


def decode_all(words: Sequence[str]) -> dict[str, str]:
    """Return what each word of a text was meant to be; words that spell nothing are left out."""
    found = {word: decode(word) for word in words}
    return {word: meant for word, meant in found.items() if meant is not None}


def _has_vowel(letters: list[str]) -> bool:
    return any(fold(letter) in "aeiouy" for letter in letters)


def _modified(letters: list[str], key: str) -> list[str] | None:
    """Return the letters with a hat, horn, breve or bar, or None where the key is only a letter."""
    text = "".join(letters)
    if key in "d9" and letters[0] == "d":
        return ["đ", *letters[1:]]
    if key in "w7":
        for plain, horned in (("uo", "ươ"), ("o", "ơ"), ("u", "ư")):
            if plain in text:
                return list(text.replace(plain, horned, 1))
    if key in "w8" and "a" in text:
        return list(text.replace("a", "ă", 1))
    if key in "aeo" and key in letters:
        return list(text.replace(key, {"a": "â", "e": "ê", "o": "ô"}[key], 1))
    if key == "6":
        for plain, hatted in (("a", "â"), ("e", "ê"), ("o", "ô")):
            if plain in text:
                return list(text.replace(plain, hatted, 1))
    return None


def _toned(plain: str, tone: str) -> str:
    if not tone:
        return plain
    all_vowels = [i for i, c in enumerate(plain) if fold(c) in "aeiouy"]
    # The second letter of "qu" and "gi" belongs to the consonant where a vowel follows.
    vowels = all_vowels
    if plain[:2] in ("qu", "gi") and len(all_vowels) > 1:
        vowels = all_vowels[1:]
    special = [i for i in vowels if plain[i] in "ăâêôơ"] or [i for i in vowels if plain[i] == "ư"]
    if special:
        place = special[-1]
    elif len(vowels) >= 2 and (_ENDING.search(plain) or len(vowels) == 3):
        place = vowels[1]
    else:
        place = vowels[0]
    return unicodedata.normalize("NFC", plain[: place + 1] + tone + plain[place + 1 :])
