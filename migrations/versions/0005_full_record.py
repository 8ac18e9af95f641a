"""The full record: structured ingredients, nutrition, packaging levels, growing areas, price lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables and columns of the full record; nothing that exists is changed."""
    op.create_table(
        "answer_draft",
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("subject_id", BigInt, nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("typed", Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", Moment, nullable=False),
        sa.CheckConstraint(
            "subject IN ('product','producer')", name=op.f("ck_answer_draft_subject_known")
        ),
        sa.PrimaryKeyConstraint(
            "person_id", "subject", "subject_id", "question", "item", name=op.f("pk_answer_draft")
        ),
    )
    op.create_table(
        "price_list",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("producer_id", BigInt, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("partner_code", sa.String(length=40), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("tax_inclusive", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.CheckConstraint("kind IN ('retail','wholesale')", name=op.f("ck_price_list_kind_known")),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name=op.f("fk_price_list_producer_id_producer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_list")),
        sa.UniqueConstraint("code", name=op.f("uq_price_list_code")),
    )
    op.create_index(
        "ix_price_list_producer_id", "price_list", ["producer_id", "kind"], unique=False
    )
    op.create_table(
        "growing_area",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("product_id", BigInt, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("market", sa.String(length=2), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "kind IN ('planting','packing_house','aquaculture','swiftlet_house')",
            name=op.f("ck_growing_area_kind_known"),
        ),
        sa.CheckConstraint(
            "status IN ('active','suspended')", name=op.f("ck_growing_area_status_known")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_growing_area_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_growing_area")),
        sa.UniqueConstraint(
            "product_id", "code", "market", name=op.f("uq_growing_area_product_id_code_market")
        ),
    )
    op.create_table(
        "product_ingredient",
        sa.Column("product_id", BigInt, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("percent", BigInt, nullable=True),
        sa.Column("function_class", sa.String(length=24), nullable=True),
        sa.Column("ins_number", sa.String(length=12), nullable=True),
        sa.Column("allergens", sa.String(length=80), nullable=False),
        sa.Column("origin", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "level >= 0 AND level <= 2", name=op.f("ck_product_ingredient_level_range")
        ),
        sa.CheckConstraint(
            "percent IS NULL OR (percent > 0 AND percent <= 100000)",
            name=op.f("ck_product_ingredient_percent"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_ingredient_product_id_product")
        ),
        sa.PrimaryKeyConstraint("product_id", "position", name=op.f("pk_product_ingredient")),
    )
    op.create_table(
        "product_nutrition",
        sa.Column("product_id", BigInt, nullable=False),
        sa.Column("basis", sa.String(length=8), nullable=False),
        sa.Column("energy_kj", BigInt, nullable=True),
        sa.Column("energy_kcal", BigInt, nullable=True),
        sa.Column("fat", BigInt, nullable=True),
        sa.Column("saturates", BigInt, nullable=True),
        sa.Column("carbohydrate", BigInt, nullable=True),
        sa.Column("sugars", BigInt, nullable=True),
        sa.Column("protein", BigInt, nullable=True),
        sa.Column("fibre", BigInt, nullable=True),
        sa.Column("salt", BigInt, nullable=True),
        sa.Column("sodium_mg", BigInt, nullable=True),
        sa.Column("serving_size", BigInt, nullable=True),
        sa.Column("source", sa.String(length=12), nullable=True),
        sa.Column("updated_at", Moment, nullable=False),
        sa.CheckConstraint(
            "basis IN ('100g','100ml')", name=op.f("ck_product_nutrition_basis_known")
        ),
        sa.CheckConstraint(
            "source IS NULL OR source IN ('laboratory','calculated','label')",
            name=op.f("ck_product_nutrition_source_known"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_nutrition_product_id_product")
        ),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_product_nutrition")),
    )
    op.create_table(
        "offer",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("price_list_id", BigInt, nullable=False),
        sa.Column("package_id", BigInt, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("min_order", sa.Integer(), nullable=False),
        sa.Column("order_multiple", sa.Integer(), nullable=False),
        sa.CheckConstraint("min_order > 0", name=op.f("ck_offer_min_order_positive")),
        sa.CheckConstraint("order_multiple > 0", name=op.f("ck_offer_order_multiple_positive")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_offer_dates_ordered")
        ),
        sa.ForeignKeyConstraint(
            ["package_id"], ["package.id"], name=op.f("fk_offer_package_id_package")
        ),
        sa.ForeignKeyConstraint(
            ["price_list_id"], ["price_list.id"], name=op.f("fk_offer_price_list_id_price_list")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint(
            "price_list_id",
            "package_id",
            "valid_from",
            name=op.f("uq_offer_price_list_id_package_id_valid_from"),
        ),
    )
    op.create_index(
        "ix_offer_package_id", "offer", ["package_id", "price_list_id", "valid_from"], unique=False
    )
    op.create_table(
        "package_level",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("package_id", BigInt, nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("gtin_is_internal", sa.Boolean(), nullable=False),
        sa.Column("gross_weight_g", sa.Integer(), nullable=True),
        sa.Column("length_mm", sa.Integer(), nullable=True),
        sa.Column("width_mm", sa.Integer(), nullable=True),
        sa.Column("height_mm", sa.Integer(), nullable=True),
        sa.Column("layers", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "level IN ('inner','case','pallet')", name=op.f("ck_package_level_level_known")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_package_level_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["package_id"], ["package.id"], name=op.f("fk_package_level_package_id_package")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_level")),
        sa.UniqueConstraint("package_id", "level", name=op.f("uq_package_level_package_id_level")),
    )
    op.create_index("ix_package_level_gtin", "package_level", ["gtin"], unique=False)
    op.create_table(
        "offer_tier",
        sa.Column("offer_id", BigInt, nullable=False),
        sa.Column("from_quantity", sa.Integer(), nullable=False),
        sa.Column("price_minor", BigInt, nullable=False),
        sa.CheckConstraint("from_quantity > 0", name=op.f("ck_offer_tier_from_quantity_positive")),
        sa.CheckConstraint("price_minor > 0", name=op.f("ck_offer_tier_price_positive")),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_offer_tier_offer_id_offer")
        ),
        sa.PrimaryKeyConstraint("offer_id", "from_quantity", name=op.f("pk_offer_tier")),
    )
    op.add_column("package", sa.Column("length_mm", sa.Integer(), nullable=True))
    op.add_column("package", sa.Column("width_mm", sa.Integer(), nullable=True))
    op.add_column("package", sa.Column("height_mm", sa.Integer(), nullable=True))
    op.add_column("producer", sa.Column("registration_number", sa.String(length=60), nullable=True))
    op.add_column("producer", sa.Column("registered_on", sa.Date(), nullable=True))
    op.add_column("producer", sa.Column("commune_code", sa.String(length=5), nullable=True))
    op.add_column("producer", sa.Column("closed_from", sa.Date(), nullable=True))
    op.add_column("producer", sa.Column("closed_to", sa.Date(), nullable=True))
    op.add_column("producer", sa.Column("closed_note", sa.String(length=300), nullable=True))
    op.add_column("product", sa.Column("ingredients_source", sa.Text(), nullable=True))
    op.add_column("product", sa.Column("brand", sa.String(length=120), nullable=True))
    op.add_column("product", sa.Column("short_name", sa.String(length=40), nullable=True))
    op.add_column("product", sa.Column("storage_min_c", BigInt, nullable=True))
    op.add_column("product", sa.Column("storage_max_c", BigInt, nullable=True))
    op.add_column("product", sa.Column("opened_shelf_life_days", sa.Integer(), nullable=True))
    op.add_column("product", sa.Column("durability", sa.String(length=12), nullable=True))
    op.add_column("product", sa.Column("warnings", sa.Text(), nullable=True))
    op.add_column("product", sa.Column("gpc_brick", sa.String(length=8), nullable=True))
    op.add_column("product", sa.Column("season_months", sa.Integer(), nullable=True))
    op.add_column("product", sa.Column("capacity_per_month", BigInt, nullable=True))
    op.add_column("product", sa.Column("capacity_unit", sa.String(length=24), nullable=True))
    op.add_column("product", sa.Column("lead_time_days", sa.Integer(), nullable=True))
