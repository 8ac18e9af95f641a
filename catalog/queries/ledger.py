"""Reading the ledger of papers and licences: uniform rows with their suspensions, and the facts in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import CompoundSelect

from catalog.models import (
    Licence,
    Paper,
    Product,
    ProtectedName,
    SuspensionRow,
    licence_product,
)
from catalog.queries.pages import FoodSafetyView
from catalog.rules.marks import (
    FOOD_SAFETY,
    MARKS,
    LicenceRecord,
    MarkClaim,
    MarkFacts,
    PaperRecord,
    mark_claims,
)
from catalog.rules.rights import Standing, Suspension, stands
from core.db import Json

paper = Paper.__table__
licence = Licence.__table__
protected_name = ProtectedName.__table__
suspension = SuspensionRow.__table__
_product = Product.__table__

_NO_DATE, _NO_TEXT, _NO_NUMBER = cast(null(), Date), cast(null(), String), cast(null(), Integer)
_NO_RIGHT = (_NO_NUMBER, _NO_TEXT, _NO_TEXT, _NO_TEXT, cast(null(), Json), *(_NO_DATE,) * 3)
_SUSPENSION = (suspension.c.starts_on, suspension.c.ends_on)
PAPER_COLUMNS: tuple[ColumnElement[Any], ...] = (
    paper.c.id,
    paper.c.kind,
    paper.c.number,
    paper.c.issuer,
    paper.c.product_id,
    paper.c.issued_on,
    paper.c.valid_to,
    paper.c.revoked_on,
    paper.c.checked_on,
    paper.c.year,
    paper.c.is_illustrative,
    *_SUSPENSION,
    *_NO_RIGHT,
    paper.c.market,
    paper.c.document,
)
LICENCE_COLUMNS: tuple[ColumnElement[Any], ...] = (
    licence.c.id,
    _NO_TEXT,
    licence.c.number,
    licence.c.issuer,
    _NO_NUMBER,
    licence.c.issued_on,
    licence.c.valid_to,
    licence.c.revoked_on,
    _NO_DATE,
    _NO_NUMBER,
    licence.c.is_illustrative,
    *_SUSPENSION,
    suspension.c.protected_name_id,
    protected_name.c.kind,
    protected_name.c.number,
    protected_name.c.name,
    protected_name.c.goods,
    protected_name.c.registered_on,
    protected_name.c.valid_to,
    protected_name.c.revoked_on,
    _NO_TEXT,
    _NO_TEXT,
)
NO_LEDGER: tuple[ColumnElement[Any], ...] = (
    _NO_NUMBER,
    *(_NO_TEXT,) * 3,
    _NO_NUMBER,
    *(_NO_DATE,) * 4,
    _NO_NUMBER,
    cast(null(), Boolean),
    *(_NO_DATE,) * 2,
    *_NO_RIGHT,
    *(_NO_TEXT,) * 2,
)
"""Empty columns for other rows of a union with these."""

PAPERS: FromClause = paper.outerjoin(suspension, suspension.c.paper_id == paper.c.id)
LICENCES: FromClause = licence.join(
    protected_name, protected_name.c.id == licence.c.protected_name_id
).outerjoin(
    suspension,
    or_(
        suspension.c.licence_id == licence.c.id,
        suspension.c.protected_name_id == protected_name.c.id,
    ),
)
LICENSED_PRODUCTS: FromClause = LICENCES.join(
    licence_product, licence_product.c.licence_id == licence.c.id
)
"""Each gives one row for each suspension of the thing, or one without."""


def paper_standing(
    kind: str,
    number: str | None,
    issued_on: date | None,
    valid_to: date | None,
    revoked_on: date | None,
    year: int | None = None,
    suspensions: Iterable[Suspension] = (),
) -> Standing:
    """The dates of a paper. Of an award whose day is not known the year counts from its first day.

    Papers that the law asks for may lack number and date: a commitment has none.
    """
    is_legal = kind in FOOD_SAFETY
    first = issued_on or (date(year, 1, 1) if year else None)
    return Standing(
        first=first,
        last=valid_to,
        revoked_on=revoked_on,
        suspensions=tuple(suspensions),
        has_number=is_legal or bool(number),
        began_before_records=is_legal,
    )


def right_standing(
    registered_on: date | None,
    valid_to: date | None,
    revoked_on: date | None,
    suspensions: Iterable[Suspension] = (),
) -> Standing:
    """The dates of a registered right; one whose day of registration is not known began before."""
    return Standing(
        registered_on, valid_to, revoked_on, tuple(suspensions), began_before_records=True
    )


def read_ledger(rows: Iterable[Sequence[Any]]) -> MarkFacts:
    """Papers and licences from uniform rows (tag "paper" or "licence", then the ledger's columns)."""
    grouped: dict[tuple[str, int], list[Sequence[Any]]] = {}
    for row in rows:
        grouped.setdefault((row[0], row[1]), []).append(row[1:])
    return MarkFacts(
        papers=tuple(_paper(each) for (tag, _), each in grouped.items() if tag == "paper"),
        licences=tuple(_licence(each) for (tag, _), each in grouped.items() if tag == "licence"),
    )


def _pauses(rows: list[Sequence[Any]], *, of_right: bool = False) -> list[Suspension]:
    return [
        Suspension(row[11], row[12])
        for row in rows
        if row[11] is not None and (row[13] is not None) == of_right
    ]


def _paper(rows: list[Sequence[Any]]) -> PaperRecord:
    first = rows[0]
    return PaperRecord(
        id=first[0],
        kind=first[1],
        number=first[2],
        issuer=first[3],
        product_id=first[4],
        standing=paper_standing(
            first[1], first[2], first[5], first[6], first[7], first[9], _pauses(rows)
        ),
        is_checked=first[8] is not None,
        year=first[9],
        is_illustrative=bool(first[10]),
        market=first[21],
        document=first[22],
    )


def _licence(rows: list[Sequence[Any]]) -> LicenceRecord:
    first = rows[0]
    goods: Mapping[str, str] = first[17]
    return LicenceRecord(
        id=first[0],
        number=first[2],
        issuer=first[3],
        standing=Standing(first[5], first[6], first[7], tuple(_pauses(rows))),
        right_kind=first[14],
        right_number=first[15],
        right_name=first[16],
        goods=tuple(sorted(goods.items())),
        right=right_standing(first[18], first[19], first[20], _pauses(rows, of_right=True)),
        is_illustrative=bool(first[10]),
    )


def food_safety_view(record: PaperRecord, on: date) -> FoodSafetyView:
    """A paper that the law asks for, as a page shows it."""
    return FoodSafetyView(
        kind=record.kind,
        number=record.number,
        issued_on=record.standing.first,
        valid_to=record.standing.last,
        issuer=record.issuer,
        is_valid=stands(record.standing, on),
        is_illustrative=record.is_illustrative,
    )


def load_mark_facts(session: Session, product_ids: Collection[int] | None) -> dict[int, MarkFacts]:
    """What `mark_claims` needs, for many products in one statement; products without any are left out.

    Without ids it reads all that are published.
    """
    if product_ids is not None and not product_ids:
        return {}
    rows: dict[int, list[Sequence[Any]]] = {}
    query, values = _ALL_MARKS, dict[str, Any]()
    if product_ids is not None:
        query, values = _MARKS, {"ids": sorted(product_ids)}
    for product_id, *row in session.execute(query, values):
        rows.setdefault(product_id, []).append(row)
    return {product_id: read_ledger(each) for product_id, each in rows.items()}


def list_mark_claims(
    session: Session, product_ids: Collection[int] | None, *, on: date
) -> dict[int, tuple[MarkClaim, ...]]:
    """The badges many products may show that day, by product; one statement."""
    facts = load_mark_facts(session, product_ids)
    return {product_id: mark_claims(each, on) for product_id, each in facts.items()}


def list_scheme_codes(
    session: Session, product_ids: Collection[int] | None, *, on: date
) -> dict[int, tuple[str, ...]]:
    """The codes of `catalog.rules.marks.MARKS` that hold that day, by product; one statement.

    For facets and cards: each code once, in the order of `MARKS`; products without any are left out.
    """
    claims = list_mark_claims(session, product_ids, on=on)
    return {
        product_id: tuple(dict.fromkeys(claim.code for claim in each))
        for product_id, each in claims.items()
        if each
    }


def _marks(which: ColumnElement[bool]) -> CompoundSelect[Any]:
    papers: Select[Any] = (
        select(_product.c.id, literal("paper"), *PAPER_COLUMNS)
        .select_from(
            PAPERS.join(
                _product,
                and_(
                    _product.c.producer_id == paper.c.producer_id,
                    or_(paper.c.product_id.is_(None), paper.c.product_id == _product.c.id),
                ),
            )
        )
        .where(
            which,
            paper.c.kind.in_(MARKS),
            paper.c.checked_on.is_not(None),
        )
    )
    licences: Select[Any] = (
        select(licence_product.c.product_id, literal("licence"), *LICENCE_COLUMNS)
        .select_from(
            LICENSED_PRODUCTS.join(_product, _product.c.id == licence_product.c.product_id)
        )
        .where(which)
    )
    return union_all(papers, licences)


_MARKS = _marks(_product.c.id.in_(bindparam("ids", expanding=True)))
_ALL_MARKS = _marks(_product.c.state == "published")
