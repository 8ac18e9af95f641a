"""What a question of the producers' desk is: its words, its form, how it is filled and how it is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session
from wtforms import Form

from catalog.models import Package, Product
from catalog.products import update_product
from core.actor import Actor
from core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Doing:
    """Who saves an answer, when, and for which package where that matters."""

    actor: Actor
    on: date
    now: datetime
    sku: str

    @property
    def use(self) -> dict[str, Any]:
        """The arguments every use case takes."""
        return {"actor": self.actor, "on": self.on, "now": self.now}


@dataclass(frozen=True, slots=True)
class Step:
    """One question about a product or a producer.

    `doubts` are sentences about a stored answer that is allowed but probably wrong. `extra` is a
    template with a line for each field's hint or for what the stored answer looks like to buyers.
    """

    key: str
    title: Any
    lead: Any
    form: type[Form]
    read: Callable[[Session, Any, str], dict[str, Any]]
    keep: Callable[[Session, Any, Any, Doing], None]
    fits: Callable[[Any], bool] = lambda _row: True
    adapt: Callable[[Any, Any], None] = lambda _form, _row: None
    doubts: Callable[[Any, str], list[str]] = lambda _row, _sku: []
    extra: str = ""
    group: str = "first"


class NoSuchQuestion(NotFound):
    """There is no question of this name."""


def package_of(product: Product, sku: str) -> Package | None:
    """The package with that SKU, else the first on sale; None for a product without one, or "new"."""
    if sku == "new":
        return None
    active = [package for package in product.packages if package.active]
    return next((p for p in active if p.sku == sku), active[0] if active else None)


def has_package(product: Product) -> bool:
    """Whether a question about a package can be asked."""
    return package_of(product, "") is not None


def needed_package(product: Product, sku: str) -> Package:
    """The package a question is about; raises NoSuchQuestion without one."""
    package = package_of(product, sku)
    if package is None:
        raise NoSuchQuestion(question="package")
    return package


def tidy(value: Any) -> Any:
    """Text without blanks around it and with plain ends of lines; nothing is None."""
    if not isinstance(value, str):
        return value
    return value.replace("\r\n", "\n").strip() or None


def columns(*names: str) -> tuple[Callable[..., dict[str, Any]], Callable[..., None]]:
    """How plain columns of the product are shown and kept."""

    def read(_session: Session, product: Product, _sku: str) -> dict[str, Any]:
        return {name: getattr(product, name) for name in names}

    def keep(session: Session, product: Product, form: Any, doing: Doing) -> None:
        changes = {name: tidy(form[name].data) for name in names}
        update_product(session, product.id, changes, **doing.use)

    return read, keep
