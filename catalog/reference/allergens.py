"""The allergens a listing may name: a fixed glossary that is never translated by machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allergen:
    """An allergen; `gdsn_code` is its code in GS1's AllergenTypeCode list, None if it has none.

    A kind of another allergen (shrimp is a crustacean) names it as `parent`. `is_main` is True for
    the groups every producer is asked about; the others matter only in markets that name them.
    """

    code: str
    names: Mapping[str, str]
    gdsn_code: str | None
    parent: str | None = None
    is_main: bool = True


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

_KINDS = """
SHR|CRU|tôm|shrimp and prawns|えび
CRB|CRU|cua, ghẹ|crab|かに
SQU|MOL|mực|squid|いか
OYS|MOL|hàu|oyster|かき
ABA|MOL|bào ngư|abalone|あわび
MSL|MOL|vẹm|mussel|ムール貝
MAC|FIS|cá thu, cá sa ba|mackerel|さば
SAL|FIS|cá hồi|salmon|さけ
SRO|FIS|trứng cá hồi|salmon roe|いくら
WHE|GLU|lúa mì|wheat|小麦
WAL|NUT|óc chó|walnut|くるみ
CAS|NUT|hạt điều|cashew|カシューナッツ
ALM|NUT|hạnh nhân|almond|アーモンド
MAD|NUT|mắc ca|macadamia|マカダミアナッツ
PIN|NUT|hạt thông|pine nut|松の実
BUC||kiều mạch|buckwheat|そば
POR||thịt heo (lợn)|pork|豚肉
CHK||thịt gà|chicken|鶏肉
BEE||thịt bò|beef|牛肉
GEL||gelatin|gelatine|ゼラチン
PEH||đào|peach|もも
TOM||cà chua|tomato|トマト
MAN||xoài|mango|マンゴー
APP||táo|apple|りんご
BAN||chuối|banana|バナナ
ORA||cam|orange|オレンジ
KIW||kiwi|kiwi fruit|キウイフルーツ
YAM||khoai từ, củ mài|yam|やまいも
"""


def _read_table() -> dict[str, Allergen]:
    allergens: dict[str, Allergen] = {}
    for line in _TABLE.strip().splitlines():
        code, vi, en, ja, gdsn = line.split("|")
        allergens[code] = Allergen(code, {"vi": vi, "en": en, "ja": ja}, gdsn or None)
    for line in _KINDS.strip().splitlines():
        code, parent, vi, en, ja = line.split("|")
        group_code = allergens[parent].gdsn_code if parent else None
        names = {"vi": vi, "en": en, "ja": ja}
        allergens[code] = Allergen(code, names, group_code, parent or None, is_main=False)
    return allergens


ALLERGENS: Mapping[str, Allergen] = _read_table()
"""By our code; SUL to LUP follow Annex II of Regulation (EU) 1169/2011, BN is Vietnamese practice.

The kinds below them are named by Japan, Korea or Taiwan (to be confirmed, see `catalog.regulation`).
"""

MAIN_ALLERGENS: Mapping[str, Allergen] = {c: a for c, a in ALLERGENS.items() if a.is_main}
"""The groups every producer is asked about."""

KINDS_OF: Mapping[str, tuple[str, ...]] = {
    main: tuple(c for c, a in ALLERGENS.items() if a.parent == main) for main in MAIN_ALLERGENS
}
"""For each group the kinds some markets want to be told apart: Japan asks shrimp or crab."""
