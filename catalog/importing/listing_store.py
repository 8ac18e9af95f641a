"""Storing the listings of a catalogue a chunk at a time: what is new in bulk, what is known only where it differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from catalog.certificates import record_unverified
from catalog.importing.fresh_rows import FreshRows, Row, fact
from catalog.importing.known_texts import KnownTexts
from catalog.importing.listings import LABEL_TEXTS, Listing
from catalog.importing.maker_facts import MAKER_FACTS, still_missing
from catalog.importing.report import RowRejected
from catalog.models import (
    Certificate,
    Package,
    Producer,
    Product,
    ProductAllergen,
    Translation,
)
from catalog.models.translation import TranslationEntry
from catalog.producers import update_producer
from catalog.products import set_allergens, set_package, update_product
from catalog.publishing import judged_together
from catalog.rules.translation import digest
from catalog.translating import set_translation
from core import audit
from core.actor import Actor
from core.facts import Fact

_OPTIONAL = (
    *("ingredients", "summary", "description", "usage", "storage_note", "season"),
    *(*LABEL_TEXTS, "lead_time_days"),
)


class ListingStore:
    """Stores listings as drafts; remembers addresses over the chunks of one import."""

    def __init__(self, session: Session, *, actor: Actor, on: date, now: datetime) -> None:
        """Begin an import by `actor` that judges dates as of `on`."""
        self.session, self.actor, self.on, self.now = session, actor, on, now
        self.fresh = FreshRows(session, actor=actor, now=now)

    def forget(self) -> None:
        """A savepoint was rolled back: what was remembered of it is not there."""
        self.fresh.forget()

    def store(self, listings: Sequence[Listing]) -> list[tuple[str, int]]:
        """(created, updated or same; product id) of each, in their order; raises what a bad one raises."""
        makers = self._makers(listings)
        known = {
            product.code: product
            for product in self.session.scalars(
                select(Product)
                .where(Product.code.in_({listing.code for listing in listings}))
                .options(
                    selectinload(Product.packages),
                    selectinload(Product.allergens),
                    selectinload(Product.certificates),
                    selectinload(Product.producer),
                )
            )
        }
        created = self._create([one for one in listings if one.code not in known], makers)
        texts = KnownTexts(self.session, [product.id for product in known.values()])
        outcomes: list[tuple[str, int]] = []
        with judged_together(self.session, on=self.on), self.session.no_autoflush:
            for listing in listings:
                product = known.get(listing.code)
                if product is None:
                    outcomes.append(("created", created[listing.code]))
                else:
                    changed = self._update(listing, product, makers[listing.maker_code], texts)
                    outcomes.append(("updated" if changed else "same", product.id))
        self.session.flush()
        return outcomes

    def _makers(self, listings: Sequence[Listing]) -> dict[str, Producer]:
        makers = self.fresh.known_makers({listing.maker_code for listing in listings})
        fresh: dict[str, Producer] = {}
        for listing in listings:
            if known := makers.get(listing.maker_code):
                self._complete(known, listing, is_new=listing.maker_code in fresh)
                continue
            if not listing.maker["name"]:
                listing.row.refuse("producer_code", "refused", why="no_such_producer")
                problems = list(listing.row.problems)
                listing.row.problems.clear()
                raise RowRejected(problems)
            maker = self.fresh.new_maker(listing.maker_code, listing.maker)
            makers[listing.maker_code] = fresh[listing.maker_code] = maker
        self.fresh.add_makers(fresh.values())
        return makers

    def _complete(self, maker: Producer, listing: Listing, *, is_new: bool) -> None:
        """Numbers and addresses a file tells of a maker fill what is empty, never overwrite."""
        said = {name: text for name, text in listing.maker.items() if name in MAKER_FACTS}
        changes = still_missing(maker, said)
        if is_new:
            for name, value in changes.items():
                setattr(maker, name, value)
        elif changes:
            who: dict[str, Any] = {"actor": self.actor, "on": self.on, "now": self.now}
            update_producer(self.session, maker.id, changes, **who)

    def _create(
        self, listings: Sequence[Listing], makers: Mapping[str, Producer]
    ) -> dict[str, int]:
        """New drafts with everything that belongs to them, one statement for each table."""
        if not listings:
            return {}
        ids = self.fresh.add_products(
            [self._product(listing, makers[listing.maker_code]) for listing in listings]
        )
        parts: dict[type[Any], list[Row]] = {
            table: []
            for table in (
                *(Package, ProductAllergen, Certificate, Translation, TranslationEntry),
                *(audit.AuditEntry, Fact),
            )
        }
        for listing in listings:
            self._add_parts(parts, listing, ids[listing.code])
        for table, rows in parts.items():
            self.fresh.insert(table, rows)
        return ids

    def _product(self, listing: Listing, maker: Producer) -> Row:
        return {
            **dict.fromkeys(_OPTIONAL),
            **listing.product,
            "code": listing.code,
            "producer_id": maker.id,
            "is_illustrative": maker.is_illustrative,
            "price_from_minor": listing.package["price_minor"],
            "allergens_state": listing.allergens.state,
        }

    def _add_parts(
        self, parts: dict[type[Any], list[Row]], listing: Listing, product_id: int
    ) -> None:
        """The rows beside the product's own, as the use cases would write them one by one."""
        package = {"gtin": None, "gtin_is_internal": False, **listing.package}
        parts[Package].append({**package, "product_id": product_id, "sku": listing.sku})
        parts[ProductAllergen] += [
            {"product_id": product_id, "code": code, "containment": containment}
            for code, containment in _containment(listing).items()
        ]
        if listing.stars is not None:
            parts[Certificate].append(
                {
                    "product_id": product_id,
                    "stars": listing.stars,
                    "source": listing.row.text("source_site"),
                    "created_at": self.now,
                }
            )
        self._add_texts(parts, listing, product_id)
        self._add_tidings(parts, listing, product_id)

    def _add_texts(
        self, parts: dict[type[Any], list[Row]], listing: Listing, product_id: int
    ) -> None:
        digests: dict[str, str] = {}
        for text in listing.texts:
            source = listing.product.get(text.field)
            made_from = digests.setdefault(text.field, "") or digest(source)
            digests[text.field] = made_from
            said: Row = {
                "entity_kind": "product",
                "entity_id": product_id,
                "field": text.field,
                "locale": text.locale,
                "text": text.text,
                "status": text.status,
                "source_digest": made_from,
                "is_stale": False,
                "author": self.actor.name,
            }
            parts[Translation].append({**said, "updated_at": self.now})
            parts[TranslationEntry].append(
                {**said, "source_text": source, "origin": "import", "at": self.now}
            )

    def _add_tidings(
        self, parts: dict[type[Any], list[Row]], listing: Listing, product_id: int
    ) -> None:
        """The journal and the facts: what each part is, once for each product."""
        subject = f"product:{product_id}"
        entries, facts = parts[audit.AuditEntry], parts[Fact]
        entries.append(self.fresh.entry(subject, "product.create", fields=sorted(listing.product)))
        fields = sorted(listing.package)
        entries.append(self.fresh.entry(subject, "package.edit", sku=listing.sku, fields=fields))
        if listing.allergens.state != "unknown":
            named = _containment(listing)
            entries.append(
                self.fresh.entry(
                    subject, "product.allergens", state=listing.allergens.state, named=named
                )
            )
        if listing.texts:
            texts = [f"{text.field}:{text.locale}" for text in listing.texts]
            entries.append(
                self.fresh.entry(subject, "translation.edit", texts=texts, origin="import")
            )
        facts.append(fact("product.changed", product_id=product_id))
        if listing.stars is not None:
            facts.append(fact("certificate.recorded", product_id=product_id))

    def _update(
        self, listing: Listing, product: Product, maker: Producer, texts: KnownTexts
    ) -> bool:
        """Bring a known product up to date, part by part, only where the row says something else."""
        if product.producer_id != maker.id:
            listing.row.refuse("code", "taken", producer=product.producer.name)
            problems = list(listing.row.problems)
            listing.row.problems.clear()
            raise RowRejected(problems)
        who: dict[str, Any] = {"actor": self.actor, "now": self.now}
        values = {**listing.product, "is_illustrative": maker.is_illustrative}
        package = next((one for one in product.packages if one.sku == listing.sku), None)
        wanted = _besides(product, package, listing)
        changed = False
        if _differs(product, values):
            changed |= update_product(self.session, product.id, values, on=self.on, **who)
        if package is None or _differs(package, wanted):
            said = {n: v for n, v in wanted.items() if n != "gtin_is_internal"}
            set_package(self.session, product.id, listing.sku, said, on=self.on, **who)
            changed = True
        if listing.states_allergens:
            changed |= self._restate(listing, product, who)
        changed |= self._retell(listing, product, texts, who)
        if listing.stars is not None and not product.certificates:
            record_unverified(
                self.session,
                product.id,
                stars=listing.stars,
                rating_year=None,
                decision_number=None,
                issued_on=None,
                source=listing.row.text("source_site"),
                **who,
            )
            changed = True
        return changed

    def _restate(self, listing: Listing, product: Product, who: dict[str, Any]) -> bool:
        wanted = (listing.allergens.state, _containment(listing))
        present = {row.code: row.containment for row in product.allergens}
        if (product.allergens_state, present) == wanted:
            return False
        return set_allergens(
            self.session,
            product.id,
            state=listing.allergens.state,
            contains=listing.allergens.contains,
            may_contain=listing.allergens.may_contain,
            on=self.on,
            **who,
        )

    def _retell(
        self, listing: Listing, product: Product, texts: KnownTexts, who: dict[str, Any]
    ) -> bool:
        changed = False
        for text in listing.texts:
            if texts.says(product, text):
                continue
            set_translation(
                self.session,
                entity_kind="product",
                entity_id=product.id,
                field=text.field,
                locale=text.locale,
                text=text.text,
                status=text.status,
                origin="import",
                **who,
            )
            changed = True
        return changed


def _containment(listing: Listing) -> dict[str, str]:
    said = listing.allergens
    wanted = dict.fromkeys(sorted(said.may_contain), "may_contain")
    return wanted | dict.fromkeys(sorted(said.contains), "contains")


def _besides(product: Product, package: Package | None, listing: Listing) -> Mapping[str, Any]:
    """What a row says of its package; words printed for the same content, and the tax of the same class, stay."""
    values = dict(listing.package)
    if package is None:
        return values
    if all(getattr(package, n) == values[n] for n in ("net_content", "unit", "count")):
        values.pop("label")
    if listing.product["vat_class"] in (None, product.vat_class):
        values.pop("vat_rate_bp")
    return values


def _differs(row: Product | Package, values: Mapping[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())
