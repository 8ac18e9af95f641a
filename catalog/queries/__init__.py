"""Questions to the catalogue; each answers with frozen page objects in at most four statements."""

from __future__ import annotations

from catalog.queries.browse import browse
from catalog.queries.certificates import get_certificate_page
from catalog.queries.errors import CertificateNotFound, ProducerNotFound, ProductNotFound
from catalog.queries.home import get_home_page
from catalog.queries.listing import list_cards
from catalog.queries.office import (
    list_expiring_certificates,
    list_register_drafts,
    list_withheld,
    load_publication_facts,
)
from catalog.queries.pages import BrowseRequest
from catalog.queries.producers import get_producer_page
from catalog.queries.products import get_product_page, with_stock

__all__ = [
    "BrowseRequest",
    "CertificateNotFound",
    "ProducerNotFound",
    "ProductNotFound",
    "browse",
    "get_certificate_page",
    "get_home_page",
    "get_producer_page",
    "get_product_page",
    "list_cards",
    "list_expiring_certificates",
    "list_register_drafts",
    "list_withheld",
    "load_publication_facts",
    "with_stock",
]
