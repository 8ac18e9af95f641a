"""How the interface answers: JSON with an ETag, and problem details (RFC 9457) for what cannot be done."""

from __future__ import annotations

from typing import Any

from flask import Response, g, jsonify, request
from werkzeug.http import HTTP_STATUS_CODES

RETRY_SECONDS = 30


def answer(content: dict[str, Any], *, keep_seconds: int = 0) -> Response:
    """Content that anybody may read, from any page; asked again with its ETag it is not sent twice."""
    response = jsonify(content)
    response.headers["Cache-Control"] = (
        f"public, max-age={keep_seconds}" if keep_seconds else "public, no-cache"
    )
    _open(response)
    response.add_etag()
    response.make_conditional(request)
    return response


def problem(status: int, code: str, detail: str, **facts: Any) -> Response:
    """A refusal: ``code`` is stable and for programs, ``detail`` is for whoever reads the log."""
    response = jsonify(
        type="about:blank",
        title=HTTP_STATUS_CODES[status],
        status=status,
        code=code,
        detail=detail,
        reference=str(g.request_id),
        **facts,
    )
    response.status_code = status
    response.mimetype = "application/problem+json"
    response.headers["Cache-Control"] = "no-store"
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    _open(response)
    return response


def _open(response: Response) -> None:
    """What is public here holds nothing of a person, so pages of others may read it too."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Robots-Tag"] = "noindex"
