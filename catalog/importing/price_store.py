"""Storing the rows of a price list as offers: whose list, which package, what changes; nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from catalog.errors import InvalidFields
from catalog.importing.comparing import Change
from catalog.importing.judged import Judged
from catalog.importing.parsing.places import spelling
from catalog.models import Offer, Package, PriceList, Producer, Product
from catalog.price_list_offers import Terms, put_on_list, terms_of
from catalog.price_lists import create_price_list, put_list_in_force
from catalog.rules.pricing import Tier
from core.actor import Actor
from i18n.text import slugify

_LONGEST_STEM = 48
_GRAMS = {"g": Decimal(1), "kg": Decimal(1000), "ml": Decimal(1), "l": Decimal(1000)}


@dataclass(frozen=True, slots=True)
class PriceTerms:
    """What the person says of a price list; what is left out is read from the file.

    `code` names the list, `kind` is retail or wholesale, `producer_code` the only maker whose goods
    are meant. `in_force` lets the prices hold; without it new lists are drafts, and rows that would
    change a list in force are only proposed.
    """

    code: str = ""
    kind: str = ""
    partner_code: str | None = None
    producer_code: str = ""
    currency: str = ""
    tax_inclusive: bool | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    in_force: bool = False


@dataclass(frozen=True, slots=True)
class PriceOutcome:
    """What became of a row: an outcome of the report, with the reason and what changes."""

    outcome: str
    product_id: int | None = None
    reason: str = ""
    column: str = "name"
    facts: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()


class PriceRefused(Exception):
    """A row is not stored; `answer` says what becomes of it and why."""

    def __init__(self, outcome: str, reason: str, name: str = "name", **facts: Any) -> None:
        """Make the answer."""
        super().__init__(reason)
        self.answer = PriceOutcome(outcome, reason=reason, column=name, facts=facts)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One offer a row asks for."""

    kind: str
    currency: str
    tax_inclusive: bool
    valid_from: date | None
    terms: Terms


class PriceStore:
    """Stores the prices of one file; remembers which lists it has met."""

    def __init__(
        self,
        session: Session,
        terms: PriceTerms,
        *,
        file_name: str,
        actor: Actor,
        on: date,
        now: datetime,
    ) -> None:
        """Begin a file called `file_name`; a list without a code is named after it."""
        self.session, self.said = session, terms
        self.actor, self.on, self.now = actor, on, now
        self.file_name = file_name
        self.by_key: dict[str, list[Package]] = {}

    def look_up(self, rows: Sequence[Judged]) -> None:
        """Load the packages a chunk of rows names by number or article, in one statement."""
        skus = {str(row.values["sku"]) for row in rows if row.values.get("sku")}
        numbers = {str(row.values["gtin"]).zfill(14) for row in rows if row.values.get("gtin")}
        spelled = {number.lstrip("0").zfill(size) for number in numbers for size in (8, 12, 13, 14)}
        query = select(Package).where(or_(Package.sku.in_(skus), Package.gtin.in_(spelled)))
        self.by_key = {}
        for package in self.session.scalars(query.options(joinedload(Package.product))):
            self.by_key.setdefault(f"sku:{package.sku}", []).append(package)
            if package.gtin:
                self.by_key.setdefault(f"gtin:{package.gtin.zfill(14)}", []).append(package)

    def store(self, row: Judged) -> PriceOutcome:
        """Store one row. Raises PriceRefused, InvalidFields for terms no list takes: then roll back."""
        package = self._package(row)
        made = [self._offer(package, wanted) for wanted in self._wanted(row)]
        outcomes = [outcome for outcome, _changes in made]
        changes = tuple(change for _outcome, found in made for change in found)
        outcome = next((one for one in ("created", "updated") if one in outcomes), "same")
        return PriceOutcome(outcome, package.product_id, changes=changes)

    def _package(self, row: Judged) -> Package:
        """The package the row names by its number or its article; a name alone only proposes one."""
        values = row.values
        asked = {
            name: key
            for name, key in (
                ("gtin", f"gtin:{str(values.get('gtin') or '').zfill(14)}"),
                ("sku", f"sku:{values.get('sku')}"),
            )
            if values.get(name)
        }
        found = {p.id: p for key in asked.values() for p in self.by_key.get(key, ())}
        if not found:
            raise self._unknown(row, asked)
        if len(found) > 1:
            skus = sorted(package.sku for package in found.values())
            raise PriceRefused("review", "product_not_sure", next(iter(asked)), skus=skus)
        package = next(iter(found.values()))
        if self._other_content(package, values):
            raise PriceRefused(
                "review",
                "other_content",
                "net_content",
                sku=package.sku,
                product=package.product.name,
            )
        return package

    def _unknown(self, row: Judged, asked: Mapping[str, str]) -> PriceRefused:
        """Nothing has that number: name what is called the same, for a person to compare."""
        key = spelling(str(row.values.get("name", "")))
        query = (
            select(Package.sku, Product.name)
            .join(Product, Product.id == Package.product_id)
            .join(Producer, Producer.id == Product.producer_id)
            .where(Product.name == row.values.get("name"), Package.active)
            .limit(5)
        )
        if self.said.producer_code:
            query = query.where(Producer.code == self.said.producer_code)
        alike = [sku for sku, name in self.session.execute(query) if spelling(name) == key]
        name = next(iter(asked), "name")
        if alike:
            return PriceRefused("review", "product_by_name", name, skus=alike)
        return PriceRefused("rejected", "product_unknown", name)

    @staticmethod
    def _other_content(package: Package, values: Mapping[str, Any]) -> bool:
        kind = "g" if package.unit in ("g", "kg") else "ml" if package.unit in ("ml", "l") else ""
        said = values.get(f"net_{kind}") if kind else None
        if not said:
            return False
        return Decimal(str(said)) != package.net_content * package.count * _GRAMS[package.unit]

    def _wanted(self, row: Judged) -> list[_Wanted]:
        prices = dict(row.prices)
        if self.said.kind:
            # Told which list this is: its own column, or the only one there is.
            own = prices.get(self.said.kind)
            if own is None and len(prices) == 1:
                own = next(iter(prices.values()))
            prices = {self.said.kind: own} if own else {}
        if not prices:
            raise PriceRefused("review", "price_of_no_list", "price_vnd")
        currency = str(row.terms.get("currency") or "VND")
        if self.said.currency not in ("", currency):
            raise PriceRefused("rejected", "other_currency", "price_vnd", currency=currency)
        return [
            self._one(kind, tiers, currency, row.terms) for kind, tiers in sorted(prices.items())
        ]

    def _one(
        self, kind: str, tiers: Mapping[int, int], currency: str, terms: Mapping[str, Any]
    ) -> _Wanted:
        said = self.said
        tax = said.tax_inclusive
        if tax is None:
            tax = bool(terms.get("tax_inclusive", True))
        much = kind == "wholesale"
        return _Wanted(
            kind,
            currency,
            tax,
            said.valid_from or terms.get("valid_from"),
            Terms(
                tuple(Tier(quantity, price) for quantity, price in sorted(tiers.items())),
                said.valid_to or terms.get("valid_to"),
                max(1, int(terms.get("min_order") or 1)) if much else 1,
                max(1, int(terms.get("order_multiple") or 1)) if much else 1,
            ),
        )

    def _offer(self, package: Package, wanted: _Wanted) -> tuple[str, tuple[Change, ...]]:
        listed = self._list_for(package, wanted)
        present = self._present(listed, package, wanted)
        if present is not None and terms_of(present) == wanted.terms:
            return "same", ()
        changes = (self._change(listed, package, wanted, present),)
        if listed.active and not self.said.in_force:
            facts = {"list": listed.code, "old": changes[0].old, "new": changes[0].new}
            raise PriceRefused("review", "list_in_force", "price_vnd", **facts)
        terms = wanted.terms
        put_on_list(
            self.session,
            listed.id,
            package.id,
            terms,
            valid_from=wanted.valid_from or self.on,
            actor=self.actor,
            now=self.now,
        )
        return ("created" if present is None else "updated"), changes

    def _present(self, listed: PriceList, package: Package, wanted: _Wanted) -> Offer | None:
        """The offer the row would change: of that very day, or the one that holds when no day was said."""
        query = select(Offer).where(
            Offer.price_list_id == listed.id, Offer.package_id == package.id
        )
        if wanted.valid_from is not None:
            exact = query.where(Offer.valid_from == wanted.valid_from)
            if (found := self.session.scalar(exact)) is not None:
                return found
        day = wanted.valid_from or self.on
        return self.session.scalar(
            query.where(
                Offer.valid_from <= day, or_(Offer.valid_to.is_(None), Offer.valid_to >= day)
            )
        )

    def _change(
        self, listed: PriceList, package: Package, wanted: _Wanted, present: Offer | None
    ) -> Change:
        if present is not None:
            old = _in_digits(terms_of(present))
        else:
            is_of_package = wanted.kind == "retail" and wanted.currency == package.currency
            old = str(package.price_minor) if is_of_package else ""
        name = "price_minor" if wanted.kind == "retail" else "price_wholesale"
        return Change(name, f"{package.sku}, {listed.code}", old, _in_digits(wanted.terms))

    def _list_for(self, package: Package, wanted: _Wanted) -> PriceList:
        """The list by its code; one that does not exist is opened, as a draft unless told otherwise."""
        maker = package.product.producer_id
        said = self.said
        if said.producer_code and package.product.producer.code != said.producer_code:
            raise PriceRefused("rejected", "other_producer", "producer_name")
        stem = slugify(self.file_name.rpartition(".")[0] or self.file_name)[:_LONGEST_STEM]
        code = said.code or f"{stem.strip('-')}-{wanted.kind}-{maker}"
        listed = self.session.scalar(select(PriceList).where(PriceList.code == code))
        if listed is None:
            listed = create_price_list(
                self.session,
                maker,
                code,
                name=said.code or self.file_name[:120],
                kind=wanted.kind,
                currency=wanted.currency,
                tax_inclusive=wanted.tax_inclusive,
                partner_code=said.partner_code,
                active=False,
                actor=self.actor,
                now=self.now,
            )
        if listed.producer_id != maker:
            raise PriceRefused("rejected", "other_producer", "producer_name", list=code)
        _refuse_other_terms(listed, wanted, said.partner_code)
        if said.in_force and not listed.active:
            put_list_in_force(self.session, listed.id, actor=self.actor, on=self.on, now=self.now)
        return listed


def _refuse_other_terms(listed: PriceList, wanted: _Wanted, partner_code: str | None) -> None:
    """A list keeps its buyers, its money and its tax; rows for others need a list of their own."""
    if (listed.currency, listed.kind) != (wanted.currency, wanted.kind):
        raise PriceRefused("rejected", "other_list", "price_vnd", list=listed.code)
    if listed.tax_inclusive != wanted.tax_inclusive:
        raise PriceRefused("rejected", "other_tax", "price_vnd", list=listed.code)
    if partner_code not in (None, listed.partner_code):
        raise PriceRefused("rejected", "other_list", "price_vnd", list=listed.code)


def refused_terms(error: InvalidFields) -> PriceOutcome:
    """The answer for terms the price list does not take, such as a dearer price for more."""
    name, why = next(iter(error.mistakes.items()))
    return PriceOutcome(
        "rejected", reason="refused", column="price_vnd", facts={"why": why, "of": name}
    )


def _in_digits(terms: Terms) -> str:
    """ "85000" for one price, "12: 80000, 48: 76000" for several."""
    if [tier.from_quantity for tier in terms.tiers] == [1]:
        return str(terms.tiers[0].price_minor)
    return ", ".join(f"{tier.from_quantity}: {tier.price_minor}" for tier in terms.tiers)
