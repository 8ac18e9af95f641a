"""Whether bytes are a plain PDF, looked at without opening it: nobody's reader is trusted with more than that.

What is hidden in compressed parts is not seen here; therefore no page ever shows a PDF, it is only handed
out as a file to the two who may have it.
"""

from __future__ import annotations

import re
import zlib

MOST_INFLATED = 4_000_000
"""Bytes of compressed objects that are looked into; a scan holds its names in the first few thousand."""

_HEAD = re.compile(rb"%PDF-(?:1\.[0-7]|2\.0)[\r\n\s]")
_TAIL = re.compile(rb"%%EOF\s*\Z")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData)\b"
)
_LOCKED = re.compile(rb"/Encrypt\b")
_OTHER = re.compile(rb"<script|<html|<!doctype html|<\?php", re.IGNORECASE)
_END_OF_ZIP = b"PK\x05\x06"


def pdf_fault(data: bytes) -> str | None:
    """Why a file that begins like a PDF is not taken; None for one that is.

    pdf_broken (no head or end of a PDF), two_in_one (an archive or a page as well), pdf_locked
    (encrypted), pdf_active (scripts, attachments, forms that send).
    """
    if not _HEAD.match(data) or not _TAIL.search(data[-1024:]):
        return "pdf_broken"
    if _OTHER.search(data[:1024]) or _END_OF_ZIP in data[-66_000:]:
        return "two_in_one"
    plain = _named(data)
    if _LOCKED.search(plain):
        return "pdf_locked"
    return "pdf_active" if _ACTIVE.search(plain) else None


def _named(data: bytes) -> bytes:
    """Everything but the contents of streams, with objects that stand compressed in the file."""
    room, at = MOST_INFLATED, 0
    parts: list[bytes] = []
    while (start := data.find(b"stream", at)) >= 0:
        end = data.find(b"endstream", start)
        if end < 0:
            break
        head = data[at:start]
        parts.append(head)
        if b"/ObjStm" in head and room > 0:
            inflated = _inflated(data[start + len(b"stream") : end].lstrip(b"\r\n"), room)
            room -= len(inflated)
            parts.append(inflated)
        at = end + len(b"endstream")
    parts.append(data[at:])
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), b" ".join(parts))


def _inflated(body: bytes, room: int) -> bytes:
    """So much of a compressed part; nothing of one that is compressed otherwise."""
    try:
        return zlib.decompressobj().decompress(body, room)
    except zlib.error:
        return b""
