"""Places to visit, gift sets, the terms of visits, and enquiries about them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import BigInt, Json, NfcString, NfcText, UtcDateTime

revision = "0025"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, empty."""
    _add_places()
    _add_gift_sets()
    _add_visits()


def _refers(table: str, column: str, to: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.{key}"], name=f"fk_{table}_{column}_{to}")


def _record(table: str) -> list[sa.SchemaItem]:
    """What a page that people edit has: its address, its picture, its state and its moments."""
    return [
        sa.Column("id", BigInt, primary_key=True),
        sa.Column("slug", sa.String(140), nullable=False),
        sa.Column("name", NfcString(200), nullable=False),
        sa.Column("texts", Json, nullable=False),
        sa.Column("media_id", BigInt),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("is_illustrative", sa.Boolean, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("slug", name=f"uq_{table}_slug"),
        sa.CheckConstraint("state IN ('draft','published')", name=f"ck_{table}_state_known"),
        _refers(table, "media_id", "media"),
    ]


def _add_places() -> None:
    op.create_table(
        "place",
        *_record("place"),
        sa.Column("province_code", sa.String(2), nullable=False),
        sa.Column("commune", NfcString(120)),
        sa.Column("story", NfcText),
        sa.Column("directions", NfcText),
        sa.Column("scene", sa.String(16), nullable=False),
    )
    op.create_index("ix_place_province_code", "place", ["province_code", "state"])
    for of in ("product", "producer"):
        table = f"place_{of}"
        op.create_table(
            table,
            sa.Column("place_id", BigInt, nullable=False),
            sa.Column(f"{of}_id", BigInt, nullable=False),
            sa.PrimaryKeyConstraint("place_id", f"{of}_id", name=f"pk_{table}"),
            _refers(table, "place_id", "place"),
            _refers(table, f"{of}_id", of),
        )
        op.create_index(f"ix_{table}_{of}_id", table, [f"{of}_id"])


def _add_gift_sets() -> None:
    op.create_table(
        "gift_set",
        *_record("gift_set"),
        sa.Column("producer_id", BigInt),
        sa.Column("summary", NfcText),
        _refers("gift_set", "producer_id", "producer"),
    )
    op.create_index("ix_gift_set_producer_id", "gift_set", ["producer_id"])
    op.create_index("ix_gift_set_state", "gift_set", ["state", "id"])
    op.create_table(
        "gift_set_part",
        sa.Column("id", BigInt, primary_key=True),
        sa.Column("gift_set_id", BigInt, nullable=False),
        sa.Column("package_id", BigInt, nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.CheckConstraint("quantity > 0", name="ck_gift_set_part_quantity_positive"),
        sa.UniqueConstraint(
            "gift_set_id", "package_id", name="uq_gift_set_part_gift_set_id_package_id"
        ),
        _refers("gift_set_part", "gift_set_id", "gift_set"),
        _refers("gift_set_part", "package_id", "package"),
    )
    op.create_index("ix_gift_set_part_package_id", "gift_set_part", ["package_id"])


def _add_visits() -> None:
    op.create_table(
        "visit_terms",
        sa.Column("product_id", BigInt, primary_key=True),
        sa.Column("least_people", sa.Integer, nullable=False),
        sa.Column("most_people", sa.Integer, nullable=False),
        sa.Column("months", sa.Integer),
        sa.Column("languages", sa.String, nullable=False),
        sa.Column("meeting_place", NfcString(300), nullable=False),
        sa.Column("texts", Json, nullable=False),
        sa.CheckConstraint(
            "least_people > 0 AND most_people >= least_people", name="ck_visit_terms_people_ordered"
        ),
        _refers("visit_terms", "product_id", "product"),
    )
    op.create_table(
        "visit_enquiry",
        sa.Column("id", BigInt, primary_key=True),
        sa.Column("public_token", sa.String(64), nullable=False),
        sa.Column("form_token", sa.String(64), nullable=False),
        sa.Column("product_id", BigInt, nullable=False),
        sa.Column("producer_id", BigInt, nullable=False),
        sa.Column("product_name", NfcString(300), nullable=False),
        sa.Column("wished_on", sa.Date, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("name", NfcString(120), nullable=False),
        sa.Column("email", NfcString(254)),
        sa.Column("phone", sa.String(20)),
        sa.Column("message", NfcText),
        sa.Column("locale", sa.String(12), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("answer", NfcText),
        sa.Column("steps", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.Column("forgotten_at", UtcDateTime),
        sa.UniqueConstraint("public_token", name="uq_visit_enquiry_public_token"),
        sa.UniqueConstraint("form_token", name="uq_visit_enquiry_form_token"),
        sa.CheckConstraint(
            "state IN ('new', 'answered', 'agreed', 'declined', 'withdrawn')",
            name="ck_visit_enquiry_state_known",
        ),
        sa.CheckConstraint("people > 0", name="ck_visit_enquiry_people_positive"),
        sa.CheckConstraint(
            "email IS NOT NULL OR phone IS NOT NULL OR forgotten_at IS NOT NULL",
            name="ck_visit_enquiry_can_be_answered",
        ),
        _refers("visit_enquiry", "product_id", "product"),
        _refers("visit_enquiry", "producer_id", "producer"),
    )
    op.create_index("ix_visit_enquiry_producer_id", "visit_enquiry", ["producer_id", "state", "id"])
    op.create_index("ix_visit_enquiry_wished_on", "visit_enquiry", ["wished_on"])
