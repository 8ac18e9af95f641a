"""Illustrative schemes, awards and a licence for some goods of the demonstration."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Licence, Paper, Product, ProtectedName
from catalog.papers import record_paper
from catalog.protected_names import grant_licence, load_known_names
from catalog.rules.marks import NEEDS_PRODUCT
from core.actor import Actor

_FILE = Path(__file__).parent / "data" / "rights.csv"


def load_rights(
    session: Session,
    *,
    actor: Actor,
    on: date,
    now: datetime,
    progress: Callable[[int, int], None],
) -> None:
    """Enter the known protected names and the rows of the file that have begun, once."""
    load_known_names(session, actor=actor, on=on, now=now)
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = {*session.scalars(select(Paper.number)), *session.scalars(select(Licence.number))}
    products = {
        product.code: product
        for product in session.scalars(
            select(Product).where(Product.code.in_([row["code"] for row in rows]))
        )
    }
    for number, row in enumerate(rows, start=1):
        issued_on = _day(row["issued_on"])
        has_begun = issued_on is None or issued_on <= on
        if row["code"] in products and row["number"] not in known and has_begun:
            _enter(session, products[row["code"]], row, actor, on, now)
        progress(number, len(rows))


def _enter(
    session: Session, product: Product, row: dict[str, str], actor: Actor, on: date, now: datetime
) -> None:
    issued_on, valid_to = _day(row["issued_on"]), _day(row["valid_to"])
    kind, _, right_number = row["kind"].partition(":")
    if right_number and issued_on is not None:
        right = session.scalars(
            select(ProtectedName).where(
                ProtectedName.kind == kind, ProtectedName.number == right_number
            )
        ).one()
        grant_licence(
            session,
            right.id,
            product.producer_id,
            number=row["number"],
            issued_on=issued_on,
            valid_to=valid_to,
            issuer=row["issuer"],
            product_ids=[product.id],
            is_illustrative=True,
            actor=actor,
            on=on,
            now=now,
        )
        return
    record_paper(
        session,
        product.producer_id,
        kind=kind,
        product_id=product.id if kind in NEEDS_PRODUCT else None,
        number=row["number"],
        issued_on=issued_on,
        valid_to=valid_to,
        issuer=row["issuer"],
        scope=row["scope"] or None,
        year=int(row["year"]) if row["year"] else None,
        level=row["level"] or None,
        is_illustrative=True,
        actor=actor,
        on=on,
        now=now,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
