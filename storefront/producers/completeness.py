"""How complete a product's record is for each purpose, and where to fill in what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, url_for
from flask.typing import ResponseReturnValue

from catalog.models import Product
from catalog.queries.completeness import judge_record
from catalog.rules.completeness import Completeness, partner_purpose
from feeds import profiles
from storefront.access import requires
from storefront.extensions import db, settings
from storefront.need_words import need_sentence, purpose_title
from storefront.producers import desk
from storefront.producers.steps import STEPS
from storefront.rendering import render_page


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing to do, what it weighs, and where it is done."""

    sentence: str
    address: str
    blocks: bool
    weight: int


@dataclass(frozen=True, slots=True)
class PurposeCard:
    """One purpose with its score from 0 to 100."""

    code: str
    title: str
    score: int
    suffices: bool
    missing: tuple[Missing, ...]


@requires(*desk.TEAM)
def completeness(product_id: int) -> ResponseReturnValue:
    """The record of one product, judged for the shop, the markets and the supermarkets."""
    product = desk.own_product(product_id)
    return render_page("producers/completeness.html", product=product, cards=_cards(product))


def _cards(product: Product) -> list[PurposeCard]:
    folder = settings().partners_dir
    partners = [profiles.load(code, folder) for code in profiles.codes(folder)]
    wanted = [
        partner_purpose(
            one.code, one.required, internal_numbers=one.accepts_restricted_circulation_numbers
        )
        for one in partners
        if (product.subgroup_code or "")[:1] in one.groups
    ]
    names = {one.code: one.name for one in partners}
    judged = judge_record(db.session(), product.id, on=g.today, partners=wanted)
    return [_card(one, product, names) for one in judged]


def _card(judged: Completeness, product: Product, names: dict[str, str]) -> PurposeCard:
    return PurposeCard(
        code=judged.purpose,
        title=purpose_title(judged.purpose, names),
        score=judged.score,
        suffices=judged.suffices,
        missing=tuple(
            Missing(
                need_sentence(need.code), _address(need.code, product), need.blocks, need.weight
            )
            for need in judged.missing
        ),
    )


def _address(code: str, product: Product) -> str:
    """Where a need is met; the product's own page when no question of ours asks for it."""
    name, _colon, argument = code.partition(":")
    if name in {"province", "producer_address"}:
        return url_for("producers.place", producer_id=product.producer_id, product=product.id)
    if name in {"food_safety", "document"}:
        return url_for("producers.paper", producer_id=product.producer_id, product=product.id)
    if name == "star_claim":
        return url_for("producers.certificate", product_id=product.id)
    if name == "translation":
        tag = argument.partition("|")[0]
        return url_for("producers.translate", kind="product", number=product.id, tag=tag)
    key = _ASKED_IN.get(name, name)
    if key in STEPS:
        return url_for("producers.step", product_id=product.id, key=key)
    return url_for("producers.product", product_id=product.id)


_ASKED_IN = {
    "category": "group",
    "packages": "package",
    "price": "package",
    "net_content": "package",
    "abv": "package",
    "shelf_life": "keeping",
    "storage": "keeping",
    "ingredient_rows": "ingredients",
    "summary": "name",
    "short_name": "name",
}
