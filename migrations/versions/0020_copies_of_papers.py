"""Copies of papers for the producer and the office, and what producers said about columns of other programs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import BigInt, Json, NfcString, UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables, empty."""
    op.create_table(
        "paper_copy",
        sa.Column("id", BigInt, primary_key=True),
        sa.Column("producer_id", BigInt, nullable=False),
        sa.Column("certificate_id", BigInt),
        sa.Column("paper_id", BigInt),
        sa.Column("licence_id", BigInt),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("size", BigInt, nullable=False),
        sa.Column("file_name", NfcString(120), nullable=False),
        sa.Column("sent_at", UtcDateTime, nullable=False),
        sa.Column("sent_by", NfcString(200), nullable=False),
        sa.Column("removed_at", UtcDateTime),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name="fk_paper_copy_producer_id_producer"
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name="fk_paper_copy_certificate_id_certificate"
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_paper_copy_paper_id_paper"),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name="fk_paper_copy_licence_id_licence"
        ),
        sa.CheckConstraint("kind IN ('picture','pdf')", name="ck_paper_copy_kind_known"),
        sa.CheckConstraint("size > 0", name="ck_paper_copy_size_positive"),
        sa.CheckConstraint(
            "(CASE WHEN certificate_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN paper_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN licence_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="ck_paper_copy_of_one_entry",
        ),
    )
    for column in ("certificate_id", "paper_id", "licence_id", "digest"):
        op.create_index(f"ix_paper_copy_{column}", "paper_copy", [column])
    op.create_table(
        "profile_columns",
        sa.Column("id", BigInt, primary_key=True),
        sa.Column("producer_id", BigInt, nullable=False),
        sa.Column("profile", sa.String(24), nullable=False),
        sa.Column("columns", Json, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name="fk_profile_columns_producer_id_producer"
        ),
        sa.UniqueConstraint(
            "producer_id", "profile", name="uq_profile_columns_producer_id_profile"
        ),
    )
