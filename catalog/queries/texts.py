"""The texts of a page of products in one language, each with the language it is really in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from catalog.models.translation import TRANSLATABLE
from catalog.queries.listing import chain, foreign_chain, product, translation
from catalog.rules.fallback import Text, Version, resolve


def resolve_texts(
    session: Session, product_ids: Sequence[int], fields: Sequence[str], *, locale: str
) -> Mapping[int, Mapping[str, Text | None]]:
    """For each product and field the text a buyer may read, by the rules of the field. One statement.

    None where there is no text; for legal text also where it exists in other languages only. Raises
    KeyError for a field that is not translatable.
    """
    for field in fields:
        if field not in TRANSLATABLE["product"]:
            raise KeyError(field)
    columns = [product.c[field] for field in fields]
    rows = session.execute(
        select(
            product.c.id,
            *columns,
            translation.c.field,
            translation.c.locale,
            translation.c.text,
            translation.c.status,
            translation.c.is_stale,
        )
        .select_from(
            product.outerjoin(
                translation,
                and_(
                    translation.c.entity_kind == "product",
                    translation.c.entity_id == product.c.id,
                    translation.c.field.in_(fields),
                    translation.c.locale.in_(foreign_chain(locale)),
                    translation.c.status != "draft",
                ),
            )
        )
        .where(product.c.id.in_(product_ids))
    )
    versions: dict[int, dict[str, dict[str, str | Version | None]]] = {}
    for number, *rest in rows:
        own = versions.setdefault(
            number, {f: {"vi": t} for f, t in zip(fields, rest, strict=False)}
        )
        field, tag, text, status, is_stale = rest[len(fields) :]
        if field is not None:
            own[field][tag] = Version(text, status, is_stale)
    return {
        number: {field: resolve(field, values, chain(locale)) for field, values in own.items()}
        for number, own in versions.items()
    }
