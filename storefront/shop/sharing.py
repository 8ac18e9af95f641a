"""How a product is passed on: its picture for other sites, its code for phones, plain links to send it with."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import quote

from flask import Response, abort, g, redirect
from flask.typing import ResponseReturnValue

from catalog.queries.pages import Card, ProductPage
from catalog.queries.sharing import get_shared_card
from storefront.access import public
from storefront.extensions import db, settings
from storefront.rendering import SHOP_NAME
from storefront.shop import share_picture

_FOREVER = "public, max-age=31536000, immutable"
_POLICY = "default-src 'none'; sandbox"
_QR_SCALE, _QR_QUIET, _QR_INK = 4, 4, "#16324a"


@dataclass(frozen=True, slots=True)
class Way:
    """A site or program that a link is sent with; ``code`` names it in the page."""

    code: str
    name: str
    address: str


def picture_path(page: ProductPage | Card) -> str:
    """The address of the drawn picture; it changes when what is drawn changes."""
    name, slug = page.name.value, page.slug
    key = share_picture.digest(name, page.producer_name, page.packshot, page.product_id % 8)
    return f"/{g.locale}/products/{slug}/share-{key}.png"


def code_path(page: ProductPage) -> str:
    """The address of the product's QR code in the page's language."""
    return f"/{g.locale}/products/{page.slug}/qr-{_code_digest(page.slug)}.svg"


def page_address(page: ProductPage) -> str:
    """The whole address that is passed on."""
    return _address(page.slug)


def _address(slug: str) -> str:
    return f"{settings().base_url}/{g.locale}/products/{slug}"


def ways(page: ProductPage) -> tuple[Way, ...]:
    """Plain links: nothing of these sites is loaded until somebody follows one."""
    whole = page_address(page)
    address = quote(whole, safe="")
    zalo = quote(base64.b64encode(json.dumps({"url": whole}).encode()), safe="")
    subject = quote(f"{page.name.value} – {SHOP_NAME}", safe="")
    return (
        Way("zalo", "Zalo", f"https://button-share.zalo.me/share_external?d={zalo}"),
        Way("facebook", "Facebook", f"https://www.facebook.com/sharer/sharer.php?u={address}"),
        Way("line", "LINE", f"https://social-plugins.line.me/lineit/share?url={address}"),
        Way("kakaostory", "KakaoStory", f"https://story.kakao.com/share?url={address}"),
        Way("mail", "", f"mailto:?subject={subject}&body={address}"),
    )


@public
def picture(slug: str, key: str) -> ResponseReturnValue:
    """The drawn picture; an older address leads to the present one."""
    card, vietnamese = get_shared_card(db.session(), slug, locale=g.locale, on=g.today)
    own = picture_path(card)
    if not own.endswith(f"/share-{key}.png"):
        return redirect(own, 302)
    names = (card.name.value, vietnamese)
    content = share_picture.draw(
        names, card.producer_name, card.packshot, card.product_id % 8, SHOP_NAME
    )
    response = _kept_for_ever(content, "image/png")
    # Chat programs show it inside their own pages.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@public
def code(slug: str, key: str) -> ResponseReturnValue:
    """The product's address as a QR code; it asks no database, the address says everything."""
    if key != _code_digest(slug):
        abort(404)
    import segno

    made = segno.make(_address(slug), error="m", micro=False)
    drawing = BytesIO()
    made.save(
        drawing, kind="svg", scale=_QR_SCALE, border=_QR_QUIET, light="#fff", dark=_QR_INK, nl=False
    )
    return _kept_for_ever(drawing.getvalue(), "image/svg+xml")


def _code_digest(slug: str) -> str:
    """Signed, so that nobody gets a code for an address of their own making."""
    return hashlib.sha256(f"{settings().secret_key}\x00{_address(slug)}".encode()).hexdigest()[:12]


def _kept_for_ever(content: bytes, mimetype: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Cache-Control"] = _FOREVER
    response.headers["Content-Security-Policy"] = _POLICY
    return response
