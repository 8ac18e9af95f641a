"""Price lists in the cart: edits of an offer counted, and the list and tier kept with an order line."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import BigInt, NfcString

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Offers from before count as edited once; lines from before were sold at the retail price."""
    op.add_column("offer", sa.Column("version", sa.Integer, nullable=False, server_default="1"))
    op.add_column("offer", sa.Column("applied_on", sa.Date, nullable=True))
    op.add_column("order_line", sa.Column("price_list", NfcString(80), nullable=True))
    op.add_column("order_line", sa.Column("price_from_quantity", BigInt, nullable=True))
