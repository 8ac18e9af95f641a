"""The buyer's own reviews, on the page of the order: write, change, withdraw."""

from __future__ import annotations

from flask import flash, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from orders.order_pages import OrderPage
from orders.rules.voices import LONGEST_NAME, LONGEST_TEXT
from orders.voices.desks import LineToReview, line_to_review, own_reviews
from orders.voices.errors import NotDeliveredYet, VoiceNotFound, WrongVoice
from orders.voices.reviews import ReviewDraft, withdraw_review, write_review
from storefront import voice_words
from storefront.access import public
from storefront.checkout.order_address import check_token, private
from storefront.extensions import db
from storefront.rendering import render_page
from storefront.voice_fields import AtMost, show_mistakes

_CHOOSE = later("Choose one from the list.")


class ReviewForm(Form):  # type: ignore[misc]  # wtforms has no types
    """How it was, in points and in words, and under which name."""

    points = RadioField(
        later("How was it?"),
        [InputRequired(later("Please fill this in."))],
        invalid_choice_message=_CHOOSE,
    )
    text = TextAreaField(
        later("What should others know?"),
        [InputRequired(later("Please fill this in.")), AtMost(LONGEST_TEXT)],
    )
    locale = SelectField(later("Language of your text"), invalid_choice_message=_CHOOSE)
    shown_name = StringField(later("Name shown beside it"), [AtMost(LONGEST_NAME)])

    def offer(self) -> None:
        """Five answers in words, and every language by its own name."""
        self.points.choices = [
            SelectChoice(str(points), f"{points} – {name}")
            for points, name in voice_words.POINTS.items()
        ]
        self.locale.choices = [SelectChoice(*one) for one in voice_words.LANGUAGES]


@public
def review(token: str, line_id: int) -> ResponseReturnValue:
    """Write or change the review of one line, for whoever has the order's address."""
    check_token(token)
    line = line_to_review(db.session(), token, line_id)
    if not line.is_delivered and line.review is None:
        raise VoiceNotFound(line_id=line_id)
    form = _form(line)
    status = 200
    if request.method == "POST":
        if form.validate() and _keep(token, line_id, form):
            flash(_("Thank you. The programme office reads it before everybody can."), "good")
            return redirect(url_for("checkout.order", token=token), 303)
        status = 422
    page = render_page("checkout/review_line.html", status, form=form, line=line, token=token)
    return private(make_response(page))


@public
def withdraw(token: str, line_id: int) -> ResponseReturnValue:
    """Delete the review of one line."""
    check_token(token)
    session = db.session()
    withdraw_review(session, token, line_id)
    session.commit()
    flash(_("Your review is deleted."), "good")
    return redirect(url_for("checkout.order", token=token), 303)


def said_of(page: OrderPage) -> dict[int, tuple[str, str]]:
    """By line, what became of the buyer's review in words and what can be done about it now.

    Lines of parcels that have not arrived are left out, unless something was said before.
    """
    known = own_reviews(db.session(), page.id)
    found: dict[int, tuple[str, str]] = {}
    for parcel in page.parcels:
        for line in parcel.lines:
            own = known.get(line.id)
            if own is not None:
                found[line.id] = (_fate(own.state, own.refusal), _("Change your review"))
            elif parcel.state == "delivered":
                found[line.id] = ("", _("Review it"))
    return found


def _fate(state: str, refusal: str | None) -> str:
    if state == "shown":
        return _("Everybody can read your review.")
    if state == "held":
        return _("Your review is being read by the programme office.")
    return _(
        "Your review is not shown: %(reason)s You can change it.",
        reason=str(voice_words.REFUSALS[refusal or "not_about_goods"]),
    )


def _form(line: LineToReview) -> ReviewForm:
    own = line.review
    stored = {"locale": g.locale}
    if own is not None:
        stored = {
            "points": str(own.points),
            "text": own.text,
            "locale": own.locale,
            "shown_name": own.shown_name or "",
        }
    form = ReviewForm(request.form if request.method == "POST" else None, data=stored)
    form.offer()
    return form


def _keep(token: str, line_id: int, form: ReviewForm) -> bool:
    """Keep what was typed and commit, or say beside the fields why not."""
    session = db.session()
    draft = ReviewDraft(
        points=int(form.points.data),
        text=form.text.data,
        shown_name=form.shown_name.data or "",
        locale=form.locale.data,
    )
    try:
        write_review(session, token, line_id, draft, now=g.now)
    except WrongVoice as refusal:
        session.rollback()
        show_mistakes(form, refusal)
        return False
    except NotDeliveredYet as refusal:
        session.rollback()
        raise VoiceNotFound(line_id=line_id) from refusal
    session.commit()
    return True
