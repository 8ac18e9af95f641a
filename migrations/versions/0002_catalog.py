"""The catalogue: producers, products, packages, certificates, papers, allergens, translations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables of the catalogue."""
    op.create_table(
        "producer",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("code", sa.String(80), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("tax_number", sa.String(length=20), nullable=True),
        sa.Column("gln", sa.String(length=13), nullable=True),
        sa.Column("province_code", sa.String(length=2), nullable=True),
        sa.Column("commune", sa.String(120), nullable=True),
        sa.Column("former_unit", sa.String(200), nullable=True),
        sa.Column("address", sa.String(300), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("story", sa.Text(), nullable=True),
        sa.Column("founded_year", sa.Integer(), nullable=True),
        sa.Column("is_illustrative", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('enterprise','cooperative','cooperative_group','household','facility',"
            "'farm','board','unknown')",
            name=op.f("ck_producer_kind_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_producer")),
        sa.UniqueConstraint("code", name=op.f("uq_producer_code")),
        sa.UniqueConstraint("slug", name=op.f("uq_producer_slug")),
    )
    op.create_index("ix_producer_province_code", "producer", ["province_code"], unique=False)
    op.create_table(
        "translation",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("entity_kind", sa.String(length=12), nullable=False),
        sa.Column("entity_id", BigInt, nullable=False),
        sa.Column("field", sa.String(length=24), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("source_digest", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.CheckConstraint(
            "entity_kind IN ('product','producer')", name=op.f("ck_translation_entity_kind_known")
        ),
        sa.CheckConstraint("locale <> 'vi'", name=op.f("ck_translation_not_the_source_language")),
        sa.CheckConstraint(
            "status IN ('draft','machine','reviewed')", name=op.f("ck_translation_status_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation")),
        sa.UniqueConstraint(
            "entity_kind",
            "entity_id",
            "field",
            "locale",
            name=op.f("uq_translation_entity_kind_entity_id_field_locale"),
        ),
    )
    op.create_table(
        "product",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("code", sa.String(80), nullable=False),
        sa.Column("slug", sa.String(length=140), nullable=False),
        sa.Column("producer_id", BigInt, nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("name_key", sa.String(length=600), nullable=False),
        sa.Column("search_fold", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("ingredients", sa.Text(), nullable=True),
        sa.Column("usage", sa.Text(), nullable=True),
        sa.Column("storage_note", sa.Text(), nullable=True),
        sa.Column("subgroup_code", sa.String(length=3), nullable=True),
        sa.Column("packshot", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("published_at", Moment, nullable=True),
        sa.Column("withdrawn_at", Moment, nullable=True),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.Column("listed_until", sa.Date(), nullable=True),
        sa.Column("price_from_minor", BigInt, nullable=True),
        sa.Column("storage_kind", sa.String(length=8), nullable=False),
        sa.Column("shelf_life_days", sa.Integer(), nullable=True),
        sa.Column("hs6", sa.String(length=6), nullable=True),
        sa.Column("vat_class", sa.String(length=8), nullable=True),
        sa.Column("season", sa.String(120), nullable=True),
        sa.Column("allergens_state", sa.String(length=16), nullable=False),
        sa.Column("origin_country", sa.String(length=2), nullable=False),
        sa.Column("is_illustrative", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "allergens_state IN ('declared','none_declared','unknown')",
            name=op.f("ck_product_allergens_state_known"),
        ),
        sa.CheckConstraint(
            "state <> 'published' OR published_at IS NOT NULL",
            name=op.f("ck_product_published_has_date"),
        ),
        sa.CheckConstraint(
            "state IN ('draft','published','withdrawn')", name=op.f("ck_product_state_known")
        ),
        sa.CheckConstraint(
            "storage_kind IN ('ambient','chilled','frozen','live')",
            name=op.f("ck_product_storage_kind_known"),
        ),
        sa.CheckConstraint(
            "shelf_life_days IS NULL OR shelf_life_days > 0", name=op.f("ck_product_shelf_life")
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name=op.f("fk_product_producer_id_producer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("code", name=op.f("uq_product_code")),
        sa.UniqueConstraint("slug", name=op.f("uq_product_slug")),
    )
    op.create_index("ix_product_producer_id", "product", ["producer_id", "state"], unique=False)
    op.create_index(
        "ix_product_state_name_key", "product", ["state", "name_key", "id"], unique=False
    )
    op.create_index(
        "ix_product_state_price_from", "product", ["state", "price_from_minor", "id"], unique=False
    )
    op.create_index(
        "ix_product_state_published_at", "product", ["state", "published_at", "id"], unique=False
    )
    op.create_index(
        "ix_product_state_subgroup",
        "product",
        ["state", "subgroup_code", "published_at", "id"],
        unique=False,
    )
    op.create_table(
        "certificate",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("product_id", BigInt, nullable=False),
        sa.Column("scheme", sa.String(length=16), nullable=False),
        sa.Column("decision_number", sa.String(80), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issuer", sa.String(200), nullable=True),
        sa.Column("issuing_level", sa.String(length=12), nullable=True),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("score", BigInt, nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("rating_year", sa.Integer(), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=True),
        sa.Column("superseded_by_id", BigInt, nullable=True),
        sa.Column("is_illustrative", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.CheckConstraint(
            "issuing_level IS NULL OR issuing_level IN ('district','province','central')",
            name=op.f("ck_certificate_issuing_level_known"),
        ),
        sa.CheckConstraint("scheme IN ('ocop')", name=op.f("ck_certificate_scheme_known")),
        sa.CheckConstraint(
            "issued_on IS NULL OR valid_to IS NOT NULL",
            name=op.f("ck_certificate_issued_has_valid_to"),
        ),
        sa.CheckConstraint(
            "stars IS NOT NULL OR decision_number IS NULL OR issued_on IS NULL",
            name=op.f("ck_certificate_verified_has_stars"),
        ),
        sa.CheckConstraint(
            "stars IS NULL OR (stars >= 3 AND stars <= 5)", name=op.f("ck_certificate_stars_range")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR (issued_on IS NOT NULL AND valid_to > issued_on)",
            name=op.f("ck_certificate_valid_to_needs_issued_on"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_certificate_product_id_product")
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"],
            ["certificate.id"],
            name=op.f("fk_certificate_superseded_by_id_certificate"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint(
            "decision_number",
            "issued_on",
            "issuer",
            "product_id",
            name=op.f("uq_certificate_decision_number_issued_on_issuer_product_id"),
        ),
    )
    op.create_index(
        "ix_certificate_product_id", "certificate", ["product_id", "issued_on", "id"], unique=False
    )
    op.create_index("ix_certificate_valid_to", "certificate", ["valid_to"], unique=False)
    op.create_table(
        "food_safety_document",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("producer_id", BigInt, nullable=False),
        sa.Column("product_id", BigInt, nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("number", sa.String(80), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("issuer", sa.String(200), nullable=True),
        sa.Column("is_illustrative", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.CheckConstraint(
            "kind IN ('facility_certificate','commitment','self_declaration',"
            "'registration','haccp','iso22000','test_report')",
            name=op.f("ck_food_safety_document_kind_known"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR issued_on IS NULL OR valid_to >= issued_on",
            name=op.f("ck_food_safety_document_dates_ordered"),
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"],
            ["producer.id"],
            name=op.f("fk_food_safety_document_producer_id_producer"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_food_safety_document_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_food_safety_document")),
    )
    op.create_index(
        "ix_food_safety_document_producer_id", "food_safety_document", ["producer_id"], unique=False
    )
    op.create_index(
        "ix_food_safety_document_product_id", "food_safety_document", ["product_id"], unique=False
    )
    op.create_index(
        "ix_food_safety_document_valid_to", "food_safety_document", ["valid_to"], unique=False
    )
    op.create_table(
        "package",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("product_id", BigInt, nullable=False),
        sa.Column("sku", sa.String(64), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("gtin_is_internal", sa.Boolean(), nullable=False),
        sa.Column("net_content", BigInt, nullable=False),
        sa.Column("unit", sa.String(24), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("drained", BigInt, nullable=True),
        sa.Column("gross_weight_g", sa.Integer(), nullable=True),
        sa.Column("sold_by", sa.String(length=8), nullable=False),
        sa.Column("abv", BigInt, nullable=True),
        sa.Column("price_minor", BigInt, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("vat_rate_bp", sa.Integer(), nullable=False),
        sa.Column("units_per_case", sa.Integer(), nullable=True),
        sa.Column("case_gtin", sa.String(length=14), nullable=True),
        sa.Column("min_order", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("sold_by IN ('piece','weight')", name=op.f("ck_package_sold_by_known")),
        sa.CheckConstraint(
            "abv IS NULL OR (abv >= 0 AND abv <= 100000)", name=op.f("ck_package_abv_per_cent")
        ),
        sa.CheckConstraint("count > 0", name=op.f("ck_package_count_positive")),
        sa.CheckConstraint("min_order > 0", name=op.f("ck_package_min_order_positive")),
        sa.CheckConstraint("net_content > 0", name=op.f("ck_package_net_content_positive")),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_package_price_not_negative")),
        sa.CheckConstraint(
            "vat_rate_bp >= 0 AND vat_rate_bp <= 10000", name=op.f("ck_package_vat_rate")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_package_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package")),
        sa.UniqueConstraint("sku", name=op.f("uq_package_sku")),
    )
    op.create_index("ix_package_gtin", "package", ["gtin"], unique=False)
    op.create_index(
        "ix_package_product_id", "package", ["product_id", "active", "position", "id"], unique=False
    )
    op.create_table(
        "product_allergen",
        sa.Column("product_id", BigInt, nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("containment", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "containment IN ('contains','may_contain')",
            name=op.f("ck_product_allergen_containment_known"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_allergen_product_id_product")
        ),
        sa.PrimaryKeyConstraint("product_id", "code", name=op.f("pk_product_allergen")),
    )
