"""Storing the rows of a register a chunk at a time: what is new in bulk, what is known only where it differs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from catalog.certificates import record_certificate, record_unverified
from catalog.importing.fresh_rows import FreshRows, fact
from catalog.importing.maker_facts import still_missing
from catalog.importing.planning import Plan, Recognition
from catalog.models import Certificate, Producer, Product
from catalog.producers import update_producer
from catalog.products import update_product
from catalog.rules.certification import valid_to
from core import audit
from core.actor import Actor
from core.facts import Fact, announce


class Taken(Exception):
    """The database holds something else under this key (facts: field, and what is recorded)."""

    def __init__(self, field: str, **facts: object) -> None:
        """Keep the column and the facts."""
        super().__init__(field)
        self.field, self.facts = field, facts


class RegisterStore:
    """Stores plans; remembers makers and addresses over the chunks of one import."""

    def __init__(self, session: Session, *, actor: Actor, on: date, now: datetime) -> None:
        """Begin an import by `actor` that judges dates as of `on`."""
        self.session, self.actor, self.on, self.now = session, actor, on, now
        self.fresh = FreshRows(session, actor=actor, now=now)

    def store(self, plans: Sequence[Plan]) -> list[tuple[str, int]]:
        """(created, updated or same; product id) of each plan, in their order; raises Taken for a single one."""
        makers = self._makers(plans)
        known = {
            product.code: product
            for product in self.session.scalars(
                select(Product)
                .where(Product.code.in_({plan.code for plan in plans}))
                .options(selectinload(Product.certificates), selectinload(Product.producer))
            )
        }
        new = [plan for plan in plans if plan.code not in known]
        created = self._create(new, makers)
        outcomes: list[tuple[str, int]] = []
        for plan in plans:
            product = known.get(plan.code)
            if product is None:
                outcomes.append(("created", created[plan.code]))
            else:
                changed = self._update(plan, product, makers[plan.maker_code])
                outcomes.append(("updated" if changed else "same", product.id))
        self.session.flush()
        return outcomes

    def forget(self) -> None:
        """A savepoint was rolled back: what was remembered of it is not there."""
        self.fresh.forget()

    def _makers(self, plans: Sequence[Plan]) -> dict[str, Producer]:
        makers = self.fresh.known_makers({plan.maker_code for plan in plans})
        fresh: dict[str, Producer] = {}
        for plan in plans:
            maker = makers.get(plan.maker_code)
            if maker is None:
                maker = self.fresh.new_maker(plan.maker_code, plan.maker)
                makers[plan.maker_code] = fresh[plan.maker_code] = maker
            elif plan.knows_maker:
                self._complete(maker, plan, is_new=plan.maker_code in fresh)
        self.fresh.add_makers(fresh.values())
        return makers

    def _complete(self, maker: Producer, plan: Plan, *, is_new: bool) -> None:
        """A later row only fills what is still empty, never overwrites."""
        changes = {}
        if maker.kind == "unknown" and plan.maker["kind"] != "unknown":
            changes["kind"] = plan.maker["kind"]
        if maker.former_unit is None and plan.maker["former_unit"]:
            changes["former_unit"] = plan.maker["former_unit"]
        changes |= still_missing(maker, plan.judged.maker_facts)
        if not changes:
            return
        if is_new:
            for name, value in changes.items():
                setattr(maker, name, value)
        else:
            update_producer(
                self.session, maker.id, changes, actor=self.actor, on=self.on, now=self.now
            )

    def _create(self, plans: Sequence[Plan], makers: dict[str, Producer]) -> dict[str, int]:
        """New products with their first recognitions, one statement for each table."""
        if not plans:
            return {}
        ids = self.fresh.add_products(
            [
                {
                    **plan.product,
                    "code": plan.code,
                    "producer_id": makers[plan.maker_code].id,
                }
                for plan in plans
            ]
        )
        certificates = [row for plan in plans if (row := self._certificate(plan, ids[plan.code]))]
        self.fresh.insert(Certificate, certificates)
        self._tell_all(plans, ids)
        return ids

    def _tell_all(self, plans: Sequence[Plan], ids: dict[str, int]) -> None:
        """The audit and the facts of new products, in bulk."""
        entries, facts = [], []
        for plan in plans:
            one, said = ids[plan.code], plan.recognition
            fields = sorted(plan.product)
            entries.append(self.fresh.entry(f"product:{one}", "product.create", fields=fields))
            facts.append(fact("product.changed", product_id=one))
            if said and said.says_anything:
                facts.append(fact("certificate.recorded", product_id=one))
            if said and said.is_verifiable:
                details = {
                    "decision_number": said.number,
                    "issued_on": str(said.issued_on),
                    "stars": said.stars,
                }
                entries.append(self.fresh.entry(f"product:{one}", "certificate.record", **details))
        self.fresh.insert(audit.AuditEntry, entries)
        self.fresh.insert(Fact, facts)

    def _certificate(self, plan: Plan, product_id: int) -> dict[str, Any] | None:
        """The first recognition of a new product, written as `catalog.certificates` writes it."""
        said = plan.recognition
        if said is None or not said.says_anything:
            return None
        return {
            "product_id": product_id,
            "decision_number": said.number,
            "issued_on": said.issued_on,
            "issuer": said.issuer,
            "issuing_level": said.level if said.is_verifiable else None,
            "stars": said.stars,
            "score": said.score,
            "rating_year": said.rating_year,
            "valid_to": valid_to(said.issued_on) if said.issued_on else None,
            "source": plan.product["source"],
            "created_at": self.now,
        }

    def _update(self, plan: Plan, product: Product, maker: Producer) -> bool:
        """Bring a known product up to date; a row that names no maker leaves the maker as it is."""
        changed = False
        if product.producer_id != maker.id and plan.knows_maker:
            if not product.producer.code.startswith("unknown:"):
                raise Taken("code", producer=product.producer.name)
            product.producer_id = maker.id
            product.updated_at = self.now
            self._tell(f"product:{product.id}", "product.producer", producer_id=maker.id)
            announce(self.session, "product.changed", product_id=product.id)
            self.session.flush()
            changed = True
        values = {name: plan.product[name] for name in ("name", "source")}
        if any(getattr(product, name) != value for name, value in values.items()):
            changed |= update_product(
                self.session, product.id, values, actor=self.actor, on=self.on, now=self.now
            )
        if plan.recognition and plan.recognition.says_anything:
            changed |= self._recertify(plan, plan.recognition, product)
        return changed

    def _recertify(self, plan: Plan, said: Recognition, product: Product) -> bool:
        known = product.certificates
        source = plan.product["source"]
        if said.is_verifiable and said.number and said.issued_on and said.stars:
            for one in known:
                if (one.decision_number, one.issued_on) == (said.number, said.issued_on):
                    if one.stars != said.stars:
                        raise Taken("stars", recorded=one.stars)
                    return self._add_score(one, said)
            record_certificate(
                self.session,
                product.id,
                decision_number=said.number,
                issued_on=said.issued_on,
                issuer=said.issuer,
                issuing_level=said.level,
                stars=said.stars,
                score=said.score,
                rating_year=said.rating_year,
                source=source,
                actor=self.actor,
                on=self.on,
                now=self.now,
            )
            return True
        values: dict[str, Any] = {
            "stars": said.stars,
            "rating_year": said.rating_year,
            "decision_number": said.number,
            "issued_on": said.issued_on,
        }
        loose = [one for one in known if one.decision_number is None or one.issued_on is None]
        if not loose:
            if any(one.stars == said.stars and one.decision_number == said.number for one in known):
                return False
            record_unverified(
                self.session, product.id, **values, source=source, actor=self.actor, now=self.now
            )
            return True
        if all(getattr(loose[0], name) == value for name, value in values.items()):
            return False
        for name, value in values.items():
            setattr(loose[0], name, value)
        announce(self.session, "certificate.recorded", product_id=product.id)
        return True

    def _add_score(self, certificate: Certificate, said: Recognition) -> bool:
        """The points of a decision recorded without them; points that are there stay."""
        if certificate.score is not None or said.score is None:
            return False
        certificate.score = said.score
        subject = f"product:{certificate.product_id}"
        self._tell(
            subject, "certificate.score", certificate_id=certificate.id, score=str(said.score)
        )
        announce(self.session, "certificate.recorded", product_id=certificate.product_id)
        return True

    def _tell(self, subject: str, action: str, **details: object) -> None:
        audit.record(self.session, self.actor, action, subject=subject, now=self.now, **details)
