"""What machines ask about the shop: is it alive, is it ready, and how is it doing."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from flask import Blueprint, Response, abort, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST

from storefront import metrics, readiness
from storefront.access import public
from storefront.extensions import db, settings

blueprint = Blueprint("health", __name__)

_SPOKEN_FOR = frozenset({"X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via"})
"""What a proxy adds for somebody else, even where the settings know of no proxy."""


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """The process lives; asks nobody."""
    return _plain("alive\n")


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    """503 while something this process needs is not in order; which, is told to who may see metrics."""
    checks = readiness.readiness(db.session(), settings(), now=g.now)
    ready = all(check.problem is None for check in checks)
    answer: dict[str, object] = {"ready": ready}
    if _may_look_inside():
        answer["checks"] = {check.name: check.problem or check.answer for check in checks}
    response = jsonify(answer)
    response.status_code = 200 if ready else 503
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/metrics")
@public
def measurements() -> Response:
    """Prometheus' text, for this machine or for whoever brings the token."""
    if not _may_look_inside():
        abort(404)
    gauges = readiness.gauges(db.session(), settings(), now=g.now)
    return _plain(metrics.exposition(gauges), CONTENT_TYPE_LATEST)


def _may_look_inside() -> bool:
    return _is_from_this_machine() or _brings_token()


def _is_from_this_machine() -> bool:
    """Straight from loopback. Behind a proxy of this machine everybody would seem to be, so nobody is."""
    if settings().proxies_in_front or any(name in request.headers for name in _SPOKEN_FOR):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _brings_token() -> bool:
    token = settings().metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())


def _plain(body: str | bytes, content_type: str = "text/plain; charset=utf-8") -> Response:
    response = Response(body, content_type=content_type)
    response.headers["Cache-Control"] = "no-store"
    return response
