"""Pictures of products and producers, and their texts in the ledger of translations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)
_KINDS = "entity_kind IN ('product','producer','media')"


def upgrade() -> None:
    """Add the table, and let translations be about a picture too."""
    op.create_table(
        "media",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("code", sa.String(80), nullable=False),
        sa.Column("producer_id", BigInt, nullable=False),
        sa.Column("product_id", BigInt, nullable=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(300), nullable=True),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ready_at", Moment, nullable=True),
        sa.Column("removed_at", Moment, nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_media_size_known")),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name=op.f("fk_media_producer_id_producer")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_media_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sa.UniqueConstraint("code", name=op.f("uq_media_code")),
    )
    op.create_index("ix_media_product_id", "media", ["product_id", "position", "id"])
    op.create_index("ix_media_producer_id", "media", ["producer_id", "position", "id"])
    op.create_index("ix_media_digest", "media", ["digest"])
    for table in ("translation", "translation_entry"):
        _widen(table)


def _widen(table: str) -> None:
    """Replace the constraint on the kinds; SQLite can only do so by making the table anew."""
    constraint = op.f(f"ck_{table}_entity_kind_known")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(constraint, table, type_="check")
        op.create_check_constraint(constraint, table, _KINDS)
        return
    connection = op.get_bind()
    made, others = _definition(connection, table)
    old = "entity_kind IN ('product','producer')"
    if old not in made:
        raise RuntimeError(f"the table {table} is not as the migrations before left it")
    op.execute(made.replace(old, _KINDS).replace(f"CREATE TABLE {table}", "CREATE TABLE widened"))
    op.execute(f"INSERT INTO widened SELECT * FROM {table}")  # noqa: S608 - our own names
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE widened RENAME TO {table}")
    for statement in others:
        op.execute(statement)


def _definition(connection: sa.Connection, table: str) -> tuple[str, list[str]]:
    """How SQLite made the table, and its indexes and triggers."""
    rows = connection.execute(
        sa.text(
            "SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL "
            "ORDER BY type <> 'table', name"
        ),
        {"table": table},
    ).all()
    made = str(rows[0][1]).replace(f'CREATE TABLE "{table}"', f"CREATE TABLE {table}")
    return made, [str(sql) for kind, sql in rows[1:] if kind != "table"]
