"""Lots, what happened to them, recalls, and which lots went out in which order line."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import BigInt, Json, NfcString, NfcText, UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of traceability and the triggers that let events be added only."""
    _lots()
    _events()
    _recalls()
    op.create_table(
        "order_line_lot",
        _id(),
        _reference("order_line_id", "order_line"),
        _reference("lot_id", "lot", index=True),
        sa.Column("quantity", BigInt, nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.Column("recorded_by", NfcString(200), nullable=False),
        sa.UniqueConstraint("order_line_id", "lot_id"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
    )
    _only_added("lot_event")
    _only_added("lot_event_item")
    _only_added(
        "recall", columns="producer_id, lot_id, reason, advice, started_on, started_at, started_by"
    )


def _id() -> sa.Column[int]:
    return sa.Column("id", BigInt, primary_key=True)


def _reference(
    name: str, table: str, *, nullable: bool = False, index: bool = False, unique: bool = False
) -> sa.Column[int]:
    return sa.Column(
        name,
        BigInt,
        sa.ForeignKey(f"{table}.id"),
        nullable=nullable,
        index=index or None,
        unique=unique or None,
    )


def _lots() -> None:
    op.create_table(
        "lot",
        _id(),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        _reference("producer_id", "producer"),
        _reference("product_id", "product", nullable=True),
        _reference("package_id", "package", nullable=True),
        sa.Column("material", NfcString(200)),
        sa.Column("item_key", NfcString(240), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("produced_on", sa.Date),
        sa.Column("expires_on", sa.Date),
        sa.Column("expiry_kind", sa.String(12), nullable=False),
        sa.Column("quantity", BigInt, nullable=False),
        sa.Column("unit", NfcString(24), nullable=False),
        sa.Column("place", NfcString(200)),
        sa.Column("area_code", NfcString(40)),
        sa.Column("link", sa.String(400)),
        sa.Column("is_illustrative", sa.Boolean, nullable=False),
        sa.Column("source", NfcText),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("producer_id", "item_key", "number"),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.CheckConstraint(
            "product_id IS NOT NULL OR material IS NOT NULL", name="is_of_something"
        ),
        sa.CheckConstraint(
            "package_id IS NULL OR product_id IS NOT NULL", name="package_of_product"
        ),
        sa.CheckConstraint("expiry_kind IN ('use_by','best_before')", name="expiry_kind_known"),
        sa.CheckConstraint(
            "expires_on IS NULL OR produced_on IS NULL OR expires_on >= produced_on",
            name="expires_after_made",
        ),
        sa.Index("ix_lot_package_id", "package_id", "expires_on", "id"),
        sa.Index("ix_lot_product_id", "product_id"),
        sa.Index("ix_lot_number", "number"),
    )


def _events() -> None:
    op.create_table(
        "lot_event",
        _id(),
        sa.Column("uuid", sa.String(36), nullable=False, unique=True),
        _reference("producer_id", "producer"),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("happened_at", UtcDateTime, nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.Column("place", NfcString(200)),
        sa.Column("party", NfcString(200)),
        sa.Column("party_gln", sa.String(13)),
        sa.Column("partner", sa.String(60)),
        sa.Column("document", NfcString(80)),
        sa.Column("note", NfcText),
        sa.Column("details", Json, nullable=False),
        _reference("corrects_id", "lot_event", nullable=True, unique=True),
        sa.Column("actor_name", NfcString(200), nullable=False),
        sa.Column("actor_person_id", BigInt),
        sa.Column("is_illustrative", sa.Boolean, nullable=False),
        sa.CheckConstraint(
            "kind IN ('harvest','catch','receive','process','pack','ship','recall','void')",
            name="kind_known",
        ),
        sa.CheckConstraint("kind <> 'void' OR corrects_id IS NOT NULL", name="void_corrects"),
        sa.Index("ix_lot_event_producer_id", "producer_id", "happened_at", "id"),
    )
    op.create_table(
        "lot_event_item",
        _id(),
        _reference("event_id", "lot_event"),
        _reference("lot_id", "lot"),
        sa.Column("role", sa.String(6), nullable=False),
        sa.Column("quantity", BigInt, nullable=False),
        sa.Column("unit", NfcString(24), nullable=False),
        sa.UniqueConstraint("event_id", "lot_id", "role"),
        sa.CheckConstraint("role IN ('input','output')", name="role_known"),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.Index("ix_lot_event_item_lot_id", "lot_id", "role", "event_id"),
    )


def _recalls() -> None:
    op.create_table(
        "recall",
        _id(),
        _reference("producer_id", "producer"),
        _reference("lot_id", "lot"),
        sa.Column("reason", NfcText, nullable=False),
        sa.Column("advice", NfcText, nullable=False),
        sa.Column("started_on", sa.Date, nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("started_by", NfcString(200), nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("ended_reason", NfcText),
        sa.Column("is_illustrative", sa.Boolean, nullable=False),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_reason IS NULL)", name="ended_with_reason"),
        sa.Index("ix_recall_producer_id", "producer_id", "id"),
    )
    op.create_table(
        "recall_lot",
        _id(),
        _reference("recall_id", "recall"),
        _reference("lot_id", "lot"),
        sa.Column("withheld", BigInt, nullable=False),
        sa.UniqueConstraint("recall_id", "lot_id"),
        sa.Index("ix_recall_lot_lot_id", "lot_id"),
    )


def _only_added(table: str, *, columns: str = "") -> None:
    """Triggers that refuse removal and any change, or changes of the named columns."""
    changed = f"UPDATE OF {columns}" if columns else "UPDATE"
    for name, deed in (("update", changed), ("delete", "DELETE")):
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
