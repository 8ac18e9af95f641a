"""Saved column mappings, and every line of an import as it stood in its file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import BigInt, Json, NfcString, UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the runs, their lines, and the mappings."""
    op.create_table(
        "import_run",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("file_name", NfcString(300), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("actor_name", NfcString(200), nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("finished_at", UtcDateTime, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_index("ix_import_run_digest", "import_run", ["digest", "id"])
    op.create_table(
        "import_line",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("run_id", BigInt, nullable=False),
        sa.Column("sheet", NfcString(80), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("product_id", BigInt, nullable=True),
        sa.Column("raw", Json, nullable=False),
        sa.Column("errors", Json, nullable=False),
        sa.CheckConstraint(
            "status IN ('import','import_incomplete','duplicate','review','reject')",
            name=op.f("ck_import_line_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_run.id"], name=op.f("fk_import_line_run_id_import_run")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_import_line_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_line")),
        sa.UniqueConstraint(
            "run_id", "sheet", "line", name=op.f("uq_import_line_run_id_sheet_line")
        ),
    )
    op.create_index("ix_import_line_product_id", "import_line", ["product_id"])
    op.create_index("ix_import_line_status", "import_line", ["status", "run_id"])
    op.create_table(
        "import_mapping",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("source", NfcString(120), nullable=False),
        sa.Column("columns", Json, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mapping")),
        sa.UniqueConstraint("source", name=op.f("uq_import_mapping_source")),
    )
