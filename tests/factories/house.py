"""A whole shop for web tests and journeys: two producers, an officer, a supermarket, all signed in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.db import make_engine, write_session
from core.settings import Settings
from storefront.app import create_app
from storefront.extensions import db
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


@contextmanager
def open_house(template: Path, path: Path, data_dir: Path, **settings: object) -> Iterator[House]:
    """The shop on a fresh copy of the empty database `template` at `path`."""
    shutil.copy(template, path)
    url = f"sqlite:///{path}"
    engine = make_engine(url)
    now = datetime.now(UTC)
    producers, products, people, tokens = {}, {}, {}, {}
    with write_session(engine) as session:
        for who in ("producer", "other"):
            product = make_product(session, f"Tôm khô của {who}")
            producers[who], products[who] = product.producer_id, product.id
            person = make_member(session, product.producer_id, name=f"Người {who}")
            people[who], tokens[who] = person.id, sign_in(session, person, now=now)
        for who, make in (("office", make_officer), ("partner", make_partner_user)):
            person = make(session, name=f"Người {who}")
            people[who], tokens[who] = person.id, sign_in(session, person, now=now)
        session.commit()
    app = create_app(
        Settings(
            **{
                "data_dir": data_dir,
                "database_url": url,
                "secret_key": "x" * 40,
                "base_url": "http://localhost",
                **settings,
            }  # type: ignore[arg-type]
        )
    )
    yield House(app, engine, producers, products, people, tokens)
    with app.app_context():
        db.engine.dispose()
    engine.dispose()
