from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.search.highlight import parts
from tests.rows import each_row


def _shown(text: str, query: str) -> str:
    return "".join(f"[{piece}]" if marked else piece for piece, marked in parts(text, query))


@each_row(
    ("text", "query", "shown"),
    [
        ("Nước mắm Phú Quốc", "nuoc mam", "[Nước] [mắm] Phú Quốc"),
        ("NƯỚC MẮM", "nước mắm", "[NƯỚC] [MẮM]"),
        ("Nước mắm", "nước mắm", "[Nước] [mắm]"),
        ("Dưa dừa dứa", "dừa", "Dưa [dừa] dứa"),
        ("Kẹo dừa sầu riêng", "sau rie", "Kẹo dừa [sầu] [riêng]"),
        ("富国岛鱼露", "富國島", "[富国岛]鱼露"),
        ("ヌックマム（魚醤）", "ヌックマム", "[ヌックマム]（魚醤）"),
        ("말린 새우 200g", "새우", "말린 [새우] 200g"),
        ("Crevettes séchées", "crevette séchée", "[Crevettes] [séchées]"),
        ("শুকনো চিংড়ি", "চিংড়ির", "শুকনো [চিংড়ি]"),
        ("<b>trà</b>", "tra", "<b>[trà]</b>"),
        ("Trà", "*", "Trà"),
    ],
)
def test_what_was_asked_for_is_marked_in_the_text_as_written(
    text: str, query: str, shown: str
) -> None:
    assert _shown(text, query) == shown


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60), st.text(max_size=20))
def test_the_pieces_add_up_to_the_text(text: str, query: str) -> None:
    from unicodedata import normalize

    assert "".join(piece for piece, _ in parts(text, query)) == normalize("NFC", text)
