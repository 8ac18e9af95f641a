"""The producer's papers: OCOP decisions and food-safety documents, copied from paper into a form."""

from __future__ import annotations

from datetime import date

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from catalog.certificates import record_certificate
from catalog.errors import AlreadyRecorded, CertificateExists, InvalidFields
from catalog.producers import find_producer, record_food_safety_document
from i18n.catalogue import gettext as _
from storefront.access import requires
from storefront.extensions import db
from storefront.producers import desk, forms
from storefront.rendering import render_page


@requires(*desk.TEAM)
def certificate(product_id: int) -> ResponseReturnValue:
    """Record the OCOP decision of a product."""
    found = desk.own_product(product_id)
    form = desk.make_form(forms.CertificateForm)
    if (
        request.method == "POST"
        and form.validate()
        and _record(product_id, found.producer_id, form)
    ):
        flash(_("Your OCOP certificate is recorded."), "good")
        return redirect(url_for("producers.product", product_id=product_id), 303)
    status = 422 if form.errors else 200
    return render_page("producers/certificate.html", status, product=found, form=form)


def _record(product_id: int, producer_id: int, form: forms.CertificateForm) -> bool:
    session = db.session()
    issued_on: date = form.issued_on.data
    try:
        record_certificate(
            session,
            product_id,
            decision_number=form.decision_number.data,
            issued_on=issued_on,
            issuer=form.issuer.data,
            issuing_level="central" if form.stars.data == "5" else None,
            stars=int(form.stars.data),
            actor=desk.acting_for(producer_id),
            on=g.today,
            now=g.now,
        )
    except InvalidFields as refusal:
        session.rollback()
        desk.show_mistakes(form, refusal)
        return False
    except CertificateExists:
        session.rollback()
        form.decision_number.errors = [_("This decision is recorded already.")]
        return False
    session.commit()
    return True


@requires(*desk.TEAM)
def paper(producer_id: int) -> ResponseReturnValue:
    """Record a food-safety paper, which covers all products of the producer."""
    desk.may_see_producer(producer_id)
    session = db.session()
    producer = find_producer(session, producer_id)
    form = desk.make_form(forms.PaperForm)
    back = desk.product_to_return_to()
    if request.method == "POST" and form.validate():
        try:
            record_food_safety_document(
                session,
                producer_id,
                kind=form.kind.data,
                number=form.number.data.strip(),
                issued_on=form.issued_on.data,
                valid_to=form.valid_to.data,
                issuer=form.issuer.data or None,
                actor=desk.acting_for(producer_id),
                on=g.today,
                now=g.now,
            )
        except InvalidFields as refusal:
            session.rollback()
            desk.show_mistakes(form, refusal)
            producer = find_producer(session, producer_id)
        except AlreadyRecorded:
            session.rollback()
            form.number.errors = [_("This paper is recorded already.")]
            producer = find_producer(session, producer_id)
        else:
            session.commit()
            desk.saved()
            if back is not None:
                return redirect(url_for("producers.product", product_id=back), 303)
            return redirect(url_for("producers.home"), 303)
    return render_page(
        "producers/paper.html", 422 if form.errors else 200, form=form, producer=producer, back=back
    )
