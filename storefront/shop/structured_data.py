"""What search engines are told about a page (schema.org); stars only with a claim that holds today."""

from __future__ import annotations

from typing import Any

from babel.numbers import get_currency_precision

from catalog.queries.pages import ProducerPage, ProductPage
from catalog.rules.certification import StarClaim
from core.money import Money
from i18n.locales import bcp47
from storefront import ledger_words

Graph = dict[str, Any]


def product_graph(
    page: ProductPage,
    *,
    stock: dict[int, int],
    base_url: str,
    locale: str,
    pictures: list[str],
    crumbs: Graph,
) -> Graph:
    """The product with its offers, maker, origin and, while a claim holds, its certification."""
    address = f"{base_url}/{locale}/products/{page.slug}"
    product: Graph = {
        "@type": "Product",
        "@id": f"{address}#product",
        "name": page.name.value,
        "url": address,
        "inLanguage": bcp47(locale),
        "sku": page.package.sku,
        "image": pictures[0] if len(pictures) == 1 else pictures,
        "brand": {"@type": "Brand", "name": page.producer.name},
        "manufacturer": {
            "@type": "Organization",
            "name": page.producer.name,
            "url": f"{base_url}/{locale}/producers/{page.producer.slug}",
        },
        "countryOfOrigin": {"@type": "Country", "name": page.origin_country},
        "offers": [_offer(page, i, stock, address) for i in range(len(page.packages))],
    }
    if page.summary is not None:
        product["description"] = page.summary.value
    if page.package.gtin and not page.package.gtin_is_internal:
        product["gtin"] = page.package.gtin
    certifications = _certifications(page, f"{base_url}/{locale}")
    if certifications:
        one = len(certifications) == 1
        product["hasCertification"] = certifications[0] if one else certifications
    return {"@context": "https://schema.org", "@graph": [product, crumbs]}


def _certifications(page: ProductPage, home: str) -> list[Graph]:
    """The stars while a claim holds, then every badge that holds that day."""
    found = [] if page.claim is None else [_stars(page.claim, home)]
    for mark in page.marks:
        graph: Graph = {
            "@type": "Certification",
            "name": str(ledger_words.KINDS[mark.code])
            + (f": {mark.right_name} ({mark.right_number})" if mark.right_name else ""),
            "certificationIdentification": mark.number,
            "url": f"{home}/{'papers' if mark.source == 'paper' else 'licences'}/{mark.id}",
        }
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


def _offer(page: ProductPage, index: int, stock: dict[int, int], address: str) -> Graph:
    package = page.packages[index]
    sold_out = stock.get(package.id, 0) <= 0
    return {
        "@type": "Offer",
        "url": address,
        "sku": package.sku,
        "price": decimal_price(package.price),
        "priceCurrency": package.price.currency,
        "availability": "https://schema.org/" + ("OutOfStock" if sold_out else "InStock"),
        "itemCondition": "https://schema.org/NewCondition",
        "seller": {"@type": "Organization", "name": page.producer.name},
        "priceSpecification": {
            "@type": "PriceSpecification",
            "price": decimal_price(package.price),
            "priceCurrency": package.price.currency,
            "valueAddedTaxIncluded": True,
        },
    }


def decimal_price(price: Money) -> str:
    """A price as a plain decimal number: "120000", "12.50"."""
    digits = get_currency_precision(price.currency)
    if not digits:
        return str(price.amount)
    whole, rest = divmod(price.amount, 10**digits)
    return f"{whole}.{rest:0{digits}d}"


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
    maker = page.producer
    organization: Graph = {
        "@type": "Organization",
        "name": maker.name,
        "url": f"{base_url}/{locale}/producers/{maker.slug}",
    }
    if maker.address:
        organization["address"] = {
            "@type": "PostalAddress",
            "streetAddress": maker.address,
            "addressCountry": "VN",
        }
    if page.pictures:
        picture = page.pictures[0]
        organization["image"] = base_url + picture.address(picture.widths[-1])
    if maker.founded_year:
        organization["foundingDate"] = str(maker.founded_year)
    return {"@context": "https://schema.org", "@graph": [organization, crumbs]}
