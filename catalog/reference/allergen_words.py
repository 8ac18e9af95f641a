"""Words of ingredient lists that name an allergen: a fixed glossary, and how a text is searched for it."""

from __future__ import annotations

import re
from functools import lru_cache

from catalog.reference.allergens import ALLERGENS
from i18n.text import fold

_BRACKETS = re.compile(r"[(（)）,;、・…]")
_ALSO = {
    "CRU": "tôm cua ghẹ tép ruốc ba khía krill shrimp prawn crab crustacean えび エビ 海老 かに カニ",
    "MOL": "mực hàu sò nghêu oyster squid clam mussel mollusc いか イカ かき 貝",
    "FIS": "cá fish anchovy anchovies gourami snakehead goby tuna 魚",
    "EGG": "trứng egg eggs 卵",
    "MIL": "sữa milk butter cream whey 乳 牛乳",
    "SOY": "đậu nành đậu tương soy soya soybean tofu 大豆",
    "GLU": "lúa mì bột mì wheat gluten barley 小麦",
    "PEA": "đậu phộng lạc peanut peanuts 落花生 ピーナッツ",
    "NUT": "hạt điều điều mắc ca hạnh nhân hạt dẻ cashew cashews macadamia almond chestnut walnut"
    " カシューナッツ 栗",
    "SES": "mè vừng sesame ごま 胡麻",
    "SUL": "sunfit sulphite sulphites sulfite 亜硫酸",
    "CEL": "cần tây celery セロリ",
    "MUS": "mù tạt mustard からし",
    "BN": "yến tổ yến bird's nest ツバメの巣",
}
_TWO_WORDS = re.compile(
    r"ba khía|đậu nành|đậu tương|lúa mì|bột mì|đậu phộng|hạt điều|mắc ca|hạnh nhân|hạt dẻ|cần tây"
    r"|mù tạt|tổ yến|bird's nest"
)
_NOT_MEANT = re.compile(r"chất điều|yến mạch|cá nhân|cà phê sữa đá|nước cốt dừa", re.IGNORECASE)
"""Phrases with the same syllables that name no allergen; they are read over."""

_READ_IN = ("vi", "en", "ja")
"""Languages whose words are looked for; in others single syllables would be found inside other words."""

SULPHITES = frozenset(map(str, range(220, 229)))
"""INS numbers of sulphites."""


@lru_cache(maxsize=256)
def allergen_pattern(codes: tuple[str, ...]) -> re.Pattern[str] | None:
    """Matches every word that names one of these allergens; None when there are no words."""
    words: set[str] = set()
    for code in codes:
        known = _ALSO.get(code, "")
        pairs = _TWO_WORDS.findall(known)
        words |= set(pairs) | set(_TWO_WORDS.sub(" ", known).split())
        for tag in _READ_IN:
            name = ALLERGENS[code].names[tag]
            words |= {part.strip() for part in _BRACKETS.split(name) if part.strip()}
    if not words:
        return None
    ordered = sorted(words, key=len, reverse=True)
    latin = [re.escape(word) for word in ordered if fold(word).isascii()]
    other = [re.escape(word) for word in ordered if not fold(word).isascii()]
    parts = [rf"(?<!\w)(?:{'|'.join(latin)})(?!\w)"] if latin else []
    return re.compile("|".join(parts + other), re.IGNORECASE)


def allergens_named_in(text: str, ins_number: str | None = None) -> tuple[str, ...]:
    """The codes of the allergens a text names by the glossary's words, in order of the glossary.

    It can miss one and it can be wrong ("tinh bột điều chế"): the producer's own statement decides,
    this only asks back.
    """
    plain = _NOT_MEANT.sub(" ", text)
    found = []
    for code in ALLERGENS:
        pattern = allergen_pattern((code,))
        is_sulphite = code == "SUL" and ins_number in SULPHITES
        if is_sulphite or (pattern is not None and pattern.search(plain)):
            found.append(code)
    return tuple(found)
