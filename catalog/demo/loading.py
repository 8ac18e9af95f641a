"""Loading the demonstration data; a second run finds everything in place and changes nothing."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.addressing import readdress_all
from catalog.certificates import record_certificate, revoke_certificate
from catalog.demo.abroad import load_prices_abroad
from catalog.demo.around import load_around
from catalog.demo.record import load_records
from catalog.demo.rights import load_rights
from catalog.importing import ImportReport, import_file
from catalog.importing.parsing import parse_net_content, parse_shelf_life
from catalog.models import Certificate, Paper, Producer, Product
from catalog.producers import create_producer, record_food_safety_document
from catalog.publishing import NotPublishable, publish, refresh_listings
from catalog.reference import find_province
from catalog.translating import set_translation
from core.actor import Actor
from core.people.permissions import require
from i18n.locales import DEFAULT, LOCALES

Progress = Callable[[str, int, int], None]
_DATA = Path(__file__).parent / "data"
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

PUBLISHED_ON = date(2026, 10, 1)
"""The day the demonstration listings went on sale; two papers have run out since then."""


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What was loaded: reports of the two files, and how many listings are on sale or lack facts."""

    register: ImportReport
    catalogue: ImportReport
    published: int
    not_publishable: int


def load_demo(
    session: Session, *, actor: Actor, now: datetime, progress: Progress | None = None
) -> DemoReport:
    """Load the register and the illustrative shop; the caller commits. Raises Forbidden.

    `progress` is called with the name of the step, how much is done and of how much.
    """
    require(actor, "catalog.import")
    on = now.astimezone(_VIETNAM).date()

    def step(name: str) -> Callable[[int, int], None]:
        def report(done: int, total: int) -> None:
            if progress is not None:
                progress(name, done, total)

        return report

    _load_producers(session, actor, now, step("producers"))
    catalogue = import_file(
        session, _DATA / "catalogue.csv", actor=actor, now=now, progress=step("catalogue")
    )
    register = import_file(
        session, _DATA / "register.csv", actor=actor, now=now, progress=step("register")
    )
    load_records(session, actor=actor, on=on, now=now, progress=step("record"))
    load_prices_abroad(session, actor=actor, now=now, progress=step("prices abroad"))
    _load_papers(session, actor, on, now, step("papers"))
    _load_certificates(session, actor, on, now, step("certificates"))
    load_rights(session, actor=actor, on=on, now=now, progress=step("rights"))
    published, refused = _publish(session, actor, now, step("publish"))
    load_around(session, actor=actor, now=now, progress=step("places and sets"))
    refresh_listings(session, on=on)
    readdress_all(session, now=now)
    return DemoReport(register, catalogue, published, refused)


def suggested_stock() -> dict[str, int]:
    """A plausible stock on hand for each demonstration SKU; a few are scarce and one is sold out."""
    stock: dict[str, int] = {}
    for number, row in enumerate(_rows("catalogue.csv"), start=1):
        days = parse_shelf_life(row["shelf_life_storage"]).days
        net = parse_net_content(row["net_content"])
        plenty = 24 if days is not None and days <= 30 else 120
        if int(row["price_vnd"]) > 400_000 or net.sold_by == "weight":
            plenty = 12
        stock[row["sku"]] = plenty + number % 7
    stock["DEMO-020"], stock["DEMO-052"], stock["DEMO-083"] = 2, 3, 0
    return stock


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _ids_by_code(session: Session, table: type[Producer] | type[Product]) -> dict[str, int]:
    rows = session.execute(select(table.code, table.id)).all()
    return {row.code: row.id for row in rows}


def _load_producers(
    session: Session, actor: Actor, now: datetime, progress: Callable[[int, int], None]
) -> None:
    rows = list(_rows("producers.csv"))
    known = set(session.scalars(select(Producer.code)))
    for number, row in enumerate(rows, start=1):
        if row["code"] not in known:
            province = find_province(row["province"])
            values = {
                "name": row["name"],
                "kind": row["kind"],
                "commune": row["commune"] or None,
                "province_code": province.code if province else None,
                "former_unit": row["former_unit"] or None,
                "address": ", ".join(filter(None, (row["commune"], row["province"]))),
                "email": f"lienhe@{row['code'].removeprefix('demo:')}.example",
                "founded_year": int(row["founded_year"]),
                "story": row["story_vi"] or None,
                "is_illustrative": True,
            }
            producer = create_producer(session, row["code"], values, actor=actor, now=now)
            for locale in (one for one in LOCALES if one != DEFAULT):
                set_translation(
                    session,
                    entity_kind="producer",
                    entity_id=producer.id,
                    field="story",
                    locale=locale,
                    text=row[f"story_{locale}"],
                    status="reviewed",
                    actor=actor,
                    now=now,
                )
        progress(number, len(rows))


def _load_papers(
    session: Session,
    actor: Actor,
    on: date,
    now: datetime,
    progress: Callable[[int, int], None],
) -> None:
    rows = list(_rows("papers.csv"))
    producers = _ids_by_code(session, Producer)
    known = set(session.scalars(select(Paper.number)))
    for number, row in enumerate(rows, start=1):
        issued_on = date.fromisoformat(row["issued_on"])
        if row["number"] not in known and issued_on <= on:
            record_food_safety_document(
                session,
                producers[row["producer_code"]],
                kind=row["kind"],
                number=row["number"],
                issued_on=issued_on,
                valid_to=date.fromisoformat(row["valid_to"]),
                issuer=row["issuer"],
                is_illustrative=True,
                actor=actor,
                on=on,
                now=now,
            )
        progress(number, len(rows))


def _load_certificates(
    session: Session,
    actor: Actor,
    on: date,
    now: datetime,
    progress: Callable[[int, int], None],
) -> None:
    rows = list(_rows("certificates.csv"))
    products = _ids_by_code(session, Product)
    known = {
        (product_id, number)
        for product_id, number in session.execute(
            select(Certificate.product_id, Certificate.decision_number)
        )
    }
    for number, row in enumerate(rows, start=1):
        product_id = products[row["code"]]
        issued_on = date.fromisoformat(row["issued_on"])
        if (product_id, row["decision_number"]) not in known and issued_on <= on:
            certificate = record_certificate(
                session,
                product_id,
                decision_number=row["decision_number"],
                issued_on=issued_on,
                issuer=row["issuer"],
                issuing_level=row["issuing_level"],
                stars=int(row["stars"]),
                rating_year=int(row["rating_year"]),
                is_illustrative=True,
                actor=actor,
                on=on,
                now=now,
            )
            if row["revoked_on"]:
                revoke_certificate(
                    session,
                    certificate.id,
                    reason=row["revoked_reason"],
                    actor=actor,
                    on=date.fromisoformat(row["revoked_on"]),
                    now=now,
                )
        progress(number, len(rows))


def _publish(
    session: Session, actor: Actor, now: datetime, progress: Callable[[int, int], None]
) -> tuple[int, int]:
    """Publish drafts that lack nothing; what a person has withdrawn stays withdrawn."""
    codes = [row["code"] for row in _rows("catalogue.csv")]
    rows = session.execute(
        select(Product.id, Product.state).where(Product.code.in_(codes)).order_by(Product.id)
    ).all()
    published = refused = 0
    for number, (product_id, state) in enumerate(rows, start=1):
        if state == "published":
            published += 1
        elif state == "draft":
            try:
                publish(session, product_id, actor=actor, on=PUBLISHED_ON, now=now)
                published += 1
            except NotPublishable:
                refused += 1
        progress(number, len(rows))
    return published, refused
