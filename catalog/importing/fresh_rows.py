"""Adding many new producers and products at once, with the addresses, journal entries and facts that go with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.bulk import insert_rows
from catalog.importing.slug_book import SlugBook
from catalog.models import Producer, Product
from catalog.models.product import sort_text
from core import audit
from core.actor import Actor
from core.facts import Fact
from i18n.text import fold

Row = dict[str, Any]


class FreshRows:
    """Writes past the ORM what the use cases would write one by one; remembers the addresses it gave out."""

    def __init__(self, session: Session, *, actor: Actor, now: datetime) -> None:
        """Begin an import by `actor`."""
        self.session, self.actor, self.now = session, actor, now
        self.forget()

    def forget(self) -> None:
        """A savepoint was rolled back: what was remembered of it is not there."""
        self.slugs = SlugBook(self.session)

    def known_makers(self, codes: Collection[str]) -> dict[str, Producer]:
        """Those of the producers that are there already, by code."""
        query = select(Producer).where(Producer.code.in_(codes))
        return {maker.code: maker for maker in self.session.scalars(query)}

    def new_maker(self, code: str, values: Mapping[str, Any]) -> Producer:
        """A producer that `add_makers` is going to add."""
        return Producer(code=code, created_at=self.now, updated_at=self.now, **values)

    def add_makers(self, makers: Collection[Producer]) -> None:
        """Add producers without an address, and give them one."""
        slugs = self.slugs.free(Producer, [maker.name for maker in makers])
        for maker, slug in zip(makers, slugs, strict=True):
            maker.slug = slug
        self.session.add_all(makers)
        self.session.flush()
        entries = [
            self.entry(f"producer:{maker.id}", "producer.create", fields=["name"])
            for maker in makers
        ]
        self.insert(audit.AuditEntry, entries)
        self.insert(Fact, [fact("producer.changed", producer_id=maker.id) for maker in makers])

    def add_products(self, rows: Sequence[Row]) -> dict[str, int]:
        """Add products of which code, producer_id, name and the rest are given; ids by code."""
        slugs = self.slugs.free(Product, [row["name"] for row in rows])
        derived = [
            {
                **row,
                "slug": slug,
                "name_key": sort_text(row["name"]),
                "search_fold": fold(row["name"]),
                "created_at": self.now,
                "updated_at": self.now,
                "version": 1,
            }
            for row, slug in zip(rows, slugs, strict=True)
        ]
        self.insert(Product, derived)
        codes = [row["code"] for row in rows]
        found = self.session.execute(
            select(Product.code, Product.id).where(Product.code.in_(codes))
        )
        return {row.code: row.id for row in found}

    def insert(self, table: type[Any], rows: Sequence[Row]) -> None:
        """All rows in one statement; each names the same columns."""
        insert_rows(self.session, table.__table__, rows)

    def entry(self, subject: str, action: str, **details: Any) -> Row:
        """A line of the journal, to be inserted with others."""
        return audit.entry(self.actor, action, subject=subject, now=self.now, details=details)


def fact(name: str, **payload: int) -> Row:
    """A fact, to be inserted with others."""
    return {"name": name, "payload": payload}
