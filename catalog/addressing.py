"""Gives published products an address in each language, made from the names that a person has checked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from catalog.announcing import announce_once
from catalog.models import Product, ProductAddress, ProductSlug, Translation
from catalog.rules.addresses import Addresses, addresses, wanted

AT_ONCE = 500
"""Products whose names are held in memory together."""
_ASKED_AT_ONCE = 5_000
"""Address parts asked for in one statement: an engine takes only so many values."""
_ROOM = 8
"""Numbers looked at for a name that is taken, beside one for each product that wants it."""


def readdress(session: Session, product_ids: Iterable[int], *, now: datetime) -> int:
    """Let the addresses of products follow their names; returns how many products have other ones now.

    Only published products, and of translations only those somebody has reviewed: an address of a
    draft or of a machine would lead on for ever. What changed is announced.
    """
    waiting = iter(sorted(set(product_ids)))
    given: dict[str, int] = {}
    changed = 0
    while ids := list(islice(waiting, AT_ONCE)):
        changed += _readdress(session, ids, given, now)
    return changed


def readdress_all(session: Session, *, now: datetime) -> int:
    """The same for every published product."""
    ids = session.scalars(select(Product.id).where(Product.published_at.is_not(None)))
    return readdress(session, ids, now=now)


def _readdress(session: Session, ids: Sequence[int], given: dict[str, int], now: datetime) -> int:
    read = {
        product_id: (first, wanted(names))
        for product_id, (first, names) in _names(session, ids).items()
    }
    present, owned = _known(session, ids)
    free = _Free(
        session, Counter(base for _, own in read.values() for base in set(own.values())), given
    )
    changed: dict[int, Addresses] = {}
    for product_id, (first, own) in read.items():
        found = addresses(
            own, first=first, present=present[product_id], owned=owned[product_id], free=free
        )
        if found.new or dict(found.by_locale) != present[product_id]:
            changed[product_id] = found
    _store(session, changed, now)
    return len(changed)


class _Free:
    """Address parts nobody has, asked for together: names of a catalogue are often the same."""

    def __init__(self, session: Session, wanted_by: Counter[str], given: dict[str, int]) -> None:
        """`wanted_by` counts the products that may ask for a text; `given` holds its last number so far."""
        self._session = session
        self._given = given
        del wanted_by[""]
        self._taken = _taken(session, wanted_by)
        self._looked: dict[str, int] = {}
        for base, products in wanted_by.items():
            if products > 1 or base in self._taken:
                self._looked[base] = given.get(base, 1) + products + _ROOM
        self._taken |= _taken(
            session,
            [
                f"{base}-{number}"
                for base, last in self._looked.items()
                for number in range(given.get(base, 1) + 1, last + 1)
            ],
        )

    def __call__(self, base: str) -> str:
        """The text itself, or with the first number after those given that makes it free."""
        number = self._given.get(base, 0) + 1
        while (slug := base if number == 1 else f"{base}-{number}") in self._taken:
            number += 1
            if number > self._looked.get(base, 1):
                self._look_on(base)
        self._taken.add(slug)
        self._given[base] = number
        return slug

    def _look_on(self, base: str) -> None:
        """Know twice as many numbers of a text as before."""
        last = self._looked.get(base, 1)
        self._looked[base] = 2 * last + _ROOM
        more = range(last + 1, self._looked[base] + 1)
        self._taken |= _taken(self._session, [f"{base}-{number}" for number in more])


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


def _taken(session: Session, slugs: Iterable[str]) -> set[str]:
    """Those of the address parts that some product has."""
    found: set[str] = set()
    waiting = iter(slugs)
    while asked := list(islice(waiting, _ASKED_AT_ONCE)):
        for column in (Product.slug, ProductSlug.slug):
            found.update(session.scalars(select(column).where(column.in_(asked))))
    return found
