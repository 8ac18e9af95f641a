"""Livestream sessions with goods set aside at a locked price, coupons, and moments at which pages change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import BigInt, Json, NfcString, NfcText, UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, empty, and what orders, carts and promises say of them: nothing, so far."""
    _add_turning_points()
    _add_sessions()
    _add_session_items()
    _add_coupons()
    _add_columns()


def _add_turning_points() -> None:
    """Moments noted in advance."""
    op.create_table(
        "turning_point",
        sa.Column("at_epoch", BigInt, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("at_epoch", name="pk_turning_point"),
    )


def _add_sessions() -> None:
    """A session, its texts, its history."""
    op.create_table(
        "live_session",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("producer_id", BigInt, nullable=False),
        sa.Column("slug", sa.String(120), nullable=False),
        sa.Column("title", NfcString(160), nullable=False),
        sa.Column("summary", NfcText, nullable=True),
        sa.Column("host_name", NfcString(120), nullable=False),
        sa.Column("host_role", sa.String(16), nullable=False),
        sa.Column("host_checked_at", UtcDateTime, nullable=True),
        sa.Column("host_checked_by", NfcString(200), nullable=True),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("links", Json, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("checked_at", UtcDateTime, nullable=True),
        sa.Column("over_at", UtcDateTime, nullable=True),
        sa.Column("replay_url", sa.String(400), nullable=True),
        sa.Column("recording_place", NfcString(200), nullable=True),
        sa.Column("recording_ref", NfcString(200), nullable=True),
        sa.Column("recording_kept_until", sa.Date, nullable=True),
        sa.Column("recording_rule", sa.String(100), nullable=True),
        sa.Column("is_illustrative", sa.Boolean, nullable=False),
        sa.Column("version", BigInt, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            "host_role IN ('producer', 'staff', 'guest')", name="ck_live_session_host_role"
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'checked', 'live', 'ended', 'replay_kept', 'cancelled')",
            name="ck_live_session_state",
        ),
        sa.CheckConstraint(
            "(host_checked_at IS NULL) = (host_checked_by IS NULL)",
            name="ck_live_session_host_checked",
        ),
        sa.CheckConstraint("starts_at < ends_at", name="ck_live_session_times"),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name="fk_live_session_producer_id_producer"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_live_session"),
        sa.UniqueConstraint("slug", name="uq_live_session_slug"),
    )
    op.create_index(
        "ix_live_session_producer_id", "live_session", ["producer_id", "starts_at"], unique=False
    )
    op.create_index(
        "ix_live_session_state_starts_at", "live_session", ["state", "starts_at"], unique=False
    )
    op.create_table(
        "live_text",
        sa.Column("session_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("locale", sa.String(12), nullable=False),
        sa.Column("title", NfcString(160), nullable=False),
        sa.Column("summary", NfcText, nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["live_session.id"],
            name="fk_live_text_session_id_live_session",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", "locale", name="pk_live_text"),
    )
    op.create_table(
        "live_event",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("session_id", BigInt, nullable=False),
        sa.Column("event", sa.String(24), nullable=False),
        sa.Column("from_state", sa.String(16), nullable=True),
        sa.Column("to_state", sa.String(16), nullable=False),
        sa.Column("actor_name", NfcString(200), nullable=False),
        sa.Column("actor_person_id", BigInt, nullable=True),
        sa.Column("acting_for", sa.String(40), nullable=True),
        sa.Column("reason", NfcText, nullable=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["live_session.id"], name="fk_live_event_session_id_live_session"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_live_event"),
    )
    op.create_index("ix_live_event_session_id", "live_event", ["session_id"], unique=False)


def _add_session_items() -> None:
    """What is set aside for a session."""
    op.create_table(
        "live_item",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("session_id", BigInt, nullable=False),
        sa.Column("package_id", BigInt, nullable=False),
        sa.Column("price_minor", BigInt, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("quantity", BigInt, nullable=False),
        sa.Column("set_aside", BigInt, nullable=False),
        sa.Column("taken", BigInt, nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("ad_number", NfcString(80), nullable=True),
        sa.Column("ad_issued_on", sa.Date, nullable=True),
        sa.CheckConstraint(
            "0 <= taken AND taken <= set_aside", name="ck_live_item_taken_was_set_aside"
        ),
        sa.CheckConstraint(
            "NOT is_open OR set_aside > 0", name="ck_live_item_open_holds_something"
        ),
        sa.CheckConstraint("price_minor > 0", name="ck_live_item_price"),
        sa.CheckConstraint("quantity > 0", name="ck_live_item_quantity"),
        sa.ForeignKeyConstraint(
            ["package_id"], ["package.id"], name="fk_live_item_package_id_package"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["live_session.id"], name="fk_live_item_session_id_live_session"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_live_item"),
        sa.UniqueConstraint("session_id", "package_id", name="uq_live_item_session_id_package_id"),
    )
    op.create_index("ix_live_item_package_id", "live_item", ["package_id"], unique=False)


def _add_coupons() -> None:
    """Codes, the goods they are good for, and the orders that used them."""
    op.create_table(
        "coupon",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("producer_id", BigInt, nullable=False),
        sa.Column("live_session_id", BigInt, nullable=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("value", BigInt, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("most_uses", BigInt, nullable=False),
        sa.Column("used", BigInt, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("kind IN ('percent', 'amount')", name="ck_coupon_kind"),
        sa.CheckConstraint(
            "value > 0 AND (kind <> 'percent' OR value <= 9000)", name="ck_coupon_value"
        ),
        sa.CheckConstraint("0 <= used AND used <= most_uses", name="ck_coupon_uses"),
        sa.CheckConstraint("starts_at < ends_at", name="ck_coupon_times"),
        sa.ForeignKeyConstraint(
            ["live_session_id"], ["live_session.id"], name="fk_coupon_live_session_id_live_session"
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name="fk_coupon_producer_id_producer"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_coupon"),
        sa.UniqueConstraint("code", name="uq_coupon_code"),
        sa.UniqueConstraint("live_session_id", name="uq_coupon_live_session_id"),
    )
    op.create_index("ix_coupon_producer_id", "coupon", ["producer_id"], unique=False)
    op.create_table(
        "coupon_package",
        sa.Column("coupon_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("package_id", BigInt, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["coupon_id"],
            ["coupon.id"],
            name="fk_coupon_package_coupon_id_coupon",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["package_id"], ["package.id"], name="fk_coupon_package_package_id_package"
        ),
        sa.PrimaryKeyConstraint("coupon_id", "package_id", name="pk_coupon_package"),
    )
    op.create_table(
        "coupon_use",
        sa.Column("order_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("coupon_id", BigInt, nullable=False),
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("amount_minor", BigInt, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("given_back_at", UtcDateTime, nullable=True),
        sa.CheckConstraint("amount_minor > 0", name="ck_coupon_use_amount"),
        sa.ForeignKeyConstraint(
            ["coupon_id"], ["coupon.id"], name="fk_coupon_use_coupon_id_coupon"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["customer_order.id"], name="fk_coupon_use_order_id_customer_order"
        ),
        sa.PrimaryKeyConstraint("order_id", name="pk_coupon_use"),
    )
    op.create_index("ix_coupon_use_coupon_id", "coupon_use", ["coupon_id"], unique=False)


def _add_columns() -> None:
    """Plain statements both engines know: op.add_column would leave keys and checks out on SQLite."""
    kind = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    op.add_column("cart", sa.Column("coupon_code", sa.String(24), nullable=True))
    op.add_column("customer_order", sa.Column("coupon_code", sa.String(24), nullable=True))
    for table in ("reservation", "order_line"):
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN live_item_id {kind} "
            f"CONSTRAINT fk_{table}_live_item_id_live_item REFERENCES live_item (id)"
        )
    op.create_index("ix_order_line_live_item_id", "order_line", ["live_item_id"])
    op.execute(
        f"ALTER TABLE order_line ADD COLUMN discount_minor {kind} NOT NULL DEFAULT 0 "
        "CONSTRAINT ck_order_line_discount "
        "CHECK (0 <= discount_minor AND discount_minor <= line_minor)"
    )
