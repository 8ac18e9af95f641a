"""Events with booths, collections, articles, requests and offers; their texts in the ledger of translations."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

from core.db import BigInt, Json, NfcString, NfcText, UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_ADDED = ("trade_event", "collection", "article")
_KINDS = re.compile(r"entity_kind IN \(([^)]*)\)")


def upgrade() -> None:
    """Add the tables, empty, and let translations be about three more kinds of things."""
    _add_events()
    _add_exhibitors()
    _add_collections()
    _add_articles()
    _add_requests()
    _add_offers()
    for table in ("translation", "translation_entry"):
        _widen(table)


def _add_events() -> None:
    """Events and their booths."""
    op.create_table(
        "trade_event",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("slug", sa.String(120), nullable=False),
        sa.Column("name", NfcString(300), nullable=False),
        sa.Column("description", NfcText, nullable=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("organiser", NfcString(200), nullable=False),
        sa.Column("province_code", sa.String(2), nullable=True),
        sa.Column("commune", NfcString(120), nullable=True),
        sa.Column("address", NfcString(300), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("sign_up_until", sa.Date(), nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("is_illustrative", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("kind IN ('fair','conference')", name=op.f("ck_trade_event_kind_known")),
        sa.CheckConstraint(
            "state IN ('draft','announced','cancelled')", name=op.f("ck_trade_event_state_known")
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_trade_event_days_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trade_event")),
        sa.UniqueConstraint("slug", name=op.f("uq_trade_event_slug")),
    )
    op.create_index("ix_trade_event_ends_on", "trade_event", ["ends_on"])
    op.create_table(
        "booth",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("event_id", BigInt, nullable=False),
        sa.Column("number", NfcString(20), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["trade_event.id"], name=op.f("fk_booth_event_id_trade_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booth")),
        sa.UniqueConstraint("code", name=op.f("uq_booth_code")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_booth_event_id_number")),
    )


def _add_exhibitors() -> None:
    """Who exhibits what, and what came of it."""
    op.create_table(
        "participation",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("event_id", BigInt, nullable=False),
        sa.Column("producer_id", BigInt, nullable=False),
        sa.Column("booth_id", BigInt, nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", NfcString(500), nullable=True),
        sa.Column("note", NfcString(500), nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            "state IN ('asked','accepted','refused','withdrawn')",
            name=op.f("ck_participation_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["booth_id"], ["booth.id"], name=op.f("fk_participation_booth_id_booth")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["trade_event.id"], name=op.f("fk_participation_event_id_trade_event")
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name=op.f("fk_participation_producer_id_producer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
        sa.UniqueConstraint(
            "event_id", "producer_id", name=op.f("uq_participation_event_id_producer_id")
        ),
    )
    op.create_index("ix_participation_booth_id", "participation", ["booth_id"])
    op.create_index("ix_participation_producer_id", "participation", ["producer_id"])
    op.create_table(
        "shown_product",
        sa.Column("participation_id", BigInt, nullable=False),
        sa.Column("product_id", BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_shown_product_participation_id_participation"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_shown_product_product_id_product")
        ),
        sa.PrimaryKeyConstraint("participation_id", "product_id", name=op.f("pk_shown_product")),
    )
    op.create_table(
        "event_outcome",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("participation_id", BigInt, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("with_whom", NfcString(200), nullable=False),
        sa.Column("amount_vnd", BigInt, nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            "kind IN ('contact','order','memorandum')", name=op.f("ck_event_outcome_kind_known")
        ),
        sa.CheckConstraint(
            "amount_vnd IS NULL OR amount_vnd > 0", name=op.f("ck_event_outcome_amount_positive")
        ),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_event_outcome_participation_id_participation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_outcome")),
    )
    op.create_index("ix_event_outcome_participation_id", "event_outcome", ["participation_id"])


def _add_collections() -> None:
    """Collections of goods."""
    op.create_table(
        "collection",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("slug", sa.String(120), nullable=False),
        sa.Column("name", NfcString(300), nullable=False),
        sa.Column("description", NfcText, nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("rule", Json, nullable=False),
        sa.Column("is_illustrative", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            "state IN ('draft','published','withdrawn')", name=op.f("ck_collection_state_known")
        ),
        sa.CheckConstraint(
            "starts_on IS NULL OR ends_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_collection_days_in_order"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection")),
        sa.UniqueConstraint("slug", name=op.f("uq_collection_slug")),
    )
    op.create_table(
        "collection_product",
        sa.Column("collection_id", BigInt, nullable=False),
        sa.Column("product_id", BigInt, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collection.id"],
            name=op.f("fk_collection_product_collection_id_collection"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_collection_product_product_id_product")
        ),
        sa.PrimaryKeyConstraint("collection_id", "product_id", name=op.f("pk_collection_product")),
    )


def _add_articles() -> None:
    """News and guides."""
    op.create_table(
        "article",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("slug", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("name", NfcString(300), nullable=False),
        sa.Column("summary", NfcText, nullable=True),
        sa.Column("body", NfcText, nullable=True),
        sa.Column("media_id", BigInt, nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("is_illustrative", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            "kind IN ('news','guide','producers')", name=op.f("ck_article_kind_known")
        ),
        sa.CheckConstraint(
            "state <> 'published' OR published_on IS NOT NULL",
            name=op.f("ck_article_dated_when_published"),
        ),
        sa.CheckConstraint(
            "state IN ('draft','published','withdrawn')", name=op.f("ck_article_state_known")
        ),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_article_media_id_media")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("slug", name=op.f("uq_article_slug")),
    )
    op.create_index("ix_article_published_on", "article", ["published_on", "id"])


def _add_requests() -> None:
    """What buyers ask for."""
    op.create_table(
        "supply_request",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("event_id", BigInt, nullable=True),
        sa.Column("buyer", NfcString(200), nullable=False),
        sa.Column("partner_code", sa.String(40), nullable=True),
        sa.Column("what", NfcString(200), nullable=False),
        sa.Column("subgroup_code", sa.String(3), nullable=False),
        sa.Column("quantity", BigInt, nullable=False),
        sa.Column("unit", sa.String(8), nullable=False),
        sa.Column("needed_from", sa.Date(), nullable=False),
        sa.Column("needed_to", sa.Date(), nullable=False),
        sa.Column("province_code", sa.String(2), nullable=True),
        sa.Column("deliver_to", NfcString(200), nullable=False),
        sa.Column("is_open", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("is_illustrative", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            "needed_to >= needed_from", name=op.f("ck_supply_request_days_in_order")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_supply_request_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["trade_event.id"], name=op.f("fk_supply_request_event_id_trade_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_request")),
    )
    op.create_index("ix_supply_request_event_id", "supply_request", ["event_id"])


def _add_offers() -> None:
    """What producers offer."""
    op.create_table(
        "supply_offer",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("event_id", BigInt, nullable=True),
        sa.Column("product_id", BigInt, nullable=False),
        sa.Column("quantity", BigInt, nullable=False),
        sa.Column("unit", sa.String(8), nullable=False),
        sa.Column("ready_from", sa.Date(), nullable=False),
        sa.Column("ready_to", sa.Date(), nullable=False),
        sa.Column("is_open", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("is_illustrative", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_supply_offer_quantity_positive")),
        sa.CheckConstraint("ready_to >= ready_from", name=op.f("ck_supply_offer_days_in_order")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["trade_event.id"], name=op.f("fk_supply_offer_event_id_trade_event")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_supply_offer_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_offer")),
    )
    op.create_index("ix_supply_offer_event_id", "supply_offer", ["event_id"])
    op.create_index("ix_supply_offer_product_id", "supply_offer", ["product_id"])


def _widen(table: str) -> None:
    """Add to the kinds the constraint allows, whichever they are by now."""
    connection = op.get_bind()
    constraint = op.f(f"ck_{table}_entity_kind_known")
    if connection.dialect.name == "postgresql":
        said = connection.scalar(
            sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"),
            {"name": constraint},
        )
        op.drop_constraint(constraint, table, type_="check")
        op.create_check_constraint(constraint, table, _with_ours(re.findall(r"'(\w+)'", str(said))))
        return
    # SQLite can only change a constraint by making the table anew.
    rows = connection.execute(
        sa.text(
            "SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL "
            "ORDER BY type <> 'table', name"
        ),
        {"table": table},
    ).all()
    made = re.sub(r'^CREATE TABLE "?\w+"?', "CREATE TABLE widened", str(rows[0][1]))
    known = _KINDS.search(made)
    if known is None:
        raise RuntimeError(f"the table {table} is not as the migrations before left it")
    op.execute(made.replace(known[0], _with_ours(re.findall(r"'(\w+)'", known[1]))))
    op.execute(f"INSERT INTO widened SELECT * FROM {table}")  # noqa: S608 - our own names
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE widened RENAME TO {table}")
    for _kind, statement in rows[1:]:
        op.execute(str(statement))


def _with_ours(known: list[str]) -> str:
    kinds = ",".join(f"'{kind}'" for kind in dict.fromkeys([*known, *_ADDED]))
    return f"entity_kind IN ({kinds})"
