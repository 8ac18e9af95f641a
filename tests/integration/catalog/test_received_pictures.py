"""What is taken of a picture somebody sends: pixels, upright and in the right colours, and nothing else."""

from __future__ import annotations

import resource
import time
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from catalog.pictures import sandbox
from catalog.pictures.limits import MAX_FILE_BYTES, REASONS
from catalog.pictures.sandbox import UnusablePicture, clean
from storefront.picture_words import REFUSALS
from tests.factories import pictures as make

BAD = make.bad_files()


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_for_its_reason(name: str) -> None:
    content, reason = BAD[name]
    with pytest.raises(UnusablePicture) as refusal:
        clean(content)
    assert refusal.value.reason == reason


def test_a_bomb_costs_the_server_neither_time_nor_memory() -> None:
    bomb = make.png_bomb(30_000)
    assert len(bomb) < 200_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    with pytest.raises(UnusablePicture):
        clean(bomb)
    assert time.monotonic() - started < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_file_that_is_too_large_is_not_even_looked_at() -> None:
    with pytest.raises(UnusablePicture) as refusal:
        clean(b"\xff\xd8\xff" + b"\0" * MAX_FILE_BYTES)
    assert refusal.value.reason == "too_large"


def test_every_reason_has_a_sentence() -> None:
    assert set(REFUSALS) == set(REASONS)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_every_usual_format_is_taken(kind: str) -> None:
    cleaned = clean(make.photo(500, 400, kind))
    assert (cleaned.width, cleaned.height) == (500, 400)
    assert Image.open(BytesIO(cleaned.content)).format == "JPEG"


def test_the_name_of_a_file_says_nothing_only_its_content_does() -> None:
    assert clean(make.photo(300, 300, "PNG")).width == 300


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright_however_the_phone_was_held(orientation: int) -> None:
    cleaned = clean(make.with_exif(orientation))
    picture = Image.open(BytesIO(cleaned.content))
    turned = orientation >= 5
    assert picture.size == ((400, 600) if turned else (600, 400))
    corner = picture.getpixel((20, 20))
    assert isinstance(corner, tuple)
    is_red = corner[0] > corner[2]
    assert is_red == (orientation in (1, 4, 5, 6))


def test_nothing_but_pixels_is_kept() -> None:
    sent = make.with_exif()
    assert b"SecretPhone" in sent
    assert b"SecretPlace" in sent
    content = clean(sent).content
    kept = Image.open(BytesIO(content))
    assert not kept.getexif()
    assert not {"exif", "xmp", "comment", "icc_profile", "photoshop"} & set(kept.info)
    assert b"Secret" not in content
    assert b"secret" not in content
    for rendition in sandbox.render(content, 600).values():
        assert b"Secret" not in rendition
        assert b"Exif" not in rendition


def test_what_a_camera_hides_behind_the_picture_is_left_out() -> None:
    film = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 400
    assert b"ftypmp42" not in clean(make.photo() + film).content


def test_a_picture_of_two_eyes_is_taken_as_one() -> None:
    stereo = BytesIO()
    make.two_halves().save(stereo, "MPO", save_all=True, append_images=[make.two_halves()])
    assert clean(stereo.getvalue()).width == 600


def test_what_is_transparent_becomes_white() -> None:
    glass = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    cleaned = Image.open(BytesIO(clean(make.encoded(glass, "PNG")).content))
    assert cleaned.getpixel((5, 5)) == (255, 255, 255)
    palette = make.two_halves(300, 300).quantize(8)
    colour = Image.open(BytesIO(clean(make.encoded(palette, "PNG")).content)).getpixel((5, 5))
    assert isinstance(colour, tuple)
    assert colour[0] > 150 > colour[2]


def test_colours_of_printers_and_grey_scales_are_taken() -> None:
    cmyk = make.two_halves().convert("CMYK")
    colour = Image.open(BytesIO(clean(make.encoded(cmyk)).content)).getpixel((20, 20))
    assert isinstance(colour, tuple)
    assert colour[0] > 150 > colour[2]
    deep = Image.new("I;16", (300, 300), 65_535)
    assert Image.open(BytesIO(clean(make.encoded(deep, "PNG")).content)).getpixel((9, 9)) == (
        255,
        255,
        255,
    )


def test_a_colour_profile_is_applied_and_left_out() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    odd = clean(make.encoded(make.two_halves(), icc_profile=profile)).content
    assert "icc_profile" not in Image.open(BytesIO(odd)).info
    broken = clean(make.encoded(make.two_halves(), icc_profile=b"no profile at all")).content
    assert "icc_profile" not in Image.open(BytesIO(broken)).info


def test_a_large_picture_is_kept_at_a_size_worth_keeping() -> None:
    cleaned = clean(make.photo(4000, 1500))
    assert (cleaned.width, cleaned.height) == (2560, 960)


def test_renditions_are_small_enough_for_a_slow_line() -> None:
    cleaned = clean(make.photo(1300, 975))
    made = sandbox.render(cleaned.content, cleaned.width)
    assert list(made) == [
        f"{width}.{ending}" for width in (320, 640, 960, 1300) for ending in ("avif", "jpg")
    ]
    for name, content in made.items():
        picture = Image.open(BytesIO(content))
        assert picture.width == int(name.partition(".")[0])
        assert picture.format == ("AVIF" if name.endswith("avif") else "JPEG")
    assert len(made["320.avif"]) < 15_000
    assert len(made["640.avif"]) < 50_000
