"""Saying what a visitor must know of a community-tourism service: people, months, languages, where one meets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from catalog.announcing import product_changed
from catalog.errors import InvalidFields
from catalog.models import VisitTerms
from catalog.publishing import find_product
from catalog.rules.own_texts import write_texts
from catalog.rules.sending import is_visit
from core.actor import Actor
from core.people.permissions import require
from i18n.locales import LOCALES
from i18n.text import nfc

LARGEST_GROUP = 500
LONGEST_PLACE = 300


@dataclass(frozen=True, slots=True)
class TermsFacts:
    """The terms of a visit; `months` empty is all year, `languages` are locales spoken there.

    `meeting_place` is Vietnamese, `elsewhere` the same in other languages by locale.
    """

    least_people: int
    most_people: int
    months: Collection[int]
    languages: Collection[str]
    meeting_place: str
    elsewhere: Mapping[str, str]


def set_visit_terms(
    session: Session, product_id: int, facts: TermsFacts, *, actor: Actor, now: datetime
) -> VisitTerms:
    """Write the terms of a visit; raises InvalidFields (not_a_visit too), ProductNotFound, Forbidden."""
    product = find_product(session, product_id)
    require(actor, "product.edit", producer_id=product.producer_id)
    place = nfc(" ".join(facts.meeting_place.split()))
    mistakes = _mistakes(facts, place)
    if not is_visit(product.subgroup_code):
        mistakes["product_id"] = "not_a_visit"
    if mistakes:
        raise InvalidFields(mistakes)
    terms = session.get(VisitTerms, product_id)
    if terms is None:
        terms = VisitTerms(product_id=product_id, texts={})
        session.add(terms)
    terms.least_people, terms.most_people = facts.least_people, facts.most_people
    terms.months = tuple(sorted(set(facts.months))) or None
    terms.languages, terms.meeting_place = tuple(facts.languages), place
    texts: Mapping[str, object] = terms.texts
    for locale, text in facts.elsewhere.items():
        new = {"meeting_place": nfc(" ".join(text.split()))}
        texts = write_texts(texts, locale, new, {"meeting_place": place})
    terms.texts = dict(texts)
    session.flush()
    product_changed(session, product_id, "visit.terms", actor, now)
    return terms


def _mistakes(facts: TermsFacts, place: str) -> dict[str, str]:
    mistakes: dict[str, str] = {}
    if not 1 <= facts.least_people <= LARGEST_GROUP:
        mistakes["least_people"] = "out_of_range"
    if not facts.least_people <= facts.most_people <= LARGEST_GROUP:
        mistakes["most_people"] = "out_of_range"
    if not facts.languages:
        mistakes["languages"] = "missing"
    elif not set(facts.languages) <= set(LOCALES):
        mistakes["languages"] = "unknown_locale"
    if not place:
        mistakes["meeting_place"] = "missing"
    elif max(map(len, (place, *facts.elsewhere.values()))) > LONGEST_PLACE:
        mistakes["meeting_place"] = "too_long"
    return mistakes
