"""The fixed glossary: complete in nine languages, each in its own script, nothing borrowed from another."""

from __future__ import annotations

import re
import unicodedata

import pytest

from catalog.reference import ALLERGENS, GROUPS, PROVINCES, SUBGROUPS
from catalog.reference.additives import FUNCTION_CLASSES
from i18n import glossary
from i18n.locales import LOCALES
from tests.rows import each_row

VIETNAMESE_ONLY = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹ]", re.IGNORECASE)
LATIN = ("vi", "en", "fr", "de")
SCRIPTS = {
    "ja": re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]"),
    "ko": re.compile(r"[\uac00-\ud7a3]"),
    "zh-hans": re.compile(r"[\u4e00-\u9fff]"),
    "zh-hant": re.compile(r"[\u4e00-\u9fff]"),
    "bn": re.compile(r"[\u0980-\u09ff]"),
}
FOREIGN = {
    "en": re.compile(r"[^\x00-\x7f°–−’]"),
    "zh-hans": re.compile(r"[\u3040-\u30ff\uac00-\ud7a3]"),
    "zh-hant": re.compile(r"[\u3040-\u30ff\uac00-\ud7a3]"),
    "ko": re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]"),
    "bn": re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]"),
}
SIMPLIFIED = "产净类压给过营养热钠锌钙铁铝药医际专业东丝两严个丰临为丽举义乌乐习乡书买乱争于亚亿仅从仑仓仪们价众优会传伤伦体余侠"
TRADITIONAL = "產淨類壓給過營養熱鈉鋅鈣鐵鋁藥醫際專業東絲兩嚴個豐臨為麗舉義烏樂習鄉書買亂爭於亞億僅從崙倉儀們價眾優會傳傷倫體餘俠"
PURE = {"g", "kg", "mg", "ml", "l", "kj", "kcal", "celsius", "percent_vol"}
"""Symbols that are written alike everywhere."""

ALL = [
    (kind, code, locale)
    for kind in glossary.KINDS
    for code in glossary.read(kind)
    for locale in LOCALES
]


def test_every_term_exists_in_all_nine_languages():
    for kind in glossary.KINDS:
        assert glossary.read(kind), kind
        assert glossary.source(kind)
        for code, words in glossary.read(kind).items():
            assert tuple(words) == LOCALES, (kind, code)
            assert all(word and word == word.strip() for word in words.values()), (kind, code)


def test_every_word_is_in_one_spelling():
    for kind, code, locale in ALL:
        word = glossary.term(kind, code, locale)
        assert word == unicodedata.normalize("NFC", word), (kind, code, locale)


def test_no_vietnamese_letters_stand_in_other_languages():
    for kind, code, locale in ALL:
        if locale != "vi":
            word = glossary.term(kind, code, locale)
            assert not VIETNAMESE_ONLY.search(word), (kind, code, locale, word)


def test_every_language_is_written_in_its_own_script():
    for kind, code, locale in ALL:
        word = glossary.term(kind, code, locale)
        if locale in SCRIPTS and not (kind == "units" and code in PURE):
            assert SCRIPTS[locale].search(word), (kind, code, locale, word)
        if locale in FOREIGN:
            assert not FOREIGN[locale].search(word), (kind, code, locale, word)


def test_the_two_chinese_scripts_are_not_mixed():
    for kind, code, locale in ALL:
        word = glossary.term(kind, code, locale)
        if locale == "zh-hans":
            assert not set(word) & set(TRADITIONAL), (kind, code, word)
        if locale == "zh-hant":
            assert not set(word) & set(SIMPLIFIED), (kind, code, word)


@each_row(
    ("kind", "code", "taiwan", "mainland"),
    [
        ("units", "g", "公克", "克"),
        ("units", "kcal", "大卡", "千卡"),
        ("label", "net_content", "淨重", "净含量"),
        ("label", "use_by", "有效日期", "消费保存期至"),
        ("additives", "thickener", "黏稠劑", "增稠剂"),
        ("additives", "modified_starch", "修飾澱粉", "变性淀粉"),
        ("schemes", "gi", "地理標示", "地理标志"),
        ("allergens", "EGG", "蛋及其製品", "蛋类及其制品"),
    ],
)
def test_taiwan_has_words_of_its_own_not_converted_characters(kind, code, taiwan, mainland):
    assert glossary.term(kind, code, "zh-hant") == taiwan
    assert glossary.term(kind, code, "zh-hans") == mainland


@each_row(
    ("code", "locale", "word"),
    [
        ("CRU", "fr", "crustacés"),
        ("LUP", "de", "Lupinen"),
        ("SES", "en", "sesame seeds"),
        ("SHR", "ja", "えび"),
        ("BUC", "ja", "そば"),
        ("SUL", "ko", "아황산류"),
        ("NUT", "zh-hans", "坚果及其果仁类制品"),
        ("MAN", "zh-hant", "芒果及其製品"),
        ("MIL", "en", "milk (including lactose)"),
        ("SUL", "de", "Schwefeldioxid und Sulfite"),
    ],
)
def test_allergens_are_named_as_the_rules_of_each_market_name_them(code, locale, word):
    assert glossary.term("allergens", code, locale) == word


@each_row(
    ("kind", "table"),
    [
        ("allergens", ALLERGENS),
        ("groups", GROUPS),
        ("subgroups", SUBGROUPS),
        ("provinces", PROVINCES),
        ("additives", FUNCTION_CLASSES),
    ],
)
def test_whatever_a_listing_may_name_is_in_the_glossary(kind, table):
    assert set(table) <= set(glossary.read(kind))
    for code, entry in table.items():
        assert entry.names["vi"] == glossary.term(kind, code, "vi"), code


def test_there_are_six_groups_26_subgroups_and_34_provinces():
    assert [len(glossary.read(kind)) for kind in ("groups", "subgroups", "provinces")] == [
        6,
        26,
        34,
    ]


def test_a_word_is_never_taken_from_another_language():
    with pytest.raises(KeyError):
        glossary.term("allergens", "FIS", "th")
    with pytest.raises(KeyError):
        glossary.term("allergens", "nothing", "en")


def test_different_codes_of_a_kind_have_different_words():
    for kind in ("allergens", "provinces", "groups", "subgroups", "schemes", "additives"):
        for locale in LOCALES:
            words = [glossary.term(kind, code, locale) for code in glossary.read(kind)]
            assert len(words) == len(set(words)), (kind, locale)


def test_a_language_nobody_has_checked_says_so():
    assert glossary.version() >= "2026-11-22"
    assert not glossary.is_confirmed("allergens", "bn")
