"""Vietnamese from before Unicode: TCVN3 (ABC), VNI-Windows and VISCII letters, and how plausible a text is.

The three are not registered with any codec of Python or charset detector, so their tables stand here. In
Word and Excel files the same letters hide behind a font (.VnTime, VNI-Times): the file is Unicode, its text is
not, so `mend` works on text as well as on bytes read as Latin-1.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_VISCII_HIGH = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "ÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
_VISCII = {chr(0x80 + n): letter for n, letter in enumerate(_VISCII_HIGH)}
_VISCII_LOW = {"\x02": "Ẳ", "\x05": "Ẵ", "\x06": "Ẫ", "\x14": "Ỷ", "\x19": "Ỹ", "\x1e": "Ỵ"}
_VISCII |= _VISCII_LOW

_VNI_SINGLE = {"ô": "ơ", "Ô": "Ơ", "ö": "ư", "Ö": "Ư", "ñ": "đ", "Ñ": "Đ", "î": "ỵ", "Î": "Ỵ"} | {
    "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "Í": "Í", "Ì": "Ì", "Æ": "Ỉ", "Ó": "Ĩ", "Ò": "Ị"
}  # fmt: skip
_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_ROUND = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_SHORT = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}

_ONSET = "ngh|ng|nh|gh|kh|ph|th|tr|ch|[bcdđghklmnpqrstvx]"
_NUCLEUS = (
    "uyê|uyu|uya|iêu|yêu|uôi|ươi|ươu|oai|oay|oao|oeo|uây|uơi|iêu|uâ|uê|uơ|uy|uô|ươ|iê|yê|ia|ua|ưa|ya|"
    "oa|oă|oe|oo|ai|ao|au|ay|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|uu|ue|[aăâeêioôơuưy]"
)
_SYLLABLE = re.compile(
    rf"(?:(?:{_ONSET})?|gi|qu)(?:(?:{_NUCLEUS})|i)(?:ch|ng|nh|[cmnpt])?", re.IGNORECASE
)
_LETTER = r"[^\W\d_\u00b2\u00b3\u00b9\u00bc-\u00be]"
_WORD = re.compile(rf"{_LETTER}+")
_MARKS = "\u0300\u0301\u0303\u0309\u0323"
_TELLTALE = re.compile(r"[\u00a1-\u00ff]")
_UNICODE = re.compile(r"[ăđĩũơưĂĐĨŨƠƯ\u1ea0-\u1ef9]")
_LEAST_WORDS = 4
_SIGN = r"[\u00a1-\u00af\u00b1-\u00bf\u00d7\u00f7]"
_STRANGE = re.compile(rf"(?<={_LETTER}){_SIGN}|{_SIGN}(?={_LETTER})|[\u0080-\u009f\ufffd]")
"""Signs inside words, where old letters show; ½, ± and × stand alone in a weight, and ° in 15°C."""


@cache
def _vni() -> dict[str, str]:
    """Every pair of letters of VNI-Windows and every single one, in both cases."""
    pairs: dict[str, str] = {}
    for base in "aeouyôö":
        bare = _VNI_SINGLE.get(base, base)
        for mark, tone in _TONES.items():
            pairs[base + mark] = bare + tone
    for base in "aeo":
        for mark, tone in _ROUND.items():
            pairs[base + mark] = base + "\u0302" + tone
    for mark, tone in _SHORT.items():
        pairs["a" + mark] = "a\u0306" + tone
    for pair, letters in list(pairs.items()):
        pairs[pair.upper()] = letters.upper()
        pairs[pair[0].upper() + pair[1]] = letters.upper()
    made = {pair: unicodedata.normalize("NFC", letters) for pair, letters in pairs.items()}
    return made | _VNI_SINGLE


@cache
def _vni_pattern() -> re.Pattern[str]:
    keys = sorted(_vni(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, keys)))


def from_tcvn3(text: str) -> str:
    """TCVN3 letters as Unicode; words typed in a capital font (.VnTimeH) get their capitals back."""
    table = str.maketrans(_TCVN3)
    return re.sub(r"[^\s,.;:()\"/-]+", lambda w: _capitals(w.group().translate(table)), text)


def _capitals(word: str) -> str:
    """ "TỉNH" was typed with a capital font: lower case only where the plain code has no capital."""
    plain = [c for c in word if c.isascii() and c.isalpha()]
    if not plain or not all(c.isupper() for c in plain) or word.isupper():
        return word
    marked = [c for c in word if c.islower()]
    if len(plain) == 1 and word[0] != plain[0] and not word[0].islower():
        return word  # "Đô" and "Tô" are ordinary words with one capital
    if len(plain) == 1 and word[0] == plain[0]:
        return word
    return word.upper() if marked else word


def from_vni(text: str) -> str:
    """VNI-Windows letters as Unicode."""
    table = _vni()
    return _vni_pattern().sub(lambda found: table[found.group()], text)


def from_viscii(text: str) -> str:
    """VISCII letters as Unicode."""
    return text.translate({ord(code): letter for code, letter in _VISCII.items()})


def from_double_utf8(text: str) -> str:
    """Text whose UTF-8 bytes somebody read as Windows-1252 ("Táº¡i"); unchanged when it is not that."""
    for codec in ("cp1252", "latin-1"):
        try:
            return text.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
    return text


READINGS = {
    "tcvn3": from_tcvn3,
    "vni": from_vni,
    "viscii": from_viscii,
    "utf-8 read twice": from_double_utf8,
}


def is_syllable(word: str) -> bool:
    """Whether a word has the build of a Vietnamese syllable."""
    bare = "".join(
        c for c in unicodedata.normalize("NFD", word.lower().replace("ð", "đ")) if c not in _MARKS
    )
    return _SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)) is not None


def plausibility(text: str) -> float:
    """How Vietnamese the words with marks are: +1 for each that can be one, -2 for each that can't.

    Measured over the words that hold a letter outside ASCII; 0 when there is none.
    """
    good = bad = 0
    for word in _WORD.findall(unicodedata.normalize("NFC", text[:200_000])):
        if word.isascii():
            continue
        if is_syllable(word):
            good += 1
        else:
            bad += 1
    strange = len(_STRANGE.findall(text[:200_000]))
    total = good + bad
    return 0.0 if not total and not strange else (good - 2 * bad - strange) / max(total, 1)


def is_unicode(text: str) -> bool:
    """Whether the text holds letters that only Unicode (or a Vietnamese code page) has."""
    return _UNICODE.search(unicodedata.normalize("NFC", text)) is not None


def find_reading(texts: Iterable[str]) -> str:
    """The old letters all these texts together seem to be typed in; "" for none.

    One word proves nothing ("40°"), so the texts of a whole table are weighed together, and a reading must turn
    several of their words into others ("½ kg" is no word).
    """
    suspects = [t for t in texts if _TELLTALE.search(t) and not is_unicode(t)]
    joined = "\n".join(suspects)[:100_000]
    typed = set(_WORD.findall(joined))
    if len(typed) < _LEAST_WORDS:
        return ""
    best, name = plausibility(joined), ""
    for label, read in READINGS.items():
        reading = "\n".join(map(read, suspects))[:100_000] if label[0] == "u" else read(joined)
        changed = {word for word in _WORD.findall(reading) if len(word) > 1} - typed
        score = plausibility(reading) if len(changed) >= _LEAST_WORDS else -9.0
        if score > best + 0.3 and score > 0.5:
            best, name = score, label
    return name


def mend(text: str, reading: str) -> str:
    """The text in Unicode, read as what `find_reading` found; a text that is Unicode stays as it is."""
    if is_unicode(text) or not (_TELLTALE.search(text) or reading == "tcvn3"):
        return text
    found = unicodedata.normalize("NFC", READINGS[reading](text))
    return found if plausibility(found) >= plausibility(text) else text
