"""The style guide shows every part the style sheets of the parts know."""

from __future__ import annotations

import re

from storefront.assets import SOURCE
from tests.factories.house import House

_RULES = re.compile(r"\{[^{}]*\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CLASS = re.compile(r"\.([a-z][\w-]*)")


_WHOLE_PAGES = {
    *("browse", "facets", "home-hero", "land", "picked", "visit"),
    *("desk", "desk-bar", "foot", "main-links", "skip", "top", "whole"),
}
"""The frame of a page or a single drawing, with the strokes it is made of (``l-…``)."""


def _parts() -> dict[str, set[str]]:
    """The classes each file of parts knows."""
    files = [
        *(SOURCE / "css" / "components").glob("*.css"),
        *(SOURCE / "css" / "areas").glob("*.css"),
    ]
    found = {
        path.name: set(_CLASS.findall(_RULES.sub("{}", _COMMENT.sub("", path.read_text("utf-8")))))
        for path in files
    }
    return {
        name: {part for part in parts if not part.startswith("l-")} - _WHOLE_PAGES
        for name, parts in found.items()
    }


def test_every_part_of_the_shop_stands_in_the_style_guide(house: House) -> None:
    page = house.browser("office").get("/office/style-guide")
    shown = set(" ".join(re.findall(r'class="([^"]*)"', page)).split())
    lacking = {name: parts - shown for name, parts in _parts().items() if parts - shown}
    assert not lacking
    assert len(set().union(*_parts().values())) > 60


def test_the_style_guide_is_the_office_s(house: House) -> None:
    assert house.browser("producer").client.get("/office/style-guide").status_code == 403
