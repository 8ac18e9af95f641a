"""Products and their addresses in nine languages: given when checked, kept for good, filled in by the migration."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from catalog.addressing import readdress, readdress_all
from catalog.models import Product, ProductAddress, ProductSlug
from catalog.products import update_product
from catalog.queries import ProductNotFound, get_product_page, list_cards
from catalog.slugs import free_slug
from catalog.translating import set_translation
from core.actor import Actor
from core.facts import Fact
from tests.conftest import NOW
from tests.factories.catalog import make_product

SYSTEM = Actor.system("test")


def name_in(
    session: Session, product: Product, locale: str, words: str, status: str = "reviewed"
) -> None:
    set_translation(
        session, entity_kind="product", entity_id=product.id, field="name", locale=locale,
        text=words, status=status, actor=SYSTEM, now=NOW,
    )  # fmt: skip
    readdress(session, [product.id], now=NOW)


def slug_of(session: Session, product: Product, locale: str, on: date) -> str:
    return list_cards(session, [product.id], locale=locale, on=on)[0].slug


def test_only_a_reviewed_name_makes_an_address(session: Session, on: date) -> None:
    product = make_product(session, "Tôm khô Rạch Gốc")
    for status in ("draft", "machine"):
        name_in(session, product, "en", "Dried shrimp", status)
        assert slug_of(session, product, "en", on) == product.slug
    name_in(session, product, "en", "Dried shrimp")
    assert slug_of(session, product, "en", on) == "dried-shrimp"
    assert slug_of(session, product, "ja", on) == "dried-shrimp"
    assert slug_of(session, product, "vi", on) == product.slug


def test_every_address_of_any_language_and_time_leads_to_the_product(
    session: Session, on: date
) -> None:
    product = make_product(session, "Tôm khô Rạch Gốc")
    first = product.slug
    name_in(session, product, "en", "Dried shrimp")
    name_in(session, product, "fr", "Crevettes séchées")
    name_in(session, product, "en", "Sun-dried shrimp")
    update_product(session, product.id, {"name": "Tôm khô đặc sản"}, actor=SYSTEM, on=on, now=NOW)
    readdress(session, [product.id], now=NOW)
    for slug in (first, "dried-shrimp", "crevettes-sechees", "sun-dried-shrimp", "tom-kho-dac-san"):
        page = get_product_page(session, slug, locale="fr", on=on)
        assert page.product_id == product.id
        assert page.slug == "crevettes-sechees"
    assert page.slugs["vi"] == "tom-kho-dac-san"
    assert page.slugs["de"] == page.slugs["en"] == "sun-dried-shrimp"
    with pytest.raises(ProductNotFound):
        get_product_page(session, "dried-shrimps", locale="fr", on=on)


def test_a_name_that_returns_takes_its_former_address_again(session: Session, on: date) -> None:
    product = make_product(session)
    for words in ("Dried shrimp", "Shrimps", "Dried shrimp"):
        name_in(session, product, "en", words)
    assert slug_of(session, product, "en", on) == "dried-shrimp"
    assert len(session.scalars(select(ProductSlug)).all()) == 2


def test_no_two_products_share_an_address_whatever_the_language(session: Session, on: date) -> None:
    one, other = make_product(session), make_product(session, "Mai", slug="mai")
    name_in(session, one, "en", "Mai")
    name_in(session, other, "fr", "Honig")
    name_in(session, one, "de", "Honig")
    assert slug_of(session, one, "en", on) == "mai-2"
    assert slug_of(session, one, "de", on) == "honig-2"
    addresses = session.scalars(select(ProductSlug.slug)).all()
    firsts = session.scalars(select(Product.slug)).all()
    assert not set(addresses) & set(firsts)
    assert free_slug(session, Product, "Honig") == "honig-3"


def test_a_name_that_many_share_is_numbered_without_asking_for_each(session: Session) -> None:
    shared = [make_product(session, f"Sản phẩm {number}") for number in range(40)]
    for product in shared:
        set_translation(
            session, entity_kind="product", entity_id=product.id, field="name", locale="en",
            text="Honey", status="reviewed", actor=SYSTEM, now=NOW,
        )  # fmt: skip
    session.flush()
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    engine = session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    readdress_all(session, now=NOW)
    event.remove(engine, "before_cursor_execute", note)
    assert len(asked) <= 12
    english = select(ProductAddress.slug).where(ProductAddress.locale == "en")
    numbered = {"honey"} | {f"honey-{number}" for number in range(2, 41)}
    assert set(session.scalars(english)) == numbered


def test_a_draft_gets_no_address_before_it_is_published(session: Session) -> None:
    draft = make_product(session, state="draft", published_at=None)
    name_in(session, draft, "en", "Dried shrimp")
    assert session.scalars(select(ProductAddress)).all() == []


def test_a_changed_address_is_told_once_and_the_same_one_not_again(session: Session) -> None:
    product = make_product(session)
    name_in(session, product, "en", "Dried shrimp")
    told = select(Fact).where(Fact.name == "product.readdressed")
    assert len(session.scalars(told).all()) == 1
    readdress_all(session, now=NOW)
    assert len(session.scalars(told).all()) == 1


def test_the_migration_fills_in_what_was_there_before(session: Session, on: date) -> None:
    one, other, draft = (
        make_product(session),
        make_product(session, "Tôm khô"),
        make_product(session, state="draft", published_at=None),
    )
    for product, words in ((one, "Shrimps"), (other, "Shrimps"), (draft, "Soup")):
        name_in(session, product, "en", words)
    name_in(session, other, "ko", "건새우", "machine")
    session.execute(delete(ProductAddress))
    session.execute(delete(ProductSlug))
    _STEP._fill(session.connection(), ProductSlug.__table__, ProductAddress.__table__, NOW)
    slugs = {row.slug: row.product_id for row in session.scalars(select(ProductSlug))}
    assert slugs == {"shrimps": one.id, "shrimps-2": other.id}
    assert slug_of(session, one, "fr", on) == "shrimps"
    assert slug_of(session, other, "ko", on) == "shrimps-2"
    assert slug_of(session, other, "vi", on) == other.slug
    assert readdress_all(session, now=NOW) == 0


_STEP = import_module("migrations.versions.0028_addresses_by_language")
