"""How large a picture may be, and how much the child that decodes it may use."""

from __future__ import annotations

MAX_FILE_BYTES = 15 * 1024 * 1024
"""A phone's picture has 2 to 6 MB, one of 50 megapixels up to 15."""

MAX_PIXELS = 64_000_000
MIN_SIDE = 200
"""Below this a picture shows nothing on a phone's screen."""

MASTER_SIDE = 2560
"""The longer side of what is kept: enough to print a page, small enough to keep thousands."""

MEMORY_BYTES = 1280 * 1024 * 1024
CPU_SECONDS = 60
WALL_SECONDS = 60
RENDER_CPU_SECONDS = 180
RENDER_WALL_SECONDS = 240

REASONS = (
    "empty",
    "too_large",
    "too_many_pixels",
    "too_small",
    "broken",
    "moving",
    "heic",
    "drawing",
    "document",
    "not_a_picture",
    "two_in_one",
    "took_too_long",
)
"""Why a file is refused; the storefront has a sentence for each."""
