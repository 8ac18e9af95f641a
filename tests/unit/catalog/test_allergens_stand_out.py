from __future__ import annotations

from catalog.reference.allergen_forms import FORMS, NOT_MEANT
from catalog.reference.allergen_words import allergen_spans, allergens_named_in
from catalog.reference.allergens import ALLERGENS
from i18n.locales import LOCALES
from tests.rows import each_row

MARKED = [
    ("vi", "Tôm 40 %, trứng vịt, muối", ("CRU", "EGG"), ["Tôm", "trứng"]),
    ("en", "Shrimp, eggs, eggplant", ("CRU", "EGG"), ["Shrimp", "eggs"]),
    ("ja", "えび、卵、砂糖", ("CRU", "EGG"), ["えび", "卵"]),
    ("ko", "블랙타이거새우, 꽃게살, 생선 액젓", ("CRU", "FIS"), ["새우", "꽃게", "생선", "액젓"]),
    ("ko", "밀, 물, 대두, 굴 35 %", ("GLU", "SOY", "MOL"), ["밀", "대두", "굴"]),
    ("ko", "메밀, 오트밀, 밀크티, 동굴, 성게, 맛있게", ("GLU", "MOL", "CRU"), []),
    ("ko", "두유, 코코넛 크림", ("MIL",), []),
    ("ko", "메타중아황산나트륨 INS 223", ("SUL",), ["아황산"]),
    ("zh-hans", "虾、鱼露、蛋清", ("CRU", "FIS", "EGG"), ["虾", "鱼露", "蛋清"]),
    ("zh-hans", "鱿鱼、鱼腥草、虾虎鱼", ("FIS",), ["鱼"]),
    ("zh-hans", "虾虎鱼、盐", ("CRU",), []),
    ("zh-hans", "椰奶、豆奶、乳酸、乳化剂、乳粉", ("MIL",), ["乳粉"]),
    ("zh-hans", "大豆蛋白、蛋黄", ("EGG", "SOY"), ["大豆", "蛋黄"]),
    ("zh-hans", "核桃、樱桃、桃子", ("PEH",), ["桃子"]),
    ("zh-hant", "醬油（水、大豆、小麥、鹽）", ("SOY", "GLU"), ["醬油", "大豆", "小麥"]),
    ("zh-hant", "梭子蟹肉、蕎麥", ("CRU", "GLU"), ["蟹"]),
    ("fr", "Crevettes, blanc d'œuf, amidon", ("CRU", "EGG"), ["Crevettes", "œuf"]),
    ("fr", "lait de coco, beurre de cacao, lait en poudre", ("MIL",), ["lait"]),
    ("fr", "noix de coco, noix de cajou, noix de muscade", ("NUT",), ["noix de cajou"]),
    ("fr", "blé noir, blé, laitue, poissonnerie", ("GLU", "MIL", "FIS"), ["blé"]),
    ("fr", "métabisulfite de sodium, un sulfite", ("SUL",), ["métabisulfite", "sulfite"]),
    ("de", "Fischsoße, Tintenfisch, frische Kräuter", ("FIS",), ["Fischsoße"]),
    ("de", "Weißbeingarnelen, Eiklar, Reis, Wein", ("CRU", "EGG"), ["Weißbeingarnelen", "Eiklar"]),
    ("de", "Kokosmilch, Milchpulver, Milchsäure, Kakaobutter", ("MIL",), ["Milchpulver"]),
    ("de", "Buchweizen, Weizenmehl, Kokosnuss", ("GLU", "NUT"), ["Weizenmehl"]),
    ("de", "Kartoffel, Zimtapfel", ("APP", "EGG"), []),
    ("bn", "ডিমের সাদা অংশ, মাছের সস, চিনি", ("EGG", "FIS"), ["ডিমের", "মাছের"]),
    ("bn", "তিলাপিয়া, গমন, তিল", ("SES", "GLU"), ["তিল"]),
    ("bn", "নারকেলের দুধ, গুঁড়া দুধ", ("MIL",), ["দুধ"]),
    ("bn", "সোডিয়াম মেটাবাইসালফাইট", ("SUL",), ["সালফাইট"]),
]


@each_row(("locale", "text", "codes", "expected"), MARKED)
def test_the_allergens_of_a_list_are_found_in_its_language(
    locale: str, text: str, codes: tuple[str, ...], expected: list[str]
) -> None:
    assert [text[a:b] for a, b in allergen_spans(text, codes, locale)] == expected


@each_row("locale", LOCALES)
def test_the_name_the_label_uses_is_always_found(locale: str) -> None:
    for code, allergen in ALLERGENS.items():
        name = allergen.names[locale]
        assert allergen_spans(f"12 %, {name}.", (code,), locale), f"{code}: {name}"


@each_row("locale", sorted(FORMS))
def test_what_only_looks_like_an_allergen_is_never_one_of_its_words(locale: str) -> None:
    for code, words in NOT_MEANT[locale].items():
        assert code in ALLERGENS
        for phrase in words.split():
            plain = phrase.replace("_", " ").strip("*")
            assert not allergen_spans(plain, (code,), locale), f"{code}: {plain}"


def test_an_undeclared_allergen_is_not_marked() -> None:
    assert allergen_spans("Garnelen, Fisch", ("FIS",), "de") == [(10, 15)]
    assert allergen_spans("Garnelen, Fisch", (), "de") == []


def test_a_producers_text_is_still_asked_about() -> None:
    assert allergens_named_in("tôm khô, mè rang") == ("CRU", "SES", "SHR")
