"""Lists of papers, licences and protected names for the desks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, literal, or_, select
from sqlalchemy.orm import Session

from catalog.models import Licence, Paper, Producer, Product, ProtectedName, SuspensionRow
from catalog.queries.ledger import (
    LICENCE_COLUMNS,
    LICENCES,
    PAPER_COLUMNS,
    PAPERS,
    licence,
    paper,
    read_ledger,
)
from catalog.queries.ledger_pages import Pause, RightView, right_view
from catalog.queries.listing import producer
from catalog.rules.ending import days_left
from catalog.rules.rights import IN_FORCE, licence_end, licence_state, state_on
from i18n.text import fold, vietnamese_sort_key

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A paper or licence in a list, as of a day; `name` is the protected name of a licence."""

    subject: str
    id: int
    code: str
    number: str | None
    name: str | None
    producer_id: int
    producer_name: str
    product_name: str | None
    last: date | None
    state: str
    is_checked: bool
    market: str | None = None
    document: str | None = None

    def days_left(self, on: date) -> int | None:
        """Days after `on` on which it still holds; None without end or when it does not hold."""
        holds = self.last is not None and self.state in IN_FORCE
        return days_left(self.last, on) if holds and self.last is not None else None


def list_papers(
    session: Session,
    *,
    on: date,
    producer_id: int | None = None,
    text: str = "",
    waiting: bool = False,
    page: int = 1,
) -> tuple[list[LedgerLine], bool]:
    """A page of papers, the newest entry first, and whether there are more; two statements.

    `text` finds a number, or a producer by name without regard to tones; `waiting` leaves only those
    that nobody has checked.
    """
    wanted = (
        select(Paper.id, Producer.name, Product.name)
        .join(Producer, Producer.id == Paper.producer_id)
        .outerjoin(Product, Product.id == Paper.product_id)
        .order_by(Paper.id.desc())
        .limit(PER_PAGE + 1)
        .offset((min(max(page, 1), 10_000) - 1) * PER_PAGE)
    )
    if producer_id is not None:
        wanted = wanted.where(Paper.producer_id == producer_id)
    if waiting:
        wanted = wanted.where(Paper.checked_on.is_(None), Paper.revoked_on.is_(None))
    if asked := text.strip()[:120]:
        wanted = wanted.where(
            or_(
                Paper.number.contains(asked, autoescape=True),
                Producer.name.icontains(asked, autoescape=True),
                Product.search_fold.contains(fold(asked), autoescape=True),
            )
        )
    rows = session.execute(wanted).all()
    names = {row[0]: (row[1], row[2]) for row in rows[:PER_PAGE]}
    return _paper_lines(session, names, on), len(rows) > PER_PAGE


def _paper_lines(
    session: Session, names: Mapping[int, tuple[str, str | None]], on: date
) -> list[LedgerLine]:
    if not names:
        return []
    query: Select[Any] = (
        select(literal("paper"), *PAPER_COLUMNS, paper.c.producer_id)
        .select_from(PAPERS)
        .where(paper.c.id.in_(sorted(names)))
    )
    rows = session.execute(query).all()
    makers = {row[1]: row[-1] for row in rows}
    lines = [
        LedgerLine(
            subject="paper",
            id=record.id,
            code=record.kind,
            number=record.number,
            name=None,
            producer_id=makers[record.id],
            producer_name=names[record.id][0],
            product_name=names[record.id][1],
            last=record.standing.last,
            state=state_on(record.standing, on),
            is_checked=record.is_checked,
            market=record.market,
            document=record.document,
        )
        for record in read_ledger(row[:-1] for row in rows).papers
    ]
    return sorted(lines, key=lambda line: -line.id)


def list_licences(
    session: Session, *, on: date, producer_id: int | None = None
) -> list[LedgerLine]:
    """Licences of one producer or of all, by name and number of the right; one statement."""
    query: Select[Any] = select(
        literal("licence"), *LICENCE_COLUMNS, licence.c.producer_id, producer.c.name
    ).select_from(LICENCES.join(producer, producer.c.id == licence.c.producer_id))
    if producer_id is not None:
        query = query.where(licence.c.producer_id == producer_id)
    rows = session.execute(query).all()
    makers = {row[1]: (row[-2], row[-1]) for row in rows}
    lines = [
        LedgerLine(
            subject="licence",
            id=record.id,
            code=record.right_kind,
            number=record.number,
            name=f"{record.right_name} ({record.right_number})",
            producer_id=makers[record.id][0],
            producer_name=makers[record.id][1],
            product_name=None,
            last=licence_end(record.standing, record.right),
            state=licence_state(record.standing, record.right, on),
            is_checked=True,
        )
        for record in read_ledger(row[:-2] for row in rows).licences
    ]
    return sorted(lines, key=lambda line: (vietnamese_sort_key(line.name or ""), line.id))


def list_rights(session: Session, *, on: date) -> list[tuple[RightView, int]]:
    """Every protected name with the number of its licences, by name and number; three statements."""
    rights = sorted(
        session.scalars(select(ProtectedName)),
        key=lambda right: (vietnamese_sort_key(right.name), right.number),
    )
    counts: Sequence[Any] = session.execute(
        select(Licence.protected_name_id, func.count()).group_by(Licence.protected_name_id)
    ).all()
    licensed = {row[0]: row[1] for row in counts}
    pauses: dict[int, list[Pause]] = {}
    for row in session.scalars(
        select(SuspensionRow).where(SuspensionRow.protected_name_id.is_not(None))
    ):
        pause = Pause(row.id, row.starts_on, row.ends_on, row.reason, True)
        pauses.setdefault(row.protected_name_id or 0, []).append(pause)
    return [
        (right_view(right, pauses.get(right.id, ()), on), licensed.get(right.id, 0))
        for right in rights
    ]


def count_waiting_papers(session: Session) -> int:
    """How many papers nobody has compared with the original."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Paper)
            .where(Paper.checked_on.is_(None), Paper.revoked_on.is_(None))
        )
        or 0
    )
