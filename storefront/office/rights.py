"""The office's book of protected names and licences, and upgrades of OCOP decisions."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import Form, SelectChoice

from catalog.certificates import upgrade_certificate
from catalog.errors import AlreadyRecorded, CertificateClosed, CertificateExists, InvalidFields
from catalog.producers import find_producer
from catalog.protected_names import grant_licence, load_known_names, record_protected_name
from catalog.queries.certificates import get_certificate_page
from catalog.queries.ledger_lists import list_licences, list_rights
from catalog.queries.own_products import list_own_products
from core.actor import Role
from core.people.permissions import require
from i18n.catalogue import gettext as _
from storefront import ledger_words
from storefront.access import requires
from storefront.extensions import db
from storefront.office.ledger_forms import LicenceForm, RightForm, UpgradeForm
from storefront.rendering import render_page


@requires(Role.OFFICE)
def rights() -> ResponseReturnValue:
    """Every protected name, and every licence."""
    session = db.session()
    return render_page(
        "office/ledger/rights.html",
        rights=list_rights(session, on=g.today),
        licences=list_licences(session, on=g.today),
        today=g.today,
    )


@requires(Role.OFFICE)
def load_rights() -> ResponseReturnValue:
    """Enter the rights this program knows, with their verified numbers."""
    session = db.session()
    count = load_known_names(session, actor=g.actor, on=g.today, now=g.now)
    session.commit()
    flash(_("New protected names: %(count)s.", count=count), "good")
    return redirect(url_for("office.rights"), 303)


@requires(Role.OFFICE)
def new_right() -> ResponseReturnValue:
    """Enter a protected name under its registration number."""
    require(g.actor, "right.keep")
    form = RightForm(request.form if request.method == "POST" else None)
    form.offer()
    if request.method == "POST" and form.validate():

        def enter(session: Session) -> None:
            record_protected_name(
                session,
                kind=form.kind.data,
                number=form.number.data,
                name=form.name.data,
                goods={"vi": form.goods.data, "en": form.goods_en.data or ""},
                province_code=form.province_code.data or None,
                holder=form.holder.data or None,
                decision_number=form.decision_number.data or None,
                registered_on=form.registered_on.data,
                valid_to=form.valid_to.data,
                source=form.source.data or None,
                actor=g.actor,
                on=g.today,
                now=g.now,
            )

        if _entered(form, enter):
            return redirect(url_for("office.rights"), 303)
    return render_page("office/ledger/form.html", 422 if form.errors else 200,
                       form=form, title=_("Record a protected name"), about="",
                       back=url_for("office.rights"))  # fmt: skip


@requires(Role.OFFICE)
def new_licence(producer_id: int) -> ResponseReturnValue:
    """Grant a producer the use of a protected name."""
    require(g.actor, "right.keep")
    session = db.session()
    producer = find_producer(session, producer_id)
    form = LicenceForm(request.form if request.method == "POST" else None)
    form.right_id.choices = [
        SelectChoice(
            str(right.id),
            f"{ledger_words.KINDS[right.kind]} {right.name}, {right.number}: "
            f"{ledger_words.goods_in(right.goods)[0]}",
        )
        for right, _count in list_rights(session, on=g.today)
    ]
    form.product_ids.choices = [
        SelectChoice(str(product.id), product.name)
        for product in list_own_products(session, [producer_id], on=g.today)
    ]
    if request.method == "POST" and form.validate():

        def enter(session: Session) -> None:
            grant_licence(
                session,
                int(form.right_id.data),
                producer_id,
                number=form.number.data,
                issued_on=form.issued_on.data,
                valid_to=form.valid_to.data,
                issuer=form.issuer.data or None,
                product_ids=[int(number) for number in form.product_ids.data],
                actor=g.actor,
                on=g.today,
                now=g.now,
            )

        if _entered(form, enter):
            return redirect(url_for("producers.own_papers", producer_id=producer_id), 303)
    return render_page("office/ledger/form.html", 422 if form.errors else 200,
                       form=form, title=_("Grant a licence"), about=producer.name,
                       back=url_for("producers.own_papers", producer_id=producer_id))  # fmt: skip


@requires(Role.OFFICE)
def upgrade(certificate_id: int) -> ResponseReturnValue:
    """Record the decision that takes the place of an older one; both stay readable."""
    require(g.actor, "certificate.verify")
    session = db.session()
    page = get_certificate_page(session, certificate_id, locale=g.locale, on=g.today)
    old = page.certificate
    form = UpgradeForm(
        request.form if request.method == "POST" else None,
        data={"issuer": old.issuer, "issuing_level": old.issuing_level},
    )
    form.offer()
    if request.method == "POST" and form.validate():
        try:
            upgrade_certificate(
                session,
                certificate_id,
                decision_number=form.decision_number.data,
                issued_on=form.issued_on.data,
                issuer=form.issuer.data,
                issuing_level=form.issuing_level.data or None,
                stars=int(form.stars.data),
                score_parts=form.parts,
                actor=g.actor,
                on=g.today,
                now=g.now,
            )
        except InvalidFields as refusal:
            session.rollback()
            for name, code in refusal.mistakes.items():
                field = {"score": "score_a", "score_parts": "score_a"}.get(name, name)
                form[field].errors = [_mistake(code)]
        except (CertificateExists, CertificateClosed):
            session.rollback()
            form.decision_number.errors = [
                _("This decision is recorded already, or the old one is replaced or revoked.")
            ]
        else:
            session.commit()
            flash(_("Recorded. The older decision stays readable."), "good")
            return redirect(url_for("office.certificates"), 303)
    about = f"{page.product_name.value}, {old.decision_number or '–'}"
    return render_page("office/ledger/form.html", 422 if form.errors else 200,
                       form=form, title=_("Replace by a later decision"), about=about,
                       back=url_for("office.certificates"))  # fmt: skip


def _entered(form: Form, enter: Callable[[Session], None]) -> bool:
    """Enter what the form says and say so, or put what hinders it beside its fields."""
    session = db.session()
    try:
        enter(session)
    except InvalidFields as refusal:
        session.rollback()
        for name, code in refusal.mistakes.items():
            form[name].errors = [_mistake(code)]
    except AlreadyRecorded:
        session.rollback()
        form.number.errors = [_("This number is recorded already.")]
    else:
        session.commit()
        flash(_("Recorded."), "good")
        return True
    return False


def _mistake(code: str) -> str:
    sentences = {
        "missing": _("Please fill this in."),
        "in_future": _("This day has not come yet."),
        "before_issued_on": _("This is before the date of issue."),
        "before_replaced": _("This is not later than the decision it replaces."),
        "other_stars": _("This score belongs to another number of stars."),
        "out_of_range": _("This number is not possible here."),
        "not_of_this_producer": _("This product belongs to another producer."),
    }
    return sentences.get(code) or _("This cannot be right. Please check it.")
