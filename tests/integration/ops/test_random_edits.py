"""After any number of edits the search index, product pages, lists with their facets and exports say what the
database says. OCOP_TEST_EDITS is how many edits are made (600), with three to twenty looks at everything."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from catalog.archive.reading import read_archive
from catalog.archive.records import RECORDS
from catalog.archive.storing import store_archive
from catalog.archive.writing import rows_of, write_archive
from catalog.models import Product, Translation
from catalog.queries import BrowseRequest, ProductNotFound, browse, get_product_page
from catalog.queries.office import load_publication_facts
from catalog.queries.pages import Card
from catalog.rules.certification import CertificateFacts, star_claim
from catalog.rules.fallback import is_shown
from catalog.rules.publication import publication_problems
from catalog.search.index import Index, check
from catalog.search.query import SearchRequest, search
from core.settings import Settings
from i18n.locales import LOCALES
from storefront.reactions import WorkerContext
from storefront.worker import REACTIONS, Worker
from tests.conftest import Databases
from tests.factories.random_edits import PEOPLE, Editor, furnish

EDITS = int(os.environ.get("OCOP_TEST_EDITS", "600"))
LOOK_EVERY = max(200, EDITS // 20)
INDEXING = {
    fact: tuple(one for one in listed if one.name == "index_products")
    for fact, listed in REACTIONS.items()
}


@pytest.mark.slow
def test_everything_shown_agrees_with_the_database_after_random_edits(
    databases: Databases, tmp_path: Path, on: date, now: datetime
) -> None:
    with databases.copy(tmp_path, databases.filled(furnish)[0]) as engine:
        context = WorkerContext(Settings(data_dir=tmp_path), engine)
        worker = Worker(context, "edits", reactions=INDEXING, timers=())
        editor = Editor(engine, seed=20261122, on=on, now=now)
        worker.work_off()
        for number in range(1, EDITS + 1):
            editor.edit()
            if number % LOOK_EVERY == 0:
                worker.work_off()
                with Session(engine) as session:
                    look(session, context.settings.search_dir, tmp_path, on, editor)
        assert len(editor.made) > 15, editor.made
        assert editor.made.total() > EDITS / 2, editor.refused
        take_back(databases, engine, tmp_path, on, editor.now)
        Index.open(context.settings.search_dir).forget()


def look(session: Session, search_dir: Path, folder: Path, on: date, editor: Editor) -> None:
    """All four against plain Python over the rows."""
    products = session.scalars(select(Product).order_by(Product.id)).all()
    judged_as_stored(session, products, on)
    shown = {product.id: product for product in products if is_listed(product, on)}
    listed_and_counted(session, shown, on, editor)
    pages_tell(session, products, shown, on, editor)
    assert check(session, search_dir) == []
    found_by_name(session, search_dir, products, shown, on)
    exported(session, folder, products)


def is_listed(product: Product, on: date) -> bool:
    in_time = product.listed_until is None or product.listed_until >= on
    return product.state == "published" and not product.withheld and in_time


def judged_as_stored(session: Session, products: Sequence[Product], on: date) -> None:
    facts = load_publication_facts(session, [product.id for product in products])
    for product in products:
        if product.state == "published":
            mistaken = bool(publication_problems(facts[product.id], on)) == is_listed(product, on)
            assert not mistaken, (product.id, product.name)


def listed_and_counted(
    session: Session, shown: dict[int, Product], on: date, editor: Editor
) -> None:
    locale = editor.chance.choice(LOCALES)
    cards = all_cards(session, BrowseRequest(sort="price", per_page=100), locale, on)
    assert {card.product_id for card in cards} == set(shown)
    prices = [card.package.price.amount for card in cards]
    assert prices == sorted(shown_price(product) for product in shown.values())
    for card in cards:
        assert card.name.value == text_of(session, shown[card.product_id], "name", card.name.locale)
        assert card.producer_name == shown[card.product_id].producer.name
        assert stars(card) == claimed(shown[card.product_id], on)
    page = browse(session, BrowseRequest(), locale=locale, on=on)
    assert page.total == len(shown)
    told = {name: {v.value: v.count for v in values} for name, values in page.facets.items()}
    expected: dict[str, Counter[str]] = {
        "province": Counter(product.producer.province_code or "" for product in shown.values()),
        "group": Counter((product.subgroup_code or "")[:1] for product in shown.values()),
        "subgroup": Counter(product.subgroup_code or "" for product in shown.values()),
        "stars": Counter(str(claimed(product, on) or "") for product in shown.values()),
    }
    for name, counted in expected.items():
        assert {v: n for v, n in told[name].items() if n} == {v: n for v, n in counted.items() if v}
    for province, count in expected["province"].items():
        request = BrowseRequest({"province": (province,)})
        assert browse(session, request, locale=locale, on=on).total == count


def all_cards(session: Session, request: BrowseRequest, locale: str, on: date) -> list[Card]:
    cards: list[Card] = []
    page = 1
    while True:
        request = BrowseRequest(sort=request.sort, per_page=request.per_page, page=page)
        found = browse(session, request, locale=locale, on=on)
        cards += found.cards
        if page >= found.pages:
            return cards
        page += 1


def pages_tell(
    session: Session,
    products: Sequence[Product],
    shown: dict[int, Product],
    on: date,
    editor: Editor,
) -> None:
    for product in editor.chance.sample(products, min(len(products), 40)):
        locale = editor.chance.choice(LOCALES)
        if product.id not in shown:
            with pytest.raises(ProductNotFound):
                get_product_page(session, product.slug, locale=locale, on=on)
            continue
        page = get_product_page(session, product.slug, locale=locale, on=on)
        for field in ("name", "summary", "description", "ingredients", "usage", "storage_note"):
            text = getattr(page, field)
            said = (
                text_of(session, product, field, text.locale) if text else getattr(product, field)
            )
            assert (text.value if text else None) == (said or None), (product.id, field, locale)
        named = {row.code: row.containment for row in product.allergens}
        assert set(page.allergens.contains) == {c for c in named if named[c] == "contains"}
        assert set(page.allergens.may_contain) == {c for c in named if named[c] == "may_contain"}
        assert page.allergens.state == product.allergens_state
        packages = [(one.sku, one.price_minor) for one in product.packages if one.active]
        assert [(one.sku, one.price.amount) for one in page.packages] == packages
        assert (page.claim.stars if page.claim else 0) == claimed(product, on)


def text_of(session: Session, product: Product, field: str, locale: str) -> str | None:
    """The text in that language, which must be one that buyers may read."""
    if locale == "vi":
        said: str | None = getattr(product, field)
        return said
    row = session.scalars(
        select(Translation).where(
            Translation.entity_kind == "product",
            Translation.entity_id == product.id,
            Translation.field == field,
            Translation.locale == locale,
        )
    ).one()
    assert is_shown(field, row.status, is_stale=row.is_stale)
    return row.text


def shown_price(product: Product) -> int:
    return next(one.price_minor for one in product.packages if one.active)


def claimed(product: Product, on: date) -> int:
    facts = [
        CertificateFacts(
            *(one.id, one.stars, one.decision_number, one.issued_on),
            *(one.issuer, one.valid_to, one.revoked_on),
        )
        for one in product.certificates
    ]
    claim = star_claim(facts, on)
    return claim.stars if claim else 0


def stars(card: Card) -> int:
    return card.claim.stars if card.claim else 0


def found_by_name(
    session: Session,
    search_dir: Path,
    products: Sequence[Product],
    shown: dict[int, Product],
    on: date,
) -> None:
    for product in products[:10]:
        Index.open(search_dir).forget()
        request = SearchRequest(product.name, per_page=100)
        result = search(session, search_dir, request, on=on)
        assert not result.degraded
        assert (product.id in result.ids) == (product.id in shown), product.name
        assert set(result.ids) <= set(shown)


def exported(session: Session, folder: Path, products: Sequence[Product]) -> None:
    path = folder / "all.jsonl"
    write_archive(session, path)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    told = {line["code"]: line for line in lines if line["ocop_record"] == "product"}
    assert told.keys() == {product.code for product in products}
    for product in products:
        line = told[product.code]
        for field in ("name", "summary", "state", "subgroup_code", "allergens_state", "withheld"):
            assert line.get(field) == getattr(product, field), (product.code, field)
    prices = {
        line["sku"]: line["price_minor"] for line in lines if line["ocop_record"] == "package"
    }
    assert prices == {one.sku: one.price_minor for product in products for one in product.packages}


def take_back(databases: Databases, engine: Engine, folder: Path, on: date, now: datetime) -> None:
    """What was exported last fills an empty database with the same."""
    other = folder / "other"
    other.mkdir()
    path = folder / "all.jsonl"
    with Session(engine) as session, databases.copy(other) as empty, Session(empty) as taken:
        write_archive(session, path)
        store_archive(taken, read_archive(path), actor=PEOPLE, on=on, now=now)
        for record in RECORDS:
            assert list(rows_of(taken, record)) == list(rows_of(session, record)), record.name
