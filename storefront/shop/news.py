"""News and guides for visitors: the list, one article, and a feed in each language."""

from __future__ import annotations

from typing import Any

from flask import g, request
from flask.typing import ResponseReturnValue

from catalog.models.article import ARTICLE_KINDS
from catalog.queries.campaigns.articles import ArticleView, get_article, list_articles
from i18n.catalogue import gettext as _
from i18n.locales import bcp47
from storefront import prose
from storefront.access import public
from storefront.extensions import db, settings
from storefront.kept_pages import kept
from storefront.reading import read_page
from storefront.rendering import SHOP_NAME, render_page
from storefront.shop import atom, structured_data

IN_FEED = 30


@public
@kept
def articles() -> ResponseReturnValue:
    """The articles, the newest first; ``?kind=`` narrows them to one kind."""
    kind = request.args.get("kind", "")
    kind = kind if kind in ARTICLE_KINDS else ""
    number = read_page(request.args.get("page", "1"))
    found = list_articles(db.session(), locale=g.locale, on=g.today, kind=kind or None, page=number)
    query = "&".join(
        part
        for part in (f"kind={kind}" if kind else "", f"page={found.page}" if found.page > 1 else "")
        if part
    )
    return render_page(
        "shop/news/list.html",
        page=found,
        kind=kind,
        kinds=ARTICLE_KINDS,
        trail=[(_("Home"), f"/{g.locale}/")],
        canonical_query=f"?{query}" if query else "",
    )


@public
@kept
def article(slug: str) -> ResponseReturnValue:
    """One article with its date."""
    found = get_article(db.session(), slug, locale=g.locale, on=g.today)
    trail = [(_("Home"), f"/{g.locale}/"), (_("News and guides"), f"/{g.locale}/news")]
    here = (found.name.value, f"/{g.locale}/news/{slug}")
    return render_page(
        "shop/news/article.html",
        article=found,
        body=prose.written(found.body.value) if found.body is not None else "",
        trail=trail,
        json_ld={
            "@context": "https://schema.org",
            "@graph": [
                _graph(found),
                structured_data.breadcrumbs(settings().base_url, [*trail, here]),
            ],
        },
    )


@public
@kept
def feed() -> ResponseReturnValue:
    """The newest articles of every kind."""
    home = f"{settings().base_url}/{g.locale}"
    found = list_articles(db.session(), locale=g.locale, on=g.today, per_page=IN_FEED).articles
    made = atom.Feed(
        title=_("News and guides"),
        address=f"{home}/news.atom",
        page=f"{home}/news",
        updated=max((_updated(one) for one in found), default=atom.start_of(g.today)),
    )
    for one in found:
        page = f"{home}/news/{one.slug}"
        entry = made.entry(number=page, title=one.name.value, page=page, author=SHOP_NAME)
        made.add(entry, "published", atom.noon(one.published_on))
        made.add(entry, "updated", _updated(one))
        if one.summary is not None:
            made.add(entry, "summary", one.summary.value)
    return made.answer()


def _updated(one: ArticleView) -> str:
    """When it last changed, never before it was published."""
    return max(atom.moment(one.updated_at), atom.noon(one.published_on))


def _graph(article: ArticleView) -> dict[str, Any]:
    base = settings().base_url
    publisher = {"@type": "Organization", "name": SHOP_NAME, "url": f"{base}/{g.locale}/about"}
    graph: dict[str, Any] = {
        "@type": "NewsArticle" if article.kind == "news" else "Article",
        "headline": article.name.value,
        "url": f"{base}/{g.locale}/news/{article.slug}",
        "inLanguage": bcp47(article.name.locale),
        "datePublished": article.published_on.isoformat(),
        "dateModified": _updated(article),
        "author": publisher,
        "publisher": publisher,
    }
    if article.summary is not None:
        graph["description"] = article.summary.value
    if article.picture is not None:
        graph["image"] = base + article.picture.address(article.picture.widths[-1])
    return graph
