"""Addresses for many new rows at once, with two statements for a chunk instead of one for each row."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Producer, Product
from catalog.slugs import free_slug, slug_columns
from i18n.text import slugify


class SlugBook:
    """Remembers the addresses it gave out; the answer is that of `catalog.slugs.free_slug`."""

    def __init__(self, session: Session) -> None:
        """Begin with an empty memory."""
        self.session = session
        self.next: dict[tuple[str, str], int] = {}

    def free(self, table: type[Product] | type[Producer], names: Sequence[str]) -> list[str]:
        """An address for each name, in their order."""
        bases = [slugify(name) or table.__tablename__ for name in names]
        unseen = {base for base in bases if (table.__tablename__, base) not in self.next}
        taken = {
            slug
            for column in slug_columns(table)
            if unseen
            for slug in self.session.scalars(select(column).where(column.in_(unseen)))
        }
        given: dict[str, None] = {}
        for base in bases:
            given[self._free(table, base, taken, given)] = None
        return list(given)

    def _free(
        self,
        table: type[Product] | type[Producer],
        base: str,
        taken: set[str],
        given: Collection[str],
    ) -> str:
        key = (table.__tablename__, base)
        if key not in self.next:
            slug = free_slug(self.session, table, base) if base in taken else base
            self.next[key] = int(slug.removeprefix(f"{base}-")) + 1 if slug != base else 2
            if slug not in given:
                return slug
        while True:
            slug = f"{base}-{self.next[key]}"
            self.next[key] += 1
            if slug not in given and not self._is_taken(table, slug):
                return slug

    def _is_taken(self, table: type[Product] | type[Producer], slug: str) -> bool:
        """A numbered address may be another row's own name ("Rượu 2")."""
        with self.session.no_autoflush:
            return any(
                self.session.scalar(select(column).where(column == slug)) is not None
                for column in slug_columns(table)
            )
