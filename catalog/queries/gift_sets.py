"""Gift sets with what their parts say: read by the shop, the cart and the desks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, bindparam, case, cast, literal, select, union_all
from sqlalchemy.orm import Session

from catalog.errors import GiftSetNotFound
from catalog.models import GiftSet, GiftSetPart, MarketVerdict, ProductAllergen
from catalog.queries.listing import chain, media, package, producer, product
from catalog.queries.pictures import PICTURE_COLUMNS, is_shown, read_main_picture, with_text
from catalog.rules.fallback import Text
from catalog.rules.gift_sets import PartFacts
from catalog.rules.own_texts import read_text
from catalog.rules.pictures import Picture

_set: Any = GiftSet.__table__
_part: Any = GiftSetPart.__table__
_allergen: Any = ProductAllergen.__table__
_verdict: Any = MarketVerdict.__table__
_SET = (
    _set.c.id,
    _set.c.slug,
    _set.c.name,
    _set.c.summary,
    _set.c.texts,
    _set.c.state,
    _set.c.is_illustrative,
    _set.c.updated_at,
    _set.c.producer_id,
    producer.c.name,
    producer.c.slug,
)
_PART = (
    _part.c.package_id,
    _part.c.quantity,
    product.c.id,
    product.c.subgroup_code,
    product.c.allergens_state,
    product.c.packshot,
)
_PARTS_FROM = len(_SET) + len(PICTURE_COLUMNS)


@dataclass(frozen=True, slots=True)
class SetPart:
    """So many of a package in a set."""

    package_id: int
    quantity: int
    product_id: int
    subgroup_code: str | None
    allergens_state: str
    packshot: str


@dataclass(frozen=True, slots=True)
class GiftSetView:
    """A set in one language with its parts; prices, stars and stock are asked of the parts."""

    id: int
    slug: str
    name: Text
    summary: Text | None
    state: str
    is_illustrative: bool
    updated_at: datetime
    producer_name: str | None
    producer_slug: str | None
    picture: Picture | None
    parts: tuple[SetPart, ...]


_SETS = (
    select(*_SET, *PICTURE_COLUMNS, *_PART)
    .select_from(
        _set.outerjoin(producer, producer.c.id == _set.c.producer_id)
        .outerjoin(media, and_(media.c.id == _set.c.media_id, is_shown(media)))
        .join(_part, _part.c.gift_set_id == _set.c.id)
        .join(package, package.c.id == _part.c.package_id)
        .join(product, product.c.id == package.c.product_id)
    )
    .order_by(_set.c.id.desc(), _part.c.position, _part.c.id)
)
_MADE_THERE = (
    select(_part.c.gift_set_id)
    .join(package, package.c.id == _part.c.package_id)
    .join(product, product.c.id == package.c.product_id)
    .join(producer, producer.c.id == product.c.producer_id)
    .where(producer.c.province_code == bindparam("province_code"))
)
_FACTS = union_all(
    select(
        literal("allergen"),
        _allergen.c.product_id,
        _allergen.c.code,
        _allergen.c.containment,
        literal(0),
    ).where(_allergen.c.product_id.in_(bindparam("ids", expanding=True))),
    select(
        literal("verdict"),
        _verdict.c.product_id,
        _verdict.c.market,
        cast(_verdict.c.reasons, String),
        case((_verdict.c.allowed.is_(True), 1), else_=0),
    ).where(_verdict.c.product_id.in_(bindparam("ids", expanding=True))),
)


def list_gift_sets(
    session: Session,
    *,
    locale: str,
    owner: tuple[int | None] | None = None,
    province_code: str | None = None,
    limit: int = 60,
) -> list[GiftSetView]:
    """Published sets, the newest first; with `owner` all of one producer's ((None,): the office's).

    With `province_code` those with something made there. One statement.
    """
    query = _SETS
    chosen = select(_set.c.id).order_by(_set.c.id.desc()).limit(limit)
    if owner is None:
        chosen = chosen.where(_set.c.state == "published")
    else:
        chosen = chosen.where(_set.c.producer_id.is_not_distinct_from(owner[0]))
    if province_code is not None:
        chosen = chosen.where(_set.c.id.in_(_MADE_THERE.params(province_code=province_code)))
    rows = session.execute(query.where(_set.c.id.in_(select(chosen.subquery().c.id)))).all()
    return _read(rows, locale)


def get_gift_set(session: Session, slug: str, *, locale: str) -> GiftSetView:
    """A published set by its address; raises GiftSetNotFound. One statement, two with a photograph."""
    rows = session.execute(_SETS.where(_set.c.slug == slug, _set.c.state == "published")).all()
    if not rows:
        raise GiftSetNotFound(slug=slug)
    found = _read(rows, locale)[0]
    if found.picture:
        found = replace(found, picture=with_text(session, found.picture, chain(locale)))
    return found


def load_part_facts(session: Session, parts: Sequence[SetPart]) -> list[PartFacts]:
    """Allergens and verdicts of the parts, in their order. One statement."""
    contained: dict[tuple[int, str], set[str]] = {}
    verdicts: dict[int, dict[str, Any]] = {}
    ids = sorted({part.product_id for part in parts})
    for kind, product_id, code, said, allowed in session.execute(_FACTS, {"ids": ids}):
        if kind == "allergen":
            contained.setdefault((product_id, said), set()).add(code)
        else:
            reasons = tuple((one["code"], one.get("facts", {})) for one in json.loads(said))
            verdicts.setdefault(product_id, {})[code] = bool(allowed), reasons
    return [_facts(part, contained, verdicts.get(part.product_id, {})) for part in parts]


def _facts(
    part: SetPart, contained: Mapping[tuple[int, str], set[str]], verdicts: Mapping[str, Any]
) -> PartFacts:
    return PartFacts(
        subgroup_code=part.subgroup_code,
        state=part.allergens_state,
        contains=frozenset(contained.get((part.product_id, "contains"), ())),
        may_contain=frozenset(contained.get((part.product_id, "may_contain"), ())),
        verdicts=verdicts,
    )


def _read(rows: Sequence[Any], locale: str) -> list[GiftSetView]:
    parts: dict[int, list[SetPart]] = {}
    heads: dict[int, Sequence[Any]] = {}
    for row in rows:
        heads.setdefault(row[0], row)
        parts.setdefault(row[0], []).append(SetPart(*row[_PARTS_FROM:]))
    tried = chain(locale)
    return [
        GiftSetView(
            id=number,
            slug=row[1],
            name=read_text("name", row[2], row[4], tried) or Text(row[2], "vi"),
            summary=read_text("summary", row[3], row[4], tried),
            state=row[5],
            is_illustrative=row[6],
            updated_at=row[7],
            producer_name=row[9],
            producer_slug=row[10],
            picture=read_main_picture(row[len(_SET) : _PARTS_FROM]),
            parts=tuple(parts[number]),
        )
        for number, row in heads.items()
    ]
