"""What search engines are told about a page (schema.org); stars only with a claim that holds today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.queries.pages import ProducerPage, ProducerView, ProductPage
from catalog.reference import PROVINCES
from catalog.rules.certification import StarClaim
from catalog.rules.sending import is_visit
from core.money import Money
from storefront import ledger_words
from storefront.shop import structured_food, structured_offer

Graph = dict[str, Any]


def product_graph(
    page: ProductPage,
    *,
    stock: Mapping[int, int],
    base_url: str,
    locale: str,
    pictures: Sequence[str],
    crumbs: Graph,
    category: str = "",
    contains: Sequence[str] = (),
    may_contain: Sequence[str] = (),
    delivery_fees: Mapping[int, Money | None] | None = None,
    abroad: Mapping[int, structured_offer.OfferAbroad] | None = None,
) -> Graph:
    """The product with its offers, maker, origin and, while a claim holds, its certification.

    A visit is a service that is asked for, never goods with a price for sending them.

    `stock`, `delivery_fees` and `abroad` go by package; the allergens are in the words of the page.
    """
    home = f"{base_url}/{locale}"
    address = f"{home}/products/{page.slug}"
    maker = _organization(page.producer, home)
    named = {"@type": "Organization", "@id": maker["@id"], "name": maker["name"]}
    fees = delivery_fees or {}
    is_service = is_visit(page.subgroup_code)
    offered: Graph = {
        "@type": "Service" if is_service else "Product",
        "@id": f"{address}#product",
        "name": page.name.value,
        "url": address,
        "image": pictures[0] if len(pictures) == 1 else list(pictures),
        "brand": {"@type": "Brand", "name": page.record.brand or page.producer.name},
    }
    if is_service:
        offered |= _visit(page, named, f"{home}/visits/{page.slug}")
    else:
        offered |= _goods(page, named, contains, may_contain)
        offered["offers"] = [
            structured_offer.offer(
                page,
                package,
                address=address,
                seller=named,
                is_sold_out=stock.get(package.id, 0) <= 0,
                delivery_fee=fees.get(package.id),
                abroad=(abroad or {}).get(package.id),
            )
            for package in page.packages
        ]
    if category:
        offered["category"] = category
    if page.summary is not None:
        offered["description"] = page.summary.value
    certifications = _certifications(page, home)
    if certifications:
        one = len(certifications) == 1
        offered["hasCertification"] = certifications[0] if one else certifications
    return {"@context": "https://schema.org", "@graph": [offered, maker, crumbs]}


def _goods(
    page: ProductPage, maker: Graph, contains: Sequence[str], may_contain: Sequence[str]
) -> Graph:
    """What is said of a thing alone: its numbers, where it was made and by whom, what is in it."""
    said: Graph = {
        "sku": page.package.sku,
        "manufacturer": maker,
        "countryOfOrigin": {"@type": "Country", "name": page.origin_country},
    }
    if page.package.gtin and not page.package.gtin_is_internal:
        said["gtin"] = page.package.gtin
    facts = structured_food.properties(page.record.nutrition, contains, may_contain)
    if facts:
        said["additionalProperty"] = facts
    return said


def _visit(page: ProductPage, guide: Graph, address: str) -> Graph:
    """What is said of a visit: who receives the guests, and where a day is asked for; nothing is sent."""
    prices = [package.price for package in page.packages]
    return {
        "provider": guide,
        "areaServed": {"@type": "Country", "name": page.origin_country},
        "offers": [
            structured_offer.visit_offer(price, address=address, guide=guide) for price in prices
        ],
    }


def _certifications(page: ProductPage, home: str) -> list[Graph]:
    """The stars while a claim holds, then every badge that holds that day."""
    found = [] if page.claim is None else [_stars(page.claim, home)]
    for mark in page.marks:
        graph: Graph = {
            "@type": "Certification",
            "name": str(ledger_words.KINDS[mark.code])
            + (f": {mark.right_name} ({mark.right_number})" if mark.right_name else ""),
            "url": f"{home}/{'papers' if mark.source == 'paper' else 'licences'}/{mark.id}",
        }
        if mark.number:
            graph["certificationIdentification"] = mark.number
        if mark.first is not None:
            graph["validFrom"] = mark.first.isoformat()
        if mark.last is not None:
            graph["expires"] = mark.last.isoformat()
        if mark.issuer:
            graph["issuedBy"] = {"@type": "Organization", "name": mark.issuer}
        found.append(graph)
    return found


def _stars(claim: StarClaim, home: str) -> Graph:
    graph: Graph = {
        "@type": "Certification",
        "name": f"OCOP {claim.stars}/5",
        "certificationIdentification": claim.decision_number,
        "certificationRating": {
            "@type": "Rating",
            "ratingValue": claim.stars,
            "bestRating": 5,
            "worstRating": 3,
        },
        "validFrom": claim.issued_on.isoformat(),
        "expires": claim.valid_to.isoformat(),
        "url": f"{home}/certificates/{claim.certificate_id}",
    }
    if claim.issuer:
        graph["issuedBy"] = {"@type": "GovernmentOrganization", "name": claim.issuer}
    return graph


def breadcrumbs(base_url: str, steps: list[tuple[str, str]]) -> Graph:
    """The way from the home page to this one: (name, path) pairs."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": name, "item": base_url + path}
            for n, (name, path) in enumerate(steps, start=1)
        ],
    }


def producer_graph(page: ProducerPage, *, base_url: str, locale: str, crumbs: Graph) -> Graph:
    """The maker as an organisation."""
    organization = _organization(page.producer, f"{base_url}/{locale}")
    if page.pictures:
        picture = page.pictures[0]
        organization["image"] = base_url + picture.address(picture.widths[-1])
    return {"@context": "https://schema.org", "@graph": [organization, crumbs]}


def _organization(maker: ProducerView, home: str) -> Graph:
    """The registered facts of a maker; one node, whichever page names it."""
    url = f"{home}/producers/{maker.slug}"
    graph: Graph = {
        "@type": "Organization",
        "@id": f"{url}#producer",
        "name": maker.name,
        "url": url,
        "address": {"@type": "PostalAddress", "addressCountry": "VN"},
    }
    address = graph["address"]
    if maker.address:
        address["streetAddress"] = maker.address
    if maker.commune:
        address["addressLocality"] = maker.commune
    province = PROVINCES.get(maker.province_code or "")
    if province is not None:
        address["addressRegion"] = province.names["vi"]
    if maker.phone:
        graph["telephone"] = maker.phone
    if maker.email:
        graph["email"] = maker.email
    if maker.tax_number:
        graph["taxID"] = maker.tax_number
    if maker.gln:
        graph["globalLocationNumber"] = maker.gln
    if maker.founded_year:
        graph["foundingDate"] = str(maker.founded_year)
    return graph
