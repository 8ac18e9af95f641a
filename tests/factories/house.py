"""A whole shop for web tests and journeys: two producers, an officer, a supermarket, all signed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.db import write_session
from core.settings import Settings
from tests.conftest import Databases
from tests.factories.application import application
from tests.factories.browser import Browser
from tests.factories.catalog import make_product
from tests.factories.people import make_member, make_officer, make_partner_user, sign_in


@dataclass
class House:
    """A shop with two producers, each with a product, and one person of each kind."""

    app: Flask
    engine: Engine
    producers: dict[str, int]
    products: dict[str, int]
    people: dict[str, int]
    tokens: dict[str, str]

    def browser(self, who: str | None = None) -> Browser:
        """A browser, signed in as `producer`, `other`, `office` or `partner`, or as nobody."""
        return Browser(self.app, self.tokens[who] if who else None)

    @contextmanager
    def looking(self) -> Iterator[Session]:
        """Look into the database."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def changing(self) -> Iterator[Session]:
        """Change the database, committed at the end."""
        with write_session(self.engine) as session:
            yield session
            session.commit()


@dataclass(frozen=True)
class Contents:
    """Who and what is in a furnished house, by the names tests use."""

    producers: dict[str, int]
    products: dict[str, int]
    people: dict[str, int]
    tokens: dict[str, str]


def furnish(session: Session) -> Contents:
    """Two producers with a product each, one person of each kind, everybody signed in just now."""
    now = datetime.now(UTC)
    contents = Contents({}, {}, {}, {})
    for who in ("producer", "other"):
        product = make_product(session, f"Tôm khô của {who}")
        contents.producers[who], contents.products[who] = product.producer_id, product.id
        person = make_member(session, product.producer_id, name=f"Người {who}")
        contents.people[who], contents.tokens[who] = person.id, sign_in(session, person, now=now)
    for who, make in (("office", make_officer), ("partner", make_partner_user)):
        person = make(session, name=f"Người {who}")
        contents.people[who], contents.tokens[who] = person.id, sign_in(session, person, now=now)
    return contents


@contextmanager
def house_in(databases: Databases, folder: Path, **settings: Any) -> Iterator[House]:
    """The shop on a furnished database of its own; a file of SQLite is `folder`/ocop.db."""
    source, contents = databases.filled(furnish)
    with databases.copy(folder, source) as engine, _opened(engine, contents, **settings) as house:
        yield house


@contextmanager
def _opened(engine: Engine, contents: Contents, **settings: Any) -> Iterator[House]:
    kept = {
        "database_url": engine.url.render_as_string(hide_password=False),
        "secret_key": "x" * 40,
        "base_url": "http://localhost",
        **settings,
    }
    with application(Settings(**kept)) as app:
        yield House(
            app, engine, contents.producers, contents.products, contents.people, contents.tokens
        )
