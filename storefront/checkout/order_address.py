"""The address of an order is its key: what it looks like, and how a page behind it is sent."""

from __future__ import annotations

import re

from flask import Response

from orders.errors import OrderNotFound

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)


def check_token(token: str) -> None:
    """Raise OrderNotFound for what can be no order's token."""
    if not _TOKEN.fullmatch(token):
        raise OrderNotFound


def private(response: Response) -> Response:
    """A page whose address is its key: never kept, never passed on, never found."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
