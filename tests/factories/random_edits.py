"""Edits of a catalogue as people make them, drawn by chance: each through the use case the pages call."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from catalog.certificates import record_certificate, revoke_certificate
from catalog.errors import NotPublishable
from catalog.models import Certificate, Package, Paper, Producer, Product, Translation
from catalog.producers import record_food_safety_document, update_producer
from catalog.products import create_product, set_allergens, set_package, update_product
from catalog.publishing import publish, withdraw
from catalog.reference import PROVINCES, SUBGROUPS
from catalog.standing import lift, revoke, suspend
from catalog.translating import drop_draft, set_translation
from core.actor import Actor
from core.db import write_session
from core.errors import Conflict, Invalid
from i18n.locales import LOCALES
from tests.factories.catalog import make_certificate, make_producer, make_product

PEOPLE = Actor.system("people")
_WORDS = ("Mắm", "Tôm khô", "Rượu gạo", "Mật ong", "Bánh tráng", "Muối", "Trà", "Đũa đước")
_FIELDS = ("name", "summary", "description", "ingredients", "usage", "storage_note")


def furnish(session: Session) -> None:
    """Five producers of thirty products, half of them certified."""
    makers = [make_producer(session, f"HTX {n}") for n in range(5)]
    for number in range(30):
        product = make_product(session, f"{_WORDS[number % 8]} {number}", makers[number % 5])
        if number % 2:
            make_certificate(session, product, stars=3 + number % 3)


class Editor:
    """Makes one edit after the other, each in a transaction of its own; what is refused is undone."""

    def __init__(self, engine: Engine, *, seed: int, on: date, now: datetime) -> None:
        """``seed`` decides everything that follows."""
        self.engine, self.on, self.now = engine, on, now
        self.chance = random.Random(seed)
        self.made: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def edit(self) -> None:
        """One edit of one thing."""
        name, act = self.chance.choice(_EDITS)
        self.now += timedelta(seconds=7)
        with write_session(self.engine) as session:
            try:
                act(self, session)
            except (NotPublishable, Invalid, Conflict):
                session.rollback()
                self.refused[name] += 1
            else:
                session.commit()
                self.made[name] += 1

    def _one(self, session: Session, table: type[Product] | type[Producer]) -> int:
        return self.chance.choice(session.scalars(select(table.id).order_by(table.id)).all())

    def _publish(self, session: Session) -> None:
        publish(session, self._one(session, Product), actor=PEOPLE, on=self.on, now=self.now)

    def _withdraw(self, session: Session) -> None:
        withdraw(session, self._one(session, Product), actor=PEOPLE, on=self.on, now=self.now)

    def _create(self, session: Session) -> None:
        number = self.chance.randrange(10**6)
        product = create_product(
            session,
            self._one(session, Producer),
            f"new-{number}",
            {"name": f"{self._word()} mới {number % 50}", "subgroup_code": self._subgroup()},
            actor=PEOPLE,
            now=self.now,
        )
        self._price(session, product.id, f"NEW-{number}")

    def _rename(self, session: Session) -> None:
        text = f"{self._word()} {self.chance.choice(('ngon', 'Năm Căn', 'đặc biệt', 'hai'))}"
        self._update(session, name=text)

    def _rewrite(self, session: Session) -> None:
        field = self.chance.choice(_FIELDS[1:])
        self._update(session, **{field: self.chance.choice((None, self._word(), "Nắng và muối"))})

    def _classify(self, session: Session) -> None:
        self._update(session, subgroup_code=self.chance.choice((None, self._subgroup())))

    def _update(self, session: Session, **changes: str | None) -> None:
        number = self._one(session, Product)
        update_product(session, number, changes, actor=PEOPLE, on=self.on, now=self.now)

    def _reprice(self, session: Session) -> None:
        package = self._package(session)
        self._price(session, package.product_id, package.sku)

    def _add_package(self, session: Session) -> None:
        number = self._one(session, Product)
        self._price(session, number, f"BIG-{number}-{self.chance.randrange(3)}", position=1)

    def _price(self, session: Session, product_id: int, sku: str, position: int = 0) -> None:
        set_package(
            session,
            product_id,
            sku,
            {
                "net_content": Decimal(self.chance.choice((100, 250, 500))),
                "unit": "g",
                "price_minor": self.chance.randrange(1, 900) * 1_000,
                "position": position,
            },
            actor=PEOPLE,
            on=self.on,
            now=self.now,
        )

    def _stop_package(self, session: Session) -> None:
        package = self._package(session)
        set_package(
            session,
            package.product_id,
            package.sku,
            {"active": not package.active},
            actor=PEOPLE,
            on=self.on,
            now=self.now,
        )

    def _package(self, session: Session) -> Package:
        ids = session.scalars(select(Package.id).order_by(Package.id)).all()
        return session.get_one(Package, self.chance.choice(ids))

    def _certify(self, session: Session) -> None:
        record_certificate(
            session,
            self._one(session, Product),
            decision_number=f"{self.chance.randrange(400)}/QĐ-UBND",
            issued_on=self.on - timedelta(days=self.chance.randrange(-30, 1_400)),
            issuer="UBND tỉnh Cà Mau",
            issuing_level="province",
            stars=self.chance.choice((3, 4, 5)),
            actor=PEOPLE,
            on=self.on,
            now=self.now,
        )

    def _revoke(self, session: Session) -> None:
        ids = session.scalars(select(Certificate.id).order_by(Certificate.id)).all()
        number = self.chance.choice(ids)
        who = {"actor": PEOPLE, "on": self.on, "now": self.now}
        revoke_certificate(session, number, reason="Không còn đạt", **who)  # type: ignore[arg-type]

    def _allergens(self, session: Session) -> None:
        state = self.chance.choice(("declared", "none_declared", "unknown"))
        named = self.chance.sample(("FIS", "CRU", "MOL", "SOY", "MLK"), self.chance.randrange(3))
        set_allergens(
            session,
            self._one(session, Product),
            state=state,
            contains=named[:1],
            may_contain=named[1:],
            actor=PEOPLE,
            on=self.on,
            now=self.now,
        )

    def _translate(self, session: Session) -> None:
        text = f"{self.chance.choice(('Fish sauce', '魚醤', 'Miel', '꿀'))} {self.made.total()}"
        self._tell(session, self._one(session, Product), self.chance.choice(_FIELDS),
                   self.chance.choice(LOCALES), text)  # fmt: skip

    def _untranslate(self, session: Session) -> None:
        ids = session.scalars(select(Translation.id).order_by(Translation.id)).all()
        if ids:
            row = session.get_one(Translation, self.chance.choice(ids))
            self._tell(session, row.entity_id, row.field, row.locale, "")

    def _tell(self, session: Session, number: int, field: str, locale: str, text: str) -> None:
        set_translation(
            session,
            entity_kind="product",
            entity_id=number,
            field=field,
            locale=locale,
            text=text,
            status=self.chance.choice(("draft", "machine", "reviewed", "reviewed")),
            actor=PEOPLE,
            now=self.now,
        )

    def _drop_draft(self, session: Session) -> None:
        row = session.scalar(select(Translation).where(Translation.status == "draft").limit(1))
        if row is not None:
            drop_draft(
                session,
                entity_kind="product",
                entity_id=row.entity_id,
                field=row.field,
                locale=row.locale,
                actor=PEOPLE,
                now=self.now,
            )

    def _move(self, session: Session) -> None:
        changes = self.chance.choice((
            {"name": f"HTX {self._word()}"},
            {"province_code": self.chance.choice(list(PROVINCES))},
            {"commune": self._word()},
        ))  # fmt: skip
        number = self._one(session, Producer)
        update_producer(session, number, changes, actor=PEOPLE, on=self.on, now=self.now)

    def _record_paper(self, session: Session) -> None:
        record_food_safety_document(
            session,
            self._one(session, Producer),
            kind="facility_certificate",
            number=f"{self.chance.randrange(10**6)}/ATTP",
            issued_on=date(2025, 1, 2),
            valid_to=self.chance.choice((None, self.on, self.on + timedelta(days=90))),
            issuer="Sở",
            actor=PEOPLE,
            on=self.on,
            now=self.now,
        )

    def _revoke_paper(self, session: Session) -> None:
        number = self.chance.choice(session.scalars(select(Paper.id).order_by(Paper.id)).all())
        who = {"actor": PEOPLE, "on": self.on, "now": self.now}
        if self.chance.random() < 0.5:
            revoke(session, "paper", number, reason="Hết hiệu lực", **who)  # type: ignore[arg-type]
            return
        row = suspend(session, "paper", number, starts_on=self.on, ends_on=None,
                      reason="Kiểm tra", **who)  # type: ignore[arg-type]  # fmt: skip
        if self.chance.random() < 0.5:
            session.flush()
            lift(session, row.id, **who)  # type: ignore[arg-type]

    def _word(self) -> str:
        return self.chance.choice(_WORDS)

    def _subgroup(self) -> str:
        return self.chance.choice(list(SUBGROUPS))


_EDITS: tuple[tuple[str, Callable[[Editor, Session], None]], ...] = tuple(
    (name, getattr(Editor, f"_{name}"))
    for name, weight in {
        "publish": 6,
        "withdraw": 2,
        "create": 1,
        "rename": 3,
        "rewrite": 3,
        "classify": 1,
        "reprice": 3,
        "add_package": 1,
        "stop_package": 1,
        "certify": 3,
        "revoke": 1,
        "allergens": 3,
        "translate": 6,
        "untranslate": 2,
        "drop_draft": 1,
        "move": 2,
        "record_paper": 2,
        "revoke_paper": 1,
    }.items()
    for _ in range(weight)
)
