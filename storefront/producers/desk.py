"""What all pages of the producers' desk share: who acts for whom, forms, and edits that collide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from flask import flash, g, request
from wtforms import Form

from catalog.errors import InvalidFields
from catalog.models import Product
from catalog.queries.own_products import load_own_product
from core.actor import Actor, Role
from core.people.permissions import require
from i18n.catalogue import gettext as _
from storefront.extensions import db
from storefront.reading import read_number

TEAM = (Role.PRODUCER, Role.OFFICE)
"""Who works at this desk: the producers, and officers who help them."""

F = TypeVar("F", bound=Form)


def acting_for(producer_id: int) -> Actor:
    """Who acts; an officer who helps a producer is noted as acting for it."""
    actor: Actor = g.actor
    if producer_id in actor.producer_ids:
        return actor
    return replace(actor, acting_for=f"producer:{producer_id}")


def may_see_producer(producer_id: int) -> None:
    """Raise NotAllowed unless the producer is the person's own (or the person is an officer)."""
    require(g.actor, "producer.view", producer_id=producer_id)


def own_product(product_id: int, *, lock: bool = False) -> Product:
    """The product, when it belongs to the person's producer; raises ProductNotFound, NotAllowed."""
    product = load_own_product(db.session(), product_id, lock=lock)
    require(g.actor, "product.view", producer_id=product.producer_id)
    return product


def make_form(kind: type[F], data: Mapping[str, Any] | None = None) -> F:
    """The form with its choices in the spoken language, from what was sent or from `data`."""
    sent = request.form if request.method == "POST" else None
    form: F = kind(sent, data=dict(data or {}))
    offer = getattr(form, "offer", None)
    if offer is not None:
        offer()
    return form


def seen_version() -> int | None:
    """The version of the thing that the form showed."""
    return read_number(request.form.get("version", ""))


def product_to_return_to() -> int | None:
    """The product whose page led here, if one did."""
    return read_number(request.values.get("product", ""))


def show_mistakes(form: Any, refusal: InvalidFields) -> None:
    """Put a refusal of the catalogue beside the fields it is about, or on the form's first field."""
    fields = {"shelf_life_days", "subgroup_code", "province_code", *form._fields}  # noqa: SLF001
    for name, code in refusal.mistakes.items():
        target = name if name in fields and name in form else next(iter(form)).name
        form[target].errors = [*form[target].errors, mistake_sentence(code)]


def mistake_sentence(code: str) -> str:
    """What a code of the catalogue means to the person who filled in the form."""
    sentences = {
        "missing": _("Please fill this in."),
        "not_positive": _("This must be more than zero."),
        "in_future": _("This day has not come yet."),
        "too_old": _("This day is too long ago."),
        "before_issued_on": _("This is before the date of issue."),
        "out_of_range": _("This number is not possible here."),
        "unknown_issuer": _(
            "Write who signed the decision, such as the province's People's Committee."
        ),
    }
    return sentences.get(code) or _("This cannot be right. Please check it.")


def written(field: Any) -> str:
    """What a field says, in words, to show somebody else's answer beside one's own."""
    if field.type in ("SelectField", "RadioField", "TickField"):
        chosen = field.data if isinstance(field.data, list) else [field.data]
        return ", ".join(str(c.label) for c in field.choices if c.value in chosen) or "–"
    shown = field._value()  # noqa: SLF001 - WTForms' own rendering of a value
    return str(shown) or "–"


def saved() -> None:
    """Say that the answer is kept."""
    flash(_("Saved."), "good")
