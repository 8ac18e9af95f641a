"""How often a product was opened from the results of a search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of questions counted so far nobody knows."""
    op.add_column(
        "search_question",
        sa.Column("opened", sa.Integer, nullable=False, server_default=sa.text("0")),
    )
