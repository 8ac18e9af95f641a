"""Which sizes of a picture there are, and what a browser is told of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.pictures import Picture, rendition_names, rendition_widths, scaled_height
from tests.rows import each_row


@each_row(
    ("width", "widths"),
    [
        (200, (200,)),
        (320, (320,)),
        (639, (320, 639)),
        (640, (320, 640)),
        (1200, (320, 640, 960, 1200)),
        (1600, (320, 640, 960, 1600)),
        (2560, (320, 640, 960, 1600)),
    ],
)
def test_a_picture_is_made_smaller_in_steps_and_never_larger(
    width: int, widths: tuple[int, ...]
) -> None:
    assert rendition_widths(width) == widths


@given(st.integers(1, 2560), st.integers(1, 2560))
def test_no_rendition_is_wider_than_the_picture_or_without_height(width: int, height: int) -> None:
    widths = rendition_widths(width)
    assert list(widths) == sorted(set(widths))
    assert 0 < widths[-1] <= min(width, 1600)
    assert all(scaled_height(width, height, w) >= 1 for w in widths)


def test_the_address_is_made_of_the_content_and_never_of_a_number() -> None:
    picture = Picture(7, "ab" * 32, 700, 350)
    assert picture.address(320, "avif") == f"/media/{'ab' * 16}/320.avif"
    assert picture.sources("jpg") == (
        f"/media/{'ab' * 16}/320.jpg 320w, /media/{'ab' * 16}/640.jpg 640w, "
        f"/media/{'ab' * 16}/700.jpg 700w"
    )
    assert (picture.nearest(500), picture.nearest(5000)) == (640, 700)
    assert picture.height_at(640) == 320
    assert rendition_names(300) == ("300.avif", "300.jpg")
