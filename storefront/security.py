"""Which hosts, origins and sizes are accepted, and the headers that tie a browser's hands.

Own code because no maintained library sends all of these with a nonce and without any "unsafe" word
(flask-talisman is abandoned, secure allows inline styles).
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from core.errors import Forbidden
from core.settings import Settings
from storefront.request_context import SAFE_METHODS, sign_in_cookie

LARGEST_BODY = 12 * 1024 * 1024
LARGEST_UPLOAD = 64 * 1024 * 1024
"""For several pictures at once, of people who are signed in."""

LARGEST_FORM = 512 * 1024
MOST_FORM_PARTS = 2000
_YEAR = 31_536_000
_UPLOADS = frozenset({"producers.pictures_of_product", "producers.pictures_of_producer"})
_OWN_DEFENCE = frozenset({"webhooks", "api"})
"""Areas called by machines: they prove themselves by signature or key and send no browser headers."""

_KEPT_AREAS = frozenset({"shop", "checkout"})

_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; object-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types offline"
)
"""One Trusted Types policy, made once by ``site.js``: it knows a single address, that of the worker."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
    "browsing-topics=()",
}


LARGEST_NUMBER = 10**15 - 1
"""In an address; far above any row's number, and still in a database's integer when multiplied a little."""


class BoundedInteger(IntegerConverter):
    """``<int:…>`` in an address: a larger number is an unknown address, not an error of the database."""

    def __init__(self, url_map: Map) -> None:
        """Bounded by ``LARGEST_NUMBER``."""
        super().__init__(url_map, max=LARGEST_NUMBER)


class ForeignForm(Forbidden):
    """A form was sent from a page that is not ours."""


def configure(app: Flask, settings: Settings) -> None:
    """Set limits, cookies and accepted hosts."""
    app.url_map.converters["int"] = BoundedInteger
    host = urlsplit(settings.base_url).hostname or ""
    trusted = [host] if settings.is_production else [host, "127.0.0.1", "localhost"]
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=sorted(set(trusted)),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=MOST_FORM_PARTS,
        SESSION_COOKIE_NAME="__Host-form" if settings.is_secure else "form",
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # A form that lay open over lunch must not lose what was typed; the token dies with its session.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # the origin is checked below, on http and https alike
    )
    policy = _POLICY + ("; upgrade-insecure-requests" if settings.is_secure else "")
    headers = dict(_HEADERS)
    if settings.is_production:
        headers["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"

    @app.before_request
    def refuse_foreign_forms() -> None:
        if request.method not in SAFE_METHODS and request.blueprint not in _OWN_DEFENCE:
            _check_origin()

    app.before_request(_refuse_nul)

    @app.after_request
    def add_headers(response: Response) -> Response:
        added = list(headers.items())
        # A 304 replaces the stored headers: a new nonce there would block the stored page's script.
        if response.mimetype == "text/html" and response.status_code != 304:
            added.append(("Content-Security-Policy", policy.replace("{nonce}", csp_nonce())))
            added.append(("Cache-Control", "no-store"))
        reference = g.get("request_id")
        if reference:
            added.append(("X-Request-Id", reference))
        given = set(response.headers.keys(lower=True))
        response.headers.extend([one for one in added if one[0].lower() not in given])
        return response


def believe_proxies(app: Flask, settings: Settings) -> None:
    """Take the visitor's address from as many proxies as the operator has, and nothing else from them."""
    if settings.proxies_in_front:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's documented way to wrap
            app.wsgi_app, x_for=settings.proxies_in_front, x_proto=0, x_host=0
        )


def _refuse_nul() -> None:
    """PostgreSQL cannot hold this character, and nobody types it.

    Reading the form here, before the transaction begins, also lets a form that arrives slowly hold no
    lock while it does.
    """
    if request.endpoint in _UPLOADS and sign_in_cookie() in request.cookies:
        request.max_content_length = LARGEST_UPLOAD
    texts = [request.path, *(request.args.values() if request.query_string else ())]
    if request.method not in SAFE_METHODS and request.blueprint not in _OWN_DEFENCE:
        texts += request.form.values()
    if any("\x00" in given for given in texts):
        abort(400)


def _own_origins() -> tuple[str, str]:
    return current_app.config["OCOP"].base_url, request.host_url.rstrip("/")


def _check_origin() -> None:
    """Browsers say where a form comes from; the token is the second lock, this is the first."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise ForeignForm(site=site)
        return
    origin = request.headers.get("Origin")
    if origin is not None and origin not in _own_origins():
        raise ForeignForm(origin=origin)


def is_surely_from_here() -> bool:
    """Whether the browser says that a page of ours sent this form; an old one that says nothing does not."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") in _own_origins()


class Forms(CSRFProtect):  # type: ignore[misc]  # Flask-WTF has no types
    """Flask-WTF's tokens, except for forms of the shop's kept pages, which have none.

    OWASP's cheat sheet on CSRF: what a browser says of a request's origin cannot be set by another page. Who
    says nothing, or sends a wrong token, goes the way of a stale form and loses nothing.
    """

    def protect(self, apply_exemptions: bool = False) -> None:
        """Refuse a form that is not known to be ours; raises ``CSRFError``."""
        if request.method in SAFE_METHODS:  # nothing to prove, so no form is looked into
            return
        is_kept_page = request.blueprint in _KEPT_AREAS and not request.form.get("csrf_token")
        if is_kept_page and is_surely_from_here():
            g.csrf_valid = True
            return
        super().protect(apply_exemptions=apply_exemptions)


def csp_nonce() -> str:
    """The nonce of this response, made when first asked for."""
    nonce: str | None = getattr(g, "csp_nonce", None)
    if nonce is None:
        nonce = g.csp_nonce = secrets.token_urlsafe(16)
    return nonce
