from catalog.search.scripts import runs
from catalog.search.synonyms import find_spans
from catalog.search.taxonomy import (
    concepts,
    find_nodes,
    names_of,
    nodes,
    place_names,
    with_parents,
)
from tests.rows import each_row


@each_row(
    ("name", "main"),
    [
        ("Nước mắm cốt 40 độ đạm Phú Quốc", "nuoc_mam"),
        ("Khô bò sợi Gia Lai", "kho_bo"),
        ("GIÒ LỤA ƯỚC LỄ", "gio_lua"),
        ("Mật ong hoa bạc hà Mèo Vạc", "mat_ong_bac_ha"),
        ("Chè Shan tuyết cổ thụ", "tra_shan"),
        ("Kẹo dừa sầu riêng", "keo_dua"),
    ],
)
def test_a_product_name_tells_its_type(name: str, main: str) -> None:
    assert main in find_nodes(name).main


def test_a_word_inside_a_longer_phrase_is_no_type_of_its_own() -> None:
    found = find_nodes("Giò lụa")

    assert "lua" not in (*found.main, *found.other)


def test_what_goes_into_a_product_is_not_what_it_is() -> None:
    found = find_nodes("Kẹo dừa sầu riêng")

    assert found.other == ("sau_rieng",)


def test_every_parent_is_a_node_and_no_node_is_its_own_ancestor() -> None:
    for key, node in nodes().items():
        assert set(node.parents) <= nodes().keys()
        assert key not in with_parents(node.parents)


def test_every_type_has_names_in_nine_languages_or_inherits_them() -> None:
    wanted = {"vi", "en", "fr", "de", "ja", "ko", "zh-hans", "bn"}
    for key, node in nodes().items():
        own = nodes()[node.parents[0]] if node.is_wish and not node.names else node
        assert wanted <= names_of(with_parents([key])).keys() | own.names.keys(), key


def test_what_goods_are_good_for_is_found_by_its_term_and_not_by_its_words() -> None:
    fish_in_a_pot = concepts(find_nodes("Cá kho niêu").main, (), ())

    assert nodes()["with_rice"].term in fish_in_a_pot
    assert "goes with rice" not in names_of(with_parents(["ca_kho_to"]))["en"]


def test_what_has_no_sugar_is_for_diabetics() -> None:
    found = find_nodes("Xoài sấy dẻo không đường")

    assert nodes()["diabetic"].term in concepts(found.main, found.other, ())


def test_a_place_has_its_foreign_names_only_with_its_own_tones() -> None:
    assert "フーコック" in place_names("Hạt tiêu Phú Quốc")["ja"]
    assert place_names("phủ quốc") == {}


def test_a_synonym_with_other_tones_is_another_word() -> None:
    assert find_spans(runs("lạc"))
    assert find_spans(runs("lac"))
    assert not find_spans(runs("lác"))
