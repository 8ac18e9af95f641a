"""Signing in at the desks of the demonstration, and an example of every kind of page each has."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import Client

from core import clock
from core.db import write_session
from core.people.queries import find_person
from storefront.extensions import db
from tests.browser.every_page import Toured
from tests.factories.people import sign_in

DESKS = {"office": "/office/", "producer": "/portal/", "supermarket": "/partners/"}
_LINK = re.compile(r'<a [^>]*?href="(/[^"#]*)')


def signed_in(shop: Toured, person: str) -> str:
    """The token of a session of somebody of the demonstration."""
    with shop.app.app_context(), write_session(db.engine) as session:
        found = find_person(session, f"{person}@demo.ocop.example")
        assert found is not None
        token = sign_in(session, found, now=clock.now())
        session.commit()
    return token


def kinds_of_pages(shop: Toured, client: Client, start: str) -> Iterator[str]:
    """One address of each kind of page that links from a desk lead to."""
    addresses = shop.app.url_map.bind("127.0.0.1")
    met, known, waiting = {start}, set[str](), deque([start])
    while waiting:
        path = waiting.popleft()
        try:
            endpoint = str(addresses.match(path.partition("?")[0], method="GET")[0])
        except (HTTPException, RequestRedirect):
            continue
        if endpoint in known:
            continue
        answer = client.get(path)
        links = [answer.location] if answer.location else []
        if answer.mimetype == "text/html" and answer.status_code == 200:
            known.add(endpoint)
            yield path
            links = [link.replace("&amp;", "&") for link in _LINK.findall(answer.text)]
        for link in links:
            if link.startswith(start) and link not in met:
                met.add(link)
                waiting.append(link)
