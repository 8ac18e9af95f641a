"""The office's desk for collections, articles, and requests of buyers."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from catalog.errors import InvalidFields
from catalog.models import Article, Collection
from catalog.programme import articles as article_verbs
from catalog.programme import collections as collection_verbs
from catalog.programme import keeping, supply
from catalog.queries.campaigns.desk import (
    list_article_rows,
    list_collection_rows,
    list_picked,
    list_usable_pictures,
)
from catalog.queries.campaigns.supply import list_offers, list_open_events, list_requests
from catalog.rules.campaigns import TEXT_STEPS
from core.actor import Role
from core.people.permissions import require
from i18n.catalogue import gettext as _
from storefront import prose
from storefront.access import requires
from storefront.campaign_forms import (
    ArticleForm,
    CollectionForm,
    RequestForm,
    mistake_sentence,
    show_mistakes,
)
from storefront.campaign_steps import one_step
from storefront.extensions import db
from storefront.rendering import render_page


@requires(Role.OFFICE)
def collections() -> ResponseReturnValue:
    """Every collection, drafts too."""
    require(g.actor, "campaign.keep")
    return render_page(
        "office/campaigns/texts.html", rows=list_collection_rows(db.session()), kind="collection"
    )


@requires(Role.OFFICE)
def edit_collection(number: int | None = None) -> ResponseReturnValue:
    """Write a collection, or change one: its days, its goods by hand and by rule."""
    require(g.actor, "campaign.keep")
    session = db.session()
    row = keeping.find(session, Collection, number) if number is not None else None
    form = CollectionForm(
        request.form if request.method == "POST" else None, data=_collection_data(row)
    )
    form.offer()
    if request.method == "POST" and form.validate():
        doing = {"actor": g.actor, "now": g.now}
        try:
            if row is None:
                row = collection_verbs.create_collection(session, form.values(), **doing)
            else:
                collection_verbs.update_collection(session, row.id, form.values(), **doing)
            unknown = collection_verbs.choose_products(session, row.id, form.slugs(), **doing)
        except InvalidFields as refusal:
            session.rollback()
            show_mistakes(form, refusal)
        else:
            session.commit()
            flash(_("Saved."), "good")
            if unknown:
                flash(_("Nobody knows these: %(list)s", list=", ".join(unknown)[:500]), "bad")
            return redirect(url_for("office.collection", number=row.id), 303)
    back = url_for("office.collections")
    title = _("New collection")
    if number is not None and row is not None:
        back, title = url_for("office.collection", number=number), row.name
    status = 422 if form.errors else 200
    return render_page(
        "office/ledger/form.html", status, form=form, title=title, about="", back=back
    )


@requires(Role.OFFICE)
def collection(number: int) -> ResponseReturnValue:
    """One collection with its state and the goods chosen by hand."""
    require(g.actor, "campaign.keep")
    session = db.session()
    row = keeping.find(session, Collection, number)
    return render_page(
        "office/campaigns/text.html",
        row=row,
        kind="collection",
        picked=list_picked(session, number),
        steps=[step for (state, step) in TEXT_STEPS if state == row.state],
        body="",
    )


@requires(Role.OFFICE)
def move_collection(number: int) -> ResponseReturnValue:
    """Publish or withdraw it."""
    session = db.session()
    asked = request.form.get("step", "")
    with one_step(session, _("Saved.")):
        collection_verbs.move_collection(session, number, asked, actor=g.actor, now=g.now)
    return redirect(url_for("office.collection", number=number), 303)


@requires(Role.OFFICE)
def articles() -> ResponseReturnValue:
    """Every article, drafts too."""
    require(g.actor, "campaign.keep")
    return render_page(
        "office/campaigns/texts.html", rows=list_article_rows(db.session()), kind="article"
    )


@requires(Role.OFFICE)
def edit_article(number: int | None = None) -> ResponseReturnValue:
    """Write an article, or change one."""
    require(g.actor, "campaign.keep")
    session = db.session()
    row = keeping.find(session, Article, number) if number is not None else None
    sent = request.form if request.method == "POST" else None
    form = ArticleForm(sent, obj=row)
    form.offer(list_usable_pictures(session))
    if request.method == "POST" and form.validate():
        doing = {"actor": g.actor, "now": g.now}
        try:
            if row is None:
                row = article_verbs.create_article(session, form.values(), **doing)
            else:
                article_verbs.update_article(session, row.id, form.values(), **doing)
        except InvalidFields as refusal:
            session.rollback()
            show_mistakes(form, refusal)
        else:
            session.commit()
            flash(_("Saved."), "good")
            return redirect(url_for("office.article", number=row.id), 303)
    back = url_for("office.articles")
    title = _("New article")
    if number is not None and row is not None:
        back, title = url_for("office.article", number=number), row.name
    return render_page(
        "office/ledger/form.html",
        422 if form.errors else 200,
        form=form,
        title=title,
        about=_("# begins a heading, - a line of a list; **thick**, [words](address)."),
        back=back,
    )


@requires(Role.OFFICE)
def article(number: int) -> ResponseReturnValue:
    """One article as readers will see it, with its state."""
    require(g.actor, "campaign.keep")
    row = keeping.find(db.session(), Article, number)
    return render_page(
        "office/campaigns/text.html",
        row=row,
        kind="article",
        picked=[],
        steps=[step for (state, step) in TEXT_STEPS if state == row.state],
        body=prose.written(row.body or ""),
    )


@requires(Role.OFFICE)
def move_article(number: int) -> ResponseReturnValue:
    """Publish or withdraw it."""
    session = db.session()
    asked = request.form.get("step", "")
    try:
        with one_step(session, _("Saved.")):
            article_verbs.move_article(session, number, asked, actor=g.actor, on=g.today, now=g.now)
    except InvalidFields as refusal:
        session.rollback()
        flash(mistake_sentence(next(iter(refusal.mistakes.values()))), "bad")
    return redirect(url_for("office.article", number=number), 303)


@requires(Role.OFFICE)
def requests() -> ResponseReturnValue:
    """What buyers ask for, each with the offers that answer it, and offers that answer none."""
    require(g.actor, "campaign.keep")
    session = db.session()
    lines = list_requests(session, on=g.today)
    return render_page(
        "office/campaigns/requests.html", lines=lines, offers=list_offers(session, on=g.today)
    )


@requires(Role.OFFICE)
def new_request() -> ResponseReturnValue:
    """Write down what a buyer asks for."""
    require(g.actor, "campaign.keep")
    session = db.session()
    form = RequestForm(request.form if request.method == "POST" else None)
    form.offer(list_open_events(session, on=g.today))
    if request.method == "POST" and form.validate():
        try:
            supply.create_request(session, form.values(), actor=g.actor, now=g.now)
        except InvalidFields as refusal:
            session.rollback()
            show_mistakes(form, refusal)
        else:
            session.commit()
            flash(_("Saved."), "good")
            return redirect(url_for("office.requests"), 303)
    return render_page(
        "office/ledger/form.html",
        422 if form.errors else 200,
        form=form,
        title=_("New request"),
        about="",
        back=url_for("office.requests"),
    )


@requires(Role.OFFICE)
def close_request(number: int) -> ResponseReturnValue:
    """Take a request off the list."""
    session = db.session()
    supply.close_request(session, number, actor=g.actor, now=g.now)
    session.commit()
    flash(_("It is off the list."), "good")
    return redirect(url_for("office.requests"), 303)


def _collection_data(row: Collection | None) -> dict[str, object]:
    if row is None:
        return {}
    picked = list_picked(db.session(), row.id)
    return {
        "name": row.name,
        "description": row.description,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "months": [str(month) for month in row.months or ()],
        "products": "\n".join(slug for slug, _name in picked),
        "province": next(iter(row.rule.get("province", [])), ""),
        "group": row.rule.get("group", []),
        "certificate": row.rule.get("certificate", []),
        "season": bool(row.rule.get("season")),
    }
