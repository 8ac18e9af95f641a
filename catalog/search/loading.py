"""Knows how documents for search are read from the database, many products in few statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from catalog.models import Producer, Product, Translation
from catalog.queries.certificates import certificate_facts_of
from catalog.queries.listing import shown
from catalog.reference import GROUPS, PROVINCES, SUBGROUPS
from catalog.rules.certification import CertificateFacts, star_claim, valid_to
from catalog.search.document import Claim, ProductDocument
from catalog.search.taxonomy import (
    concepts,
    find_nodes,
    names_of,
    nodes,
    place_key,
    place_names,
    with_parents,
)

_DESCRIBING = ("summary", "description", "ingredients", "usage")


def listed_product_ids(session: Session) -> list[int]:
    """Return the ids of all published products that the publication rule does not withhold.

    Whether ``listed_until`` has passed is judged on the day of the query, not here.
    """
    return list(
        session.scalars(
            select(Product.id)
            .where(Product.state == "published", Product.withheld.is_(False))
            .order_by(Product.id)
        )
    )


def load_documents(session: Session, product_ids: Sequence[int]) -> list[ProductDocument]:
    """Return the documents of those of the products that may be listed; three statements.

    Stars are kept with the days on which they hold, so a document does not depend on the day.
    """
    rows = session.execute(
        select(
            Product.id,
            Product.name,
            Product.slug,
            *(getattr(Product, name) for name in _DESCRIBING),
            Product.subgroup_code,
            Product.price_from_minor,
            Product.published_at,
            Product.listed_until,
            Producer.name.label("producer"),
            Producer.slug.label("producer_slug"),
            Producer.province_code,
            Producer.commune,
            Producer.former_unit,
        )
        .join(Producer, Producer.id == Product.producer_id)
        .where(
            Product.id.in_(product_ids),
            Product.state == "published",
            Product.withheld.is_(False),
        )
        .order_by(Product.id)
    ).all()
    ids = [row.id for row in rows]
    texts = _translations(session, ids)
    claims = _claims(session, ids)
    return [_document(row, texts[row.id], claims[row.id]) for row in rows]


def _document(
    row: Row[Any], texts: dict[str, dict[str, list[str]]], claims: tuple[Claim, ...]
) -> ProductDocument:
    names = {"vi": row.name} | {
        tag: found["name"][0] for tag, found in texts.items() if found["name"]
    }
    descriptions = {"vi": _join(getattr(row, name) for name in _DESCRIBING)}
    descriptions |= {tag: _join(found["text"]) for tag, found in texts.items() if found["text"]}
    subgroup = row.subgroup_code or ""
    group = SUBGROUPS[subgroup].group if subgroup in SUBGROUPS else ""
    places = _places(row)
    found = find_nodes(row.name)
    taxonomy = names_of(with_parents(found.main))
    _extend(taxonomy, place_names(" . ".join([row.name, *places])))
    for listed in (SUBGROUPS.get(subgroup), GROUPS.get(group)):
        if listed is not None:
            _extend(taxonomy, {tag: [name] for tag, name in listed.names.items()})
    if row.province_code in PROVINCES:
        _extend(taxonomy, {t: [n] for t, n in PROVINCES[row.province_code].names.items()})
    return ProductDocument(
        product_id=row.id,
        names=names,
        descriptions={tag: text for tag, text in descriptions.items() if text},
        taxonomy=_frozen(taxonomy),
        minor_taxonomy=_frozen(names_of(found.other)),
        concepts=concepts(
            found.main,
            found.other,
            [place_key(place) for place in places],
            ". ".join([row.name, *places]),
        ),
        producer=row.producer,
        places=places,
        province=row.province_code or "",
        group=group,
        subgroup=subgroup,
        claims=claims,
        price=row.price_from_minor or 0,
        published=int(row.published_at.timestamp()) if row.published_at else 0,
        listed_until=row.listed_until,
        slug=row.slug,
        producer_slug=row.producer_slug,
        types=tuple(key for key in with_parents(found.main) if not nodes()[key].is_wish),
    )


def _places(row: Row[Any]) -> tuple[str, ...]:
    """Return commune, former unit and the province under its new and, if unsure, old names."""
    province = PROVINCES.get(row.province_code or "")
    found = [row.commune, row.former_unit]
    if province is not None:
        found.append(province.names["vi"])
        if not row.former_unit:
            found += province.former
    return tuple(dict.fromkeys(place for place in found if place))


def _translations(
    session: Session, ids: Sequence[int]
) -> defaultdict[int, dict[str, dict[str, list[str]]]]:
    found: defaultdict[int, dict[str, dict[str, list[str]]]] = defaultdict(dict)
    for row in session.execute(
        select(Translation.entity_id, Translation.locale, Translation.field, Translation.text)
        .where(
            Translation.entity_kind == "product",
            Translation.entity_id.in_(ids),
            shown(Translation.__table__),
            Translation.field.in_(("name", *_DESCRIBING)),
        )
        .order_by(Translation.entity_id, Translation.locale, Translation.field)
    ):
        own = found[row.entity_id].setdefault(row.locale, {"name": [], "text": []})
        own["name" if row.field == "name" else "text"].append(row.text)
    return found


def _claims(session: Session, ids: Sequence[int]) -> defaultdict[int, tuple[Claim, ...]]:
    found: defaultdict[int, tuple[Claim, ...]] = defaultdict(tuple)
    facts = certificate_facts_of(session, Product.id.in_(ids))
    for product_id, certificates in facts.items():
        found[product_id] = claims_by_day(certificates)
    return found


def claims_by_day(certificates: Sequence[CertificateFacts]) -> tuple[Claim, ...]:
    """Return the stars of every span of days, as `star_claim` would judge each of its days."""
    one = timedelta(days=1)
    turns: set[date] = set()
    for facts in certificates:
        turns |= {day for day in (facts.issued_on, facts.revoked_on) if day}
        last = facts.valid_to or (valid_to(facts.issued_on) if facts.issued_on else None)
        if last:
            turns.add(last + one)
    days = sorted(turns)
    found = []
    for start, end in zip(days, days[1:], strict=False):
        claim = star_claim(certificates, start)
        if claim is not None:
            found.append(Claim(claim.stars, start, end - one))
    return tuple(found)


def _extend(names: dict[str, list[str]], more: dict[str, list[str]]) -> None:
    for locale, found in more.items():
        names.setdefault(locale, []).extend(found)


def _frozen(names: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {locale: tuple(dict.fromkeys(found)) for locale, found in names.items()}


def _join(texts: Iterable[str | None]) -> str:
    return " . ".join(text for text in texts if text)


def products_of_producer(session: Session, producer_id: int) -> list[int]:
    """Return the ids of a producer's products, published or not."""
    return list(session.scalars(select(Product.id).where(Product.producer_id == producer_id)))
