"""A small browser for tests: keeps cookies, checks every page it is shown, fills in its forms."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

_H = "{http://www.w3.org/1999/xhtml}"

AS_BROWSERS_DO = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says of a form of ours; a kept page's form has no token and is known by it."""


@dataclass
class PageForm:
    """A form as it stands on a page."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)


class Browser:
    """Asks for pages and presses buttons; a page with a mistake in it fails the test."""

    def __init__(self, app: Flask, token: str | None = None) -> None:
        self.client = app.test_client()
        self.path = "/"
        self.page: TestResponse | None = None
        self.tree: Element | None = None
        if token is not None:
            self.client.set_cookie("sign-in", token, domain="localhost")

    def get(self, path: str, status: int = 200, **options: Any) -> str:
        """Open a page, following redirects; returns its text."""
        answer = self.client.get(path, follow_redirects=True, **options)
        return self._shown(answer, status)

    def submit(self, action: str = "", status: int = 200, files: Any = None, **values: Any) -> str:
        """Fill in the form whose address ends with `action`, send it and follow where it leads."""
        form = next(f for f in self.forms() if f.action.split("?")[0].endswith(action))
        data: dict[str, Any] = {**form.fields, **values, **(files or {})}
        kept = {name: value for name, value in data.items() if value is not None}
        answer = self.client.post(
            form.action, data=kept, follow_redirects=True, headers=AS_BROWSERS_DO
        )
        return self._shown(answer, status)

    def forms(self) -> list[PageForm]:
        """The POST forms of the page."""
        assert self.tree is not None
        found = []
        for node in self.tree.iter(f"{_H}form"):
            if node.get("method", "get").lower() != "post":
                continue
            form = PageForm(node.get("action") or self.path)
            for control in node.iter():
                _note(form, control)
            found.append(form)
        return found

    def text(self) -> str:
        """All words of the page's main part."""
        assert self.tree is not None
        return words(next(self.tree.iter(f"{_H}main")))

    def links(self) -> list[str]:
        """Addresses of all links."""
        assert self.tree is not None
        return [a.get("href", "") for a in self.tree.iter(f"{_H}a")]

    def _shown(self, answer: TestResponse, status: int) -> str:
        body = answer.get_data(as_text=True)
        assert answer.status_code == status, f"{answer.request.path}: {answer.status} {_h1(body)}"
        self.page = answer
        self.path = answer.request.full_path.rstrip("?")
        if answer.mimetype == "text/html":
            self.tree = _checked(body, self.path)
        return body


def _note(form: PageForm, control: Element) -> None:
    name = control.get("name")
    tag = control.tag.removeprefix(_H)
    if not name or tag not in ("input", "select", "textarea"):
        return
    if tag == "select":
        chosen = [o.get("value", "") for o in control.iter(f"{_H}option") if "selected" in o.attrib]
        form.fields[name] = chosen[:1]
    elif tag == "textarea":
        form.fields[name] = ["".join(control.itertext()).removeprefix("\n")]
    elif control.get("type") in ("checkbox", "radio"):
        if "checked" in control.attrib:
            form.fields.setdefault(name, []).append(control.get("value", "on"))
    elif control.get("type") not in ("file", "submit"):
        form.fields[name] = [control.get("value", "")]


def words(element: Any) -> str:
    """What it says, with a plain space wherever there is room of any kind."""
    return " ".join("".join(element.itertext()).split())


def _checked(body: str, path: str) -> Element:
    tree: Element = html5lib.HTMLParser(strict=True).parse(body)
    headings = [words(heading) for heading in tree.iter(f"{_H}h1")]
    assert len(headings) == 1, f"{path}: {headings}"
    title = words(next(tree.iter(f"{_H}title")))
    assert title.startswith(headings[0]), f"{path}: {title!r} / {headings[0]!r}"
    ids = [node.get("id") for node in tree.iter() if node.get("id")]
    assert len(ids) == len(set(ids)), (
        f"{path}: doubled {sorted(i for i in ids if ids.count(i) > 1)}"
    )
    labelled = {label.get("for") for label in tree.iter(f"{_H}label")}
    for node in tree.iter():
        if node.tag in (f"{_H}input", f"{_H}select", f"{_H}textarea"):
            hidden = node.get("type") in ("hidden", "submit")
            assert hidden or node.get("id") in labelled, f"{path}: no label for {node.get('name')}"
    for form in tree.iter(f"{_H}form"):
        if form.get("method", "").lower() == "post":
            assert any(i.get("name") == "csrf_token" for i in form.iter(f"{_H}input")), path
    assert not re.search(r"\son\w+=|javascript:|style=", body), f"{path}: inline script or style"
    return tree


def _h1(body: str) -> str:
    """Enough of an unexpected page to know it."""
    return " ".join(
        re.findall(r"<h1>(.*?)</h1>|class=\"error\"[^>]*>(.*?)<", body)[0:3].__str__().split()
    )
