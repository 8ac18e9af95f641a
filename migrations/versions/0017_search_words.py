"""Words that the office taught the search, and questions that it answered poorly."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import BigInt, NfcString, UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables, empty."""
    op.create_table(
        "search_words",
        sa.Column("id", BigInt, primary_key=True),
        sa.Column("spellings", NfcString(500), nullable=False),
        sa.Column("added_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("spellings", name="uq_search_words_spellings"),
    )
    op.create_table(
        "search_question",
        sa.Column("id", BigInt, primary_key=True),
        sa.Column("week", sa.Date, nullable=False),
        sa.Column("locale", sa.String(10), nullable=False),
        sa.Column("words", NfcString(80), nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("in_vain", sa.Integer, nullable=False),
        sa.Column("is_settled", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.UniqueConstraint("week", "locale", "words", name="uq_search_question_week_locale_words"),
        sa.CheckConstraint("asked >= in_vain", name="ck_search_question_asked_as_often"),
    )
