"""The newest certified goods as a feed, one for each language."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, g
from flask.typing import ResponseReturnValue

from catalog.queries.newly_certified import NewlyCertified, list_newly_certified
from i18n.catalogue import gettext as _
from i18n.formatting import format_date
from storefront.access import public
from storefront.extensions import db, settings
from storefront.kept_pages import kept
from storefront.rendering import province_name
from storefront.shop import atom, words

ENTRIES = 30


@public
@kept
def feed() -> ResponseReturnValue:
    """Thirty goods, the latest decision first; stars only from claims that hold today."""
    found = list_newly_certified(db.session(), locale=g.locale, on=g.today, limit=ENTRIES)
    return _written(found)


def _written(found: Sequence[NewlyCertified]) -> Response:
    home = f"{settings().base_url}/{g.locale}"
    made = atom.Feed(
        title=_("Newly certified goods"),
        address=f"{home}/feed.atom",
        page=f"{home}/products",
        updated=max((_moment(one) for one in found), default=atom.start_of(g.today)),
    )
    for one in found:
        card, claim = one.card, one.claim
        entry = made.entry(
            # Of the decision, not of the product: a renewed certificate is news, a changed text is not.
            number=f"{home}/certificates/{claim.certificate_id}",
            title=card.name.value,
            page=f"{home}/products/{card.slug}",
            author=card.producer_name,
        )
        made.add(entry, "published", atom.noon(claim.issued_on))
        made.add(entry, "updated", _moment(one))
        stars = words.star_words(claim.stars)
        decided = _("Decision %(number)s", number=claim.decision_number)
        day = format_date(claim.issued_on, g.locale)
        facts = [card.producer_name, province_name(card.province_code), stars, decided, day]
        made.add(entry, "summary", " · ".join(filter(None, facts)))
    return made.answer()


def _moment(one: NewlyCertified) -> str:
    """When the entry last changed, never before it was published."""
    return max(atom.moment(one.changed_at), atom.noon(one.claim.issued_on))
