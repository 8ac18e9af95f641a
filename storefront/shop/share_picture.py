"""Draws the picture that Facebook, Zalo and others show beside a shared product without a photograph.

No stars and no "OCOP" on it: others keep the picture for years, a claim may end tomorrow.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH, HEIGHT = 1200, 630
"""Open Graph's customary 1.91 : 1."""

DESIGN = "1"
"""Part of every address: a new drawing gets new addresses."""

_HERE = Path(__file__).parent
_DRAWINGS = _HERE / "packshots"
"""The packshots of ``static/img/packshots`` as pixels: nothing in Python draws SVG (a test compares them)."""

_FONTS = _HERE.parents[1] / "catalog" / "lots" / "fonts"
_LETTERS = re.compile(
    "[ -~\u00a0-\u00ff\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0"
    "\u1ea0-\u1ef9\u2010-\u2015\u2018-\u201d\u2022\u2026\u20ab]+"
)
_PAPER, _INK, _QUIET, _DEEP = "#f7f2e6", "#1c2a2f", "#54605c", "#16324a"
_TINTS = ("#cfdde6", "#ecd3dc", "#d3e2d4", "#efd9cf", "#d9d8ea", "#cfe3e2", "#ead9c2", "#e0d5e5")
_TEXT_LEFT, _TEXT_RIGHT = 590, 1140
_NAME_SIZES = ((64, 3), (52, 4), (42, 5))
"""Size of the letters and the most lines; a name too long for the last is cut."""


def digest(name: str, maker: str, packshot: str, hue: int) -> str:
    """The part of an address that changes with the picture."""
    facts = "\x00".join((DESIGN, name, maker, packshot, str(hue)))
    return hashlib.sha256(facts.encode()).hexdigest()[:16]


@lru_cache(maxsize=16)
def draw(names: tuple[str, ...], maker: str, packshot: str, hue: int, shop: str) -> bytes:
    """A PNG with the first name its letters can write, the maker and the drawing of the goods."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((60, 60, 540, 540), 36, fill=_TINTS[hue % len(_TINTS)])
    file = _DRAWINGS / f"{packshot}.png"
    with Image.open(file if file.is_file() else _DRAWINGS / "box.png") as opened:
        goods = opened.convert("RGBA")
    picture.paste(goods, (90, 90), goods)
    _fields(pen)
    name = next((one for one in names if can_write(one)), "")
    size, lines = _fitted(name)
    top = 92
    for line in lines:
        pen.text((_TEXT_LEFT, top), line, font=_font("Bold", size), fill=_INK)
        top += round(size * 1.35)
    if can_write(maker):
        for line in _lines(maker, 32)[:2]:
            pen.text((_TEXT_LEFT, top + 14), line, font=_font("Regular", 32), fill=_QUIET)
            top += 44
    pen.text((_TEXT_LEFT, 486), shop, font=_font("Bold", 40), fill=_DEEP)
    written = BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()


def can_write(text: str) -> bool:
    """Whether our letters have every sign of it: Latin ones with those of Vietnamese."""
    return _LETTERS.fullmatch(text) is not None


@cache
def _font(weight: str, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    basic = ImageFont.Layout.BASIC
    return ImageFont.truetype(str(_FONTS / f"NotoSans-{weight}.ttf"), size, layout_engine=basic)


def _fitted(name: str) -> tuple[int, list[str]]:
    """The largest letters in which the name fits; the last line of a name too long for all is cut."""
    for size, most in _NAME_SIZES:
        lines = _lines(name, size, "Bold")
        if len(lines) <= most:
            return size, lines
    lines[most - 1] = lines[most - 1][:-1] + "…"
    return size, lines[:most]


def _lines(text: str, size: int, weight: str = "Regular") -> list[str]:
    """The text broken between words, and inside a word only where one alone is too wide."""
    font, widest = _font(weight, size), _TEXT_RIGHT - _TEXT_LEFT
    lines = [""]
    for word in text.split()[:80]:
        joined = f"{lines[-1]} {word}".strip()
        if font.getlength(joined) <= widest:
            lines[-1] = joined
            continue
        lines.append("")
        for letter in word[:80]:
            if font.getlength(lines[-1] + letter) > widest:
                lines.append("")
            lines[-1] += letter
    return [line for line in lines if line]


def _fields(pen: ImageDraw) -> None:
    """Hills, fields and water along the foot, as on the shop's own pages."""
    bands = (
        ("#a9c0c4", (560, 545, 552, 538, 550, 556, 540)),
        ("#7da35c", (580, 570, 577, 566, 574, 568, 578)),
        ("#5c8a4a", (600, 596, 590, 597, 592, 600, 594)),
        ("#16324a", (618, 614, 617, 612, 616, 613, 617)),
    )
    for colour, heights in bands:
        edge = [(place * 200, height) for place, height in enumerate(heights)]
        pen.polygon([*edge, (WIDTH, HEIGHT), (0, HEIGHT)], fill=colour)
