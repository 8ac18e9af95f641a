"""The product page: one product with everything a buyer is entitled to know, in three statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    false,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import CompoundSelect

from catalog.models import ProductAllergen, licence_product
from catalog.queries.errors import ProductNotFound
from catalog.queries.ledger import (
    LICENCE_COLUMNS,
    LICENSED_PRODUCTS,
    NO_LEDGER,
    PAPER_COLUMNS,
    PAPERS,
    food_safety_view,
    paper,
    read_ledger,
)
from catalog.queries.listing import (
    CERTIFICATE_RECORD,
    PACKAGE_COLUMNS,
    abroad,
    card_select,
    certificate,
    chain,
    foreign_chain,
    package,
    producer,
    product,
    read_card,
    read_package,
    visible,
)
from catalog.queries.pages import (
    AllergenStatement,
    Card,
    CertificateView,
    ProducerView,
    ProductPage,
)
from catalog.queries.record import (
    NO_RECORD,
    TRADE_COLUMNS,
    Rows,
    Texts,
    locale_parameters,
    read_record,
    read_slugs,
    read_texts,
    record_arms,
)
from catalog.queries.slugs import has_slug
from catalog.rules.certification import CertificateFacts, certificate_state, star_claim
from catalog.rules.destinations import Destination
from catalog.rules.fallback import Text, resolve
from catalog.rules.marks import LISTED_PAPERS, mark_claims
from core.statements import FixedStatement

RELATED = 4
_FEW: ColumnElement[int] = literal_column(str(RELATED), Integer)
"""In the statement: PostgreSQL takes a limit that is a parameter for a tenth of all rows, and plans anew each time."""

_TEXTS = ("name", "summary", "description", "ingredients", "usage", "storage_note")
PRODUCER_COLUMNS = (
    producer.c.id,
    producer.c.slug,
    producer.c.name,
    producer.c.kind,
    producer.c.province_code,
    producer.c.commune,
    producer.c.former_unit,
    producer.c.address,
    producer.c.phone,
    producer.c.email,
    producer.c.tax_number,
    producer.c.gln,
    producer.c.founded_year,
    producer.c.story,
    producer.c.is_illustrative,
    producer.c.registration_number,
    producer.c.registered_on,
    producer.c.closed_from,
    producer.c.closed_to,
    producer.c.closed_note,
    producer.c.commune_code,
)
_PRODUCT_COLUMNS = (
    product.c.id,
    product.c.slug,
    *(product.c[name] for name in _TEXTS),
    product.c.subgroup_code,
    product.c.packshot,
    product.c.allergens_state,
    product.c.shelf_life_days,
    product.c.storage_kind,
    product.c.season,
    product.c.hs6,
    product.c.origin_country,
    product.c.is_illustrative,
    product.c.published_at,
    product.c.updated_at,
)
_P = len(PACKAGE_COLUMNS)
_M = _P + len(PRODUCER_COLUMNS)
_TRADE = _M + len(_PRODUCT_COLUMNS)

_MAIN = FixedStatement(
    select(*PACKAGE_COLUMNS, *PRODUCER_COLUMNS, *_PRODUCT_COLUMNS, *TRADE_COLUMNS)
    .select_from(
        product.join(producer, producer.c.id == product.c.producer_id).join(
            package, and_(package.c.product_id == product.c.id, package.c.active.is_(True))
        )
    )
    .where(has_slug(), visible())
    .order_by(package.c.position, package.c.id)
)


def get_product_page(
    session: Session,
    slug: str,
    *,
    locale: str,
    on: date,
    destination: Destination | None = None,
) -> ProductPage:
    """The page of a product on sale that day; raises ProductNotFound. Three statements.

    With a destination abroad, the record has the retail offers in its currency and the related
    cards say what holds there.
    """
    rows = _MAIN.rows(session, slug=slug, on=on)
    if not rows:
        raise ProductNotFound(slug=slug)
    head = rows[0]
    maker = head[_P:_M]
    main = dict(zip((column.name for column in _PRODUCT_COLUMNS), head[_M:_TRADE], strict=True))
    product_id, producer_id = main["id"], maker[0]
    there = abroad(destination)
    rest, papers = _load_rest(
        session,
        product_id=product_id,
        producer_id=producer_id,
        **locale_parameters(foreign_chain(locale)),
        on=on,
        currency=there.get("currency", ""),
    )
    foreign = read_texts(rest)
    texts: dict[str, Any] = {
        field: _resolved(foreign, "product", field, main.pop(field), locale) for field in _TEXTS
    }
    name = texts.pop("name") or Text(slug, "vi")
    story = _resolved(foreign, "producer", "story", maker[13], locale)
    ledger = read_ledger(
        (row[0], *row[_RECORD_END:]) for row in papers if row[0] in ("paper", "licence")
    )
    certificates = [read_certificate(row, on) for row in papers if row[0] == "certificate"]
    main.pop("id")
    first_slug = main.pop("slug")
    by_locale = read_slugs(rest, first_slug)
    record = read_record(rest, head[_TRADE:])
    state = main.pop("allergens_state")
    return ProductPage(
        product_id=product_id,
        slug=by_locale[locale],
        first_slug=first_slug,
        slugs=by_locale,
        name=name,
        **texts,
        province_code=maker[4],
        packages=tuple(read_package(row[:_P]) for row in rows),
        allergens=_allergens(state, papers),
        claim=star_claim((_facts(row) for row in papers if row[0] == "certificate"), on),
        certificates=tuple(sorted(certificates, key=_newest_first)),
        food_safety=tuple(
            food_safety_view(one, on)
            for one in ledger.papers
            if one.kind in LISTED_PAPERS and one.market is None
        ),
        marks=mark_claims(ledger, on),
        record=record,
        warnings=_resolved(foreign, "product", "warnings", record.warnings, locale),
        pictures=tuple(stored.in_language(chain(locale)) for stored in record.pictures),
        producer=read_producer(maker, story),
        related=_related(
            *(session, main["subgroup_code"], product_id),
            locale=locale,
            on=on,
            destination=destination,
        ),
        **main,
    )


def _resolved(
    foreign: Texts,
    kind: str,
    field: str,
    vietnamese: str | None,
    locale: str,
) -> Text | None:
    values = {**foreign.get((kind, field), {}), "vi": vietnamese}
    return resolve(field, values, chain(locale))


def _paper_arms() -> list[Select[Any]]:
    """Certificates, allergens, papers and licences as one list of uniform rows, after no record.

    A row is its tag, the eleven values of a certificate or allergen, and the columns of the ledger.
    """
    allergen = ProductAllergen.__table__
    record, ledger = _nothing(NO_RECORD), _nothing(NO_LEDGER)
    no_certificate = _nothing(CERTIFICATE_RECORD)
    return [
        select(*record, _tag("certificate"), *CERTIFICATE_RECORD, *ledger).where(
            certificate.c.product_id == bindparam("product_id")
        ),
        select(*record, _tag("paper"), *no_certificate, *PAPER_COLUMNS)
        .select_from(PAPERS)
        .where(
            paper.c.producer_id == bindparam("producer_id"),
            or_(paper.c.product_id.is_(None), paper.c.product_id == bindparam("product_id")),
        ),
        select(*record, _tag("licence"), *no_certificate, *LICENCE_COLUMNS)
        .select_from(LICENSED_PRODUCTS)
        .where(licence_product.c.product_id == bindparam("product_id")),
        select(
            *record,
            _tag("allergen"),
            *(null(), null(), allergen.c.code, *[null()] * 4, allergen.c.containment),
            *[null()] * 3,
            *ledger,
        ).where(allergen.c.product_id == bindparam("product_id")),
    ]


_RECORD_END = 1 + len(CERTIFICATE_RECORD)


def _rest_select() -> CompoundSelect[Any]:
    """The rows of the record and, beside them, the papers: two shapes of rows in one statement.

    The first arm has no rows: it says the type of each column, so that no other arm has to.
    """
    no_paper = [cast(null(), String), *(cast(null(), one.type) for one in CERTIFICATE_RECORD)]
    types = select(*NO_RECORD, *no_paper, *NO_LEDGER).where(false())
    beside = _nothing((*no_paper, *NO_LEDGER))
    record = [arm.add_columns(*beside) for arm in record_arms()]
    return union_all(types, *record, *_paper_arms())


def _nothing(columns: Sequence[object]) -> list[Any]:
    """A null for each."""
    return [null()] * len(columns)


def _tag(word: str) -> Any:
    return literal_column(f"'{word}'", String)


_REST = FixedStatement(_rest_select())


def _load_rest(session: Session, **values: Any) -> tuple[Rows, list[Sequence[Any]]]:
    """The rows of the record by their kind, and the papers; `currency` asks for offers abroad."""
    by_kind: dict[str, list[Sequence[Any]]] = {}
    papers: list[Sequence[Any]] = []
    for row in _REST.rows(session, **values):
        if row[0] is None:
            papers.append(row[len(NO_RECORD) :])
        else:
            by_kind.setdefault(row[0], []).append(row)
    return by_kind, papers


def _facts(row: Sequence[Any]) -> CertificateFacts:
    return certificate_facts(row[1:8])


def certificate_facts(values: Sequence[Any]) -> CertificateFacts:
    """The seven facts of a certificate, in the order of `CERTIFICATE_COLUMNS`."""
    return CertificateFacts(*values)


def read_certificate(row: Sequence[Any], on: date) -> CertificateView:
    """A certificate from a uniform row (kind, the seven facts, scheme, level, year, illustrative)."""
    facts = certificate_facts(row[1:8])
    return CertificateView(
        id=facts.id,
        scheme=row[8],
        decision_number=facts.decision_number,
        issued_on=facts.issued_on,
        issuer=facts.issuer,
        issuing_level=row[9],
        stars=facts.stars,
        valid_to=facts.valid_to,
        state=certificate_state(facts, on),
        rating_year=row[10],
        revoked_on=facts.revoked_on,
        is_illustrative=bool(row[11]),
    )


def _newest_first(view: CertificateView) -> tuple[bool, int, int]:
    ordinal = view.issued_on.toordinal() if view.issued_on else 0
    return (view.issued_on is None, -ordinal, -view.id)


def read_producer(values: Sequence[Any], story: Text | None) -> ProducerView:
    """A maker from the values of `PRODUCER_COLUMNS`."""
    names = (column.name for column in PRODUCER_COLUMNS)
    return ProducerView(**{**dict(zip(names, values, strict=True)), "story": story})


def _allergens(state: str, papers: Iterable[Sequence[Any]]) -> AllergenStatement:
    named = [(row[3], row[8]) for row in papers if row[0] == "allergen"]
    return AllergenStatement(
        state=state,
        contains=tuple(sorted(code for code, how in named if how == "contains")),
        may_contain=tuple(sorted(code for code, how in named if how == "may_contain")),
    )


def _related(
    session: Session,
    subgroup: str | None,
    product_id: int,
    *,
    locale: str,
    on: date,
    destination: Destination | None,
) -> tuple[Card, ...]:
    there = abroad(destination)
    statement = _related_select(locale, is_abroad=bool(there))
    rows = statement.rows(session, subgroup=subgroup, product_id=product_id, on=on, **there)
    return tuple(read_card(row, locale, on, destination) for row in rows)


@cache
def _related_select(locale: str, *, is_abroad: bool) -> FixedStatement:
    chosen = (
        select(product.c.id, product.c.published_at)
        .where(
            visible(),
            product.c.subgroup_code == bindparam("subgroup"),
            product.c.id != bindparam("product_id"),
        )
        .order_by(product.c.published_at.desc(), product.c.id.desc())
        .limit(_FEW)
        .subquery("chosen")
    )
    statement = card_select(locale, chosen, is_abroad=is_abroad)
    return FixedStatement(statement.order_by(chosen.c.published_at.desc(), chosen.c.id.desc()))


def with_stock(page: ProductPage, available: Mapping[int, int]) -> ProductPage:
    """The page with the stock of each package filled in; packages not named have none."""
    return replace(
        page,
        packages=tuple(replace(p, available=available.get(p.id, 0)) for p in page.packages),
    )
