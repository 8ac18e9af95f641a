"""An ingredient list cut into pieces, so that a page can set the allergens in bold."""

from __future__ import annotations

import re
from functools import lru_cache

from catalog.reference import ALLERGENS
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
    "NUT": "hạt điều điều mắc ca hạnh nhân hạt dẻ cashew cashews macadamia almond chestnut walnut カシューナッツ 栗",
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


@lru_cache(maxsize=256)
def _pattern(codes: tuple[str, ...]) -> re.Pattern[str] | None:
    words: set[str] = set()
    for code in codes:
        known = _ALSO.get(code, "")
        pairs = _TWO_WORDS.findall(known)
        words |= set(pairs) | set(_TWO_WORDS.sub(" ", known).split())
        for name in ALLERGENS[code].names.values():
            words |= {part.strip() for part in _BRACKETS.split(name) if part.strip()}
    if not words:
        return None
    ordered = sorted(words, key=len, reverse=True)
    latin = [re.escape(word) for word in ordered if fold(word).isascii()]
    other = [re.escape(word) for word in ordered if not fold(word).isascii()]
    parts = [rf"(?<!\w)(?:{'|'.join(latin)})(?!\w)"] if latin else []
    return re.compile("|".join(parts + other), re.IGNORECASE)


def pieces(text: str, codes: tuple[str, ...]) -> list[tuple[str, bool]]:
    """The text in order, each piece with whether it names one of the declared allergens.

    Only allergens the producer declared are marked; the words come from the fixed glossary, nothing is
    guessed, and nothing is left out of the text.
    """
    pattern = _pattern(codes)
    if pattern is None:
        return [(text, False)]
    cut: list[tuple[str, bool]] = []
    end = 0
    for found in pattern.finditer(text):
        if found.start() > end:
            cut.append((text[end : found.start()], False))
        cut.append((found[0], True))
        end = found.end()
    if end < len(text):
        cut.append((text[end:], False))
    return cut
