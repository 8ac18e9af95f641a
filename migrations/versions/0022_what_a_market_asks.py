"""What a market asks of goods beyond yes or no, kept with each verdict."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the next judging fills it, for it compares what it finds with what it stores."""
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.add_column("market_verdict", sa.Column("particulars", json, nullable=True))
