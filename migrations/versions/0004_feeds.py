"""Feeds: numbered batches with their files and lines, what partners accepted, answers, held items."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import BigInt, Json, NfcString, NfcText, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of the feeds and the triggers that keep a built batch as it is."""
    op.create_table(
        "feed_sequence",
        sa.Column("partner", sa.String(60), primary_key=True),
        sa.Column("last_number", sa.Integer, nullable=False, server_default="0"),
    )
    _batches()
    _answers()
    _only_added("feed_batch_file")
    _only_added("feed_acknowledgement")
    _only_added(
        "feed_batch_line",
        columns="batch_id, line_no, package_id, item_key, action, content_hash, payload",
    )
    _only_added("feed_batch", columns="partner, number, kind, created_at, item_count, sha256")


def _id() -> sa.Column[int]:
    return sa.Column("id", BigInt, primary_key=True)


def _batches() -> None:
    op.create_table(
        "feed_batch",
        _id(),
        sa.Column("partner", sa.String(60), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("state", sa.String(20), nullable=False, server_default="built"),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("item_count", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("claimed_until", UtcDateTime),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("sent_at", UtcDateTime),
        sa.Column("ack_due_at", UtcDateTime),
        sa.Column("acknowledged_at", UtcDateTime),
        sa.Column("receipt", Json),
        sa.Column("last_error", NfcText),
        sa.UniqueConstraint("partner", "number"),
        sa.CheckConstraint("number > 0", name="number_positive"),
        sa.CheckConstraint("kind IN ('delta', 'full')", name="kind"),
        sa.CheckConstraint(
            "state IN ('built', 'sending', 'unknown', 'sent', 'acknowledged', 'superseded')",
            name="state",
        ),
        sa.Index("ix_feed_batch_state", "state", "ack_due_at"),
    )
    op.create_table(
        "feed_batch_file",
        _id(),
        sa.Column("batch_id", BigInt, sa.ForeignKey("feed_batch.id"), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("format", sa.String(20), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("batch_id", "name"),
    )
    op.create_table(
        "feed_batch_line",
        _id(),
        sa.Column("batch_id", BigInt, sa.ForeignKey("feed_batch.id"), nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("package_id", BigInt, sa.ForeignKey("package.id")),
        sa.Column("item_key", sa.String(14), nullable=False),
        sa.Column("action", sa.String(10), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("state", sa.String(12), nullable=False, server_default="pending"),
        sa.Column("reason_code", NfcString(60)),
        sa.Column("reason_text", NfcText),
        sa.Column("answered_at", UtcDateTime),
        sa.UniqueConstraint("batch_id", "line_no"),
        sa.UniqueConstraint("batch_id", "item_key"),
        sa.CheckConstraint("line_no > 0", name="line_no_positive"),
        sa.CheckConstraint("action IN ('add', 'change', 'withdraw')", name="action"),
        sa.CheckConstraint(
            "state IN ('pending', 'sent', 'received', 'accepted', 'rejected', 'superseded')",
            name="state",
        ),
        sa.Index("ix_feed_batch_line_item_key", "item_key", "batch_id"),
        sa.Index("ix_feed_batch_line_package_id", "package_id"),
    )


def _answers() -> None:
    op.create_table(
        "feed_item",
        _id(),
        sa.Column("partner", sa.String(60), nullable=False),
        sa.Column("item_key", sa.String(14), nullable=False),
        sa.Column("package_id", BigInt, sa.ForeignKey("package.id")),
        sa.Column("accepted_hash", sa.String(64)),
        sa.Column("accepted_payload", Json),
        sa.Column("accepted_batch", sa.Integer),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("partner", "item_key"),
        sa.CheckConstraint("state IN ('accepted', 'rejected', 'withdrawn')", name="state"),
    )
    op.create_table(
        "feed_acknowledgement",
        _id(),
        sa.Column("partner", sa.String(60), nullable=False),
        sa.Column("file_name", NfcString(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("batch_number", sa.Integer),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("report", Json, nullable=False),
        sa.UniqueConstraint("partner", "sha256"),
        sa.CheckConstraint(
            "outcome IN ('applied', 'unknown_batch', 'unreadable', 'nothing_new')", name="outcome"
        ),
        sa.Index("ix_feed_acknowledgement_partner", "partner", "id"),
    )
    op.create_table(
        "feed_held_item",
        _id(),
        sa.Column("partner", sa.String(60), nullable=False),
        sa.Column("package_id", BigInt, sa.ForeignKey("package.id"), nullable=False),
        sa.Column("sku", NfcString(64), nullable=False),
        sa.Column("name", NfcString(300), nullable=False),
        sa.Column("problems", Json, nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.UniqueConstraint("partner", "package_id"),
    )


def _only_added(table: str, *, columns: str = "") -> None:
    """Triggers that refuse removal and any change, or changes of the named columns."""
    changed = f"UPDATE OF {columns}" if columns else "UPDATE"
    deeds = (("update", changed), ("delete", "DELETE"))
    for name, deed in deeds:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {table}_no_{name} BEFORE {deed} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION ocop_refuse_change()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_no_{name} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
            )
