"""The panel of filters beside a list, written once for each state it can be in.

It shows some seventy links that depend only on the language, the choices and the counts, and the counts
change only when the catalogue does. All of these are in the key, so a kept panel is never out of date.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence

from flask import current_app, g, render_template
from markupsafe import Markup

from storefront.shop import filters, words
from storefront.shop.filters import Choice, Chosen, Counted

MOST_KEPT = 256


def facet_choices(
    chosen: Chosen, counted: Mapping[str, Sequence[Counted]], path: str
) -> list[tuple[str, list[Choice]]]:
    """Every facet that has values, with its values as links."""
    labels = words.facet_labels(g.locale)
    return [
        (facet, listed)
        for facet in filters.FACETS
        if (listed := filters.choices(chosen, facet, counted.get(facet, ()), labels[facet], path))
    ]


def panel(
    chosen: Chosen, counted: Mapping[str, Sequence[Counted]], path: str
) -> tuple[Markup, list[Choice]]:
    """The written panel, and the choices made, for the chips above the list."""
    kept: OrderedDict[object, tuple[Markup, list[Choice]]]
    kept = current_app.extensions.setdefault("filter_panels", OrderedDict())
    key = (
        g.locale,
        filters.query(chosen),
        path,
        tuple((facet, tuple(counted.get(facet, ()))) for facet in filters.FACETS),
    )
    known = kept.get(key)
    if known is None:
        facets = facet_choices(chosen, counted, path)
        written = Markup(render_template("shop/filters.html", facets=facets))  # noqa: S704  # by Jinja
        known = written, [choice for _, listed in facets for choice in listed if choice.selected]
        kept[key] = known
        while len(kept) > MOST_KEPT:
            kept.popitem(last=False)
    return known
