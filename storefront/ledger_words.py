"""Names for the kinds and states of papers, licences and protected names."""

from __future__ import annotations

from collections.abc import Iterable

from catalog.evidence.keeping import EvidenceEntry
from catalog.queries.ledger_lists import LedgerLine
from catalog.queries.ledger_pages import LedgerPage
from i18n.catalogue import lazy_gettext as later
from i18n.catalogue import spoken
from storefront.market_messages import DOCUMENT_NAMES, MARKET_NAMES

KINDS = {
    "ocop": later("OCOP recognition"),
    "facility_certificate": later("Food-safety certificate of the facility"),
    "commitment": later("Food-safety commitment"),
    "self_declaration": later("Product self-declaration"),
    "registration": later("Product registration"),
    "test_report": later("Laboratory test report"),
    "haccp": "HACCP",
    "iso22000": "ISO 22000",
    "fssc22000": "FSSC 22000",
    "brcgs": "BRCGS",
    "vietgap": "VietGAP",
    "globalgap": "GlobalG.A.P.",
    "organic_tcvn": later("Organic (TCVN 11041)"),
    "organic_eu": later("Organic (EU)"),
    "organic_jas": later("Organic (JAS, Japan)"),
    "organic_usda": later("Organic (USDA)"),
    "halal": "Halal",
    "asc": "ASC",
    "bap": "BAP",
    "msc": "MSC",
    "rural_industrial": later("Typical rural industrial product"),
    "gold_brand": later("Vietnam Agricultural Gold Brand"),
    "gi": later("Geographical indication"),
    "collective_mark": later("Collective mark"),
    "certification_mark": later("Certification mark"),
}
"""Every code of a paper or right; schemes that are called the same everywhere are not translated."""

STATES = {
    "valid": later("Valid"),
    "expiring": later("Valid, ends soon"),
    "suspended": later("Suspended"),
    "expired": later("Expired"),
    "revoked": later("Revoked"),
    "upcoming": later("Not yet in force"),
    "unverified": later("Not verified"),
    "superseded": later("Replaced by a later decision"),
    "right_lapsed": later("The protected name itself is not in force"),
}
LEVELS = {
    "commune": later("Commune level"),
    "province": later("Province level"),
    "region": later("Regional level"),
    "national": later("National level"),
}


def entry_name(entry: LedgerLine | LedgerPage | EvidenceEntry) -> str:
    """What a paper or licence is called: its kind, or the paper a market asks for with the market."""
    if entry.market is None or entry.document is None:
        return str(KINDS[entry.code])
    paper = str(DOCUMENT_NAMES.get(entry.document, entry.document))
    market = str(MARKET_NAMES.get(entry.market, entry.market))
    return f"{paper[:1].upper()}{paper[1:]} ({market})"


def goods_in(goods: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """What a right is registered for, in the spoken language if it is known, and that language."""
    known = dict(goods)
    for tag in (spoken(), "en", "vi"):
        if tag in known:
            return known[tag], tag
    return "", "vi"
