"""Every state a translation ever had."""

from __future__ import annotations

import hashlib
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the history and the mark of age, and begin both from what is stored."""
    op.add_column(
        "translation",
        sa.Column("is_stale", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "translation_entry",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("entity_kind", sa.String(12), nullable=False),
        sa.Column("entity_id", BigInt, nullable=False),
        sa.Column("field", sa.String(24), nullable=False),
        sa.Column("locale", sa.String(12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("is_stale", sa.Boolean(), nullable=False),
        sa.Column("source_digest", sa.String(64), nullable=False),
        sa.Column("source_text", sa.Text(), nullable=True),
        sa.Column("origin", sa.String(8), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.CheckConstraint(
            "entity_kind IN ('product','producer')",
            name=op.f("ck_translation_entry_entity_kind_known"),
        ),
        sa.CheckConstraint(
            "status IN ('draft','machine','reviewed','removed')",
            name=op.f("ck_translation_entry_status_known"),
        ),
        sa.CheckConstraint(
            "origin IN ('hand','file','machine','import','source','carried')",
            name=op.f("ck_translation_entry_origin_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation_entry")),
    )
    op.create_index(
        "ix_translation_entry_thing",
        "translation_entry",
        ["entity_kind", "entity_id", "locale", "field", "id"],
    )
    _mark_what_is_old()
    op.execute(
        "INSERT INTO translation_entry (entity_kind, entity_id, field, locale, text, status, "
        "is_stale, source_digest, source_text, origin, author, at) "
        "SELECT entity_kind, entity_id, field, locale, text, status, is_stale, source_digest, "
        "NULL, 'carried', author, updated_at FROM translation ORDER BY id"
    )
    _refuse_changes("translation_entry")


_FIELDS = {
    "product": ("name", "summary", "description", "ingredients", "usage", "storage_note"),
    "producer": ("story",),
}


def _mark_what_is_old() -> None:
    """A translation is old when its digest is not that of the present Vietnamese text."""
    connection = op.get_bind()
    for kind, names in _FIELDS.items():
        for field in names:
            rows = connection.execute(
                sa.text(
                    f"SELECT t.id, t.source_digest, e.{field} FROM translation t "  # noqa: S608
                    f"JOIN {kind} e ON e.id = t.entity_id "
                    f"WHERE t.entity_kind = '{kind}' AND t.field = '{field}'"
                )
            ).all()
            old = [{"id": number} for number, made_of, text in rows if made_of != _digest(text)]
            if old:
                connection.execute(
                    sa.text("UPDATE translation SET is_stale = true WHERE id = :id"), old
                )


def _digest(text: str | None) -> str:
    if not text:
        return ""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()


def _refuse_changes(table: str) -> None:
    """Triggers that let rows of a table be added only: never changed, never removed."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION ocop_refuse_change()"
        )
        return
    for deed in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
        )
