"""The kind of danger a recall is about, for advice in the reader's language."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Recalls from before say only what their producers wrote."""
    op.add_column("recall", sa.Column("danger", sa.String(16), nullable=True))
