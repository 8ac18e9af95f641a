"""Decoding and encoding pictures inside the limited child process: bytes in, one line and bytes out.

Run as ``python -m catalog.pictures.child take|render``. A line of JSON on stdout says how long each of the
parts after it is, or why the file is refused. Nothing of the file but its pixels comes back.
"""

from __future__ import annotations

import json
import resource
import sys
import warnings
from io import BytesIO
from typing import TYPE_CHECKING

from catalog.pictures.limits import (
    CPU_SECONDS,
    MASTER_SIDE,
    MAX_FILE_BYTES,
    MAX_PIXELS,
    MEMORY_BYTES,
    MIN_SIDE,
    RENDER_CPU_SECONDS,
)
from catalog.rules.pictures import rendition_widths, scaled_height

if TYPE_CHECKING:
    from PIL import Image

_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
_HEIC = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_SCRIPTS = (b"<script", b"<html>", b"<html ", b"<!doctype", b"<?php ", b"<?php\n", b"javascript:")
_END_OF_ZIP = b"PK\x05\x06"
_MASTER_QUALITY = 90
_AVIF_SPEED = 8
_QUALITIES = {"AVIF": (58, 48, 40, 32, 26), "JPEG": (78, 68, 58, 48)}
_LARGEST = {"AVIF": 0.08, "JPEG": 0.32}
"""Bytes per pixel a rendition may have before it is made with the next lower quality."""


class Refused(Exception):
    """The file is not taken; the message is one of the reasons."""


def sniff(data: bytes) -> None:
    """Refuse, by its first bytes, what is known not to be a picture; raises Refused."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC and b"avif" not in data[8:64]:
        raise Refused("heic")
    if data[:6] in (b"GIF87a", b"GIF89a"):
        raise Refused("moving")
    if start.startswith((b"<svg", b"<?xml", b"<!doctype svg")):
        raise Refused("drawing")
    if start.startswith((b"%pdf", b"pk\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise Refused("document")


def check_single(data: bytes) -> None:
    """Refuse a picture that is something else as well; raises Refused.

    What cameras add behind a picture (a short film, a depth map) is not refused, it is left out.
    """
    lowered = data.lower()
    if any(word in lowered for word in _SCRIPTS) or b"%pdf-" in lowered[:1024]:
        raise Refused("two_in_one")
    found = data.rfind(_END_OF_ZIP, max(0, len(data) - 66_000))
    if found >= 0 and len(data) - found - 22 == int.from_bytes(
        data[found + 20 : found + 22], "little"
    ):
        raise Refused("two_in_one")


def open_picture(data: bytes) -> Image.Image:
    """The picture, its size checked before a pixel is decoded; raises Refused."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        picture = Image.open(BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("too_many_pixels") from error
    except UnidentifiedImageError as error:
        known = data[:3] == b"\xff\xd8\xff" or data[:4] in (b"\x89PNG", b"RIFF")
        raise Refused(
            "broken" if known or data[4:12] == b"ftypavif" else "not_a_picture"
        ) from error
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise Refused("too_many_pixels")
    if min(width, height) < MIN_SIDE:
        raise Refused("too_small")
    if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:
        raise Refused("moving")
    return picture


def take(data: bytes) -> tuple[dict[str, object], list[bytes]]:
    """The picture upright, in sRGB, on white, without anything but pixels, as JPEG; raises Refused."""
    sniff(data)
    picture = open_picture(data)
    check_single(data)
    if picture.format in ("JPEG", "MPO"):
        picture.draft(None, (MASTER_SIDE, MASTER_SIDE))
    try:
        picture.load()
    except Exception as error:
        raise Refused("broken") from error
    clean = _cleaned(picture)
    out = BytesIO()
    clean.save(out, "JPEG", quality=_MASTER_QUALITY, subsampling=0, optimize=True)
    return {"width": clean.width, "height": clean.height}, [out.getvalue()]


def _cleaned(picture: Image.Image) -> Image.Image:
    """New pixels: turned, made small, colours converted, laid on white; the old object's notes stay behind."""
    from PIL import Image, ImageOps

    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    if picture.mode in ("P", "PA", "LA", "La", "1") or (has_alpha and picture.mode != "RGBA"):
        turned = picture.convert("RGBA" if has_alpha else "RGB")
        turned.info, profile = dict(picture.info), None
        turned.info.pop("transparency", None)
        if (exif := picture.getexif()) and (way := exif.get(0x0112)):
            turned.getexif()[0x0112] = way
        picture = turned
    picture = ImageOps.exif_transpose(picture)
    picture.thumbnail((MASTER_SIDE, MASTER_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    colours = _in_srgb(picture.convert("RGB") if alpha is not None else picture, profile)
    clean = Image.new("RGB", picture.size, "white")
    clean.paste(colours, (0, 0), alpha)
    return clean


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours a screen shows; a profile that cannot be used is left out."""
    if profile:
        from PIL import ImageCms

        try:
            converted = ImageCms.profileToProfile(
                picture,
                ImageCms.ImageCmsProfile(BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            converted = None
        if converted is not None:
            return converted
    return picture.convert("RGB")


def render(data: bytes) -> tuple[dict[str, object], list[bytes]]:
    """All renditions of a kept picture, in both formats, named by width and ending."""
    from PIL import Image

    master = open_picture(data).convert("RGB")
    names: list[str] = []
    parts: list[bytes] = []
    start = dict.fromkeys(_QUALITIES, 0)
    for width in rendition_widths(master.width):
        size = (width, scaled_height(master.width, master.height, width))
        small = master.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        for ending, kind in (("avif", "AVIF"), ("jpg", "JPEG")):
            names.append(f"{width}.{ending}")
            encoded, start[kind] = _encoded(small, kind, start[kind])
            parts.append(encoded)
    return {"names": names}, parts


def _encoded(picture: Image.Image, kind: str, start: int) -> tuple[bytes, int]:
    """The picture in the best quality that is not too heavy for a slow line, and which that was.

    What was too heavy for a smaller size of it is not tried again (`start`).
    """
    room = picture.width * picture.height * _LARGEST[kind]
    for step in range(start, len(_QUALITIES[kind])):
        out = BytesIO()
        quality = _QUALITIES[kind][step]
        if kind == "AVIF":
            picture.save(out, kind, quality=quality, speed=_AVIF_SPEED)
        else:
            picture.save(out, kind, quality=quality, progressive=True, optimize=True)
        if out.tell() <= room:
            return out.getvalue(), step
    return out.getvalue(), len(_QUALITIES[kind]) - 1


def limit_myself(cpu_seconds: int) -> None:
    """No more memory and processor time than a picture takes, and no file is ever written."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main(work: str) -> int:
    """Do the work on what comes on stdin; 3 when it is refused."""
    warnings.simplefilter("error")
    data = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    try:
        header, parts = (take if work == "take" else render)(data)
    except Refused as refusal:
        header, parts = {"refused": str(refusal)}, []
    except MemoryError:
        header, parts = {"refused": "too_many_pixels"}, []
    except Exception:  # noqa: BLE001  # any failure of a decoder means one thing: a broken file
        header, parts = {"refused": "broken"}, []
    header["parts"] = [len(part) for part in parts]
    out = sys.stdout.buffer
    out.write(json.dumps(header).encode() + b"\n")
    for part in parts:
        out.write(part)
    out.flush()
    return 3 if "refused" in header else 0


if __name__ == "__main__":
    limit_myself(CPU_SECONDS if sys.argv[1] == "take" else RENDER_CPU_SECONDS)
    raise SystemExit(main(sys.argv[1]))
