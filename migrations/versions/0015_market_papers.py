"""Registrations and permits for a market: which market, and which of the papers its rules name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Papers from before are papers of the home market: they name none."""
    op.add_column("paper", sa.Column("market", sa.String(2), nullable=True))
    op.add_column("paper", sa.Column("document", sa.String(40), nullable=True))
