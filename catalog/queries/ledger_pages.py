"""What stands on the public and the desks' pages of a paper, a licence and a protected name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, case, literal, null, or_, select
from sqlalchemy.orm import Session, joinedload

from catalog.errors import LedgerEntryNotFound
from catalog.models import (
    Licence,
    Paper,
    Producer,
    ProtectedName,
    SuspensionRow,
    licence_product,
)
from catalog.queries.ledger import paper_standing, right_standing
from catalog.queries.listing import join_names, pick_name, product, visible
from catalog.queries.slugs import local_slug
from catalog.rules.fallback import Text
from catalog.rules.rights import (
    IN_FORCE,
    Standing,
    Suspension,
    licence_end,
    licence_state,
    state_on,
)


@dataclass(frozen=True, slots=True)
class Pause:
    """A suspension with its reason; `of_right` when the protected name itself is suspended."""

    id: int
    first: date
    last: date | None
    reason: str
    of_right: bool = False


@dataclass(frozen=True, slots=True)
class CoveredProduct:
    """A product that a paper or licence covers; `slug` is None while it is not on sale."""

    id: int
    name: Text
    slug: str | None


@dataclass(frozen=True, slots=True)
class RightView:
    """A protected name and its state on the day asked."""

    id: int
    kind: str
    number: str
    name: str
    goods: tuple[tuple[str, str], ...]
    province_code: str | None
    holder: str | None
    decision_number: str | None
    registered_on: date | None
    valid_to: date | None
    state: str
    revoked_on: date | None
    revoked_reason: str | None
    source: str | None
    checked_on: date | None


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """A paper or a licence as of a day; `code` is its kind, or the kind of the right it is under.

    `holds` says whether it gives its right that day; `last` of a licence is the right's end if that is
    first. Reasons of revocation and suspensions that begin later than `on` are left out.
    """

    subject: str
    id: int
    code: str
    number: str | None
    issuer: str | None
    state: str
    first: date | None
    last: date | None
    year: int | None
    level: str | None
    scope: str | None
    facility: str | None
    evidence: str | None
    checked_on: date | None
    revoked_on: date | None
    revoked_reason: str | None
    pauses: tuple[Pause, ...]
    is_illustrative: bool
    producer_id: int
    producer_name: str
    producer_slug: str
    products: tuple[CoveredProduct, ...]
    right: RightView | None
    on: date
    market: str | None = None
    document: str | None = None

    @property
    def holds(self) -> bool:
        """Whether it is in force that day."""
        return self.state in IN_FORCE


@dataclass(frozen=True, slots=True)
class LicenceLine:
    """One licence under a right."""

    id: int
    number: str
    producer_id: int
    producer_name: str
    producer_slug: str
    state: str
    last: date | None
    is_illustrative: bool


@dataclass(frozen=True, slots=True)
class RightPage:
    """A protected name with its licences as of a day."""

    right: RightView
    pauses: tuple[Pause, ...]
    licences: tuple[LicenceLine, ...]
    on: date


def get_paper_page(
    session: Session, paper_id: int, *, locale: str, on: date, for_office: bool = False
) -> LedgerPage:
    """A paper as of `on`; raises LedgerEntryNotFound. Papers of goods never on sale are the desks' only."""
    paper = session.get(Paper, paper_id)
    if paper is None:
        raise LedgerEntryNotFound(subject="paper", subject_id=paper_id)
    products: tuple[CoveredProduct, ...] = ()
    if paper.product_id is not None:
        products = _covered(session, select(literal(paper.product_id)), locale, on)
    if not for_office and not _was_on_sale(session, paper.producer_id, paper.product_id):
        raise LedgerEntryNotFound(subject="paper", subject_id=paper_id)
    pauses = _pauses(session, SuspensionRow.paper_id == paper_id)
    standing = paper_standing(
        paper.kind,
        paper.number,
        paper.issued_on,
        paper.valid_to,
        paper.revoked_on,
        paper.year,
        _as_rule(pauses),
    )
    return _page(
        session,
        "paper",
        paper,
        code=paper.kind,
        state=state_on(standing, on),
        first=standing.first if paper.issued_on else None,
        last=paper.valid_to,
        pauses=pauses,
        products=products,
        right=None,
        on=on,
    )


def get_licence_page(session: Session, licence_id: int, *, locale: str, on: date) -> LedgerPage:
    """A licence as of `on`, judged together with its right; raises LedgerEntryNotFound."""
    licence = session.get(Licence, licence_id, options=(joinedload(Licence.protected_name),))
    if licence is None:
        raise LedgerEntryNotFound(subject="licence", subject_id=licence_id)
    right = licence.protected_name
    pauses = _pauses(
        session,
        or_(
            SuspensionRow.licence_id == licence_id,
            SuspensionRow.protected_name_id == right.id,
        ),
    )
    own = tuple(pause for pause in pauses if not pause.of_right)
    above = tuple(pause for pause in pauses if pause.of_right)
    standing = Standing(licence.issued_on, licence.valid_to, licence.revoked_on, _as_rule(own))
    ground = right_standing(right.registered_on, right.valid_to, right.revoked_on, _as_rule(above))
    return _page(
        session,
        "licence",
        licence,
        code=right.kind,
        state=licence_state(standing, ground, on),
        first=licence.issued_on,
        last=licence_end(standing, ground),
        pauses=pauses,
        products=_covered(
            session,
            select(licence_product.c.product_id).where(licence_product.c.licence_id == licence_id),
            locale,
            on,
        ),
        right=right_view(right, above, on),
        on=on,
    )


def get_right_page(session: Session, kind: str, number: str, *, on: date) -> RightPage:
    """A protected name by kind and registration number, as of `on`; raises LedgerEntryNotFound."""
    right = session.scalar(
        select(ProtectedName).where(ProtectedName.kind == kind, ProtectedName.number == number)
    )
    if right is None:
        raise LedgerEntryNotFound(subject=kind, subject_id=number)
    pauses = _pauses(session, SuspensionRow.protected_name_id == right.id)
    ground = right_standing(right.registered_on, right.valid_to, right.revoked_on, _as_rule(pauses))
    rows = session.execute(
        select(Licence, Producer.name, Producer.slug)
        .join(Producer, Producer.id == Licence.producer_id)
        .where(Licence.protected_name_id == right.id)
        .order_by(Licence.issued_on, Licence.id)
    ).all()
    suspended: dict[int, list[Suspension]] = {}
    for row in session.scalars(
        select(SuspensionRow).where(SuspensionRow.licence_id.in_([each[0].id for each in rows]))
    ):
        suspended.setdefault(row.licence_id or 0, []).append(Suspension(row.starts_on, row.ends_on))
    lines = []
    for licence, name, slug in rows:
        standing = Standing(
            licence.issued_on,
            licence.valid_to,
            licence.revoked_on,
            tuple(suspended.get(licence.id, ())),
        )
        lines.append(
            LicenceLine(
                id=licence.id,
                number=licence.number,
                producer_id=licence.producer_id,
                producer_name=name,
                producer_slug=slug,
                state=licence_state(standing, ground, on),
                last=licence_end(standing, ground),
                is_illustrative=licence.is_illustrative,
            )
        )
    return RightPage(right_view(right, pauses, on), _begun(pauses, on), tuple(lines), on)


def right_view(right: ProtectedName, pauses: Collection[Pause], on: date) -> RightView:
    """A protected name as of a day."""
    standing = right_standing(
        right.registered_on, right.valid_to, right.revoked_on, _as_rule(pauses)
    )
    is_revoked = right.revoked_on is not None and right.revoked_on <= on
    return RightView(
        id=right.id,
        kind=right.kind,
        number=right.number,
        name=right.name,
        goods=tuple(sorted(right.goods.items())),
        province_code=right.province_code,
        holder=right.holder,
        decision_number=right.decision_number,
        registered_on=right.registered_on,
        valid_to=right.valid_to,
        state=state_on(standing, on),
        revoked_on=right.revoked_on if is_revoked else None,
        revoked_reason=right.revoked_reason if is_revoked else None,
        source=right.source,
        checked_on=right.checked_on,
    )


def _page(
    session: Session,
    subject: str,
    entry: Paper | Licence,
    *,
    pauses: Collection[Pause],
    on: date,
    **shown: Any,
) -> LedgerPage:
    maker = session.get_one(Producer, entry.producer_id)
    is_revoked = entry.revoked_on is not None and entry.revoked_on <= on
    paper = entry if isinstance(entry, Paper) else None
    return LedgerPage(
        subject=subject,
        id=entry.id,
        number=entry.number,
        issuer=entry.issuer,
        year=paper.year if paper else None,
        level=paper.level if paper else None,
        scope=paper.scope if paper else None,
        facility=paper.facility if paper else None,
        evidence=entry.evidence,
        market=paper.market if paper else None,
        document=paper.document if paper else None,
        checked_on=paper.checked_on if paper else entry.created_at.date(),
        revoked_on=entry.revoked_on if is_revoked else None,
        revoked_reason=entry.revoked_reason if is_revoked else None,
        pauses=_begun(pauses, on),
        is_illustrative=entry.is_illustrative,
        producer_id=maker.id,
        producer_name=maker.name,
        producer_slug=maker.slug,
        on=on,
        **shown,
    )


def _pauses(session: Session, which: ColumnElement[bool]) -> tuple[Pause, ...]:
    rows = session.scalars(select(SuspensionRow).where(which).order_by(SuspensionRow.starts_on))
    return tuple(
        Pause(row.id, row.starts_on, row.ends_on, row.reason, row.protected_name_id is not None)
        for row in rows
        if row.ends_on is None or row.ends_on >= row.starts_on
    )


def _as_rule(pauses: Collection[Pause]) -> tuple[Suspension, ...]:
    return tuple(Suspension(pause.first, pause.last) for pause in pauses)


def _begun(pauses: Collection[Pause], on: date) -> tuple[Pause, ...]:
    return tuple(pause for pause in pauses if pause.first <= on)


def _was_on_sale(session: Session, producer_id: int, product_id: int | None) -> bool:
    query = select(product.c.id).where(
        product.c.producer_id == producer_id, product.c.published_at.is_not(None)
    )
    if product_id is not None:
        query = query.where(product.c.id == product_id)
    return session.scalar(query.limit(1)) is not None


def _covered(
    session: Session, product_ids: Select[tuple[int]], locale: str, on: date
) -> tuple[CoveredProduct, ...]:
    rows = session.execute(_products(locale).where(product.c.id.in_(product_ids)), {"on": on})
    return tuple(CoveredProduct(row[0], pick_name(row[1], row[3:], locale), row[2]) for row in rows)


@cache
def _products(locale: str) -> Select[Any]:
    source, names = join_names(product, locale)
    return (
        select(
            product.c.id,
            product.c.name,
            case((visible(), local_slug(locale)), else_=null()),
            *names,
        )
        .select_from(source)
        .order_by(product.c.id)
    )
