"""The producer's products: list, one question at a time, on sale or not."""

from __future__ import annotations

import secrets
from collections import Counter

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from catalog.errors import NotPublishable
from catalog.models import Certificate
from catalog.producers import find_producer
from catalog.products import create_product
from catalog.publishing import list_problems
from catalog.publishing import publish as put_on_sale
from catalog.publishing import withdraw as take_off_sale
from catalog.queries.endings import list_endings
from catalog.queries.own_products import list_own_products
from catalog.rules.certification import CertificateFacts, certificate_state
from catalog.rules.sending import is_visit
from i18n.catalogue import gettext as _
from orders.parcels import count_open_parcels
from orders.stock import available
from orders.visits import count_new
from orders.voices.desks import count_waiting
from storefront.access import requires
from storefront.extensions import db
from storefront.messages import problem_sentence
from storefront.producers import desk, forms
from storefront.producers.answering import Asked, ask
from storefront.producers.asking import package_of
from storefront.producers.maker_steps import MAKER_STEPS, find_maker_step
from storefront.producers.steps import GROUPS, STEPS, find_step, mend_address
from storefront.rendering import render_page


@requires(*desk.TEAM)
def home() -> ResponseReturnValue:
    """All products of the person's producers, each with its state and the next thing to do."""
    session = db.session()
    products = list_own_products(session, g.actor.producer_ids, on=g.today)
    producers = [find_producer(session, number) for number in sorted(g.actor.producer_ids)]
    return render_page(
        "producers/home.html",
        products=products,
        producers=producers,
        maker_steps=MAKER_STEPS.values(),
        waiting=count_open_parcels(session, g.actor.producer_ids),
        visits_waiting=count_new(session, g.actor.producer_ids),
        said=count_waiting(session, g.actor.producer_ids),
        endings=Counter(
            ending.producer_id
            for ending in list_endings(session, on=g.today, producer_ids=g.actor.producer_ids)
        ),
    )


@requires(*desk.TEAM)
def new_product(producer_id: int) -> ResponseReturnValue:
    """Begin a product with its name; everything else is asked afterwards."""
    desk.may_see_producer(producer_id)
    form = desk.make_form(forms.NameForm)
    if request.method == "POST" and form.validate():
        session = db.session()
        product = create_product(
            session,
            producer_id,
            f"own-{secrets.token_hex(6)}",
            {"name": form.name.data.strip(), "summary": form.summary.data or None},
            actor=desk.acting_for(producer_id),
            now=g.now,
        )
        session.commit()
        desk.saved()
        return redirect(url_for("producers.product", product_id=product.id), 303)
    return render_page(
        "producers/new_product.html",
        422 if form.errors else 200,
        form=form,
        producer_id=producer_id,
    )


@requires(*desk.TEAM)
def product(product_id: int) -> ResponseReturnValue:
    """One product: what is missing, what has been answered, and the buttons to sell it."""
    found = desk.own_product(product_id)
    session = db.session()
    problems = list_problems(session, product_id, on=g.today)
    active = [package for package in found.packages if package.active]
    decisions = [
        (decision, certificate_state(_facts(decision), g.today))
        for decision in reversed(found.certificates)
    ]
    return render_page(
        "producers/product.html",
        product=found,
        problems=[
            (problem_sentence(p.code, p.facts), mend_address(p, found.id, found.producer_id))
            for p in problems
        ],
        steps=[step for step in STEPS.values() if step.fits(found)],
        step_groups=GROUPS,
        packages=active,
        available=available(session, [package.id for package in active]),
        decisions=decisions,
        is_on_sale=found.state == "published" and not problems,
        is_visit=is_visit(found.subgroup_code),
    )


@requires(*desk.TEAM)
def step(product_id: int, key: str) -> ResponseReturnValue:
    """Ask one question about a product and keep the answer."""
    asked = find_step(key)
    found = desk.own_product(product_id, lock=request.method == "POST")
    sku = request.values.get("sku", "")[:64]
    return ask(
        Asked(
            step=asked,
            row=found,
            item=sku,
            heading=found.name,
            back=url_for("producers.product", product_id=product_id),
            here=url_for("producers.step", product_id=product_id, key=key, sku=sku or None),
            producer_id=found.producer_id,
            carried={"sku": sku} if sku else {},
        )
    )


@requires(*desk.TEAM)
def place(producer_id: int) -> ResponseReturnValue:
    """Ask where the producer is; a product's page may have led here."""
    return about(producer_id, "place")


@requires(*desk.TEAM)
def about(producer_id: int, key: str) -> ResponseReturnValue:
    """Ask one question about a producer and keep the answer."""
    asked = find_maker_step(key)
    desk.may_see_producer(producer_id)
    producer = find_producer(db.session(), producer_id)
    product = desk.product_to_return_to()
    back = url_for("producers.home")
    if product is not None:
        back = url_for("producers.product", product_id=product)
    return ask(
        Asked(
            step=asked,
            row=producer,
            item="",
            heading=producer.name,
            back=back,
            here=url_for("producers.about", producer_id=producer_id, key=key, product=product),
            producer_id=producer_id,
            carried={"product": str(product)} if product is not None else {},
        )
    )


@requires(*desk.TEAM)
def publish(product_id: int) -> ResponseReturnValue:
    """Put the product on sale, or say what is missing."""
    found = desk.own_product(product_id)
    session = db.session()
    try:
        put_on_sale(
            session, product_id, actor=desk.acting_for(found.producer_id), on=g.today, now=g.now
        )
    except NotPublishable:
        session.rollback()
        flash(_("It cannot be sold yet. The list below says what is missing."), "bad")
    else:
        session.commit()
        flash(_("Your product is on sale now."), "good")
    return redirect(url_for("producers.product", product_id=product_id), 303)


@requires(*desk.TEAM)
def withdraw(product_id: int) -> ResponseReturnValue:
    """Take the product off sale."""
    found = desk.own_product(product_id)
    session = db.session()
    take_off_sale(
        session, product_id, actor=desk.acting_for(found.producer_id), on=g.today, now=g.now
    )
    session.commit()
    flash(
        _("Your product is not on sale any more. Nothing is lost; you can sell it again."), "good"
    )
    return redirect(url_for("producers.product", product_id=product_id), 303)


@requires(*desk.TEAM)
def preview(product_id: int) -> ResponseReturnValue:
    """The product as buyers will read it, before it is on sale."""
    found = desk.own_product(product_id)
    return render_page("producers/preview.html", product=found, package=package_of(found, ""))


def _facts(decision: Certificate) -> CertificateFacts:
    return CertificateFacts(
        id=decision.id,
        stars=decision.stars,
        decision_number=decision.decision_number,
        issued_on=decision.issued_on,
        issuer=decision.issuer,
        valid_to=decision.valid_to,
        revoked_on=decision.revoked_on,
    )
