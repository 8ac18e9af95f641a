"""The panel of filters beside a list, written once for each state it can be in.

It shows some seventy links that depend only on the language, the choices and the counts, and the counts
change only when the catalogue does. All of these are in the key, so a kept panel is never out of date.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence

from flask import current_app, g, render_template
from markupsafe import Markup

from catalog.rules.facets import FACETS
from i18n.formatting import colon
from storefront.shop import filters, words
from storefront.shop.filters import Choice, Chosen, Counted

MOST_KEPT = 256


Names = Mapping[str, Mapping[str, str]]
"""What communes and producers are called, by facet and value."""

_OPEN = frozenset({"province", "group", "stars"})
"""Facets that stand open until somebody closes them; the others open when one of their values is chosen."""

_NOTHING_ALONE = frozenset({"free_from", "ships_to"})


def facet_choices(
    chosen: Chosen, counted: Mapping[str, Sequence[Counted]], names: Names, path: str
) -> list[tuple[str, bool, list[Choice]]]:
    """Every facet that has values: whether it stands open, and its values as links."""
    labels = words.facet_labels(g.locale)
    own = "" if g.locale == "vi" else "vi"
    found = []
    for facet in FACETS:
        called, lang = (labels[facet], "") if facet in labels else (names.get(facet, {}), own)
        listed = filters.choices(chosen, facet, counted.get(facet, ()), called, path, lang)
        if listed:
            found.append((facet, facet in _OPEN or facet in chosen.facets, listed))
    return found


def panel(
    chosen: Chosen, counted: Mapping[str, Sequence[Counted]], names: Names, path: str
) -> tuple[Markup, list[Choice]]:
    """The written panel, and the choices made, for the chips above the list."""
    kept: OrderedDict[object, tuple[Markup, list[Choice]]]
    kept = current_app.extensions.setdefault("filter_panels", OrderedDict())
    key = (
        g.locale,
        filters.query(chosen),
        path,
        tuple((facet, tuple(counted.get(facet, ()))) for facet in FACETS),
        tuple(
            called.get(one.value)
            for facet, called in names.items()
            for one in counted.get(facet, ())
        ),
    )
    known = kept.get(key)
    if known is None:
        facets = facet_choices(chosen, counted, names, path)
        chips = [
            _chip(facet, choice)
            for facet, _, listed in facets
            for choice in listed
            if choice.selected
        ]
        written = Markup(  # noqa: S704  # by Jinja
            render_template("shop/filters.html", facets=facets, number=len(chips))
        )
        known = written, chips
        kept[key] = known
        while len(kept) > MOST_KEPT:
            kept.popitem(last=False)
    return known


def _chip(facet: str, choice: Choice) -> Choice:
    """A choice as it stands alone above the list: "milk" would not say that there is none of it."""
    if facet not in _NOTHING_ALONE:
        return choice
    return choice._replace(label=f"{words.FACET_NAMES[facet]}{colon(g.locale)}{choice.label}")
