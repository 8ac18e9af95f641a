"""Opening every kind of page in a language and a scheme of colours, and what axe says of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Page

from i18n.locales import ENABLED, bcp47
from tests.factories.whole_shop import Place, Tour

SCHEMES = ("light", "dark")
STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_LOOKED_AT = """async (standards) => {
  const found = await axe.run(document, {runOnly: standards, resultTypes: ['violations', 'incomplete']});
  const told = (kind) => found[kind].flatMap(rule => rule.nodes.map(node => ({
    rule: rule.id, kind, target: node.target.flat().join(' '), html: node.html.slice(0, 160),
    why: [...node.any, ...node.all, ...node.none].map(c => (c.data && c.data.messageKey) || c.id).join(' '),
    said: (node.failureSummary || '').slice(0, 300)})));
  return [...told('violations'), ...told('incomplete')];
}"""

_WHERE = """(found) => found.map(({target, where}) => {
  const element = document.querySelector(target);
  return !!(element && element.closest(where));
})"""


@dataclass(frozen=True)
class Finding:
    """One element axe is not content with, or cannot judge."""

    address: str
    scheme: str
    rule: str
    kind: str
    why: str
    target: str
    html: str


@dataclass(frozen=True)
class Toured:
    """The demonstration on a port of its own, and the places in it."""

    base_url: str
    tour: Tour
    app: Flask


@cache
def axe() -> str:
    """The source of axe-core: what the Python package brings, or the file OCOP_TEST_AXE names."""
    named = os.environ.get("OCOP_TEST_AXE")
    if named:
        return Path(named).read_text(encoding="utf-8")
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def whole_matrix() -> bool:
    """Whether every page is opened in every language and scheme, not each in some (make check-pages)."""
    return os.environ.get("OCOP_TEST_PAGES") == "all"


def share(places: list[Place], locale: str, scheme: str) -> list[Place]:
    """The places to open in this language and scheme: all, or in turn, so that each is opened once."""
    if whole_matrix():
        return places
    turns = len(ENABLED) * len(SCHEMES)
    turn = ENABLED.index(locale) + len(ENABLED) * SCHEMES.index(scheme)
    return [place for number, place in enumerate(places) if (number - turn) % turns == 0]


@contextmanager
def visitor(
    browser: Browser, shop: Toured, locale: str, scheme: str = "light", **options: Any
) -> Iterator[Page]:
    """A page whose browser speaks a language and prefers a scheme; its basket holds something."""
    options.setdefault("viewport", {"width": 360, "height": 800})
    context = browser.new_context(color_scheme=scheme, locale=bcp47(locale), **options)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def opened(page: Page, shop: Toured, place: Place, locale: str) -> str:
    """Open a place, with or without a basket; returns the address."""
    page.context.clear_cookies()
    if place.basket:
        page.context.add_cookies(
            [{"name": "ocop_cart", "value": shop.tour.basket, "url": shop.base_url}]
        )
    address = place.address(locale)
    answer = page.goto(shop.base_url + address)
    assert answer is not None
    assert answer.status == place.status, f"{address}: {answer.status}"
    return address


def findings(page: Page, address: str, scheme: str) -> list[Finding]:
    """Everything axe is not content with on the page as it stands."""
    page.evaluate(axe())
    return [
        Finding(address, scheme, f["rule"], f["kind"], f["why"], f["target"], f["html"])
        for f in page.evaluate(_LOOKED_AT, list(STANDARDS))
    ]


def explained(page: Page, finding: Finding, reasons: Mapping[tuple[str, str, str], str]) -> bool:
    """Whether axe can't judge an element for a reason given: keyed by rule, reason ("" for any) and where."""
    return finding.kind == "incomplete" and any(
        rule == finding.rule
        and why in finding.why
        and page.evaluate(_WHERE, [{"target": finding.target, "where": where}])[0]
        for rule, why, where in reasons
    )
