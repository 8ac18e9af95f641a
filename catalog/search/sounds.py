"""Knows how Vietnamese names sound where they are written in Hangul, kana or Bengali signs.

Nobody writes such a name in one way only ("넴쭈어", "넴 추어"), so both the Vietnamese name and what was
typed are brought to a coarse key: classes of consonants, five vowels, no tones and no length.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import islice, product

from catalog.search.scripts import Script, fold

LEAST_KEY = 5
"""Shorter keys would meet ordinary words."""
MOST_KEYS = 96

_ONSETS: dict[Script, dict[str, tuple[str, ...]]] = {
    "ko": {"gi": ("c", ""), "d": ("c", ""), "v": ("p", ""), "ph": ("p",), "kh": ("k", "h")},
    "cjk": {"gi": ("c", "s"), "d": ("c", "s", ""), "v": ("p",), "ph": ("h",), "kh": ("k", "h")},
    "bn": {"gi": ("c", "ci"), "d": ("c", "t", "i"), "v": ("p",), "ph": ("p",), "kh": ("k",)},
}
_SAME_ONSETS = {
    "ngh": "n", "ng": "n", "nh": "n", "gh": "k", "g": "k", "c": "k", "k": "k", "q": "k",
    "ch": "c", "tr": "c", "r": "l", "đ": "t", "t": "t", "th": "t", "s": "s", "x": "s",
    "b": "p", "p": "p", "h": "h", "l": "l", "m": "m", "n": "n",
}  # fmt: skip
_SYLLABLE = re.compile(
    r"(?P<onset>ngh|ng|nh|gh|gi(?=[aeiou])|kh|ph|th|ch|tr|[bcdđghklmnpqrstvx])?"
    r"(?P<vowels>[aeiouy]+)(?P<coda>ng|nh|ch|c|k|m|n|p|t)?"
)
_CODAS = {"ng": "n", "nh": "n", "n": "n", "ch": "k", "c": "k", "k": "k", "m": "m"}
_MARKED_VOWELS = str.maketrans({"â": "a", "ă": "a", "ơ": "a", "ê": "e", "ô": "o", "ư": "u"})

_HANGUL_INITIALS = "k k n t t l m p p s s - c c c k t p h"
_HANGUL_MEDIALS = "a e a e a e a e o oa oe oe o u ua ue ui u u ui i"
_HANGUL_FINALS = "- k k k n n n t l k m l l l p l m p p t t n c c k t p h"
_KANA_SOUNDS = """
    あ a か ka が ka さ sa ざ ca た ta だ ta な na は ha ば pa ぱ pa ま ma や ia ら la わ oa
    い i き ki ぎ ki し si じ ci ち ci ぢ ci に ni ひ hi び pi ぴ pi み mi り li
    う u く ku ぐ ku す su ず cu つ tu づ cu ぬ nu ふ hu ぶ pu ぷ pu む mu ゆ iu る lu ゔ pu
    え e け ke げ ke せ se ぜ ce て te で te ね ne へ he べ pe ぺ pe め me れ le
    お o こ ko ご ko そ so ぞ co と to ど to の no ほ ho ぼ po ぽ po も mo よ io ろ lo を o
    ぁ a ぃ i ぅ u ぇ e ぉ o ゃ a ゅ u ょ o ん n
"""
_KANA = dict(re.findall(r"(\S) (\S+)", _KANA_SOUNDS))
_SMALL = frozenset("ぁぃぅぇぉゃゅょ")
_BENGALI = {
    **dict.fromkeys("কখগঘ", "k"), **dict.fromkeys("চছজঝয", "c"),
    **dict.fromkeys("টঠডঢতথদধ", "t"), **dict.fromkeys("পফবভ", "p"),
    **dict.fromkeys("সশষ", "s"), **dict.fromkeys("নণঙঞং", "n"), **dict.fromkeys("রল", "l"),
    "ম": "m", "হ": "h", **dict.fromkeys("আা", "a"), **dict.fromkeys("ইঈিীএেঐৈ", "i"),
    **dict.fromkeys("উঊুূ", "u"), **dict.fromkeys("ওোঔৌ", "o"),
}  # fmt: skip


@lru_cache(maxsize=512)
def heard_key(script: Script, row: str) -> str:
    """Return the key of a row of Hangul, kana or Bengali signs; empty where it has others."""
    if script == "ko":
        return _plain(_of_hangul(row))
    if script == "cjk":
        return _plain(_of_kana(row))
    return _plain("".join(_BENGALI.get(sign, "") for sign in row.replace("য়", "")))


def _of_hangul(row: str) -> str:
    found = ""
    initials, medials = _HANGUL_INITIALS.split(), _HANGUL_MEDIALS.split()
    finals = _HANGUL_FINALS.split()
    for sign in unicodedata.normalize("NFC", row):
        number = ord(sign) - 0xAC00
        if not 0 <= number < 11172:
            return ""
        initial, rest = divmod(number, 588)
        medial, final = divmod(rest, 28)
        found += initials[initial] + medials[medial] + finals[final]
    return found.replace("-", "")


def _of_kana(row: str) -> str:
    """Read hiragana without long-vowel signs; a small tsu closes the syllable before it."""
    found = ""
    for at, sign in enumerate(row):
        if sign == "っ":
            continue
        own = _KANA.get(sign)
        if own is None:
            return ""
        if sign in _SMALL and len(found) > 1:
            found = found[:-1]
        elif at and row[at - 1] == "っ":
            own = own[0]  # フーコック: the vowel only carries the consonant
        found += own
    return found


def spoken_keys(script: Script, name: str) -> frozenset[str]:
    """Return the keys under which a Vietnamese name may be heard in a script."""
    spelled = []
    for word in unicodedata.normalize("NFC", name.lower()).replace("-", " ").split():
        heard = _syllable_keys(script, word)
        if not heard:
            return frozenset()
        spelled.append(heard)
    return frozenset(_plain("".join(parts)) for parts in islice(product(*spelled), MOST_KEYS))


@lru_cache(maxsize=4096)
def _syllable_keys(script: Script, word: str) -> list[str]:
    plain = "đ" + fold(word[1:]) if word.startswith("đ") else fold(word)
    found = _SYLLABLE.fullmatch(plain)
    if found is None:
        return []
    onset, vowels, coda = (found[part] or "" for part in ("onset", "vowels", "coda"))
    bases = unicodedata.normalize("NFD", word)
    if "o\u031b" in bases:  # ơ and ươ sound like a, not like o
        vowels = vowels.replace("o", "a")
    vowels = vowels.replace("y", "i")
    if script == "bn":
        vowels = vowels.replace("e", "i")
    rimes = [vowels]
    if coda and vowels in ("ua", "uo", "ia", "ie"):  # a diphthong is often written as one vowel
        rimes += list(vowels)
    onsets = _ONSETS[script].get(onset) or (_SAME_ONSETS.get(onset, ""),)
    if onset == "tr" and script == "bn":
        onsets = ("c", "tl")
    if onset in ("ng", "ngh"):
        onsets = ("", "n", "k")
    end = _CODAS.get(coda, coda)
    ends: tuple[str, ...] = (end, "n", "mu") if end == "m" and script == "cjk" else (end,)
    if end in ("k", "t", "p") and script == "cjk":
        ends = (end, end + ("o" if end == "t" else "u"), "")
    if coda in ("nh", "ch"):  # anh is heard as ain, too
        ends = (end, "i" + end)
    return [start + rime + last for start in onsets for rime in rimes for last in ends]


def forget_syllables() -> None:
    """Free what was kept while many names were spelled."""
    _syllable_keys.cache_clear()


def _plain(key: str) -> str:
    """Return a key with each sound once where it is heard twice."""
    return re.sub(r"(.)\1+", r"\1", key)
