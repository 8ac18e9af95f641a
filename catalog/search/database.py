"""Finds what a text says in the database alone, plainly, while there is no index."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Product
from catalog.queries.listing import visible
from i18n.text import fold

MAX_WORDS = 6


def find_in_database(session: Session, text: str, *, on: date) -> list[int]:
    """Return the ids of all goods on sale in whose folded text every word stands; one statement."""
    words = fold(text[:200]).split()[:MAX_WORDS]
    return list(
        session.scalars(
            select(Product.id).where(
                visible(),
                *(Product.search_fold.contains(word, autoescape=True) for word in words),
            ),
            {"on": on},
        )
    )
