"""The links behind a code as machines read them (RFC 9264, GS1-Conformant resolver 1.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

VOCABULARY = "https://ref.gs1.org/voc/"
MEDIA_TYPE = "application/linkset+json"
_ALL = ("all", "linkset")

Links = Mapping[str, tuple[str, str]]
"""Link type (without its prefix) → (address, title)."""


def link_type(text: str) -> str:
    """The link type asked for without its prefix: "pip" for "gs1:pip" or the whole IRI; "" for none."""
    for prefix in ("gs1:", VOCABULARY, "https://gs1.org/voc/", "https://www.gs1.org/voc/"):
        if text.startswith(prefix):
            return text.removeprefix(prefix)
    return text


def wants_linkset(asked: str, accept: str) -> bool:
    """Whether the whole set of links is asked for, by parameter or by header."""
    return asked in _ALL or MEDIA_TYPE in accept


def linkset(anchor: str, description: str, links: Links, language: str) -> dict[str, Any]:
    """The set as JSON; every page speaks whatever the reader speaks, so a title names its language."""
    context: dict[str, Any] = {"anchor": anchor, "itemDescription": description}
    for name, (address, title) in links.items():
        context[f"{VOCABULARY}{name}"] = [
            {"href": address, "title": title, "type": "text/html", "hreflang": [language]}
        ]
    return {"linkset": [context]}
