"""Addresses of products inside statements: the one of a language, and whose an address is or ever was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, literal, select
from sqlalchemy.orm import Session

from catalog.models import Product, ProductAddress, ProductSlug
from i18n.locales import ENABLED

product = Product.__table__
address = ProductAddress.__table__
_former = ProductSlug.__table__


def local_slug(locale: str) -> ColumnElement[str]:
    """The address part of the statement's product in a language; found by a primary key, without a join."""
    own = (
        select(address.c.slug)
        .where(address.c.product_id == product.c.id, address.c.locale == literal(locale))
        .correlate(product)
        .scalar_subquery()
    )
    return func.coalesce(own, product.c.slug)


def has_slug() -> ColumnElement[bool]:
    """Condition: the product has, or ever had, the address part ``:slug`` in whatever language."""
    first = product.alias("first_address")
    slug: BindParameter[str] = bindparam("slug")
    owner = func.coalesce(
        select(first.c.id).where(first.c.slug == slug).scalar_subquery(),
        select(_former.c.product_id).where(_former.c.slug == slug).scalar_subquery(),
    )
    return product.c.id == owner


def address_arm(row: Any, product_id: Any) -> Select[Any]:
    """The addresses of a product by language, as an arm of the record's union."""
    chosen: Select[Any] = row("address", literal(0), (), (address.c.locale, address.c.slug))
    return chosen.where(address.c.product_id == product_id)


def read_address_arm(rows: Iterable[Sequence[Any]], first: str, *, texts: int) -> dict[str, str]:
    """The address part in every open language from the rows of `address_arm`."""
    own = {row[texts]: row[texts + 1] for row in rows}
    return {locale: own.get(locale, first) for locale in ENABLED}


def addresses_of(session: Session, product_id: int) -> dict[str, str]:
    """The address part of one product in every open language. One statement."""
    rows = session.execute(
        select(product.c.slug, address.c.locale, address.c.slug)
        .select_from(product.outerjoin(address, address.c.product_id == product.c.id))
        .where(product.c.id == product_id)
    ).all()
    own = {row[1]: row[2] for row in rows}
    return {locale: own.get(locale, rows[0][0]) for locale in ENABLED} if rows else {}
