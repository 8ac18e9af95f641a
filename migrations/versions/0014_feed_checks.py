"""What was found in the files of a batch before they are sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import BigInt, Json, UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; a batch without a row has not been looked at, so the next carrier does that first."""
    op.create_table(
        "feed_batch_check",
        sa.Column("batch_id", BigInt, sa.ForeignKey("feed_batch.id"), primary_key=True),
        sa.Column("checked_at", UtcDateTime, nullable=False),
        sa.Column("is_good", sa.Boolean, nullable=False),
        sa.Column("faults", Json, nullable=False),
    )
