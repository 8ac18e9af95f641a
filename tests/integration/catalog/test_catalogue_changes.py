from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from catalog.certificates import record_certificate, revoke_certificate
from catalog.errors import (
    CertificateExists,
    CodeTaken,
    InvalidFields,
    NotPublishable,
    StaleVersion,
)
from catalog.models import Product
from catalog.producers import create_producer, record_food_safety_document, update_producer
from catalog.products import create_product, set_allergens, set_package, update_product
from catalog.publishing import publish, refresh_listings, withdraw
from catalog.queries import ProductNotFound, get_product_page, list_withheld
from catalog.translating import list_translations, set_translation
from core.actor import Actor, Role
from core.audit import AuditEntry
from core.errors import Forbidden
from core.facts import Fact
from tests.factories.catalog import make_certificate, make_producer, make_product

SYSTEM = Actor.system("test")


def member(*producer_ids):
    return Actor(1, "Chị Ba", frozenset({Role.PRODUCER}), frozenset(producer_ids))


def fact_names(session):
    session.flush()
    return list(session.scalars(select(Fact.name).order_by(Fact.id)))


def new_listing(session, on, now, subgroup="F09"):
    maker = create_producer(
        session, "p1", {"name": "HTX Ánh Dương", "province_code": "96"}, actor=SYSTEM, now=now
    )
    values = {
        "name": "Nước mắm nhĩ",
        "subgroup_code": subgroup,
        "ingredients": "Cá cơm, muối",
        "shelf_life_days": 360,
    }
    product = create_product(session, maker.id, "c1", values, actor=SYSTEM, now=now)
    return maker, product


def complete(session, maker, product, on, now):
    package = {"net_content": 500, "unit": "ml", "price_minor": 85_000, "gtin": "2000000000015"}
    set_package(session, product.id, "SKU-1", package, actor=SYSTEM, on=on, now=now)
    set_allergens(
        session, product.id, state="declared", contains=["FIS"], actor=SYSTEM, on=on, now=now
    )
    record_food_safety_document(
        session,
        maker.id,
        kind="facility_certificate",
        number="012/2025/NNPTNT-CMU",
        issued_on=date(2025, 1, 1),
        valid_to=date(2027, 1, 1),
        issuer="Sở NN&MT",
        actor=SYSTEM,
        on=on,
        now=now,
    )


def test_a_draft_says_everything_it_lacks_and_is_published_when_complete(session, on, now):
    maker, product = new_listing(session, on, now)
    with pytest.raises(NotPublishable) as refused:
        publish(session, product.id, actor=SYSTEM, on=on, now=now)
    assert [p.code for p in refused.value.problems] == [
        "package_missing", "allergens_unknown", "food_safety_missing",
    ]  # fmt: skip
    complete(session, maker, product, on, now)
    publish(session, product.id, actor=SYSTEM, on=on, now=now)
    page = get_product_page(session, product.slug, locale="vi", on=on)
    assert page.package.gtin_is_internal
    assert product.listed_until == date(2027, 1, 1)
    assert product.price_from_minor == 85_000
    told = fact_names(session)
    assert told[-1] == "product.published"
    assert told.count("product.changed") == 1  # once per transaction is enough
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions[-1] == "product.publish"


def test_a_listing_is_withheld_the_day_after_its_paper_ends_and_returns_with_a_new_one(
    session, on, now
):
    maker, product = new_listing(session, on, now)
    complete(session, maker, product, on, now)
    publish(session, product.id, actor=SYSTEM, on=on, now=now)
    last = date(2027, 1, 1)
    assert get_product_page(session, product.slug, locale="vi", on=last).package
    late = last + timedelta(days=1)
    with pytest.raises(ProductNotFound):
        get_product_page(session, product.slug, locale="vi", on=late)
    assert [p.code for w in list_withheld(session, on=late) for p in w.problems] == [
        "food_safety_expired"
    ]
    record_food_safety_document(
        session,
        maker.id,
        kind="haccp",
        number="H1",
        issued_on=late,
        valid_to=None,
        issuer="QUACERT",
        actor=SYSTEM,
        on=late,
        now=now,
    )
    assert get_product_page(session, product.slug, locale="vi", on=late).package


def test_a_change_that_leaves_a_gap_withholds_the_listing_at_once(session, on, now):
    product = make_product(session)
    update_product(session, product.id, {"ingredients": None}, actor=SYSTEM, on=on, now=now)
    with pytest.raises(ProductNotFound):
        get_product_page(session, product.slug, locale="vi", on=on)
    update_product(session, product.id, {"ingredients": "Cá"}, actor=SYSTEM, on=on, now=now)
    assert get_product_page(session, product.slug, locale="vi", on=on).name.value == product.name
    assert refresh_listings(session, on=on) == 0


def test_an_expired_certificate_takes_only_the_claim(session, on, now):
    product = make_product(session)
    make_certificate(session, product, issued_on=date(2022, 1, 1))
    publish(session, product.id, actor=SYSTEM, on=on, now=now)
    page = get_product_page(session, product.slug, locale="vi", on=on)
    assert page.claim is None
    assert page.certificates[0].state == "expired"


def test_what_is_withdrawn_is_gone_and_can_come_back(session, on, now):
    product = make_product(session)
    withdraw(session, product.id, actor=SYSTEM, on=on, now=now, reason="hết mùa")
    withdraw(session, product.id, actor=SYSTEM, on=on, now=now)
    assert fact_names(session).count("product.withdrawn") == 1
    with pytest.raises(ProductNotFound):
        get_product_page(session, product.slug, locale="vi", on=on)
    publish(session, product.id, actor=SYSTEM, on=on, now=now)
    assert product.withdrawn_at is None


def test_a_member_touches_only_what_belongs_to_the_own_producer(session, on, now):
    own, other = make_producer(session), make_producer(session)
    product = make_product(session, producer=other)
    actor = member(own.id)
    attempts = [
        lambda: update_product(session, product.id, {"name": "X"}, actor=actor, on=on, now=now),
        lambda: publish(session, product.id, actor=actor, on=on, now=now),
        lambda: withdraw(session, product.id, actor=actor, on=on, now=now),
        lambda: update_producer(session, other.id, {"name": "X"}, actor=actor, on=on, now=now),
        lambda: set_package(session, product.id, "S", {}, actor=actor, on=on, now=now),
        lambda: set_allergens(session, product.id, state="unknown", actor=actor, on=on, now=now),
        lambda: revoke_certificate(
            session,
            make_certificate(session, product).id,
            reason="x",
            actor=actor,
            on=on,
            now=now,
        ),
    ]
    for attempt in attempts:
        with pytest.raises(Forbidden):
            attempt()
    mine = make_product(session, producer=own)
    assert update_product(session, mine.id, {"name": "Mắm"}, actor=actor, on=on, now=now)


def test_two_people_with_one_form_do_not_overwrite_each_other(session, on, now):
    product = make_product(session)
    seen = product.version
    update_product(
        session, product.id, {"summary": "một"}, actor=SYSTEM, on=on, now=now, version=seen
    )
    with pytest.raises(StaleVersion):
        update_product(
            session, product.id, {"summary": "hai"}, actor=SYSTEM, on=on, now=now, version=seen
        )
    assert product.summary == "một"


@pytest.mark.parametrize(
    ("changes", "mistakes"),
    [
        ({"name": " "}, {"name": "missing"}),
        ({"subgroup_code": "Z99"}, {"subgroup_code": "unknown_subgroup"}),
        ({"state": "published"}, {"state": "unknown_field"}),
        ({"storage_kind": "hot", "shelf_life_days": -1},
         {"storage_kind": "unknown_storage_kind", "shelf_life_days": "not_positive"}),
    ],
)  # fmt: skip
def test_values_that_cannot_be_stored_are_named(session, on, now, changes, mistakes):
    product = make_product(session)
    with pytest.raises(InvalidFields) as refused:
        update_product(session, product.id, changes, actor=SYSTEM, on=on, now=now)
    assert refused.value.mistakes == mistakes


def test_a_sku_belongs_to_one_product_and_a_wrong_gtin_is_refused(session, on, now):
    first, second = make_product(session, package_sku="ONE"), make_product(session)
    with pytest.raises(CodeTaken):
        set_package(session, second.id, "ONE", {"price_minor": 1}, actor=SYSTEM, on=on, now=now)
    with pytest.raises(InvalidFields, match="check_digit"):
        set_package(
            session, first.id, "ONE", {"gtin": "8938500001230"}, actor=SYSTEM, on=on, now=now
        )


def record(session, product, on, now, **values):
    return record_certificate(
        session,
        product.id,
        **{
            "decision_number": "279/QÐ-UBND ",
            "issued_on": date(2026, 1, 5),
            "issuer": "UBND tỉnh Cà Mau",
            "issuing_level": "province",
            "stars": 4,
            "actor": SYSTEM,
            "on": on,
            "now": now,
            **values,
        },
    )


def test_a_recorded_decision_lasts_36_months_and_supersedes_the_older(session, on, now):
    product = make_product(session)
    old = make_certificate(session, product, stars=3, issued_on=date(2024, 1, 1))
    new = record(session, product, on, now)
    assert new.decision_number == "279/QĐ-UBND"
    assert new.valid_to == date(2029, 1, 5)
    assert old.superseded_by_id == new.id
    with pytest.raises(CertificateExists):
        record(session, product, on, now, decision_number="279/QĐ-UBND")
    assert record(session, make_product(session), on, now).id != new.id


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"stars": 6}, "stars"),
        ({"stars": 2}, "stars"),
        ({"issued_on": date(2026, 11, 23)}, "issued_on"),
        ({"issued_on": date(2017, 1, 1)}, "issued_on"),
        ({"decision_number": "  "}, "decision_number"),
        ({"issuer": ""}, "issuer"),
        ({"issuing_level": "commune"}, "issuing_level"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(session, on, now, values, field):
    product = make_product(session)
    with pytest.raises(InvalidFields) as refused:
        record(session, product, on, now, **values)
    assert set(refused.value.mistakes) == {field}


def test_a_revoked_certificate_ends_that_day(session, on, now):
    product = make_product(session)
    certificate = record(session, product, on, now)
    revoke_certificate(session, certificate.id, reason="vi phạm", actor=SYSTEM, on=on, now=now)
    assert get_product_page(session, product.slug, locale="vi", on=on).claim is None
    yesterday = get_product_page(session, product.slug, locale="vi", on=on - timedelta(days=1))
    assert yesterday.claim is not None


def test_a_translation_is_stale_when_the_vietnamese_text_has_changed(session, on, now):
    product = make_product(session)
    translate = {
        "entity_kind": "product",
        "entity_id": product.id,
        "field": "summary",
        "locale": "en",
        "actor": SYSTEM,
        "now": now,
    }
    set_translation(session, text="Fish sauce.", status="reviewed", **translate)
    assert [t.is_stale for t in list_translations(session, "product", product.id)] == [False]
    update_product(session, product.id, {"summary": "Khác"}, actor=SYSTEM, on=on, now=now)
    assert [t.is_stale for t in list_translations(session, "product", product.id)] == [True]
    before = session.scalar(select(func.count()).select_from(AuditEntry))
    set_translation(session, text="Another.", status="machine", **translate)
    set_translation(session, text="Another.", status="machine", **translate)
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == before + 1
    assert set_translation(session, text=" ", status="reviewed", **translate) is None
    assert list_translations(session, "product", product.id) == []


@pytest.mark.parametrize(
    ("field", "locale", "mistake"),
    [("allergens", "en", "field"), ("summary", "vi", "locale"), ("summary", "xx", "locale")],
)
def test_allergens_are_never_translated_and_vietnamese_is_the_source(
    session, now, field, locale, mistake
):
    product = make_product(session)
    with pytest.raises(InvalidFields) as refused:
        set_translation(
            session,
            entity_kind="product",
            entity_id=product.id,
            field=field,
            locale=locale,
            text="x",
            status="machine",
            actor=SYSTEM,
            now=now,
        )
    assert set(refused.value.mistakes) == {mistake}


def test_products_of_one_name_have_addresses_of_their_own(session, on, now):
    maker = make_producer(session)
    slugs = [
        create_product(
            session, maker.id, f"n{i}", {"name": "Na Chi Lăng"}, actor=SYSTEM, now=now
        ).slug
        for i in range(3)
    ]
    assert slugs == ["na-chi-lang", "na-chi-lang-2", "na-chi-lang-3"]
    with pytest.raises(CodeTaken):
        create_product(session, maker.id, "n0", {"name": "Na"}, actor=SYSTEM, now=now)
    assert session.scalar(select(func.count()).select_from(Product)) == 3
