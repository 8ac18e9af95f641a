from catalog.search.analysis import bengali_key, ideographs, word_key
from catalog.search.keystrokes import decode
from catalog.search.naming import find_names, name_key, near_bengali
from catalog.search.scripts import runs
from catalog.search.star_words import read_stars
from catalog.search.synonyms import Concepts
from catalog.search.taxonomy import concepts, places
from tests.rows import each_row


@each_row(
    ("keys", "word"),
    [
        ("nuowcs", "nước"),
        ("nuwowcs", "nước"),
        ("nu7o7c1", "nước"),
        ("mamws", "mắm"),
        ("phee", "phê"),
        ("ddieeuf", "điều"),
        ("d9ie62u", "điều"),
        ("quoocs", "quốc"),
        ("hoaf", "hòa"),
        ("lawks", "lắk"),
    ],
)
def test_keys_typed_without_the_input_method_spell_a_word(keys: str, word: str) -> None:
    assert decode(keys) == word


@each_row("word", ["tea", "kho", "the", "trai", "pitaya", "st25", "x", "", "jazz"])
def test_a_word_that_owes_no_mark_to_its_keys_spells_nothing(word: str) -> None:
    assert decode(word) is None


def _named(text: str) -> list[str]:
    query = runs(text)
    found = find_names(query, [name_key(run.text)[:1] or (run.text,) for run in query])
    return [term for named in found for term in named.terms]


@each_row(
    ("text", "term"),
    [
        ("nước mắm", "tnuoc_mam"),
        ("nuoc mam", "tnuoc_mam"),
        ("fish sauce", "tnuoc_mam"),
        ("Fischsoße", "tnuoc_mam"),
        ("ヌクマム", "tnuoc_mam"),
        ("느억맘", "tnuoc_mam"),
        ("魚露", "tnuoc_mam"),
        ("মাছের সস", "tnuoc_mam"),
        ("もち米", "tgao_nep"),
        ("getrocknete Mango", "txoai_say"),
        ("Mango getrocknet", "txoai_say"),
        ("शुद्ध 有机茶", "morganic"),
        ("ฟอ Phú Quốc", "pphu_quoc"),
        ("フーコック島の胡椒", "pphu_quoc"),
    ],
)
def test_a_query_names_the_same_thing_in_every_language(text: str, term: str) -> None:
    assert term in _named(text)


def test_the_longest_name_wins() -> None:
    assert "truou_nep" not in _named("もち米")
    assert "tmango" not in _named("dried mango")


def test_one_syllable_with_other_tones_names_something_else() -> None:
    assert "tpeanut" in _named("lạc")
    assert "tpeanut" not in _named("lác")


def test_endings_and_umlauts_do_not_matter() -> None:
    assert word_key("séchées") == word_key("séché")
    assert word_key("grüner") == word_key("gruene")


def test_bengali_signs_that_sound_alike_meet() -> None:
    assert bengali_key("শুঁটকি") == bengali_key("শুটকী")
    assert bengali_key("মধু") != bengali_key("মাছ")


def test_loan_words_meet_with_and_without_the_long_vowel_sign() -> None:
    assert (
        ideographs("コーヒー")
        == ideographs("コーヒ")
        == ideographs("ｺｰﾋｰ".replace("ｺｰﾋｰ", "コーヒー"))
    )


def test_a_place_lies_in_the_province_that_took_it_in() -> None:
    found = concepts(["nuoc_mam"], [], ["phu_quoc"])

    assert found["pphu_quoc"] > found["pkien_giang"] == found["pan_giang"] > 0
    assert found["tnuoc_mam"] > found["tsauce"] > found["tcondiment"]


def test_every_place_lies_in_one_that_is_known() -> None:
    for place in places().values():
        assert not place.parent or place.parent in places(), place.key


def test_what_the_office_enters_is_found_in_a_query() -> None:
    taught = Concepts("Ochsenfilet | khô bò\n# a remark\n")
    [span] = taught.find_spans(runs("zartes ochsenfilet"))

    assert (span.start, span.end) == (1, 2)
    assert [run.text for run in span.others[0].runs] == ["khô", "bò"]


@each_row(
    ("text", "rest", "stars"),
    [
        ("OCOP 5 sao", "", {5}),
        ("trà OCOP 4 sao", "trà", {4}),
        ("5-star coffee", "coffee", {5}),
        ("5つ星 緑茶", "緑茶", {5}),
        ("五星绿茶", "绿茶", {5}),
        ("5성 커피", "커피", {5}),
        ("thé cinq étoiles", "thé", {5}),
        ("ocop", "ocop", set()),
        ("star anise", "star anise", set()),
        ("năm căn", "năm căn", set()),
    ],
)
def test_a_class_of_certificate_may_be_asked_for(text: str, rest: str, stars: set[int]) -> None:
    query, asked = read_stars(runs(text))

    assert " ".join(run.text for run in query) == rest
    assert asked == stars


def test_a_name_of_what_is_not_sold_gives_way_to_a_shorter_one() -> None:
    query = runs("rượu trái cây")
    keys = [name_key(run.text)[:1] for run in query]

    (whole,) = find_names(query, keys)
    wine, fruit = find_names(query, keys, lambda term: term in ("talcohol", "tfruit"))

    assert whole.terms == ("tfruit_wine",)
    assert (wine.terms, fruit.terms) == (("talcohol",), ("tfruit",))


def test_a_short_slip_in_bengali_is_understood() -> None:
    assert "মধু" in near_bengali("মদু")
