"""How far the texts are translated: per language, and per market as the share of products it can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from catalog.models import Product, Translation
from catalog.models.translation import TRANSLATABLE
from catalog.queries.translatable import MODELS, is_public
from catalog.queries.translations import waiting_drafts
from catalog.reference.market_languages import market_languages
from catalog.rules.fallback import Version, is_shown
from catalog.rules.translation import MarketLanguages, Readiness, is_settled, readiness
from i18n.locales import LOCALES


@dataclass(frozen=True, slots=True)
class LocaleStatus:
    """One language: of `texts` Vietnamese texts how many are reviewed and current, and so on.

    `older` counts reviewed and machine-made texts whose source has changed, `shown` what buyers read,
    `drafts` what waits for a review (also beside a shown text).
    """

    locale: str
    texts: int
    reviewed: int
    machine: int
    older: int
    missing: int
    shown: int
    drafts: int

    @property
    def percent(self) -> int:
        """Reviewed and current, rounded down: only 100 means everything."""
        return 100 * self.reviewed // self.texts if self.texts else 100


@dataclass(frozen=True, slots=True)
class MarketStatus:
    """A market and how many of the products have what its languages need."""

    market: str
    needs: tuple[tuple[str, ...], ...]
    threshold: int
    products: int
    ready: int


@dataclass(frozen=True, slots=True)
class TranslationStatus:
    """Everything published (or the whole register), by language and by market."""

    locales: tuple[LocaleStatus, ...]
    markets: tuple[MarketStatus, ...]

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        return {
            "locales": [{**asdict(one), "percent": one.percent} for one in self.locales],
            "markets": [asdict(one) for one in self.markets],
        }


def get_status(session: Session, *, whole_register: bool = False) -> TranslationStatus:
    """Count the translations of what is published and of its makers. Six statements."""
    sources: dict[tuple[str, int], tuple[str, ...]] = {}
    for kind in TRANSLATABLE:
        sources |= _written(session, kind, whole_register=whole_register)
    products = sum(kind == "product" for kind, _number in sources)
    counted = {tag: Counter[str]() for tag in LOCALES if tag != "vi"}
    ready: Counter[str] = Counter()
    left = dict(sources)
    for key, own in _stored(session):
        if key in left:
            _count(key, left.pop(key), own, counted, ready)
    for key, fields in left.items():
        _count(key, fields, {}, counted, ready)
    drafts = waiting_drafts(session)
    return TranslationStatus(
        locales=tuple(
            LocaleStatus(
                locale=tag,
                drafts=drafts.get(tag, 0),
                **{name: count[name] for name in _COUNTED},
            )
            for tag, count in counted.items()
        ),
        markets=tuple(
            MarketStatus(code, market.needs, market.threshold, products, ready[code])
            for code, market in market_languages().items()
        ),
    )


def product_readiness(
    session: Session, product_id: int, markets: Iterable[str] | None = None
) -> Mapping[str, Readiness]:
    """For one product: by market, whether its languages are there and what is missing. Two statements."""
    product = session.get(Product, product_id)
    if product is None:
        return {}
    fields = tuple(field for field in TRANSLATABLE["product"] if getattr(product, field))
    rows = session.execute(
        select(
            Translation.field,
            Translation.locale,
            Translation.text,
            Translation.status,
            Translation.is_stale,
        ).where(Translation.entity_kind == "product", Translation.entity_id == product_id)
    )
    stored = {(row[0], row[1]): Version(row[2], row[3], row[4]) for row in rows}
    wanted: Mapping[str, MarketLanguages] = market_languages()
    return {
        code: readiness(fields, stored, market)
        for code, market in wanted.items()
        if markets is None or code in markets
    }


def _written(
    session: Session, kind: str, *, whole_register: bool
) -> dict[tuple[str, int], tuple[str, ...]]:
    """Which fields of which things have a Vietnamese text; the texts themselves stay in the database."""
    model = MODELS[kind]
    fields = TRANSLATABLE[kind]
    has = [
        and_(getattr(model, f).is_not(None), getattr(model, f) != "").label(f"has_{f}")
        for f in fields
    ]
    query = select(model.id, *has)
    if not whole_register:
        query = query.where(is_public(kind))
    return {
        (kind, number): tuple(f for f, there in zip(fields, flags, strict=True) if there)
        for number, *flags in session.execute(query)
    }


Own = Mapping[tuple[str, str], Version]
_COUNTED = ("texts", "reviewed", "machine", "older", "missing", "shown")


def _stored(session: Session) -> Iterator[tuple[tuple[str, int], Own]]:
    """What is stored for one thing after the other, never all of it at once."""
    rows = session.execute(
        select(
            Translation.entity_kind,
            Translation.entity_id,
            Translation.field,
            Translation.locale,
            Translation.status,
            Translation.is_stale,
        )
        .order_by(Translation.entity_kind, Translation.entity_id)
        .execution_options(yield_per=5_000)
    )
    for key, group in groupby(rows, key=lambda row: (row[0], row[1])):
        yield key, {(row[2], row[3]): Version("x", row[4], row[5]) for row in group}


def _count(
    key: tuple[str, int],
    fields: tuple[str, ...],
    own: Own,
    counted: Mapping[str, Counter[str]],
    ready: Counter[str],
) -> None:
    for locale, count in counted.items():
        for field in fields:
            count["texts"] += 1
            version = own.get((field, locale))
            if version is None or version.status == "draft":
                count["missing"] += 1
                continue
            count["reviewed"] += is_settled(version)
            count["machine"] += version.status == "machine" and not version.is_stale
            count["older"] += version.is_stale
            count["shown"] += is_shown(field, version.status, is_stale=version.is_stale)
    if key[0] == "product":
        for code, market in market_languages().items():
            ready[code] += readiness(fields, own, market).ready
