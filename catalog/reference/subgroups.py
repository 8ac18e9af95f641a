"""The six groups and 26 subgroups of OCOP products (Decision 148/QĐ-TTg, Annex I)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """One of the six groups; `code` is a letter: F D H C S T."""

    code: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Subgroup:
    """One of the 26 subgroups; `group` is the letter its code begins with."""

    code: str
    group: str
    names: Mapping[str, str]


_GROUPS = """
F|Thực phẩm|Food|食品
D|Đồ uống|Drinks|飲料
H|Dược liệu và sản phẩm từ dược liệu|Medicinal herbs and herbal products|薬草・ハーブ製品
C|Thủ công mỹ nghệ|Handicrafts|工芸品
S|Sinh vật cảnh|Ornamental plants and animals|観賞用の花・植物・動物
T|Dịch vụ du lịch cộng đồng, du lịch sinh thái và điểm du lịch|Community and ecological tourism|地域・エコツーリズム
"""

_SUBGROUPS = """
F01|Rau, củ, quả, hạt tươi|Fresh vegetables, fruit and nuts|生鮮野菜・果物・ナッツ
F02|Thịt, thủy sản, trứng, sữa tươi|Fresh meat, seafood, eggs and milk|生鮮肉・水産物・卵・乳
F03|Gạo, ngũ cốc, hạt sơ chế khác|Rice, cereals and seeds|米・穀物・種実
F04|Mật ong, mật khác và nông sản thực phẩm khác|Honey, nectars and other farm food|はちみつ・花蜜・その他の農産食品
F05|Đồ ăn nhanh|Ready-to-eat food|調理済み食品
F06|Chế biến từ gạo, ngũ cốc|Rice and cereal products|米・穀物の加工品
F07|Chế biến từ rau, củ, quả, hạt|Vegetable, fruit and nut products|野菜・果物・ナッツの加工品
F08|Chế biến từ thịt, trứng, sữa, thủy sản, mật ong|Meat, egg, milk and seafood products|肉・卵・乳・水産物の加工品
F09|Tương, nước mắm, gia vị dạng lỏng khác|Sauces, fish sauce and liquid condiments|調味ソース・魚醤
F10|Gia vị khác|Salt, spices and other condiments|塩・香辛料・その他の調味料
F11|Chè tươi, chè chế biến|Tea|茶
F12|Các sản phẩm khác từ chè, trà|Herbal and other teas|ハーブティー・その他の茶製品
F13|Cà phê, ca cao|Coffee and cocoa|コーヒー・カカオ
D01|Rượu trắng|White spirits|蒸留酒
D02|Đồ uống có cồn khác|Other alcoholic drinks|その他の酒類
D03|Nước khoáng thiên nhiên, nước uống tinh khiết|Mineral and drinking water|ミネラルウォーター・飲料水
D04|Đồ uống không cồn khác|Other non-alcoholic drinks|その他の清涼飲料
H01|Thực phẩm chức năng, thuốc dược liệu, thuốc cổ truyền|Functional food and traditional remedies|健康食品・伝統薬
H02|Mỹ phẩm có thành phần từ thảo dược|Herbal cosmetics|ハーブ化粧品
H03|Tinh dầu và thảo dược khác|Essential oils and other herbs|精油・その他のハーブ
C01|Thủ công mỹ nghệ gia dụng, trang trí|Household and decorative crafts|生活・装飾工芸品
C02|Vải, may mặc|Textiles and clothing|布製品・衣料
S01|Hoa|Flowers|花
S02|Cây cảnh|Ornamental plants|観賞用植物
S03|Động vật cảnh|Ornamental animals|観賞用動物
T01|Dịch vụ du lịch cộng đồng, du lịch sinh thái và điểm du lịch|Community and ecological tourism|地域・エコツーリズム
"""


def _rows(table: str) -> list[tuple[str, dict[str, str]]]:
    rows = [line.split("|") for line in table.strip().splitlines()]
    return [(code, {"vi": vi, "en": en, "ja": ja}) for code, vi, en, ja in rows]


GROUPS: Mapping[str, Group] = {code: Group(code, names) for code, names in _rows(_GROUPS)}
"""By letter, in the order of the decision."""

SUBGROUPS: Mapping[str, Subgroup] = {
    code: Subgroup(code, code[0], names) for code, names in _rows(_SUBGROUPS)
}
"""By code, in the order of the decision."""
