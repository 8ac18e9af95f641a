"""Running the child that decodes pictures, and checking what it says; the server itself decodes nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.pictures.limits import (
    MASTER_SIDE,
    MAX_FILE_BYTES,
    REASONS,
    RENDER_WALL_SECONDS,
    WALL_SECONDS,
)
from catalog.rules.pictures import rendition_names
from core.errors import Invalid

_ROOT = Path(__file__).resolve().parents[2]
_OUT_OF_TIME = -24  # killed by SIGXCPU


class UnusablePicture(Invalid):
    """The file is not taken; ``reason`` is one of `limits.REASONS`."""

    def __init__(self, reason: str) -> None:
        """Keep the reason; the page has a sentence for each."""
        super().__init__(reason=reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A picture as it is kept: upright, sRGB, JPEG, nothing but pixels."""

    content: bytes
    width: int
    height: int


def clean(data: bytes) -> Cleaned:
    """Decode a foreign file and keep its pixels; raises UnusablePicture with the reason."""
    if not data:
        raise UnusablePicture("empty")
    if len(data) > MAX_FILE_BYTES:
        raise UnusablePicture("too_large")
    header, parts = _run("take", data, WALL_SECONDS)
    width, height = _side(header, "width"), _side(header, "height")
    if not width or not height or len(parts) != 1 or parts[0][:3] != b"\xff\xd8\xff":
        raise UnusablePicture("broken")
    return Cleaned(parts[0], width, height)


def _side(header: dict[str, Any], name: str) -> int:
    """A side in pixels as the child says it; 0 for what cannot be."""
    said = header.get(name)
    return said if isinstance(said, int) and 0 < said <= MASTER_SIDE else 0


def render(master: bytes, width: int) -> dict[str, bytes]:
    """The renditions of a kept picture by name; raises UnusablePicture when it cannot be decoded any more."""
    header, parts = _run("render", master, RENDER_WALL_SECONDS)
    names = header.get("names")
    if names != list(rendition_names(width)) or len(parts) != len(names):
        raise UnusablePicture("broken")
    return dict(zip(names, parts, strict=True))


def _run(work: str, data: bytes, seconds: int) -> tuple[dict[str, Any], list[bytes]]:
    try:
        child = subprocess.run(
            [sys.executable, "-m", "catalog.pictures.child", work],
            cwd=_ROOT,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"},
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnusablePicture("took_too_long") from error
    if child.returncode < 0:
        slow = child.returncode == _OUT_OF_TIME
        raise UnusablePicture("took_too_long" if slow else "too_many_pixels")
    line, _, rest = child.stdout.partition(b"\n")
    try:
        header = json.loads(line)
        refused = header.get("refused")
        sizes = [int(size) for size in header["parts"]]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnusablePicture("broken") from error
    if refused is not None or sum(sizes) != len(rest) or min(sizes, default=1) <= 0:
        raise UnusablePicture(refused if refused in REASONS else "broken")
    parts, at = [], 0
    for size in sizes:
        parts.append(rest[at : at + size])
        at += size
    return header, parts
