"""What a picture is to a page: its sizes, its addresses, and which of them a browser may choose from."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.rules.fallback import Text

STEPS = (320, 640, 960, 1600)
"""Widths in pixels of the renditions; a picture is never made larger than it is."""

PREFIX = "/media/"
FORMATS = ("avif", "jpg")
"""AVIF for nearly every browser, JPEG for old phones, mail programs and supermarkets."""

KEY_LENGTH = 32
"""Characters of the digest in an address: 128 bits, so that no two pictures ever share one."""

LONGEST_ALT = 300
MOST_PICTURES = 12
"""Of one product or producer."""

DAYS_KEPT = 30
"""How long a removed picture can be put back."""


def rendition_widths(width: int) -> tuple[int, ...]:
    """The widths made of a picture that is so wide: every smaller step, and itself up to the largest."""
    smaller = tuple(step for step in STEPS if step < width)
    return (*smaller, width) if width <= STEPS[-1] else smaller


def rendition_names(width: int) -> tuple[str, ...]:
    """The names of all renditions: "320.avif", "320.jpg", …"""
    return tuple(f"{w}.{ending}" for w in rendition_widths(width) for ending in FORMATS)


def scaled_height(width: int, height: int, to_width: int) -> int:
    """The height that belongs to another width, at least one pixel."""
    return max(1, round(height * to_width / width))


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is shown, with what is to be seen on it, if somebody has said so."""

    id: int
    digest: str
    width: int
    height: int
    alt: Text | None = None

    @property
    def widths(self) -> tuple[int, ...]:
        """The widths there are, from the smallest."""
        return rendition_widths(self.width)

    def address(self, width: int, ending: str = "jpg") -> str:
        """The path of a rendition; it never changes what it shows."""
        return f"{PREFIX}{self.digest[:KEY_LENGTH]}/{width}.{ending}"

    def nearest(self, width: int) -> int:
        """The smallest width there is that is at least so wide, else the largest."""
        return next((w for w in self.widths if w >= width), self.widths[-1])

    def height_at(self, width: int) -> int:
        """The height of the rendition of that width."""
        return scaled_height(self.width, self.height, width)

    def sources(self, ending: str) -> str:
        """All widths as a browser chooses from them (``srcset``)."""
        return ", ".join(f"{self.address(w, ending)} {w}w" for w in self.widths)
