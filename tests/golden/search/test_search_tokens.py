import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.search.analysis import CHAINS, tokens

TABLE = [
    ("fold", "Nước mắm Phú Quốc", ["nuoc", "mam", "phu", "quoc"]),
    ("fold", "ĐẶC SẢN đường", ["dac", "san", "duong"]),
    ("fold", "Kokosöl Soße cœur", ["kokosol", "sosse", "coeur"]),
    ("fold", "ST25 40/50 5g", ["st25", "40", "50", "5g"]),
    ("exact", "Dừa DỨA dưa", ["dừa", "dứa", "dưa"]),
    ("exact", "hoà hòa thuỷ thủy quý", ["hòa", "hòa", "thủy", "thủy", "quý"]),
    ("en", "dried macadamias", ["dri", "macadamia"]),
    ("fr", "l'ail noir", ["ail", "noir"]),
    ("cjk", "緑茶", ["绿", "茶", "绿茶"]),
    ("cjk", "綠茶", ["绿", "茶", "绿茶"]),
    ("cjk", "绿茶", ["绿", "茶", "绿茶"]),
    ("cjk", "ﾁﾘ", ["ち", "り", "ちり"]),
    ("ko", "말린새우", ["말", "린", "새", "우", "말린", "린새", "새우"]),
    ("bn", "মধু চিংড়ির", ["মধু", "চিংড়ির", "চিংরি"]),
]


@pytest.mark.parametrize(("chain", "text", "expected"), TABLE)
def test_a_text_gives_the_tokens_of_its_chain(chain: str, text: str, expected: list[str]) -> None:
    assert tokens(chain, text) == expected


@pytest.mark.parametrize("spelling", ["Kokosöl", "Kokosoel", "Kokosol", "KOKOSÖL"])
def test_german_spellings_of_an_umlaut_meet(spelling: str) -> None:
    assert tokens("de", spelling) == tokens("de", "kokosöl")


def test_a_german_compound_is_found_by_its_parts() -> None:
    assert set(tokens("de", "Seide Schal")) <= set(tokens("de", "Seidenschal"))


def test_an_unknown_chain_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="klingon"):
        tokens("klingon", "x")


@settings(max_examples=30, deadline=None)
@given(st.text(alphabet="aàáảãạăằâầđeêềiìoôồơờuưừyý ươ điỆ茶ヌクマム말মধুé", max_size=40))
def test_composed_and_decomposed_text_give_the_same_tokens(text: str) -> None:
    for chain in CHAINS:
        composed = tokens(chain, unicodedata.normalize("NFC", text))
        assert tokens(chain, unicodedata.normalize("NFD", text)) == composed


@settings(max_examples=30, deadline=None)
@given(st.text(alphabet="aàảăằđeêiôơưừỳ z", max_size=40))
def test_case_does_not_matter(text: str) -> None:
    for chain in CHAINS:
        assert tokens(chain, text.upper()) == tokens(chain, text)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60))
def test_any_text_gives_tokens_without_blanks_or_marks_of_syntax(text: str) -> None:
    for chain in CHAINS:
        for token in tokens(chain, text):
            assert token
            assert not set(token) & set(" \t\n\"'*?()[]{}~^:\x00")
