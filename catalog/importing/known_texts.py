"""What the ledger of translations holds for the products of a chunk, read with two statements."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.importing.listings import Text
from catalog.models import Product, Translation
from catalog.models.translation import TranslationEntry
from catalog.rules.translation import digest


class KnownTexts:
    """The texts that stand, and how the newest entry of each was meant."""

    def __init__(self, session: Session, product_ids: Sequence[int]) -> None:
        """Read the texts of these products."""
        self._standing: dict[tuple[int, str, str], tuple[str, str, str]] = {}
        self._newest: dict[tuple[int, str, str], tuple[str, str, str]] = {}
        if not product_ids:
            return
        row, entry = Translation, TranslationEntry
        standing = select(
            row.entity_id, row.field, row.locale, row.text, row.status, row.source_digest
        ).where(row.entity_kind == "product", row.entity_id.in_(product_ids))
        for number, field, locale, text, status, made_from in session.execute(standing):
            self._standing[number, field, locale] = (text, status, made_from)
        last = (
            select(func.max(entry.id))
            .where(entry.entity_kind == "product", entry.entity_id.in_(product_ids))
            .group_by(entry.entity_id, entry.locale, entry.field)
        )
        newest = select(
            *(entry.entity_id, entry.field, entry.locale),
            *(entry.text, entry.status, entry.source_digest),
        ).where(entry.id.in_(last))
        for number, field, locale, text, status, made_from in session.execute(newest):
            self._newest[number, field, locale] = (text, status, made_from)

    def says(self, product: Product, text: Text) -> bool:
        """Whether the ledger has this already, so that `set_translation` would change nothing."""
        key = (product.id, text.field, text.locale)
        wanted = (text.text, text.status, digest(getattr(product, text.field)))
        standing, newest = self._standing.get(key), self._newest.get(key)
        if standing is not None and text.status == "draft" and standing[1] != "draft":
            return newest == wanted
        return standing == wanted and (newest is None or newest[1] == text.status)
