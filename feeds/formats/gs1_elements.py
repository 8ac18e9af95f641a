"""How an element of a GS1 message is written: escaped, shortened, and left out when it would be empty."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def element(name: str, *content: str) -> str:
    """An element around what it contains, or nothing around nothing."""
    inner = "".join(content)
    return f"<{name}>{inner}</{name}>" if inner else ""


def text(name: str, value: str | None, *, limit: int | None = None, **attributes: str) -> str:
    """A text element, or nothing for an unknown or empty text: an empty element is not valid."""
    clean = _NOT_XML.sub("", value or "").strip()
    if not clean:
        return ""
    listed = "".join(f" {key}={quoteattr(said)}" for key, said in attributes.items())
    return f"<{name}{listed}>{escape(clean[:limit])}</{name}>"


def flag(value: bool) -> str:
    """A truth value as XML writes it."""
    return "true" if value else "false"


def number(value: int | None) -> str | None:
    """The digits of a number, if it is known."""
    return None if value is None else str(value)
