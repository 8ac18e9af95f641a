"""The version of the tax rule each order line was taxed under."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lines of orders from before there were dated rules name none."""
    op.add_column("order_line", sa.Column("vat_rule", sa.String(100), nullable=True))
