"""Money that went back: refunds, and how much of each payment they have covered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import BigInt, NfcString, UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the refunds, which are only ever added to, and the part of a payment that is back already."""
    op.create_table(
        "refund",
        sa.Column("id", BigInt, primary_key=True),
        sa.Column(
            "order_id", BigInt, sa.ForeignKey("customer_order.id"), nullable=False, index=True
        ),
        sa.Column("amount_minor", BigInt, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("bank_reference", NfcString(60), nullable=False, unique=True),
        sa.Column("paid_on", sa.Date, nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.Column("person_id", BigInt, sa.ForeignKey("person.id")),
        sa.Column("actor_name", NfcString(200), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name="amount"),
        sa.CheckConstraint("bank_reference <> ''", name="reference"),
    )
    # One statement both engines know: op.add_column would leave the check out on SQLite.
    kind = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    op.execute(
        f"ALTER TABLE payment ADD COLUMN refunded_minor {kind} NOT NULL DEFAULT 0 "
        "CONSTRAINT ck_payment_refunded "
        "CHECK (0 <= refunded_minor AND refunded_minor <= refund_due_minor)"
    )
    owed = sa.text("refund_due_minor > refunded_minor")
    op.drop_index("ix_payment_refund_queue", "payment")
    op.create_index(
        "ix_payment_refund_queue",
        "payment",
        ["recorded_at"],
        sqlite_where=owed,
        postgresql_where=owed,
    )
    _only_added("refund")


def _only_added(table: str) -> None:
    """Triggers that refuse any change and removal."""
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
