"""Ordering: stock and its promises, carts, orders, payments, the money ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
Moment = sa.DateTime(timezone=True)

ONLY_ADDED = ("order_event", "ledger_transaction", "ledger_entry")
"""Tables whose rows are history: added, never changed, never removed."""


def upgrade() -> None:
    """Create the tables of ordering and make history unchangeable."""
    op.create_table(
        "cart",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cart")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_cart_token_hash")),
    )
    op.create_index(op.f("ix_cart_expires_at"), "cart", ["expires_at"], unique=False)
    op.create_table(
        "customer_order",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("public_token", sa.String(length=64), nullable=False),
        sa.Column("checkout_token", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("payment_state", sa.String(length=20), nullable=False),
        sa.Column("payment_method", sa.String(length=20), nullable=False),
        sa.Column("recipient", sa.String(120), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("commune", sa.String(120), nullable=False),
        sa.Column("street", sa.String(200), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("goods_minor", BigInt, nullable=False),
        sa.Column("shipping_minor", BigInt, nullable=False),
        sa.Column("vat_minor", BigInt, nullable=False),
        sa.Column("total_minor", BigInt, nullable=False),
        sa.Column("paid_minor", BigInt, nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("placed_at", Moment, nullable=False),
        sa.Column("pay_by", Moment, nullable=True),
        sa.CheckConstraint(
            "payment_state IN ('pending', 'authorized', 'partially_paid', 'paid', 'partially_refunded', 'refunded', 'voided', 'review')",
            name=op.f("ck_customer_order_payment_state"),
        ),
        sa.CheckConstraint(
            "state IN ('placed', 'confirmed', 'completed', 'cancelled', 'expired')",
            name=op.f("ck_customer_order_state"),
        ),
        sa.CheckConstraint(
            "0 <= vat_minor AND vat_minor <= total_minor", name=op.f("ck_customer_order_vat_inside")
        ),
        sa.CheckConstraint(
            "goods_minor >= 0 AND shipping_minor >= 0", name=op.f("ck_customer_order_not_negative")
        ),
        sa.CheckConstraint("paid_minor >= 0", name=op.f("ck_customer_order_paid")),
        sa.CheckConstraint(
            "total_minor = goods_minor + shipping_minor", name=op.f("ck_customer_order_total")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_order")),
        sa.UniqueConstraint("checkout_token", name=op.f("uq_customer_order_checkout_token")),
        sa.UniqueConstraint("number", name=op.f("uq_customer_order_number")),
        sa.UniqueConstraint("public_token", name=op.f("uq_customer_order_public_token")),
    )
    op.create_index(
        "ix_customer_order_phone_state", "customer_order", ["phone", "state"], unique=False
    )
    op.create_index("ix_customer_order_placed_at", "customer_order", ["placed_at"], unique=False)
    op.create_table(
        "order_number_counter",
        sa.Column("month", sa.String(length=4), nullable=False),
        sa.Column("last", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_order_number_counter")),
    )
    op.create_table(
        "ledger_transaction",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("order_id", BigInt, nullable=True),
        sa.Column("at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["customer_order.id"],
            name=op.f("fk_ledger_transaction_order_id_customer_order"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_transaction")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_transaction_key")),
    )
    op.create_index(
        op.f("ix_ledger_transaction_order_id"), "ledger_transaction", ["order_id"], unique=False
    )
    op.create_table(
        "payment_attempt",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("order_id", BigInt, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("amount_minor", BigInt, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("provider_session", sa.String(length=200), nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'succeeded', 'failed', 'expired')",
            name=op.f("ck_payment_attempt_state"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_attempt_amount")),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["customer_order.id"],
            name=op.f("fk_payment_attempt_order_id_customer_order"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_attempt")),
        sa.UniqueConstraint("order_id", "n", name=op.f("uq_payment_attempt_order_id_n")),
        sa.UniqueConstraint("reference", name=op.f("uq_payment_attempt_reference")),
    )
    op.create_table(
        "provider_event",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("event_id", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("raw", Json, nullable=False),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("order_id", BigInt, nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["customer_order.id"],
            name=op.f("fk_provider_event_order_id_customer_order"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_event")),
        sa.UniqueConstraint(
            "provider", "event_id", name=op.f("uq_provider_event_provider_event_id")
        ),
    )
    op.create_index(
        op.f("ix_provider_event_order_id"), "provider_event", ["order_id"], unique=False
    )
    op.create_table(
        "sub_order",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("order_id", BigInt, nullable=False),
        sa.Column("producer_id", BigInt, nullable=False),
        sa.Column("producer_name", sa.String(300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("weight_g", BigInt, nullable=False),
        sa.Column("goods_minor", BigInt, nullable=False),
        sa.Column("shipping_minor", BigInt, nullable=False),
        sa.Column("vat_minor", BigInt, nullable=False),
        sa.Column("total_minor", BigInt, nullable=False),
        sa.CheckConstraint(
            "state IN ('new', 'accepted', 'packed', 'shipped', 'delivered', 'rejected', 'cancelled', 'returned')",
            name=op.f("ck_sub_order_state"),
        ),
        sa.CheckConstraint(
            "total_minor = goods_minor + shipping_minor", name=op.f("ck_sub_order_total")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["customer_order.id"], name=op.f("fk_sub_order_order_id_customer_order")
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name=op.f("fk_sub_order_producer_id_producer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sub_order")),
        sa.UniqueConstraint(
            "order_id", "producer_id", name=op.f("uq_sub_order_order_id_producer_id")
        ),
    )
    op.create_index(
        "ix_sub_order_producer_id_state", "sub_order", ["producer_id", "state"], unique=False
    )
    op.create_table(
        "ledger_entry",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("transaction_id", BigInt, nullable=False),
        sa.Column("account", sa.String(length=24), nullable=False),
        sa.Column("producer_id", BigInt, nullable=True),
        sa.Column("amount_minor", BigInt, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_ledger_entry_amount")),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name=op.f("fk_ledger_entry_producer_id_producer")
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["ledger_transaction.id"],
            name=op.f("fk_ledger_entry_transaction_id_ledger_transaction"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
    )
    op.create_index(
        "ix_ledger_entry_account_producer_id",
        "ledger_entry",
        ["account", "producer_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_ledger_entry_transaction_id"), "ledger_entry", ["transaction_id"], unique=False
    )
    op.create_table(
        "order_event",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("order_id", BigInt, nullable=False),
        sa.Column("sub_order_id", BigInt, nullable=True),
        sa.Column("axis", sa.String(length=12), nullable=False),
        sa.Column("event", sa.String(length=24), nullable=False),
        sa.Column("from_state", sa.String(length=20), nullable=True),
        sa.Column("to_state", sa.String(length=20), nullable=False),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.Column("actor_person_id", BigInt, nullable=True),
        sa.Column("acting_for", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", Moment, nullable=False),
        sa.CheckConstraint(
            "axis IN ('order', 'payment', 'fulfilment')", name=op.f("ck_order_event_axis")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["customer_order.id"], name=op.f("fk_order_event_order_id_customer_order")
        ),
        sa.ForeignKeyConstraint(
            ["sub_order_id"], ["sub_order.id"], name=op.f("fk_order_event_sub_order_id_sub_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_event")),
    )
    op.create_index(op.f("ix_order_event_order_id"), "order_event", ["order_id"], unique=False)
    op.create_table(
        "payment",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("order_id", BigInt, nullable=False),
        sa.Column("attempt_id", BigInt, nullable=True),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("provider_ref", sa.String(200), nullable=False),
        sa.Column("amount_minor", BigInt, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("occurred_at", Moment, nullable=False),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.Column("refund_due_minor", BigInt, nullable=False),
        sa.Column("refund_reason", sa.String(length=24), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "0 <= refund_due_minor AND refund_due_minor <= amount_minor",
            name=op.f("ck_payment_refund_due"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_amount")),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["payment_attempt.id"],
            name=op.f("fk_payment_attempt_id_payment_attempt"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["customer_order.id"], name=op.f("fk_payment_order_id_customer_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint(
            "provider", "provider_ref", name=op.f("uq_payment_provider_provider_ref")
        ),
    )
    op.create_index(op.f("ix_payment_order_id"), "payment", ["order_id"], unique=False)
    op.create_index(
        "ix_payment_refund_queue",
        "payment",
        ["recorded_at"],
        unique=False,
        sqlite_where=sa.text("refund_due_minor > 0"),
        postgresql_where=sa.text("refund_due_minor > 0"),
    )
    op.create_table(
        "cart_line",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("cart_id", BigInt, nullable=False),
        sa.Column("package_id", BigInt, nullable=False),
        sa.Column("quantity", BigInt, nullable=False),
        sa.Column("seen_price_minor", BigInt, nullable=False),
        sa.Column("seen_currency", sa.String(length=3), nullable=False),
        sa.Column("added_at", Moment, nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_cart_line_quantity")),
        sa.ForeignKeyConstraint(
            ["cart_id"], ["cart.id"], name=op.f("fk_cart_line_cart_id_cart"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["package_id"],
            ["package.id"],
            name=op.f("fk_cart_line_package_id_package"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cart_line")),
        sa.UniqueConstraint("cart_id", "package_id", name=op.f("uq_cart_line_cart_id_package_id")),
    )
    op.create_index(op.f("ix_cart_line_package_id"), "cart_line", ["package_id"], unique=False)
    op.create_table(
        "order_line",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("sub_order_id", BigInt, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("package_id", BigInt, nullable=False),
        sa.Column("product_id", BigInt, nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("name_locale", sa.String(length=12), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.Column("quantity", BigInt, nullable=False),
        sa.Column("unit_price_minor", BigInt, nullable=False),
        sa.Column("line_minor", BigInt, nullable=False),
        sa.Column("vat_rate_bp", sa.Integer(), nullable=False),
        sa.Column("vat_minor", BigInt, nullable=False),
        sa.Column("claim", Json, nullable=True),
        sa.CheckConstraint(
            "0 <= vat_minor AND vat_minor <= line_minor", name=op.f("ck_order_line_vat_inside")
        ),
        sa.CheckConstraint(
            "line_minor = unit_price_minor * quantity", name=op.f("ck_order_line_line")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_line_quantity")),
        sa.ForeignKeyConstraint(
            ["package_id"], ["package.id"], name=op.f("fk_order_line_package_id_package")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_order_line_product_id_product")
        ),
        sa.ForeignKeyConstraint(
            ["sub_order_id"], ["sub_order.id"], name=op.f("fk_order_line_sub_order_id_sub_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
        sa.UniqueConstraint(
            "sub_order_id", "package_id", name=op.f("uq_order_line_sub_order_id_package_id")
        ),
    )
    op.create_index(op.f("ix_order_line_package_id"), "order_line", ["package_id"], unique=False)
    op.create_index(op.f("ix_order_line_product_id"), "order_line", ["product_id"], unique=False)
    op.create_table(
        "stock_item",
        sa.Column("package_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("on_hand", BigInt, nullable=False),
        sa.Column("reserved", BigInt, nullable=False),
        sa.CheckConstraint(
            "0 <= reserved AND reserved <= on_hand", name=op.f("ck_stock_item_promised_is_there")
        ),
        sa.ForeignKeyConstraint(
            ["package_id"],
            ["package.id"],
            name=op.f("fk_stock_item_package_id_package"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("package_id", name=op.f("pk_stock_item")),
    )
    op.create_table(
        "reservation",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("order_id", BigInt, nullable=False),
        sa.Column("package_id", BigInt, nullable=False),
        sa.Column("quantity", BigInt, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("expires_at", Moment, nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.CheckConstraint(
            "state IN ('held', 'committed', 'released')", name=op.f("ck_reservation_state")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_reservation_quantity")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["customer_order.id"], name=op.f("fk_reservation_order_id_customer_order")
        ),
        sa.ForeignKeyConstraint(
            ["package_id"],
            ["stock_item.package_id"],
            name=op.f("fk_reservation_package_id_stock_item"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
    )
    op.create_index(op.f("ix_reservation_package_id"), "reservation", ["package_id"], unique=False)
    op.create_index(
        "ix_reservation_state_expires_at", "reservation", ["state", "expires_at"], unique=False
    )
    op.create_index(
        "uq_reservation_live",
        "reservation",
        ["order_id", "package_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'released'"),
        postgresql_where=sa.text("state <> 'released'"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in ONLY_ADDED:
            # ocop_refuse_change() came with revision 0001
            op.execute(
                f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION ocop_refuse_change()"
            )
    else:
        for table in ONLY_ADDED:
            for deed in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
                )
