"""Cleaning a cell as people send it: spaces, invisible signs, markup, formulas, error values, ditto marks."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

from i18n import text as letters

_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f]"
)
_ERROR_VALUES = frozenset(
    [
        "#n/a",
        "#n/a!",
        "#ref!",
        "#value!",
        "#name?",
        "#div/0!",
        "#null!",
        "#num!",
        "#getting_data",
        "#spill!",
        "#calc!",
        "#####",
    ]
)
_TAG = re.compile(
    r"<\s*(script|style)\b.*?(?:<\s*/\s*\1\s*>|$)|<!--.*?-->|<\s*/?\s*[a-z][^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
_ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)
_FORMULA = re.compile(
    r"^\s*(?:=\s*[^\s=]|[+\-@]\s*(?:[A-Za-z_.]+\s*\(|cmd\b|[A-Z]{1,3}\$?\d+\b))", re.IGNORECASE
)
_DITTO = frozenset(
    ["nt", "n.t", "n.t.", "nt.", "như trên", "nhu tren", "như dòng trên", "như hàng trên", '"', "''", "“", "”"]
    + ["〃", "″", "“”", '""', "//", "-//-", "-nt-", "(nt)", "- nt -", "–nt–", "-\"-", "- \" -", "ditto", "do.", "as above"]
    + ["idem", "id.", "↑", "như trên.", "〞", "‟", "„", "__\"__", "-''-"]
)  # fmt: skip
_DITTO_SIGNS = re.compile(r"[-–—_./\s]*(?:(?:[\"”“″〃〞„‟]|''|’’|nt)[-–—_./\s]*)+")
_DITTO_LETTERS = "nNdDiIaA"
"""What those begin with that begin with a letter."""
_LONGEST_DITTO = 40
"""A longer cell that begins with a letter or digit says something itself."""
_QUOTED = re.compile(r"=\s*\"([^\"=+@]*)\"")
_NOTHING = frozenset(
    ["-", "–", "—", "--", "---", "...", "…", ".", "_", "/", "n/a", "na", "null", "none", "nil"]
)
_NONE_WORDS = frozenset(
    ["khong co", "chua co", "khong ro", "chua ro", "chua cap nhat", "dang cap nhat", "trong"]
)


@lru_cache(maxsize=65_536)
def _folded(text: str) -> str:
    return letters.fold(text)


def fold(text: str) -> str:
    """What `i18n.text.fold` says, remembered: a file repeats its makers, places and headings."""
    if text.isascii():
        return text.lower()
    return _folded(text) if len(text) < 200 else letters.fold(text)


@lru_cache(maxsize=65_536)
def clean(text: str) -> str:
    """NFC with single blanks, Đ as U+0110, nothing invisible, no guard apostrophe before a formula."""
    text = unicodedata.normalize("NFC", text)
    text = text.replace("\u00d0", "\u0110").replace("\u00f0", "\u0111").replace("\u0189", "\u0110")
    text = " ".join(_INVISIBLE.sub("", text).split())
    return text[1:].strip() if text[:1] == "'" and len(text) > 1 and text.count("'") == 1 else text


def bare_text(text: str) -> str:
    """The text a formula only quotes, as exports write codes ( ="8936003721760" ); other cells as they are."""
    found = _QUOTED.fullmatch(text.strip())
    return found.group(1) if found else text


def is_error_value(text: str) -> bool:
    """Whether a spreadsheet wrote this instead of a value: #N/A, #REF! …"""
    return text.strip().lower() in _ERROR_VALUES or re.fullmatch(r"#{4,}", text.strip()) is not None


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would compute this text instead of showing it."""
    return _FORMULA.match(text) is not None and not re.fullmatch(r"[=\-\s]+", text)


def strip_markup(text: str) -> tuple[str, bool]:
    """The text without HTML, and whether there was any; an entity alone is only written out."""
    bare = _TAG.sub(" ", text)
    had = bare != text
    if _ENTITY.search(bare):
        bare = html.unescape(bare)
        again = _TAG.sub(" ", bare)
        had = had or again != bare
        bare = again
    return " ".join(bare.split()) if had or bare != text else text, had


def is_ditto(text: str) -> bool:
    """Whether the cell says "the same as above": nt, -nt-, như trên, " …"""
    first = text[:1]
    if first.isalnum() and (len(text) > _LONGEST_DITTO or first not in _DITTO_LETTERS):
        return False
    said = " ".join(text.lower().split())
    return said in _DITTO or _DITTO_SIGNS.fullmatch(said) is not None


def is_nothing(text: str) -> bool:
    """Whether the cell says that there is nothing: a dash, dots, "chưa có"."""
    said = text.strip().lower()
    return said in _NOTHING or (len(said) < 20 and fold(said) in _NONE_WORDS)


def ascii_digits(text: str) -> str:
    """The text with digits of other scripts (৩, ٣, ３) as 0-9."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.digit(c)) if not c.isascii() and c.isdigit() and c not in "²³¹" else c
        for c in text
    )


def lacks_marks(text: str) -> bool:
    """Whether this is Vietnamese typed without any marks ("Nuoc mam Phu Quoc").

    Foreign names have none either, so every word must be a Vietnamese syllable and at least half of them, and two,
    be syllables that hardly stand without a mark; in a longer name of nothing but syllables two
    of them are enough, and a bare syllable that ends in a stop counts too.
    """
    from catalog.importing.legacy import is_syllable

    words = re.findall(r"[^\W\d_]+", text)
    if len(words) < 2 or not text.isascii():
        return False
    lower = [word.lower() for word in words]
    bare = sum(word in _ALWAYS_MARKED for word in lower)
    stripped = {word for word in lower if not is_syllable(word) and is_syllable(_with_hooks(word))}
    built = sum(is_syllable(word) or word in stripped for word in lower)
    known = [w for w in lower if is_syllable(w) or w in stripped or w in _ALWAYS_MARKED]
    sure = [w for w in known if w in _ALWAYS_MARKED or w in stripped or _STOPPED.search(w)]
    if len(known) == len(words) >= _LONG_NAME and len(sure) >= 2:
        return True
    if len(known) == len(words) and any(not is_syllable(w) for w in known):
        return True
    return bare >= 2 and bare * 2 >= len(words) and built * 4 >= len(words) * 3


def _with_hooks(word: str) -> str:
    """The word with ươ, iê and yê, which never stand as uo, ie and ye."""
    return word.replace("uo", "ươ").replace("ie", "iê").replace("ye", "yê")


_LONG_NAME = 4
_STOPPED = re.compile(r"[aeiouy](?:c|ch|p|t)$")
"""Such a syllable always carries a tone mark."""


_ALWAYS_MARKED = frozenset(
    re.findall(
        r"\w+",
        """
        ap bac banh bien binh bot bun buoi ca cha chat che chien chua coc cong dac dao dau den deo
        dich dieu doanh dua duoc duong ga gao gio gion gung hanh hap hat ho hong hop huu huyen keo
        kho khom kinh lanh lap le lieu lon luc luoc lut mam mat mia mien moc muc muoi mut nep ngai
        nghe ngot ngu nguyen nhi nui nuoc nuong oc oi ong ot pho phong phuong quyt rong ruong ruou
        say song sua suon tac tau thi thit thon thong thuong tieu toi tom tra trai tran truyen
        tuoi ty vai vang vit vuon xoai xuat yen
        """,
    )
)
"""Words of names that hardly stand without a mark; sen, xanh, rau, cua and the like do."""
