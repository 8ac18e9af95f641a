"""A list of ingredients read from what stands on a label, and the statement written from it."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from catalog.reference.additives import CLASS_WORDS, class_names
from catalog.rules.ingredients import (
    Ingredient,
    list_mistakes,
    list_warnings,
    read_list,
    statement,
    statement_text,
    undeclared,
)
from tests.rows import each_row

VI = class_names("vi")


def one(name: str, percent: str | None = None, level: int = 0, **values: object) -> Ingredient:
    return Ingredient(name, Decimal(percent) if percent else None, level, **values)  # type: ignore[arg-type]


@each_row(
    ("text", "expected"),
    [
        ("Muối biển", [one("Muối biển")]),
        (
            "Muối, ớt, tôm 12 %, đường",
            [one("Muối"), one("ớt"), one("tôm", "12"), one("đường")],
        ),
        ("Thành phần: Cá cơm (70%), muối.", [one("Cá cơm", "70"), one("muối")]),
        ("gạo 87,5%; nước", [one("gạo", "87.5"), one("nước")]),
        ("Gạo 60 %\n- Nước\n• Muối", [one("Gạo", "60"), one("Nước"), one("Muối")]),
        (
            "Tôm, nước tương (đậu nành, lúa mì, muối) 5%",
            [
                one("Tôm"),
                one("nước tương", "5"),
                one("đậu nành", level=1),
                one("lúa mì", level=1),
                one("muối", level=1),
            ],
        ),
        (
            "Mứt dừa (dừa 80%, đường)",
            [one("Mứt dừa"), one("dừa", "80", 1), one("đường", level=1)],
        ),
        (
            "Chất bảo quản (INS 202)",
            [one("", function_class="preservative", ins_number="202")],
        ),
        (
            "chất bảo quản: kali sorbat (202)",
            [one("kali sorbat", function_class="preservative", ins_number="202")],
        ),
        (
            "Chất điều vị INS 621",
            [one("", function_class="flavour_enhancer", ins_number="621")],
        ),
        (
            "chất điều vị (mononatri glutamat 621)",
            [one("mononatri glutamat", function_class="flavour_enhancer", ins_number="621")],
        ),
        ("E330", [one("", ins_number="330")]),
        ("màu thực phẩm (150a)", [one("", function_class="colour", ins_number="150a")]),
        ("hương liệu tổng hợp", [one("", function_class="flavour")]),
        ("Vitamin B12", [one("Vitamin B12")]),
        ("rượu nếp 2 lần cất", [one("rượu nếp 2 lần cất")]),
        ("", []),
    ],
)
def test_a_label_is_read_line_by_line(text: str, expected: list[Ingredient]) -> None:
    assert list(read_list(text, CLASS_WORDS)) == expected


def test_a_bracket_that_is_never_closed_loses_nothing() -> None:
    found = read_list("Tôm (sú, muối", CLASS_WORDS)
    assert "sú" in " ".join(item.name for item in found)


def test_the_statement_sets_allergens_apart_and_names_additives_with_their_class() -> None:
    listed = [
        one("Cá cơm", "70", allergens=("FIS",)),
        one("muối"),
        one("nước tương", "5"),
        one("đậu nành", level=1, allergens=("SOY",)),
        one("nước", level=1),
        one("", function_class="preservative", ins_number="202"),
    ]
    assert statement_text(listed, VI) == (
        "Cá cơm 70 %, muối, nước tương 5 % (đậu nành, nước), chất bảo quản (INS 202)"
    )
    assert [piece.text for piece in statement(listed, VI) if piece.is_allergen] == [
        "Cá cơm",
        "đậu nành",
    ]


def test_the_statement_speaks_the_language_of_the_class_names() -> None:
    listed = [one("", function_class="preservative", ins_number="202")]
    assert statement_text(listed, class_names("ja")) == "保存料 (INS 202)"


_NAMES = st.sampled_from(["Cá cơm", "muối", "đường", "gạo nếp", "bột năng", "ớt", "nước", "tỏi"])
_PERCENTS = st.none() | st.decimals("0.1", "20", places=1)
_PLAIN = st.builds(Ingredient, name=_NAMES, percent=_PERCENTS)
_ADDITIVE = st.builds(
    Ingredient,
    name=st.sampled_from(["", "kali sorbat"]),
    function_class=st.sampled_from(sorted(VI)),
    ins_number=st.sampled_from(["202", "330", "150a", "621"]),
)
_COMPOUND = st.builds(
    lambda head, parts: [head, *(Ingredient(part, level=1) for part in parts)],
    _PLAIN,
    st.lists(_NAMES, min_size=1, max_size=4),
)


@given(st.lists(_PLAIN.map(lambda i: [i]) | _ADDITIVE.map(lambda i: [i]) | _COMPOUND, max_size=6))
def test_a_written_statement_reads_back_the_same(groups: list[list[Ingredient]]) -> None:
    listed = tuple(item for group in groups for item in group)
    again = read_list(statement_text(listed, VI), CLASS_WORDS)
    assert [_folded(item) for item in again] == [_folded(item) for item in listed]


def _folded(item: Ingredient) -> Ingredient:
    return Ingredient(
        item.name.casefold(), item.percent, item.level, item.function_class, item.ins_number
    )


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    for item in read_list(text, CLASS_WORDS):
        assert item.name or item.function_class or item.ins_number


@each_row(
    ("listed", "codes"),
    [
        ([one("Gạo", "60"), one("nước", "40")], []),
        ([one("Gạo", "60"), one("nước", "41")], ["over_100"]),
        ([one("A", "10"), one("B", "6", 1), one("C", "5", 1)], ["parts_over_whole"]),
        ([one("B", level=1)], ["part_of_nothing"]),
        ([one("")], ["nameless"]),
    ],
)
def test_impossible_lists_are_refused(listed: list[Ingredient], codes: list[str]) -> None:
    assert [mistake.code for mistake in list_mistakes(listed)] == codes


@each_row(
    ("listed", "codes"),
    [
        ([one("Gạo", "60"), one("nước", "30"), one("muối")], []),
        ([one("nước", "30"), one("Gạo", "60")], ["not_descending"]),
        ([one("muối", "1"), one("đường", "1.5")], []),
        ([one("A", "5"), one("B", "90", 1)], []),
    ],
)
def test_a_larger_share_below_a_smaller_one_is_doubted(
    listed: list[Ingredient], codes: list[str]
) -> None:
    assert [warning.code for warning in list_warnings(listed)] == codes


def test_an_ingredient_may_contain_what_the_product_does_not_declare() -> None:
    listed = [one("cá", allergens=("FIS",)), one("đậu nành", allergens=("SOY",))]
    assert undeclared(listed, frozenset({"SOY"})) == ("FIS",)
