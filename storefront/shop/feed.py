"""The newest certified goods as a feed (Atom, RFC 4287), one for each language."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, cast

from flask import Response, g, request
from flask.typing import ResponseReturnValue

from catalog.queries.newly_certified import NewlyCertified, list_newly_certified
from core.clock import VIETNAM
from i18n.catalogue import gettext as _
from i18n.formatting import format_date
from i18n.locales import bcp47
from storefront.access import public
from storefront.extensions import db, settings
from storefront.kept_pages import kept
from storefront.rendering import SHOP_NAME, province_name
from storefront.shop import words

if TYPE_CHECKING:
    from lxml import etree

ENTRIES = 30
MEDIA_TYPE = "application/atom+xml"
_ATOM = "http://www.w3.org/2005/Atom"


@public
@kept
def feed() -> ResponseReturnValue:
    """Thirty goods, the latest decision first; stars only from claims that hold today."""
    found = list_newly_certified(db.session(), locale=g.locale, on=g.today, limit=ENTRIES)
    response = Response(_written(found), mimetype=MEDIA_TYPE)
    if not g.get("keeping"):
        response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
        response.headers["Cache-Control"] = "no-cache"
        response.make_conditional(request)
    return response


def _written(found: Sequence[NewlyCertified]) -> bytes:
    from lxml import etree

    home = f"{settings().base_url}/{g.locale}"
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap=cast("dict[str, str]", {None: _ATOM}))
    root.set("{http://www.w3.org/XML/1998/namespace}lang", bcp47(g.locale))

    def add(parent: etree._Element, tag: str, text: str = "", **values: str) -> etree._Element:
        element = etree.SubElement(parent, f"{{{_ATOM}}}{tag}", values)
        element.text = _sayable(text) or None
        return element

    add(root, "title", _("Newly certified goods") + f" – {SHOP_NAME}")
    add(root, "id", f"{home}/feed.atom")
    add(root, "link", rel="self", type=MEDIA_TYPE, href=f"{home}/feed.atom")
    add(root, "link", rel="alternate", type="text/html", href=f"{home}/products")
    add(root, "updated", max((_moment(one) for one in found), default=_start_of_day()))
    add(add(root, "author"), "name", SHOP_NAME)
    for one in found:
        card, claim = one.card, one.claim
        entry = add(root, "entry")
        address = f"{home}/products/{card.slug}"
        add(entry, "title", card.name.value)
        # Of the decision, not of the product: a renewed certificate is news, a changed text is not.
        add(entry, "id", f"{home}/certificates/{claim.certificate_id}")
        add(entry, "link", rel="alternate", type="text/html", href=address)
        add(entry, "published", _at_noon(one))
        add(entry, "updated", _moment(one))
        add(add(entry, "author"), "name", card.producer_name)
        stars = words.star_words(claim.stars)
        decided = _("Decision %(number)s", number=claim.decision_number)
        day = format_date(claim.issued_on, g.locale)
        facts = [card.producer_name, province_name(card.province_code), stars, decided, day]
        add(entry, "summary", " · ".join(filter(None, facts)))
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _at_noon(one: NewlyCertified) -> str:
    noon = datetime.combine(one.claim.issued_on, time(12), tzinfo=VIETNAM)
    return noon.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(one: NewlyCertified) -> str:
    """When the entry last changed, never before it was published."""
    changed = one.changed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return max(changed, _at_noon(one))


def _start_of_day() -> str:
    return datetime.combine(g.today, time(), tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _sayable(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(letter for letter in text if letter >= " " or letter in "\n\t")
