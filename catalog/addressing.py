"""Gives published products an address in each language, made from the names that a person has checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from catalog.announcing import announce_once
from catalog.models import Product, ProductAddress, ProductSlug, Translation
from catalog.rules.addresses import Addresses, addresses, wanted

AT_ONCE = 500
"""Products whose names are held in memory together."""


def readdress(session: Session, product_ids: Iterable[int], *, now: datetime) -> int:
    """Let the addresses of products follow their names; returns how many products have other ones now.

    Only published products, and of translations only those somebody has reviewed: an address of a
    draft or of a machine would lead on for ever. What changed is announced.
    """
    waiting = iter(sorted(set(product_ids)))
    changed = 0
    while ids := list(islice(waiting, AT_ONCE)):
        changed += _readdress(session, ids, now)
    return changed


def readdress_all(session: Session, *, now: datetime) -> int:
    """The same for every published product."""
    ids = session.scalars(select(Product.id).where(Product.published_at.is_not(None)))
    return readdress(session, ids, now=now)


def _readdress(session: Session, ids: Sequence[int], now: datetime) -> int:
    read = {
        product_id: (first, wanted(names))
        for product_id, (first, names) in _names(session, ids).items()
    }
    present, owned = _known(session, ids)
    taken = _taken(session, {base for _, own in read.values() for base in own.values() if base})

    def free(base: str) -> str:
        slug = base if base not in taken else _numbered(session, base, taken)
        taken.add(slug)
        return slug

    changed: dict[int, Addresses] = {}
    for product_id, (first, own) in read.items():
        found = addresses(
            own, first=first, present=present[product_id], owned=owned[product_id], free=free
        )
        if found.new or dict(found.by_locale) != present[product_id]:
            changed[product_id] = found
    _store(session, changed, now)
    return len(changed)


def _store(session: Session, changed: Mapping[int, Addresses], now: datetime) -> None:
    session.execute(delete(ProductAddress).where(ProductAddress.product_id.in_(changed)))
    slugs = [
        {"slug": slug, "product_id": product_id, "since": now}
        for product_id, found in changed.items()
        for slug in found.new
    ]
    present = [
        {"product_id": product_id, "locale": locale, "slug": slug}
        for product_id, found in changed.items()
        for locale, slug in found.by_locale.items()
    ]
    if slugs:
        session.execute(insert(ProductSlug), slugs)
    if present:
        session.execute(insert(ProductAddress), present)
    for product_id in changed:
        announce_once(session, "product.readdressed", product_id=product_id)


def _known(
    session: Session, ids: Sequence[int]
) -> tuple[dict[int, dict[str, str]], dict[int, set[str]]]:
    """By product, its present addresses by language, and all it ever had beside its first."""
    present: dict[int, dict[str, str]] = defaultdict(dict)
    of_products = ProductAddress.product_id.in_(ids)
    for row in session.execute(select(ProductAddress.__table__).where(of_products)):
        present[row.product_id][row.locale] = row.slug
    owned: dict[int, set[str]] = defaultdict(set)
    for row in session.execute(
        select(ProductSlug.slug, ProductSlug.product_id).where(ProductSlug.product_id.in_(ids))
    ):
        owned[row.product_id].add(row.slug)
    return present, owned


def _names(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, dict[str, str]]]:
    """By product, its first address and the names that may make others."""
    found = {
        row.id: (row.slug, {"vi": row.name})
        for row in session.execute(
            select(Product.id, Product.slug, Product.name)
            .where(Product.id.in_(ids), Product.published_at.is_not(None))
            .order_by(Product.id)
        )
    }
    for row in session.execute(
        select(Translation.entity_id, Translation.locale, Translation.text).where(
            Translation.entity_kind == "product",
            Translation.entity_id.in_(found),
            Translation.field == "name",
            Translation.status == "reviewed",
        )
    ):
        found[row.entity_id][1][row.locale] = row.text
    return found


def _taken(session: Session, slugs: Collection[str]) -> set[str]:
    """Those of the address parts that some product has."""
    return {
        slug
        for column in (Product.slug, ProductSlug.slug)
        for slug in session.scalars(select(column).where(column.in_(slugs)))
    }


def _numbered(session: Session, base: str, taken: Collection[str]) -> str:
    """The text with the first number that nobody's address has."""
    first, many = 2, 32
    while True:
        asked = [f"{base}-{number}" for number in range(first, first + many)]
        known = _taken(session, asked)
        for slug in asked:
            if slug not in known and slug not in taken:
                return slug
        first, many = first + many, 2 * many
