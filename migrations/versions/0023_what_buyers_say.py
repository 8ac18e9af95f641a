"""Reviews of what arrived, questions about goods, wholesale requests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import BigInt, NfcString, NfcText, UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_REFUSALS = "refusal IN ('not_about_goods', 'personal_data', 'insult', 'advertising', 'unlawful')"


def upgrade() -> None:
    """Add the three tables, empty."""
    _add_reviews()
    _add_questions()
    _add_wholesale_requests()


def _goods(table: str) -> list[sa.SchemaItem]:
    """What every text is about and whom it concerns."""
    return [
        sa.Column("id", BigInt, primary_key=True),
        sa.Column("product_id", BigInt, nullable=False),
        sa.Column("producer_id", BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=f"fk_{table}_product_id_product"
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name=f"fk_{table}_producer_id_producer"
        ),
    ]


def _public(table: str) -> list[sa.SchemaItem]:
    """What a text that may be read by everybody has: its language, its answer, why it was refused."""
    return [
        sa.Column("text", NfcText, nullable=False),
        sa.Column("locale", sa.String(12), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("refusal", sa.String(24)),
        sa.Column("is_illustrative", sa.Boolean, nullable=False),
        sa.Column("answer", NfcText),
        sa.Column("answer_locale", sa.String(12)),
        sa.Column("answered_at", UtcDateTime),
        sa.CheckConstraint(_REFUSALS, name=f"ck_{table}_refusal_known"),
        sa.CheckConstraint(
            "(state = 'refused') = (refusal IS NOT NULL)", name=f"ck_{table}_refused_with_reason"
        ),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=f"ck_{table}_answer"),
    ]


def _add_reviews() -> None:
    op.create_table(
        "review",
        *_goods("review"),
        *_public("review"),
        sa.Column("order_line_id", BigInt),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("shown_name", NfcString(40)),
        sa.Column("written_at", UtcDateTime, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["order_line_id"], ["order_line.id"], name="fk_review_order_line_id_order_line"
        ),
        sa.UniqueConstraint("order_line_id", name="uq_review_order_line_id"),
        sa.CheckConstraint("state IN ('held', 'refused', 'shown')", name="ck_review_state"),
        sa.CheckConstraint("points BETWEEN 1 AND 5", name="ck_review_points"),
        sa.CheckConstraint("order_line_id IS NOT NULL OR is_illustrative", name="ck_review_bought"),
    )
    op.create_index("ix_review_product_id_state", "review", ["product_id", "state", "id"])
    op.create_index("ix_review_producer_id", "review", ["producer_id", "id"])
    op.create_index("ix_review_state", "review", ["state", "id"])


def _add_questions() -> None:
    table = "product_question"
    op.create_table(
        table,
        *_goods(table),
        *_public(table),
        sa.Column("email", NfcString(254)),
        sa.Column("asked_at", UtcDateTime, nullable=False),
        sa.Column("answered_by_office", sa.Boolean, nullable=False),
        sa.CheckConstraint("state IN ('held', 'answered', 'refused')", name=f"ck_{table}_state"),
        sa.CheckConstraint(
            "state <> 'answered' OR answer IS NOT NULL", name=f"ck_{table}_answered"
        ),
    )
    for column in ("product_id", "producer_id"):
        op.create_index(f"ix_{table}_{column}_state", table, [column, "state", "id"])


def _add_wholesale_requests() -> None:
    table = "wholesale_request"
    op.create_table(
        table,
        *_goods(table),
        sa.Column("person", NfcString(120), nullable=False),
        sa.Column("company", NfcString(200), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("email", NfcString(254), nullable=False),
        sa.Column("phone", sa.String(40)),
        sa.Column("quantity", BigInt, nullable=False),
        sa.Column("unit", sa.String(12), nullable=False),
        sa.Column("needed_by", sa.Date),
        sa.Column("wishes", NfcText),
        sa.Column("locale", sa.String(12), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("asked_at", UtcDateTime, nullable=False),
        sa.Column("reply", NfcText),
        sa.Column("replied_at", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.CheckConstraint(
            "state IN ('new', 'answered', 'closed', 'declined')", name=f"ck_{table}_state"
        ),
        sa.CheckConstraint(
            "unit IN ('package', 'case', 'pallet', 'kg', 'l', 'piece')", name=f"ck_{table}_unit"
        ),
        sa.CheckConstraint("quantity > 0", name=f"ck_{table}_quantity"),
        sa.CheckConstraint("state = 'new' OR reply IS NOT NULL", name=f"ck_{table}_replied"),
        sa.CheckConstraint("(reply IS NULL) = (replied_at IS NULL)", name=f"ck_{table}_reply"),
    )
    op.create_index(f"ix_{table}_producer_id_state", table, ["producer_id", "state", "id"])
