from catalog.search.analysis import ideographs
from catalog.search.choices import BESIDE_TYPE, sure
from catalog.search.naming import find_names, heard_terms, name_key
from catalog.search.plan import Choice, Leaf, Plan, Unit
from catalog.search.reading import read_query
from catalog.search.scoring import run_plan
from catalog.search.scripts import Script, prepare
from catalog.search.taxonomy import wider_terms
from catalog.search.unwanted import is_unwanted, unwanted_words
from tests.rows import each_row


@each_row(
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


@each_row("row", ["사과", "선물세트", "고구마", "カフェ", "りんご"])
def test_an_ordinary_word_sounds_like_no_name(row: str) -> None:
    script: Script = "ko" if row[0] > "\u9fff" else "cjk"

    assert heard_terms(script, ideographs(row) if script == "cjk" else row) == ()


@each_row(
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


@each_row(
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


class _Texts:
    """Tea, biscuits whose text speaks of tea, in the same gift box, and eight other goods."""

    size = 10

    def postings(self, term: str) -> tuple[list[int], list[float]]:
        found = {"ftea": ([0, 1], [1.0, 4.0]), "nttea": ([0], [1.8]), "nmgift": ([1], [2.4])}
        return found.get(term, ([], []))


def test_what_speaks_of_tea_is_no_tea() -> None:
    typed = Choice(((Leaf("ftea"),),), BESIDE_TYPE)
    tea = Unit((typed, Choice(((Leaf("nttea"),),))))
    gift = Unit((Choice(((Leaf("nmgift"),),)),), 0.6)

    alone = run_plan(Plan(tuple(sure([tea]))), _Texts())
    both = run_plan(Plan((*sure([tea]), gift)), _Texts())

    assert alone.strict == {0, 1}  # what a name speaks of stays a hit
    assert both.scores[1] < run_plan(Plan((tea, gift)), _Texts()).scores[1]
    assert sum(unit.weight for unit in sure([tea])) == tea.weight
    assert sure([gift]) == [gift]
    assert len(sure([tea, tea])) == 3  # the words of one name share what is sure


def test_a_family_that_shares_its_name_with_a_kind_of_it_counts_less() -> None:
    assert wider_terms(("tnoodle", "tpho_kho")) == {"tnoodle"}
    assert wider_terms(("tpho_kho",)) == frozenset()
