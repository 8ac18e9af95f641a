"""Pictures of producers that stand for a province or a protected name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import BigInt, UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, empty."""
    op.create_table(
        "picked_picture",
        sa.Column("id", BigInt, primary_key=True),
        sa.Column("province_code", sa.String(2)),
        sa.Column("protected_name_id", BigInt),
        sa.Column("media_id", BigInt, nullable=False),
        sa.Column("picked_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("province_code", name="uq_picked_picture_province_code"),
        sa.UniqueConstraint("protected_name_id", name="uq_picked_picture_protected_name_id"),
        sa.CheckConstraint(
            "(province_code IS NULL) <> (protected_name_id IS NULL)",
            name="ck_picked_picture_of_one_thing",
        ),
        sa.ForeignKeyConstraint(
            ["protected_name_id"],
            ["protected_name.id"],
            name="fk_picked_picture_protected_name_id_protected_name",
        ),
        sa.ForeignKeyConstraint(
            ["media_id"], ["media.id"], name="fk_picked_picture_media_id_media"
        ),
    )
    op.create_index("ix_picked_picture_media_id", "picked_picture", ["media_id"])
