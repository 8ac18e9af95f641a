"""A client that checks every page it fetches: what would be wrong on any page is found on every page.

After GOV.UK Notify's client_request: strict HTML, one h1 that begins the title, the language of the address,
unique ids, a label for every field, no inline style or script, a form token in every form that posts.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import html5lib
from flask import Flask
from lxml import etree
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from i18n.locales import ENABLED, bcp47
from tests.factories.browser import AS_BROWSERS_DO, words

H = "{http://www.w3.org/1999/xhtml}"
_TOLERATED = frozenset({"expected-doctype-but-got-chars"})
_UNTRANSLATED = re.compile(r"%\([a-z_]+\)[sd]|\{number\}|[\ue000-\uf8ff]")
_UNLABELLED = frozenset({"hidden", "submit", "button", "image"})
_STATIC = ("/static/",)


class Page:
    """A parsed page."""

    def __init__(self, response: TestResponse, root: Any) -> None:
        self.response = response
        self.root = root

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        return " ".join("".join(self.root.itertext()).split())

    @property
    def html(self) -> str:
        return self.response.get_data(as_text=True)

    def all(self, tag: str, **attributes: str) -> list[Any]:
        return [
            element
            for element in self.root.iter(f"{H}{tag}")
            if all(element.get(n.rstrip("_").replace("_", "-")) == v for n, v in attributes.items())
        ]

    def one(self, tag: str, **attributes: str) -> Any:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} × <{tag}> {attributes}"
        return found[0]

    @property
    def heading(self) -> str:
        return words(self.one("h1"))

    def links(self) -> list[str]:
        return [a.get("href") for a in self.all("a")]

    def form_to(self, action: str) -> dict[str, str]:
        """The fields of the form with that action as a browser would send them."""
        form = next(f for f in self.all("form") if f.get("action") == action)
        fields: dict[str, str] = {}
        for field in form.iter(f"{H}input"):
            if field.get("type") in ("radio", "checkbox") and field.get("checked") is None:
                continue
            fields[field.get("name")] = field.get("value") or ""
        return fields


def check(app: Flask, response: TestResponse, path: str) -> Page:
    """Everything that must hold for any page; raises AssertionError naming the page and the fault."""
    body = response.get_data(as_text=True)
    parser = html5lib.HTMLParser(html5lib.treebuilders.getTreeBuilder("lxml"))
    tree = parser.parse(body)
    faults = [code for _place, code, _facts in parser.errors if code not in _TOLERATED]
    assert not faults, f"{path}: not valid HTML: {parser.errors[:3]}"
    page = Page(response, tree.getroot())
    _check_words(page, path)
    _check_ids_and_labels(page, path)
    _check_scripts(page, path)
    _check_pictures(page, path)
    _check_links(app, page, path)
    return page


def _check_words(page: Page, path: str) -> None:
    lang = page.root.get("lang")
    first = urlsplit(path).path.split("/")[1]
    if first in ENABLED:
        assert lang == bcp47(first), f"{path}: lang is {lang}"
    assert lang, f"{path}: the page does not say its language"
    headings = page.all("h1")
    assert len(headings) == 1, f"{path}: {len(headings)} h1"
    title = words(page.one("title"))
    assert title.startswith(words(headings[0])), f"{path}: title {title!r} is not the heading"
    assert words(headings[0]), f"{path}: empty h1"
    found = _UNTRANSLATED.search(page.text)
    assert not found, f"{path}: unfilled {found[0]!r}" if found else ""


def _check_ids_and_labels(page: Page, path: str) -> None:
    ids = [e.get("id") for e in page.root.iter() if isinstance(e.tag, str) and e.get("id")]
    assert len(ids) == len(set(ids)), f"{path}: an id stands twice"
    labelled = {label.get("for") for label in page.all("label")}
    for tag in ("input", "select", "textarea"):
        for field in page.all(tag):
            if field.get("type") in _UNLABELLED:
                continue
            named = field.get("id") in labelled or field.get("aria-label")
            assert named, f"{path}: field {field.get('name')!r} has no label"
            for reference in (field.get("aria-describedby") or "").split():
                assert reference in ids, f"{path}: described by {reference}, which is not there"
    for link in page.links():
        if link and link.startswith("#"):
            assert link[1:] in ids, f"{path}: link to {link}, which is not there"


def _check_scripts(page: Page, path: str) -> None:
    policy = page.response.headers.get("Content-Security-Policy", "")
    assert "unsafe" not in policy, f"{path}: unsafe policy"
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce, f"{path}: no nonce in the policy"
    for script in page.all("script"):
        assert script.get("nonce") == nonce[1], f"{path}: a script without this page's nonce"
    assert not page.all("style"), f"{path}: inline style"
    for element in page.root.iter():
        if isinstance(element.tag, str):
            assert "style" not in element.attrib, f"{path}: style attribute on {element.tag}"
            handlers = [name for name in element.attrib if name.startswith("on")]
            assert not handlers, f"{path}: {handlers} on {element.tag}"
    for form in page.all("form"):
        if (form.get("method") or "get").lower() == "post":
            names = [field.get("name") for field in form.iter(f"{H}input")]
            assert "csrf_token" in names, f"{path}: form to {form.get('action')} has no token"


def _check_pictures(page: Page, path: str) -> None:
    for picture in page.all("img"):
        assert picture.get("alt") is not None, f"{path}: picture without alt"
        assert picture.get("width"), f"{path}: picture without width"
        assert picture.get("height"), f"{path}: picture without height"


def _check_links(app: Flask, page: Page, path: str) -> None:
    """Every link inside the shop leads to an address that exists."""
    adapter = app.url_map.bind("localhost")
    for link in {*page.links(), *(form.get("action") for form in page.all("form"))}:
        if not link or not link.startswith("/") or link.startswith(_STATIC):
            continue
        try:
            adapter.match(urlsplit(link).path, method="GET")
        except (RequestRedirect, MethodNotAllowed):
            continue
        except HTTPException as lost:
            raise AssertionError(f"{path}: link to {link}, which leads nowhere") from lost


class PageClient:
    """Fetches pages of an application and checks each."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.plain = app.test_client()

    def get(self, path: str, status: int = 200, **options: Any) -> Page:
        """The checked page at that address, which must answer with that status."""
        response = self.plain.get(path, **options)
        assert response.status_code == status, f"{path}: {response.status} {response.text[:300]}"
        return check(self.app, response, path)

    def post(self, path: str, status: int = 303, **options: Any) -> TestResponse:
        """Send a form as a browser sends one of ours; a page in the answer is checked as well."""
        response = self.plain.post(path, **{"headers": AS_BROWSERS_DO, **options})
        assert response.status_code == status, f"{path}: {response.status} {response.text[:300]}"
        if response.mimetype == "text/html" and status not in (301, 302, 303):
            check(self.app, response, path)
        return response


def pretty(page: Page) -> str:
    """The page as indented text, for looking at a failure."""
    return str(etree.tostring(page.root, pretty_print=True, encoding="unicode"))
