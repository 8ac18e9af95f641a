"""Prices that give way to the one before them after their last day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import BigInt

revision = "0030"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Offers remember the price they took the place of, and whether they hold again after another."""
    op.add_column("offer", sa.Column("replaced_minor", BigInt))
    op.add_column(
        "offer", sa.Column("resumes", sa.Boolean(), nullable=False, server_default=sa.false())
    )
