"""What buyers say of a product: all reviews, all questions, asking one, and what search engines are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog.queries.pages import Card, ProductPage
from catalog.queries.sharing import get_shared_card
from catalog.queries.slugs import addresses_of
from core.people.throttle import Throttled
from i18n.catalogue import gettext as _
from i18n.locales import bcp47
from orders.rules.voices import MOST_POINTS
from orders.voices import questions
from orders.voices.errors import WrongVoice
from orders.voices.pages import ProductVoices, ReviewView, list_questions, list_reviews
from storefront import limits
from storefront.access import public
from storefront.extensions import db
from storefront.kept_pages import kept
from storefront.messages import error_sentence
from storefront.reading import read_number
from storefront.rendering import render_page
from storefront.shop import structured_data
from storefront.shop.structured_data import Graph
from storefront.shop.voice_forms import QuestionForm
from storefront.voice_fields import TRAP, show_mistakes


@public
@kept
def all_reviews(slug: str) -> ResponseReturnValue:
    """Every shown review of a product, or those of so many points, page by page."""
    card = product_card(slug)
    if (elsewhere := moved(slug, card)) is not None:
        return elsewhere
    points = number_asked("points")
    if points is not None and not 1 <= points <= MOST_POINTS:
        points = None
    page = list_reviews(
        db.session(), card.product_id, points=points, before_id=number_asked("before")
    )
    chosen = f"points={points}&" if points else ""
    return render_page(
        "shop/voices/all_reviews.html",
        card=card,
        trail=trail(card),
        page=page,
        chosen_points=points,
        older=f"{request.path}?{chosen}before={page.older}" if page.older else "",
    )


@public
@kept
def all_questions(slug: str) -> ResponseReturnValue:
    """Every answered question of a product, and the form to ask one."""
    card = product_card(slug)
    if (elsewhere := moved(slug, card)) is not None:
        return elsewhere
    form = QuestionForm(request.form if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if form.validate():
            kept_it = send_text(
                "question", form, lambda session: _ask(session, card.product_id, form)
            )
            if kept_it:
                flash(_("Thank you. It is shown here with the answer."), "good")
                return redirect(request.path, 303)
        status = 422
    page = list_questions(db.session(), card.product_id, before_id=number_asked("before"))
    return render_page(
        "shop/voices/all_questions.html",
        status,
        card=card,
        trail=trail(card),
        page=page,
        form=form,
        older=f"{request.path}?before={page.older}" if page.older else "",
    )


def _ask(session: Session, product_id: int, form: QuestionForm) -> None:
    questions.ask(
        session,
        product_id,
        form.text.data,
        locale=g.locale,
        email=form.email.data or None,
        now=g.now,
    )


def send_text(what: str, form: Any, keep: Callable[[Session], None]) -> bool:
    """Keep what a stranger sent and commit, or say beside the fields why not.

    Whoever fills in the trap is a program: it hears that all is well, and nothing is kept.
    """
    if form[TRAP].data:
        return True
    session = db.session()
    try:
        limits.count(session, what, request.remote_addr or "", limits.TEXTS, now=g.now)
        keep(session)
    except WrongVoice as refusal:
        session.rollback()
        show_mistakes(form, refusal)
        return False
    except Throttled as refusal:
        session.rollback()
        first = next(iter(form))
        first.errors = [*first.errors, error_sentence(refusal)]
        return False
    session.commit()
    return True


def product_card(slug: str) -> Card:
    """The product everything here is about; raises ProductNotFound when it is not on sale."""
    card = get_shared_card(db.session(), slug, locale=g.locale, on=g.today)[0]
    if slug == card.slug:
        part = request.path.rpartition("/")[2]
        own = addresses_of(db.session(), card.product_id)
        g.addresses = {tag: f"/{tag}/products/{address}/{part}" for tag, address in own.items()}
    return card


def moved(slug: str, card: Card) -> ResponseReturnValue | None:
    """From a former address, or that of another language, to this page's present one; None when it is that.

    What somebody has just sent is taken at either.
    """
    if slug == card.slug or request.method not in ("GET", "HEAD"):
        return None
    part = request.path.rpartition("/")[2]
    query = request.query_string.decode("ascii", "replace")
    path = f"/{g.locale}/products/{card.slug}/{part}"
    response = redirect(f"{path}{'?' if query else ''}{query}", 301)
    response.headers["Cache-Control"] = "no-cache"
    return response


def trail(card: Card) -> list[tuple[str, str]]:
    """The way here: home, all goods, the product."""
    return [
        (_("Home"), f"/{g.locale}/"),
        (_("All goods"), f"/{g.locale}/products"),
        (card.name.value, f"/{g.locale}/products/{card.slug}"),
    ]


def number_asked(name: str) -> int | None:
    """A number of the address, None for anything else."""
    return read_number(request.args.get(name, ""))


def product_graph(page: ProductPage, voices: ProductVoices, /, **facts: Any) -> Graph:
    """The product's graph (see `structured_data`) with the mean and the newest reviews, once there are any."""
    graph = structured_data.product_graph(page, **facts)
    if not voices.rating.count:
        return graph
    product = graph["@graph"][0]
    product["aggregateRating"] = {
        "@type": "AggregateRating",
        "ratingValue": voices.rating.mean,
        "bestRating": MOST_POINTS,
        "worstRating": 1,
        "reviewCount": voices.rating.count,
    }
    product["review"] = [_review_graph(review) for review in voices.reviews]
    return graph


def _review_graph(review: ReviewView) -> Graph:
    return {
        "@type": "Review",
        "author": {"@type": "Person", "name": review.shown_name or _("A buyer")},
        "datePublished": review.written_at.date().isoformat(),
        "inLanguage": bcp47(review.locale),
        "reviewBody": review.text,
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": review.points,
            "bestRating": MOST_POINTS,
            "worstRating": 1,
        },
    }
