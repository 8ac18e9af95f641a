"""An address of each product in each language, and every address it ever had."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from catalog.rules.addresses import addresses, wanted
from core.db import BigInt, UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_AT_ONCE = 2_000

_product = sa.table(
    "product",
    sa.column("id", BigInt),
    sa.column("slug", sa.String),
    sa.column("name", sa.String),
    sa.column("published_at", UtcDateTime),
)
_translation = sa.table(
    "translation",
    sa.column("entity_kind", sa.String),
    sa.column("entity_id", BigInt),
    sa.column("field", sa.String),
    sa.column("locale", sa.String),
    sa.column("text", sa.String),
    sa.column("status", sa.String),
)


def upgrade() -> None:
    """Add both tables and give every published product its addresses."""
    slugs = op.create_table(
        "product_slug",
        sa.Column("slug", sa.String(140), primary_key=True),
        sa.Column(
            "product_id",
            BigInt,
            sa.ForeignKey("product.id", name="fk_product_slug_product_id_product"),
            nullable=False,
        ),
        sa.Column("since", UtcDateTime, nullable=False),
    )
    op.create_index("ix_product_slug_product_id", "product_slug", ["product_id"])
    present = op.create_table(
        "product_address",
        sa.Column(
            "product_id",
            BigInt,
            sa.ForeignKey("product.id", name="fk_product_address_product_id_product"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("locale", sa.String(10), primary_key=True),
        sa.Column("slug", sa.String(140), nullable=False),
    )
    _fill(op.get_bind(), slugs, present, datetime.now(UTC))


def _fill(connection: sa.Connection, slugs: sa.Table, present: sa.Table, now: datetime) -> None:
    taken = set(connection.scalars(sa.select(_product.c.slug)))

    def free(base: str) -> str:
        slug, number = base, 2
        while slug in taken:
            slug, number = f"{base}-{number}", number + 1
        taken.add(slug)
        return slug

    last = 0
    while rows := connection.execute(
        sa.select(_product.c.id, _product.c.slug, _product.c.name)
        .where(_product.c.published_at.is_not(None), _product.c.id > last)
        .order_by(_product.c.id)
        .limit(_AT_ONCE)
    ).all():
        last = rows[-1].id
        names = _names(connection, rows[0].id, last)
        found = {
            row.id: addresses(
                wanted({"vi": row.name, **names[row.id]}),
                first=row.slug,
                present={},
                owned=(),
                free=free,
            )
            for row in rows
        }
        new = [
            {"slug": slug, "product_id": number, "since": now}
            for number, own in found.items()
            for slug in own.new
        ]
        chosen = [
            {"product_id": number, "locale": locale, "slug": slug}
            for number, own in found.items()
            for locale, slug in own.by_locale.items()
        ]
        if new:
            connection.execute(sa.insert(slugs), new)
            connection.execute(sa.insert(present), chosen)


def _names(connection: sa.Connection, first: int, last: int) -> dict[int, dict[str, str]]:
    """The names somebody has reviewed, by product and language."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for row in connection.execute(
        sa.select(_translation.c.entity_id, _translation.c.locale, _translation.c.text).where(
            _translation.c.entity_kind == "product",
            _translation.c.entity_id.between(first, last),
            _translation.c.field == "name",
            _translation.c.status == "reviewed",
        )
    ):
        found[row.entity_id][row.locale] = row.text
    return found
