"""Regulation as dated data, and the verdicts given under it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import BigInt, Json, NfcString, NfcText, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the office's entries, which can only be added to, and the verdicts by market."""
    _entries()
    op.create_table(
        "market_verdict",
        sa.Column("product_id", BigInt, nullable=False),
        sa.Column("market", sa.String(2), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("reasons", Json, nullable=False),
        sa.Column("documents", Json, nullable=False),
        sa.Column("rule_version", sa.String(400), nullable=False),
        sa.Column("rules_digest", sa.String(12), nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("judged_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["product.id"],
            name=op.f("fk_market_verdict_product_id_product"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("product_id", "market", name=op.f("pk_market_verdict")),
    )


def _entries() -> None:
    op.create_table(
        "regulation_entry",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("action", sa.String(12), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("target", sa.String(100), nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.Column("legal_basis", NfcString(300), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("source", NfcString(300), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("certainty", sa.String(12), nullable=False),
        sa.Column("note", NfcText, nullable=False),
        sa.Column("entered_by", NfcString(200), nullable=False),
        sa.Column("entered_at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            "action IN ('version','suspension')", name=op.f("ck_regulation_entry_action_known")
        ),
        sa.CheckConstraint(
            "kind IN ('act','market','vat','allergens','label')",
            name=op.f("ck_regulation_entry_kind_known"),
        ),
        sa.CheckConstraint(
            "certainty IN ('article','published','derived','unverified')",
            name=op.f("ck_regulation_entry_certainty_known"),
        ),
        sa.CheckConstraint(
            "last_day IS NULL OR last_day >= first_day",
            name=op.f("ck_regulation_entry_days_ordered"),
        ),
        sa.CheckConstraint(
            "(action = 'suspension') = (target <> '')",
            name=op.f("ck_regulation_entry_suspension_has_target"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regulation_entry")),
    )
    op.create_index("ix_regulation_entry_code", "regulation_entry", ["code"])
    _refuse_changes("regulation_entry")


def _refuse_changes(table: str) -> None:
    """Triggers that let rows of a table be added only: never changed, never removed."""
    if op.get_bind().dialect.name == "postgresql":  # the function is of 0001
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
