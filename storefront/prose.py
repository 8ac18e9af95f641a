"""Articles written in Markdown as HTML that cannot do anything: no raw HTML, no pictures, plain links only.

The renderer escapes what looks like HTML, and nh3 keeps only the tags below, so either alone would do.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_TAGS = frozenset(
    ["a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "s",
     "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"]
)  # fmt: skip
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_TOP, _LOWEST = 2, 4
"""The highest heading of an article stands right below the page's own, whatever its author began with."""


def written(text: str) -> Markup:
    """The article's body, its headings below the page's own, its links without a way back to this page."""
    import nh3

    made = _parser()
    tokens = made.parse(text)
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    highest = min((int(token.tag[1:]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1:]) - highest + _TOP, _LOWEST)}"
    html = made.renderer.render(tokens, made.options, {})
    clean = nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={"a": {"href"}},
        url_schemes=set(_SCHEMES),
        link_rel="noopener nofollow",
    )
    return Markup(clean)  # noqa: S704  # cleaned by nh3 just above


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("js-default", {"html": False, "linkify": False}).disable("image")
