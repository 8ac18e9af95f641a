"""Pages of the shop that are kept for some minutes and shared by all anonymous visitors.

A kept page holds marks where visitors differ (nonce, cart badge); they are filled in on the way out. Any
cache may keep it too, as long as it asks whether it still holds. The key contains the newest fact, so any
change anybody announces is seen at once, the day, so a certificate's last day ends at midnight, and the last
turning point (``core.moments``), so a session's price begins and ends on the second. A page that was made
while an older fact could still appear is kept for seconds only. ``OCOP_KEPT_PAGES=no`` switches it off (benchmarks do).
"""

from __future__ import annotations

import hashlib
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, current_app, g, make_response, request
from werkzeug.http import quote_etag

from core.facts import newest_fact
from storefront import rendering
from storefront.destination import sent_on
from storefront.extensions import db, here

View = TypeVar("View", bound=Callable[..., Any])

SECONDS = 300
UNSETTLED_SECONDS = 30
"""For a page made while a transaction ran that may announce a fact older than the newest one."""

KEPT_TYPES = frozenset({"text/html", "application/atom+xml"})

MOST_BYTES = 8_000_000
"""Room in each web worker: about 280 pages of browsing; a worker as a whole stays below 150 MB."""
LARGEST_PAGE = 400_000
_CART, _NONCE = (mark.encode() for mark in (rendering.CART_MARK, rendering.NONCE_MARK))
_MARKS_SECRET = rendering.MARKS_SECRET.encode()
_GZIP_LEVEL = 5
_SMALLEST_COMPRESSED = 1_000


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A rendered page with its marks (UTF-8), and when it stops being good."""

    body: bytes
    digest: str
    until: float
    mimetype: str = "text/html"


class Shelf:
    """The kept pages of one process, the least recently used thrown out first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Room for so many bytes of pages."""
        self._pages: OrderedDict[tuple[Any, ...], KeptPage] = OrderedDict()
        self._most = most_bytes
        self._bytes = 0

    def find(self, key: tuple[Any, ...], at: float) -> KeptPage | None:
        """The page, unless it is unknown or too old at that moment (seconds of a steady clock)."""
        page = self._pages.get(key)
        if page is None:
            return None
        if at >= page.until:
            self._drop(key)
            return None
        self._pages.move_to_end(key)
        return page

    def keep(self, key: tuple[Any, ...], page: KeptPage) -> None:
        """Keep a page; a page of unusual size is not worth its place."""
        if len(page.body) > LARGEST_PAGE:
            return
        self._drop(key)
        self._pages[key] = page
        self._bytes += len(page.body)
        while self._bytes > self._most:
            self._drop(next(iter(self._pages)))

    def _drop(self, key: tuple[Any, ...]) -> None:
        page = self._pages.pop(key, None)
        self._bytes -= len(page.body) if page else 0

    def __len__(self) -> int:
        """How many pages are kept."""
        return len(self._pages)


def kept(view: View) -> View:
    """A view whose GET page is the same for every anonymous visitor of one language and destination.

    The destination stands in the address; who has chosen one and comes without it is sent on.
    """

    @wraps(view)
    def through_shelf(*args: Any, **kwargs: Any) -> Any:
        elsewhere = sent_on()
        if elsewhere is not None:
            return elsewhere
        if not _is_anybodys():
            return view(*args, **kwargs)
        g.for_anybody = True
        if not rendering.is_keeping_allowed():
            return _seen(view, *args, **kwargs)
        shelf: Shelf = current_app.extensions.setdefault("kept_pages", Shelf())
        known = here()
        newest = known.newest_fact = newest_fact(db.engine, known.now)
        key = (
            request.path,
            request.query_string,
            known.locale,
            known.destination.country,
            known.today,
            newest.fact_id,
            newest.turned_at,
        )
        page = shelf.find(key, time.monotonic())
        if page is None:
            g.keeping = True
            try:
                response = make_response(_seen(view, *args, **kwargs))
            finally:
                g.keeping = False
            if response.status_code != 200 or response.mimetype not in KEPT_TYPES:
                return _filled(response)
            page = _page(response, SECONDS if newest.is_settled else UNSETTLED_SECONDS)
            shelf.keep(key, page)
        return _answer(page)

    return cast(View, through_shelf)


def _seen(view: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What the view answers, its reading ended by a commit.

    Psycopg forgets at a rollback what it has let PostgreSQL prepare, and planning the statements of a product
    page takes five times as long as running them. There is nothing to write: the page is anybody's.
    """
    answer = view(*args, **kwargs)
    db.session.commit()
    return answer


def _is_anybodys() -> bool:
    """Whether this visitor is shown what every other one is shown."""
    return request.method in ("GET", "HEAD") and not g.actor.is_signed_in and not _has_messages()


def _has_messages() -> bool:
    """Whether a message waits to be shown; the session is read only if the visitor has one."""
    name = current_app.config["SESSION_COOKIE_NAME"]
    if name not in request.cookies:
        return False
    from flask import session

    return "_flashes" in session


def _page(response: Response, seconds: int) -> KeptPage:
    body = response.get_data()
    until = time.monotonic() + seconds
    return KeptPage(body, digest(body), until, response.mimetype or "text/html")


def digest(body: bytes) -> str:
    """A fingerprint of a page with its marks, the same in every process."""
    plain = body.replace(_MARKS_SECRET, b"")
    return hashlib.blake2b(plain, digest_size=12).hexdigest()


def _fill(body: bytes) -> bytes:
    body = body.replace(_NONCE, rendering.nonce_for_template().encode())
    return body.replace(_CART, str(rendering.cart_count_for_template()).encode())


def _filled(response: Response) -> Response:
    """A page that is not kept (not found, a redirect), with its marks filled in."""
    if response.mimetype == "text/html":
        response.set_data(_fill(response.get_data()))
    return response


def _answer(page: KeptPage) -> Response:
    etag = f"{page.digest}-{g.cart_count}"
    headers = [
        ("ETag", quote_etag(etag, weak=True)),
        # A cache asks us each time: we see the cookies, so nobody gets a page that is another's.
        ("Cache-Control", "public, no-cache"),
        ("Vary", "Accept-Encoding"),
    ]
    if request.if_none_match.contains_weak(etag):
        return Response(status=304, headers=headers)
    body = _fill(page.body)
    if request.accept_encodings.quality("gzip") > 0 and len(body) > _SMALLEST_COMPRESSED:
        # Safe from BREACH: no kept page holds a secret beside what a visitor typed.
        body = _gzipped(body)
        headers.append(("Content-Encoding", "gzip"))
    return Response(body, mimetype=page.mimetype, headers=headers)


def _gzipped(body: bytes) -> bytes:
    compressor = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, 31)
    return compressor.compress(body) + compressor.flush()
