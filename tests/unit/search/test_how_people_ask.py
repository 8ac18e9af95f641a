import pytest

from catalog.search.analysis import ideographs
from catalog.search.naming import find_names, heard_terms, name_key
from catalog.search.reading import read_query
from catalog.search.scripts import Script, prepare
from catalog.search.wanting import is_unwanted, unwanted_words


@pytest.mark.parametrize(
    ("script", "row", "term"),
    [
        ("ko", "넴쭈어", "tnem_chua"),
        ("ko", "넴추어", "tnem_chua"),
        ("ko", "반다우싼", "tbanh_dau_xanh"),
        ("ko", "떠이닌", "ptay_ninh"),
        ("cjk", "チャー・セン", "ttra_sen"),
        ("cjk", "ソク・チャン", "psoc_trang"),
        ("bn", "হোয়েআন", "phoi_an"),
        ("bn", "হাজিয়াং", "pha_giang"),
    ],
)
def test_a_vietnamese_name_is_known_by_its_sound(script: Script, row: str, term: str) -> None:
    signs = prepare(row).replace("・", "")

    assert term in heard_terms(script, ideographs(signs) if script == "cjk" else signs)


@pytest.mark.parametrize("row", ["사과", "선물세트", "고구마", "カフェ", "りんご"])
def test_an_ordinary_word_sounds_like_no_name(row: str) -> None:
    script: Script = "ko" if row[0] > "\u9fff" else "cjk"

    assert heard_terms(script, ideographs(row) if script == "cjk" else row) == ()


@pytest.mark.parametrize(
    ("text", "locale", "kept"),
    [
        ("辛い調味料を探しています", "ja", "辛い調味料"),
        ("쌀국수 사고 싶어요", "ko", "쌀국수"),
        ("想買禮盒", "zh-hant", "禮盒"),
        ("哪里有蜂蜜", "zh-hans", "蜂蜜"),
        ("人気", "ja", "人気"),
    ],
)
def test_a_request_is_read_without_its_courtesies(text: str, locale: str, kept: str) -> None:
    assert "".join(run.text for run in read_query(text, locale)) == kept


@pytest.mark.parametrize(
    ("text", "locale", "left"),
    [
        ("coffee without milk", "en", ["coffee"]),
        ("peanut free candy", "en", ["candy"]),
        ("Kaffee ohne Maschine", "de", ["kaffee"]),
        ("sugar free", "en", ["sugar", "free"]),
        ("rượu không", "vi", ["rượu", "không"]),
    ],
)
def test_what_must_not_be_in_it_is_not_looked_for(text: str, locale: str, left: list[str]) -> None:
    query = read_query(text, locale)
    named = find_names(query, [name_key(run.text)[:1] or (run.text,) for run in query])
    unwanted = unwanted_words(query, named)

    assert [run.text for at, run in enumerate(query) if at not in unwanted] == left


def test_signs_may_say_that_a_thing_must_not_be_in_it() -> None:
    row = ideographs("無砂糖")
    [sugar] = [n for n in find_names(read_query("無砂糖", "zh-hant"), [("",)]) if n.first == 1]

    assert is_unwanted(row, sugar)
    assert not is_unwanted(row[1:], sugar)
