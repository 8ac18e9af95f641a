"""Function classes of food additives and the common INS numbers, by name: fixed, never machine-made.

Classes follow Codex CXG 36 and Circular 24/2019/TT-BYT; names of single additives are the usual ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FunctionClass:
    """What an additive is for; `also` are other names found on Vietnamese labels."""

    code: str
    names: Mapping[str, str]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Additive:
    """A common additive; `function_class` is what it is mostly used for."""

    ins_number: str
    function_class: str
    names: Mapping[str, str]


_CLASSES = """
acidity_regulator|chất điều chỉnh độ axit|acidity regulator|酸味料|chất điều chỉnh độ acid,chất điều chỉnh axit,chất điều chỉnh độ chua,axit,chất axit hóa,acid
anticaking_agent|chất chống đông vón|anticaking agent|固結防止剤|chất chống vón
antifoaming_agent|chất chống tạo bọt|antifoaming agent|消泡剤|
antioxidant|chất chống oxy hóa|antioxidant|酸化防止剤|chất chống ôxy hóa,chất chống oxi hóa
bleaching_agent|chất tẩy màu|bleaching agent|漂白剤|
bulking_agent|chất độn|bulking agent|増量剤|
carbonating_agent|chất tạo khí carbonic|carbonating agent|炭酸ガス付与剤|
carrier|chất mang|carrier|担体|
colour|phẩm màu|colour|着色料|chất tạo màu,màu thực phẩm,phẩm mầu,màu tự nhiên,màu tổng hợp
colour_retention_agent|chất giữ màu|colour retention agent|発色剤|chất ổn định màu
emulsifier|chất nhũ hóa|emulsifier|乳化剤|chất nhũ hoá
emulsifying_salt|muối nhũ hóa|emulsifying salt|乳化塩|
firming_agent|chất làm rắn chắc|firming agent|固化剤|chất làm chắc
flavour|hương liệu|flavouring|香料|hương tự nhiên,hương tổng hợp,hương liệu tổng hợp,hương liệu tự nhiên
flavour_enhancer|chất điều vị|flavour enhancer|調味料|chất điều chỉnh vị,chất tăng vị
flour_treatment_agent|chất xử lý bột|flour treatment agent|小麦粉処理剤|
foaming_agent|chất tạo bọt|foaming agent|起泡剤|
gelling_agent|chất tạo gel|gelling agent|ゲル化剤|chất tạo đông
glazing_agent|chất làm bóng|glazing agent|光沢剤|
humectant|chất giữ ẩm|humectant|保湿剤|
packaging_gas|khí bao gói|packaging gas|充填ガス|
preservative|chất bảo quản|preservative|保存料|
propellant|khí đẩy|propellant|噴射剤|
raising_agent|chất tạo xốp|raising agent|膨張剤|bột nở,chất tạo nở
sequestrant|chất tạo phức kim loại|sequestrant|金属封鎖剤|
stabilizer|chất ổn định|stabiliser|安定剤|
sweetener|chất tạo ngọt|sweetener|甘味料|chất tạo vị ngọt,chất tạo ngọt tổng hợp
thickener|chất làm dày|thickener|増粘剤|chất làm đặc,chất tạo đặc
"""

_ADDITIVES = """
100|colour|curcumin|curcumin|クルクミン
150a|colour|caramen nhóm I|plain caramel|カラメルI
160c|colour|dịch chiết ớt|paprika oleoresin|パプリカ色素
170|anticaking_agent|canxi cacbonat|calcium carbonate|炭酸カルシウム
200|preservative|axit sorbic|sorbic acid|ソルビン酸
202|preservative|kali sorbat|potassium sorbate|ソルビン酸カリウム
211|preservative|natri benzoat|sodium benzoate|安息香酸ナトリウム
220|preservative|lưu huỳnh đioxit|sulphur dioxide|二酸化硫黄
223|preservative|natri metabisunfit|sodium metabisulphite|メタ重亜硫酸ナトリウム
250|preservative|natri nitrit|sodium nitrite|亜硝酸ナトリウム
260|acidity_regulator|axit axetic|acetic acid|酢酸
270|acidity_regulator|axit lactic|lactic acid|乳酸
282|preservative|canxi propionat|calcium propionate|プロピオン酸カルシウム
296|acidity_regulator|axit malic|malic acid|リンゴ酸
300|antioxidant|axit ascorbic|ascorbic acid|アスコルビン酸
301|antioxidant|natri ascorbat|sodium ascorbate|アスコルビン酸ナトリウム
319|antioxidant|TBHQ|TBHQ|TBHQ
321|antioxidant|BHT|BHT|BHT
322|emulsifier|lecithin|lecithin|レシチン
330|acidity_regulator|axit citric|citric acid|クエン酸
331|acidity_regulator|natri citrat|sodium citrate|クエン酸ナトリウム
341|anticaking_agent|canxi photphat|calcium phosphate|リン酸カルシウム
406|gelling_agent|thạch agar|agar|寒天
407|gelling_agent|carrageenan|carrageenan|カラギナン
412|thickener|gôm guar|guar gum|グァーガム
415|thickener|gôm xanthan|xanthan gum|キサンタンガム
440|gelling_agent|pectin|pectin|ペクチン
450|raising_agent|điphotphat|diphosphates|ピロリン酸塩
451|stabilizer|triphotphat|triphosphates|トリポリリン酸塩
452|stabilizer|polyphotphat|polyphosphates|ポリリン酸塩
466|thickener|natri cacboxymetyl xenlulo|sodium carboxymethyl cellulose|カルボキシメチルセルロースナトリウム
471|emulsifier|mono- và điglyxerit của axit béo|mono- and diglycerides of fatty acids|グリセリン脂肪酸エステル
500|raising_agent|natri cacbonat|sodium carbonates|炭酸ナトリウム
509|firming_agent|canxi clorua|calcium chloride|塩化カルシウム
551|anticaking_agent|silic đioxit|silicon dioxide|二酸化ケイ素
621|flavour_enhancer|mononatri glutamat|monosodium glutamate|グルタミン酸ナトリウム
627|flavour_enhancer|đinatri guanylat|disodium guanylate|グアニル酸ナトリウム
631|flavour_enhancer|đinatri inosinat|disodium inosinate|イノシン酸ナトリウム
635|flavour_enhancer|đinatri 5'-ribonucleotit|disodium 5'-ribonucleotides|リボヌクレオチドナトリウム
950|sweetener|acesulfam kali|acesulfame potassium|アセスルファムカリウム
951|sweetener|aspartam|aspartame|アスパルテーム
955|sweetener|sucraloza|sucralose|スクラロース
960|sweetener|steviol glycosit|steviol glycosides|ステビオール配糖体
1422|thickener|tinh bột biến tính (axetyl hóa)|acetylated distarch adipate|アセチル化アジピン酸架橋デンプン
"""


def _read_classes() -> dict[str, FunctionClass]:
    classes: dict[str, FunctionClass] = {}
    for line in _CLASSES.strip().splitlines():
        code, vi, en, ja, also = line.split("|")
        others = tuple(filter(None, also.split(",")))
        classes[code] = FunctionClass(code, {"vi": vi, "en": en, "ja": ja}, others)
    return classes


def _read_additives() -> dict[str, Additive]:
    additives: dict[str, Additive] = {}
    for line in _ADDITIVES.strip().splitlines():
        number, code, vi, en, ja = line.split("|")
        additives[number] = Additive(number, code, {"vi": vi, "en": en, "ja": ja})
    return additives


FUNCTION_CLASSES: Mapping[str, FunctionClass] = _read_classes()
ADDITIVES: Mapping[str, Additive] = _read_additives()

CLASS_WORDS: Mapping[str, str] = {
    word: one.code for one in FUNCTION_CLASSES.values() for word in (*one.names.values(), *one.also)
}
"""Every name of a function class, in any language and spelling, to its code."""


def class_names(locale: str) -> dict[str, str]:
    """The names of the function classes in a language, in English where there is none."""
    return {
        code: one.names.get(locale) or one.names["en"] for code, one in FUNCTION_CLASSES.items()
    }
