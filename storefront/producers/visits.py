"""Enquiries about visits at the producers' desk, and the terms of a visit."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, SelectChoice, SelectMultipleField, StringField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from catalog.errors import InvalidFields
from catalog.models import VisitTerms
from catalog.visits import TermsFacts, set_visit_terms
from core.people.permissions import require
from i18n.catalogue import lazy_gettext as later
from i18n.catalogue import spoken
from i18n.locales import LOCALES
from orders import visits
from orders.errors import NoSuchStep, VisitRefused
from orders.rules.visits import BY_VISITOR, OPEN, VisitEvent, VisitState, next_state
from storefront import visit_words
from storefront.access import requires
from storefront.extensions import db
from storefront.fields import CountField
from storefront.market_messages import language_name
from storefront.producers import desk
from storefront.reading import read_number
from storefront.record_words import month_names
from storefront.rendering import render_page

NEEDED = InputRequired(later("Please fill this in."))
_SHOWN = 50


class _TickField(SelectMultipleField):  # type: ignore[misc]  # wtforms has no types
    """Several boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class TermsForm(Form):  # type: ignore[misc]
    """What a visitor must know before asking."""

    least_people = CountField(later("At least so many people"), [NEEDED])
    most_people = CountField(later("At most so many people"), [NEEDED])
    months = _TickField(later("Months in which you receive guests; none means all year"))
    languages = _TickField(later("Languages spoken"))
    meeting_place = StringField(later("Where you meet"), [NEEDED])
    meeting_place_en = StringField(later("Where you meet, in English"))

    def offer(self) -> None:
        """Months and languages by name."""
        names = month_names(spoken())
        self.months.choices = [SelectChoice(str(n), names[n]) for n in range(1, 13)]
        self.languages.choices = [SelectChoice(tag, language_name(tag)) for tag in LOCALES]


@requires(*desk.TEAM)
def list_visits() -> ResponseReturnValue:
    """Enquiries to the person's producers, open ones first, so many to a page."""
    last = read_number(request.args.get("before", ""))
    before = None if last is None else (request.args.get("open") == "1", last)
    found = visits.list_enquiries(
        db.session(), g.actor.producer_ids, before=before, limit=_SHOWN + 1
    )
    shown = found[:_SHOWN]
    return render_page(
        "producers/visits.html",
        enquiries=shown,
        visit_words=visit_words,
        last=shown[-1] if len(found) > _SHOWN else None,
        is_open=shown[-1].state in OPEN if shown else False,
    )


@requires(*desk.TEAM)
def visit(enquiry_id: int) -> ResponseReturnValue:
    """One enquiry: who asks for what, and the answer."""
    session = db.session()
    enquiry = visits.get_enquiry(session, enquiry_id)
    require(g.actor, "visit.manage", producer_id=enquiry.producer_id)
    mistake, status, words = "", 200, ""
    if request.method == "POST":
        words = request.form.get("words", "")
        event = request.form.get("event", "")
        known = event in set(VisitEvent) - BY_VISITOR
        try:
            if known:
                actor = desk.acting_for(enquiry.producer_id)
                visits.move(session, enquiry_id, event, words, actor=actor, now=g.now)
                session.commit()
                desk.saved()
            return redirect(url_for("producers.visit", enquiry_id=enquiry_id), 303)
        except VisitRefused as refused:
            session.rollback()
            mistake, status = visit_words.refusal(refused.code)[1], 422
        except NoSuchStep:
            session.rollback()
            flash(visit_words.moved_meanwhile(), "bad")
            return redirect(url_for("producers.visit", enquiry_id=enquiry_id), 303)
    state = VisitState(enquiry.state)
    events = [e.value for e in VisitEvent if e not in BY_VISITOR and next_state(state, e)]
    return render_page(
        "producers/visit.html",
        status,
        it=enquiry,
        events=events,
        mistake=mistake,
        words=words,
        language=language_name(enquiry.locale),
        visit_words=visit_words,
    )


@requires(*desk.TEAM)
def terms(product_id: int) -> ResponseReturnValue:
    """The terms of a visit."""
    session = db.session()
    product = desk.own_product(product_id)
    known = session.get(VisitTerms, product_id)
    form = desk.make_form(TermsForm, _stored(known))
    if request.method == "POST" and form.validate():
        facts = TermsFacts(
            least_people=form.least_people.data,
            most_people=form.most_people.data,
            months=[int(number) for number in form.months.data],
            languages=form.languages.data,
            meeting_place=form.meeting_place.data,
            elsewhere={"en": form.meeting_place_en.data or ""},
        )
        try:
            actor = desk.acting_for(product.producer_id)
            set_visit_terms(session, product_id, facts, actor=actor, now=g.now)
        except InvalidFields as refusal:
            session.rollback()
            desk.show_mistakes(form, refusal)
        else:
            session.commit()
            desk.saved()
            return redirect(url_for("producers.product", product_id=product_id), 303)
    return render_page(
        "producers/visit_terms.html", 422 if form.errors else 200, form=form, product=product
    )


def _stored(terms: VisitTerms | None) -> dict[str, object]:
    if terms is None:
        return {"least_people": 1, "most_people": 10, "languages": ["vi"]}
    english = terms.texts.get("en", {}).get("meeting_place", {})
    return {
        "least_people": terms.least_people,
        "most_people": terms.most_people,
        "months": [str(number) for number in terms.months or ()],
        "languages": list(terms.languages),
        "meeting_place": terms.meeting_place,
        "meeting_place_en": english.get("text", ""),
    }
