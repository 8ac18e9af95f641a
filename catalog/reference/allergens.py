"""The allergens a listing may name: a fixed glossary that is never translated by machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allergen:
    """An allergen; `gdsn_code` is its code in GS1's AllergenTypeCode list, None if it has none."""

    code: str
    names: Mapping[str, str]
    gdsn_code: str | None


_TABLE = """
CRU|giáp xác (tôm, cua, ghẹ)|crustaceans (shrimp, crab)|甲殻類(えび・かに)|AC
MOL|nhuyễn thể (mực, hàu, sò)|molluscs (squid, oysters, clams)|軟体動物(いか・かき・貝類)|UM
FIS|cá|fish|魚|AF
EGG|trứng|egg|卵|AE
MIL|sữa|milk|乳|AM
SOY|đậu nành|soy|大豆|AY
GLU|ngũ cốc chứa gluten (lúa mì)|cereals containing gluten (wheat)|グルテンを含む穀物(小麦)|AW
PEA|đậu phộng (lạc)|peanut|落花生(ピーナッツ)|AP
NUT|các loại hạt cây (điều, dẻ, óc chó…)|tree nuts (cashew, chestnut, walnut…)|木の実類(カシューナッツ・栗・くるみ等)|AN
SES|mè (vừng)|sesame|ごま|AS
SUL|sunfit (lưu huỳnh đioxit)|sulphites (sulphur dioxide)|亜硫酸塩(二酸化硫黄)|AU
CEL|cần tây|celery|セロリ|BC
MUS|mù tạt|mustard|マスタード|BM
LUP|đậu lupin|lupin|ルピナス|NL
BN|tổ yến|edible bird's nest|食用ツバメの巣|
"""


def _read_table() -> dict[str, Allergen]:
    allergens: dict[str, Allergen] = {}
    for line in _TABLE.strip().splitlines():
        code, vi, en, ja, gdsn = line.split("|")
        allergens[code] = Allergen(code, {"vi": vi, "en": en, "ja": ja}, gdsn or None)
    return allergens


ALLERGENS: Mapping[str, Allergen] = _read_table()
"""By our code; SUL to LUP follow Annex II of Regulation (EU) 1169/2011, BN is Vietnamese practice."""
