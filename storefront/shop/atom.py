"""A feed as RFC 4287 wants it (Atom): what every feed of the shop has in common."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, cast

from flask import Response, g, request

from core.clock import VIETNAM
from i18n.locales import bcp47
from storefront.rendering import SHOP_NAME

if TYPE_CHECKING:
    from lxml import etree

MEDIA_TYPE = "application/atom+xml"
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ATOM = "http://www.w3.org/2005/Atom"


class Feed:
    """A feed in the page's language that is being written."""

    def __init__(self, *, title: str, address: str, page: str, updated: str) -> None:
        """`address` is its own, `page` the page it follows; `updated` is a moment in RFC 3339."""
        from lxml import etree

        self._element = etree.SubElement
        self.root = etree.Element(f"{{{_ATOM}}}feed", nsmap=cast("dict[str, str]", {None: _ATOM}))
        self.root.set("{http://www.w3.org/XML/1998/namespace}lang", bcp47(g.locale))
        self.add(self.root, "title", f"{title} – {SHOP_NAME}")
        self.add(self.root, "id", address)
        self.add(self.root, "link", rel="self", type=MEDIA_TYPE, href=address)
        self.add(self.root, "link", rel="alternate", type="text/html", href=page)
        self.add(self.root, "updated", updated)
        self.add(self.add(self.root, "author"), "name", SHOP_NAME)

    def add(
        self, parent: etree._Element, tag: str, text: str = "", **values: str
    ) -> etree._Element:
        """One element below another."""
        element = self._element(parent, f"{{{_ATOM}}}{tag}", values)
        element.text = _sayable(text) or None
        return element

    def entry(self, *, number: str, title: str, page: str, author: str) -> etree._Element:
        """An entry with its lasting number and the page it leads to; moments and summary follow."""
        entry = self.add(self.root, "entry")
        self.add(entry, "title", title)
        self.add(entry, "id", number)
        self.add(entry, "link", rel="alternate", type="text/html", href=page)
        self.add(self.add(entry, "author"), "name", author)
        return entry

    def answer(self) -> Response:
        """The feed as a response that a reader may ask for again by its ETag."""
        from lxml import etree

        content = etree.tostring(self.root, xml_declaration=True, encoding="utf-8")
        response = Response(content, mimetype=MEDIA_TYPE)
        if not g.get("keeping"):
            response.set_etag(hashlib.sha256(content).hexdigest()[:32])
            response.headers["Cache-Control"] = "no-cache"
            response.make_conditional(request)
        return response


def moment(at: datetime) -> str:
    """A moment as feeds write it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def noon(day: date) -> str:
    """Midday in Vietnam, for things that know only their day."""
    return moment(datetime.combine(day, time(12), tzinfo=VIETNAM))


def start_of(day: date) -> str:
    """The first moment of a day, for a feed without entries."""
    return moment(datetime.combine(day, time(), tzinfo=UTC))


def _sayable(text: str) -> str:
    """Without the letters that XML cannot hold."""
    return _NOT_IN_XML.sub("", text)
