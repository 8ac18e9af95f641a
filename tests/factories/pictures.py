"""Pictures for tests, drawn on the spot: photograph-like noise, and every kind of file nobody should take."""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from catalog.models import Media, Producer, Product
from catalog.pictures.store import MASTER, Store, name_of
from catalog.rules.pictures import rendition_names

if TYPE_CHECKING:
    from PIL import Image

RED, BLUE = (200, 30, 30), (30, 30, 200)


def draw(width: int, height: int, grain: int = 18) -> Image.Image:
    """Soft shapes under the grain of a cheap camera: as hard to compress as a real photograph."""
    from PIL import Image

    coarse = Image.effect_noise((max(2, width // 16), max(2, height // 16)), 90)
    broad = Image.effect_noise((max(2, width // 40), max(2, height // 40)), 120)
    soft = coarse.resize((width, height), Image.Resampling.BICUBIC)
    wide = broad.resize((width, height), Image.Resampling.BICUBIC)
    fine = Image.effect_noise((width, height), grain)
    bands = (
        Image.blend(soft, wide, 0.5),
        Image.blend(wide, fine, 0.25),
        Image.blend(soft, fine, 0.2),
    )
    return Image.merge("RGB", bands)


def encoded(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The picture as a file."""
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


@cache
def photo(width: int = 800, height: int = 600, kind: str = "JPEG") -> bytes:
    """A photograph as a phone sends it."""
    return encoded(draw(width, height), kind)


def two_halves(width: int = 600, height: int = 400) -> Image.Image:
    """Red on the left, blue on the right: shows which way is up."""
    from PIL import Image

    picture = Image.new("RGB", (width, height), RED)
    picture.paste(BLUE, (width // 2, 0, width, height))
    return picture


def with_exif(orientation: int = 1) -> bytes:
    """A picture that says where and with what it was taken, and which way it was held."""
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretPhone"
    exif[0x9286] = "Nhà bà Sáu"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (9.0, 10.0, 33.5)
    place[3], place[4] = "E", (105.0, 8.0, 59.0)
    comment, xmp = b"secret comment", b"<x:xmpmeta>SecretPlace</x:xmpmeta>"
    return encoded(two_halves(), quality=95, exif=exif, comment=comment, xmp=xmp)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(side: int) -> bytes:
    """A PNG of some kilobytes that unpacks to side² pixels."""
    packer = zlib.compressobj(9)
    row = b"\x00" * (1 + (side + 7) // 8)
    pixels = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", pixels)
        + _chunk(b"IEND", b"")
    )


def png_that_lies(width: int, height: int) -> bytes:
    """A PNG whose header promises far more pixels than follow."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00" * 100)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", pixels)
        + _chunk(b"IEND", b"")
    )


def jpeg_and_zip() -> bytes:
    """A picture that is an archive as well."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("run.js", "alert(1)")
    return photo() + out.getvalue()


def bad_files() -> dict[str, tuple[bytes, str]]:
    """Name as it was sent → (the file, the reason for which it is refused)."""
    animation = [two_halves(300, 300), two_halves(300, 300).rotate(90)]
    svg = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    return {
        "empty.jpg": (b"", "empty"),
        "bomb-30000.png": (png_bomb(30_000), "too_many_pixels"),
        "bomb-9000.png": (png_bomb(9_000), "too_many_pixels"),
        "lying-header.png": (png_that_lies(60_000, 60_000), "too_many_pixels"),
        "short-pixels.png": (png_that_lies(3_000, 2_000), "broken"),
        "tiny.jpg": (photo(120, 900), "too_small"),
        "truncated.jpg": (photo()[: len(photo()) // 2], "broken"),
        "truncated.png": (photo(400, 300, "PNG")[:-4000], "broken"),
        "truncated.webp": (photo(400, 300, "WEBP")[:-2000], "broken"),
        "picture.gif": (encoded(two_halves(), "GIF"), "moving"),
        "script.gif": (b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(1)", "moving"),
        "moving.webp": (
            encoded(animation[0], "WEBP", save_all=True, append_images=animation[1:], duration=90),
            "moving",
        ),
        "moving.png": (
            encoded(animation[0], "PNG", save_all=True, append_images=animation[1:], duration=90),
            "moving",
        ),
        "drawing.jpg": (svg, "drawing"),
        "drawing-2.jpg": (b"\xef\xbb\xbf \n<SVG onload=alert(1)>", "drawing"),
        "paper.jpg": (b"%PDF-1.7\n" + b"0" * 400, "document"),
        "table.png": (b"PK\x03\x04" + b"0" * 400, "document"),
        "iphone.heic": (
            b"\0\0\0\x24ftypheic\0\0\0\0mif1heic" + b"\0" * 400,
            "heic",
        ),
        "page.jpg": (b"<!doctype html><script>alert(1)</script>", "not_a_picture"),
        "program.jpg": (b"MZ\x90\0" + b"\0" * 400, "not_a_picture"),
        "script-in-comment.jpg": (
            encoded(two_halves(), comment=b"*/<script>alert(1)</script>"),
            "two_in_one",
        ),
        "script-behind.png": (photo(400, 300, "PNG") + b"<?php system($_GET[0]);", "two_in_one"),
        "archive-behind.jpg": (jpeg_and_zip(), "two_in_one"),
    }


def make_picture(
    session: Session,
    owner: Product | Producer,
    now: datetime,
    store: Store | None = None,
    *,
    width: int = 1200,
    height: int = 900,
    **values: Any,
) -> Media:
    """A row of a picture that is shown; with a store, its files are there too (small ones)."""
    product_id = owner.id if isinstance(owner, Product) else None
    producer_id = owner.producer_id if isinstance(owner, Product) else owner.id
    number = session.query(Media).count()
    digest = hashlib.sha256(f"{product_id}-{producer_id}-{number}".encode()).hexdigest()
    media = Media(
        **{
            "code": f"test-picture-{digest[:16]}",
            "producer_id": producer_id,
            "product_id": product_id,
            "digest": digest,
            "width": width,
            "height": height,
            "position": number + 1,
            "file_name": f"IMG_{number}.jpg",
            "ready_at": now,
            "created_at": now,
            "updated_at": now,
            **values,
        }
    )
    session.add(media)
    session.flush()
    if store is not None:
        for name in (MASTER, *rendition_names(width)):
            store.write(name_of(media.digest, name), name.encode())
    return media
