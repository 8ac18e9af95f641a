"""The policies of the shop as dated texts: what applies today, what applied before, in which language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from flask import abort, g
from flask.typing import ResponseReturnValue

from i18n.catalogue import gettext as _
from i18n.locales import DEFAULT, FALLBACKS, OWN_NAMES
from storefront.access import public
from storefront.extensions import settings
from storefront.kept_pages import kept
from storefront.rendering import render_page

CONTENT = Path(__file__).parents[2] / "content" / "policies"
_FILE = re.compile(r"([a-z]+)\.(\d{4}-\d{2}-\d{2})\.([a-z]{2}(?:-[a-z]{4})?)\.txt")

NAMES: Mapping[str, Callable[[], str]] = {
    "terms": lambda: _("Terms of sale"),
    "delivery": lambda: _("Delivery"),
    "returns": lambda: _("Returns and refunds"),
    "privacy": lambda: _("Personal data"),
    "complaints": lambda: _("Complaints and disputes"),
}
"""In the order of the footer: the pages Vietnam's e-commerce law asks for, each by itself and dated."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading ("" for the opening) with its paragraphs and lists in turn."""

    heading: str
    blocks: tuple[str | tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a policy in one language, in force from its day on."""

    name: str
    effective: date
    locale: str
    title: str
    sections: tuple[Section, ...]


@lru_cache(maxsize=8)
def load(content: Path) -> Mapping[str, Mapping[date, Mapping[str, Policy]]]:
    """Every policy by name, day and language; raises ValueError for a file nobody could mean."""
    found: dict[str, dict[date, dict[str, Policy]]] = {}
    for path in sorted(content.glob("*.txt")):
        matched = _FILE.fullmatch(path.name)
        if matched is None or matched[1] not in NAMES:
            raise ValueError(f"{path.name}: not <policy>.<day>.<language>.txt")
        name, effective, locale = matched[1], date.fromisoformat(matched[2]), matched[3]
        title, _space, body = path.read_text(encoding="utf-8").partition("\n")
        policy = Policy(name, effective, locale, title.strip(), tuple(_sections(body)))
        found.setdefault(name, {}).setdefault(effective, {})[locale] = policy
    return found


def _sections(body: str) -> Iterator[Section]:
    """Lines beginning with "# " open a section, those beginning with "- " make a list."""
    heading, blocks = "", list[str | tuple[str, ...]]()
    for line in filter(None, map(str.strip, body.splitlines())):
        if line.startswith("# "):
            if heading or blocks:
                yield Section(heading, tuple(blocks))
            heading, blocks = line[2:], []
        elif line.startswith("- "):
            before = blocks.pop() if blocks and isinstance(blocks[-1], tuple) else ()
            blocks.append((*before, line[2:]))
        else:
            blocks.append(line)
    yield Section(heading, tuple(blocks))


def _source() -> Path:
    """An operator's own texts (``policies`` in the data directory), else those of the demonstration."""
    own = settings().data_dir / "policies"
    return own if own.is_dir() else CONTENT


def in_force(days: Iterable[date], on: date) -> date | None:
    """The version that applies on that day; None before the first."""
    return max((day for day in days if day <= on), default=None)


def nearest(texts: Mapping[str, Policy], locale: str) -> Policy:
    """The text in the first language of the chain that has it, else in any: a duty is not to be hidden.

    ``texts`` has at least one; what is not in the reader's language is marked on the page.
    """
    return next(texts[tag] for tag in (*FALLBACKS[locale], *sorted(texts)) if tag in texts)


def links() -> list[tuple[str, str]]:
    """(address, name) of each policy that has a text, for footers and forms."""
    found = load(_source())
    return [(f"/{g.locale}/policies/{name}", say()) for name, say in NAMES.items() if name in found]


@public
@kept
def index() -> ResponseReturnValue:
    """All policies with the day from which each applies."""
    found = load(_source())
    rows = [
        (f"/{g.locale}/policies/{name}", say(), in_force(found[name], g.today) or min(found[name]))
        for name, say in NAMES.items()
        if name in found
    ]
    return render_page("shop/policies.html", rows=rows)


@public
@kept
def show(name: str, day: str = "") -> ResponseReturnValue:
    """One policy as it applies today, or the version of a day; former ones stay readable."""
    source = _source()
    known = load(source).get(name, {})
    if not known:
        abort(404)
    current = in_force(known, g.today) or min(known)
    shown = next((one for one in known if one.isoformat() == day), None) if day else current
    if shown is None:
        abort(404)
    return render_page(
        "shop/policy.html",
        policy=nearest(known[shown], g.locale),
        binding=_binding(known[shown], name, day),
        binding_name=OWN_NAMES[DEFAULT],
        heading_text=NAMES[name](),
        current=current,
        others=sorted((one for one in known if one != shown), reverse=True),
        is_illustrative=source == CONTENT,
        today=g.today,
    )


def _binding(texts: Mapping[str, Policy], name: str, day: str) -> str:
    """The address of the Vietnamese text, which binds; "" for who reads it already or where none is."""
    if g.locale == DEFAULT or DEFAULT not in texts:
        return ""
    return f"/{DEFAULT}/policies/{name}" + (f"/{day}" if day else "")
