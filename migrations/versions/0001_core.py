"""Facts, tasks, audit, mail and people."""

import sqlalchemy as sa
from alembic import op

from core.db import BigInt, Json, NfcString, NfcText, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _id() -> sa.Column[int]:
    return sa.Column("id", BigInt, primary_key=True)


def _people() -> None:
    op.create_table(
        "person",
        _id(),
        sa.Column("full_name", NfcString(200), nullable=False),
        sa.Column("email", NfcString(320), unique=True),
        sa.Column("phone", sa.String(20), unique=True),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("locale", sa.String(10), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("disabled_at", UtcDateTime),
        sa.CheckConstraint("email IS NOT NULL OR phone IS NOT NULL", name="reachable"),
    )
    op.create_table(
        "membership",
        _id(),
        sa.Column("person_id", BigInt, sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("producer_id", BigInt, index=True),
        sa.Column("partner_code", sa.String(60)),
        sa.UniqueConstraint("person_id", "role", "producer_id", "partner_code"),
        sa.CheckConstraint(
            "(role = 'producer') = (producer_id IS NOT NULL)"
            " AND (role = 'partner') = (partner_code IS NOT NULL)",
            name="belongs",
        ),
        sa.CheckConstraint("role IN ('producer', 'office', 'partner')", name="role"),
    )
    op.create_table(
        "user_session",
        _id(),
        sa.Column("person_id", BigInt, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("user_agent", NfcString(200), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("last_seen_at", UtcDateTime, nullable=False),
        sa.Column("idle_minutes", sa.Integer, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("revoked_at", UtcDateTime),
        sa.Column("by_link", sa.Boolean, nullable=False),
        sa.Index("ix_user_session_person_id", "person_id", "revoked_at"),
    )
    op.create_table(
        "sign_in_link",
        _id(),
        sa.Column("person_id", BigInt, sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("used_at", UtcDateTime),
    )
    op.create_table(
        "rate_bucket",
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("window_start", UtcDateTime, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
    )


def _facts() -> None:
    op.create_table(
        "fact",
        _id(),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column(
            "announced_at", UtcDateTime, nullable=False, server_default=sa.func.current_timestamp()
        ),
        sa.Column("dispatched_at", UtcDateTime),
    )
    undispatched = sa.text("dispatched_at IS NULL")
    op.create_index(
        "ix_fact_undispatched",
        "fact",
        ["id"],
        sqlite_where=undispatched,
        postgresql_where=undispatched,
    )
    op.create_table(
        "task",
        _id(),
        sa.Column("fact_id", BigInt, sa.ForeignKey("fact.id")),
        sa.Column("reaction", sa.String(80), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("state", sa.String(10), nullable=False, server_default="queued"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("run_at", UtcDateTime, nullable=False),
        sa.Column("leased_by", sa.String(80)),
        sa.Column("lease_until", UtcDateTime),
        sa.Column("done_at", UtcDateTime),
        sa.Column("last_error", NfcText),
        sa.UniqueConstraint("fact_id", "reaction"),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'parked')", name="state"),
        sa.Index("ix_task_state_run_at", "state", "run_at", "id"),
    )


def _audit_and_mail() -> None:
    op.create_table(
        "audit_entry",
        _id(),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("person_id", BigInt, sa.ForeignKey("person.id")),
        sa.Column("actor_name", NfcString(200), nullable=False),
        sa.Column("acting_for", sa.String(60)),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.Index("ix_audit_entry_subject", "subject", "id"),
    )
    op.create_table(
        "outgoing_mail",
        _id(),
        sa.Column("key", sa.String(120), nullable=False, unique=True),
        sa.Column("recipient", NfcString(320), nullable=False),
        sa.Column("subject", NfcString(300), nullable=False),
        sa.Column("body_text", NfcText, nullable=False),
        sa.Column("body_html", NfcText),
        sa.Column("locale", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("queued_at", UtcDateTime, nullable=False),
        sa.Column("sent_at", UtcDateTime),
        sa.CheckConstraint("state IN ('queued', 'sending', 'sent', 'refused')", name="state"),
    )


def upgrade() -> None:
    _people()
    _facts()
    _audit_and_mail()
    _refuse_changes("audit_entry")


def _refuse_changes(table: str) -> None:
    """Triggers that let rows of a table be added only: never changed, never removed."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION ocop_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME; END $$"
        )
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
