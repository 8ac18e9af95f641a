"""The fields of a product passport (Decree 37/2026/NĐ-CP, Art. 32) and what of each is known of a product.

The list of fields follows a published summary of the article; it has not been compared with the official
text yet, and neither is there a public interface of the national traceability portal to connect to. A field
nobody has filled says so: unknown is not "none".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote

from flask import g

from catalog.queries.pages import ProductPage
from catalog.reference.provinces import PROVINCES
from catalog.rules.digital_link import may_be_link
from catalog.rules.identifiers import Gtin
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext, spoken
from i18n.formatting import colon, format_date, format_list, format_place
from i18n.locales import babel_locale
from storefront import ledger_words
from storefront.extensions import settings
from storefront.record_words import AREA_KINDS
from storefront.rendering import province_name, subgroup_name
from storefront.shop import words

LEGAL_BASIS = "37/2026/NĐ-CP"

FIELDS = {
    "name": lazy_gettext("Product"),
    "number": "GTIN",
    "identifier": lazy_gettext("Unique identifier"),
    "maker": lazy_gettext("Producer"),
    "maker_address": lazy_gettext("Address"),
    "maker_identifier": lazy_gettext("Producer’s number"),
    "origin": lazy_gettext("Origin"),
    "traceability": lazy_gettext("Traceability"),
    "certificates": lazy_gettext("Certificates"),
    "produced": lazy_gettext("Made on"),
    "expires": lazy_gettext("Expiry date"),
    "warnings": lazy_gettext("Warnings"),
    "other": lazy_gettext("Other information"),
}
"""Every field of the article in its order: (1) to (8), the numbers of (1) and (2) in rows of their own."""


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of a field: a text, the language it is in when that is not the page's, where it leads."""

    text: str
    lang: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A field; without anything said it is unknown."""

    code: str
    name: str
    said: tuple[Said, ...] = field(default=())


def rows(page: ProductPage) -> list[Row]:
    """The passport of a product, always every field."""
    own_address = identifier(page)
    known = {
        "name": _name(page),
        "number": _number(page),
        "identifier": [Said(own_address, address=own_address)],
        "maker": [Said(page.producer.name, "vi", f"/{g.locale}/producers/{page.producer.slug}")],
        "maker_address": _address(page),
        "maker_identifier": _maker_identifiers(page),
        "origin": _origin(page),
        "traceability": _traceability(page),
        "certificates": _certificates(page),
        "produced": _days(page, "produced_on"),
        "expires": _days(page, "expires_on") or _shelf_life(page),
        "warnings": _warnings(page),
        "other": _other(page),
    }
    return [Row(code, str(name), tuple(known[code])) for code, name in FIELDS.items()]


def identifier(page: ProductPage) -> str:
    """One address for this product and no other: GS1 Digital Link, or this shop's own for in-house numbers."""
    base = settings().base_url
    number = page.package.gtin
    if number and may_be_link(number, is_internal=page.package.gtin_is_internal):
        return f"{base}/01/{Gtin.parse(number).gtin14}"
    return f"{base}/vi/products/{quote(page.first_slug)}"


def _name(page: ProductPage) -> list[Said]:
    own = "" if page.name.locale == spoken() else page.name.locale
    return [Said(page.name.value, own)]


def _number(page: ProductPage) -> list[Said]:
    number = page.package.gtin
    if not number:
        return []
    if page.package.gtin_is_internal:
        return [Said(_("In-house number %(number)s, not a GTIN", number=number))]
    return [Said(number)]


def _address(page: ProductPage) -> list[Said]:
    maker = page.producer
    province = PROVINCES.get(maker.province_code or "")
    whole = maker.address or ""
    for part in (maker.commune, province.names["vi"] if province else None):
        if part and part not in whole:
            whole = f"{whole}, {part}" if whole else part
    return [Said(whole, "" if spoken() == "vi" else "vi")] if whole else []


def _maker_identifiers(page: ProductPage) -> list[Said]:
    maker = page.producer
    named = (
        (_("Tax number"), maker.tax_number),
        ("GLN", maker.gln),
        (_("Registration number"), maker.registration_number),
    )
    return [Said(f"{name} {number}") for name, number in named if number]


def _origin(page: ProductPage) -> list[Said]:
    country = babel_locale(spoken()).territories.get(page.origin_country, page.origin_country)
    return [Said(format_place((province_name(page.province_code), country), spoken()))]


def _traceability(page: ProductPage) -> list[Said]:
    lots = [  # each lot's own page is linked once, in the list of lots
        Said(_("Lot %(number)s", number=lot.number), address="#lots-head")
        for lot in page.record.lots
    ]
    areas = [Said(f"{AREA_KINDS[area.kind]} {area.code}") for area in page.record.areas]
    return lots + areas


def _certificates(page: ProductPage) -> list[Said]:
    home, found = f"/{g.locale}", []
    claim = page.claim
    if claim is not None:
        found.append(
            _paper(
                words.star_words(claim.stars),
                claim.decision_number,
                claim.valid_to,
                f"{home}/certificates/{claim.certificate_id}",
            )
        )
    for mark in page.marks:
        name = str(ledger_words.KINDS[mark.code])
        area = "papers" if mark.source == "paper" else "licences"
        found.append(_paper(name, mark.number, mark.last, f"{home}/{area}/{mark.id}"))
    for paper in page.food_safety:
        if paper.is_valid:
            kind = str(words.PAPER_KINDS[paper.kind])
            found.append(_paper(kind, paper.number, paper.valid_to, ""))
    return found


def _paper(name: str, number: str | None, last: date | None, address: str) -> Said:
    until = _("valid to %(day)s", day=format_date(last, spoken())) if last else None
    return Said(format_list(filter(None, (name, number, until)), spoken()), address=address)


def _days(page: ProductPage, name: str) -> list[Said]:
    """A date belongs to a lot, not to the product: each of the newest lots says its own."""
    found = []
    for lot in page.record.lots:
        day: date | None = getattr(lot, name)
        if day is not None:
            number = _("Lot %(number)s", number=lot.number)
            found.append(Said(f"{number}{colon(spoken())}{format_date(day, spoken())}"))
    return found


def _shelf_life(page: ProductPage) -> list[Said]:
    if not page.shelf_life_days:
        return []
    return [Said(f"{_('Keeps for')} {words.shelf_life(page.shelf_life_days)}")]


def _warnings(page: ProductPage) -> list[Said]:
    said = page.warnings
    if said is not None:
        return [Said(said.value, "" if said.locale == spoken() else said.locale)]
    label = page.record.warnings
    return [Said(label, "" if spoken() == "vi" else "vi")] if label else []


def _other(page: ProductPage) -> list[Said]:
    found = []
    if page.subgroup_code:
        found.append(
            Said(f"{_('Product group')}{colon(spoken())}{subgroup_name(page.subgroup_code)}")
        )
    if page.hs6:
        found.append(Said(f"{_('HS code')} {page.hs6[:4]}.{page.hs6[4:]}"))
    return found
