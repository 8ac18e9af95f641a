"""Certificates and rights other than OCOP, with licences of producers, suspensions and warnings.

The food-safety papers become part of one ledger of papers: the table `paper` takes the place of
`food_safety_document`, whose rows keep their ids.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)
KINDS = (
    "kind IN ('facility_certificate','commitment','self_declaration','registration',"
    "'test_report','haccp','iso22000','fssc22000','brcgs','vietgap','globalgap',"
    "'organic_tcvn','organic_eu','organic_jas','organic_usda','halal','asc','bap','msc',"
    "'rural_industrial','gold_brand')"
)
KEPT = "id, producer_id, product_id, kind, number, issued_on, valid_to, issuer, is_illustrative, created_at"


def upgrade() -> None:
    """Create the ledger, move the food-safety papers into it, and give OCOP scores their three parts."""
    _create_papers()
    _move_food_safety_papers()
    _create_protected_names()
    _create_suspensions_and_warnings()
    for part in "abc":
        op.add_column("certificate", sa.Column(f"score_{part}", BigInt, nullable=True))


def _create_papers() -> None:
    op.create_table(
        "paper",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("producer_id", BigInt, nullable=False),
        sa.Column("product_id", BigInt, nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("number", sa.String(80), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("issuer", sa.String(200), nullable=True),
        sa.Column("facility", sa.String(300), nullable=True),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(length=12), nullable=True),
        sa.Column("evidence", sa.String(200), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=True),
        sa.Column("is_illustrative", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_paper_kind_known")),
        sa.CheckConstraint(
            "level IS NULL OR level IN ('commune','province','region','national')",
            name=op.f("ck_paper_level_known"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR issued_on IS NULL OR valid_to >= issued_on",
            name=op.f("ck_paper_dates_ordered"),
        ),
        sa.CheckConstraint(
            "revoked_on IS NULL OR revoked_reason IS NOT NULL",
            name=op.f("ck_paper_revoked_has_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name=op.f("fk_paper_producer_id_producer")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_paper_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
    )
    op.create_index("ix_paper_producer_id", "paper", ["producer_id", "kind"])
    op.create_index("ix_paper_product_id", "paper", ["product_id"])
    op.create_index("ix_paper_valid_to", "paper", ["valid_to"])


def _move_food_safety_papers() -> None:
    op.execute(f"INSERT INTO paper ({KEPT}) SELECT {KEPT} FROM food_safety_document")  # noqa: S608
    op.drop_table("food_safety_document")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('paper', 'id'), max(id)) FROM paper"
            " HAVING max(id) IS NOT NULL"
        )


def _create_protected_names() -> None:
    op.create_table(
        "protected_name",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("goods", sa.JSON().with_variant(_jsonb(), "postgresql"), nullable=False),
        sa.Column("province_code", sa.String(length=2), nullable=True),
        sa.Column("holder", sa.String(300), nullable=True),
        sa.Column("decision_number", sa.String(80), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.CheckConstraint(
            "kind IN ('gi','collective_mark','certification_mark')",
            name=op.f("ck_protected_name_kind_known"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR registered_on IS NULL OR valid_to >= registered_on",
            name=op.f("ck_protected_name_dates_ordered"),
        ),
        sa.CheckConstraint(
            "revoked_on IS NULL OR revoked_reason IS NOT NULL",
            name=op.f("ck_protected_name_revoked_has_reason"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protected_name")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_protected_name_kind_number")),
    )
    op.create_table(
        "licence",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("protected_name_id", BigInt, nullable=False),
        sa.Column("producer_id", BigInt, nullable=False),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("issuer", sa.String(200), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(200), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=True),
        sa.Column("is_illustrative", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= issued_on", name=op.f("ck_licence_dates_ordered")
        ),
        sa.CheckConstraint(
            "revoked_on IS NULL OR revoked_reason IS NOT NULL",
            name=op.f("ck_licence_revoked_has_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["protected_name_id"],
            ["protected_name.id"],
            name=op.f("fk_licence_protected_name_id_protected_name"),
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name=op.f("fk_licence_producer_id_producer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence")),
        sa.UniqueConstraint(
            "protected_name_id",
            "producer_id",
            "number",
            name=op.f("uq_licence_protected_name_id_producer_id_number"),
        ),
    )
    op.create_index("ix_licence_producer_id", "licence", ["producer_id"])
    op.create_index("ix_licence_valid_to", "licence", ["valid_to"])
    op.create_table(
        "licence_product",
        sa.Column("licence_id", BigInt, nullable=False),
        sa.Column("product_id", BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_licence_product_licence_id_licence")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_licence_product_product_id_product")
        ),
        sa.PrimaryKeyConstraint("licence_id", "product_id", name=op.f("pk_licence_product")),
    )
    op.create_index("ix_licence_product_product_id", "licence_product", ["product_id"])


def _create_suspensions_and_warnings() -> None:
    op.create_table(
        "suspension",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("paper_id", BigInt, nullable=True),
        sa.Column("licence_id", BigInt, nullable=True),
        sa.Column("protected_name_id", BigInt, nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN paper_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN licence_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN protected_name_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_suspension_of_one_thing"),
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["paper.id"], name=op.f("fk_suspension_paper_id_paper")
        ),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name=op.f("fk_suspension_licence_id_licence")
        ),
        sa.ForeignKeyConstraint(
            ["protected_name_id"],
            ["protected_name.id"],
            name=op.f("fk_suspension_protected_name_id_protected_name"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
    )
    for column in ("paper_id", "licence_id", "protected_name_id"):
        op.create_index(f"ix_suspension_{column}", "suspension", [column])
    op.create_table(
        "end_warning",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("subject_kind", sa.String(length=12), nullable=False),
        sa.Column("subject_id", BigInt, nullable=False),
        sa.Column("producer_id", BigInt, nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("warned_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "subject_kind IN ('certificate','paper','licence')",
            name=op.f("ck_end_warning_subject_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name=op.f("fk_end_warning_producer_id_producer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_end_warning")),
        sa.UniqueConstraint(
            "subject_kind",
            "subject_id",
            "last_day",
            "threshold",
            name=op.f("uq_end_warning_subject_kind_subject_id_last_day_threshold"),
        ),
    )
    op.create_index("ix_end_warning_producer_id", "end_warning", ["producer_id"])


def _jsonb() -> sa.types.TypeEngine[object]:
    from sqlalchemy.dialects import postgresql

    return postgresql.JSONB()
