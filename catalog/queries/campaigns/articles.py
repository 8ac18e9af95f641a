"""News and guides as visitors read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Article, Media
from catalog.queries.campaigns.texts import Told, read_told
from catalog.queries.errors import CampaignNotFound
from catalog.queries.listing import chain, translation
from catalog.queries.pictures import StoredPicture
from catalog.rules.fallback import Text, Version
from catalog.rules.pictures import Picture

PER_PAGE = 20
article = Article.__table__
_media = Media.__table__


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article; `body` is Markdown, and None in lists."""

    id: int
    slug: str
    kind: str
    name: Text
    summary: Text | None
    body: Text | None
    published_on: date
    updated_at: datetime
    is_illustrative: bool
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class ArticleList:
    """One page of articles, the newest first; `has_more` when older ones follow."""

    articles: tuple[ArticleView, ...]
    page: int
    has_more: bool


def list_articles(
    session: Session,
    *,
    locale: str,
    on: date,
    kind: str | None = None,
    page: int = 1,
    per_page: int = PER_PAGE,
) -> ArticleList:
    """Published articles of one kind or all, the newest first. One statement."""
    chosen = (
        select(article)
        .where(article.c.state == "published", article.c.published_on <= on)
        .order_by(article.c.published_on.desc(), article.c.id.desc())
        .offset((page - 1) * per_page)
        .limit(per_page + 1)
    )
    if kind is not None:
        chosen = chosen.where(article.c.kind == kind)
    told = read_told(
        session,
        chosen,
        "article",
        locale=locale,
        order=lambda c: [c.published_on.desc(), c.id.desc()],
    )
    return ArticleList(tuple(_read(one) for one in told[:per_page]), page, len(told) > per_page)


def get_article(session: Session, slug: str, *, locale: str, on: date) -> ArticleView:
    """A published article; raises CampaignNotFound. Two statements, one without a picture."""
    chosen = select(article).where(
        article.c.slug == slug, article.c.state == "published", article.c.published_on <= on
    )
    told = read_told(session, chosen, "article", locale=locale, order=lambda c: [c.id])
    if not told:
        raise CampaignNotFound(kind="article", slug=slug)
    number = told[0].row.media_id
    picture = _picture(session, number, locale) if number is not None else None
    return _read(told[0], picture)


def list_article_addresses(session: Session, *, on: date) -> Sequence[tuple[str, datetime]]:
    """Slug and last change of every published article."""
    rows = session.execute(
        select(article.c.slug, article.c.updated_at)
        .where(article.c.state == "published", article.c.published_on <= on)
        .order_by(article.c.id)
    )
    return [(row.slug, row.updated_at) for row in rows]


def _picture(session: Session, media_id: int, locale: str) -> Picture | None:
    rows = session.execute(
        select(
            _media.c.digest,
            _media.c.width,
            _media.c.height,
            _media.c.alt,
            translation.c.locale,
            translation.c.text,
            translation.c.status,
            translation.c.is_stale,
        )
        .select_from(
            _media.outerjoin(
                translation,
                (translation.c.entity_kind == "media")
                & (translation.c.entity_id == _media.c.id)
                & (translation.c.status != "draft"),
            )
        )
        .where(
            _media.c.id == media_id, _media.c.ready_at.is_not(None), _media.c.removed_at.is_(None)
        )
    ).all()
    if not rows:
        return None
    said: dict[str, str | Version | None] = {"vi": rows[0].alt}
    for row in rows:
        if row.locale is not None:
            said[row.locale] = Version(row.text, row.status, bool(row.is_stale))
    stored = StoredPicture(media_id, rows[0].digest, rows[0].width, rows[0].height, said)
    return stored.in_language(chain(locale))


def _read(told: Told, picture: Picture | None = None) -> ArticleView:
    row = told.row
    return ArticleView(
        id=row.id,
        slug=row.slug,
        kind=row.kind,
        name=told.name,
        summary=told.texts["summary"],
        body=told.texts["body"],
        published_on=row.published_on,
        updated_at=row.updated_at,
        is_illustrative=row.is_illustrative,
        picture=picture,
    )
