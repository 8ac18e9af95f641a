"""What the interface offers, as an OpenAPI 3.1 document made from the same lists that check a question."""

from __future__ import annotations

from typing import Any

from flask import Response

from catalog.reference import PROVINCES
from catalog.rules.facets import ALL_OF, FACETS
from i18n.locales import LOCALES
from storefront.access import public
from storefront.api import questions
from storefront.api.answers import answer
from storefront.api.searching import MOST_SUGGESTED
from storefront.extensions import settings
from storefront.rendering import SHOP_NAME

_TEXT, _COUNT, _FLAG = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}


@public
def openapi() -> Response:
    """The document itself."""
    return answer(document(settings().base_url), keep_seconds=3600)


def document(base_url: str) -> dict[str, Any]:
    """The description of every address below ``/api/v1``, for a shop at ``base_url``."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{SHOP_NAME}: public interface",
            "version": "1",
            "description": "Read-only and without a key. Stars are shown only while a certificate is in force.",
        },
        "servers": [{"url": f"{base_url}/api/v1"}],
        "paths": {
            "/search": {"get": _search()},
            "/suggest": {"get": _suggest()},
            "/openapi.json": {
                "get": _operation("get_openapi", "This document.", [], {"type": "object"})
            },
        },
        "components": {"schemas": _schemas()},
    }


def _search() -> dict[str, Any]:
    several = "Repeat it or divide values by commas; any of them will do."
    all_of = "Repeat it or divide values by commas; all of them must hold."
    return _operation(
        "search",
        "Products that match a text, best first, with facets over all hits.",
        [
            _parameter("q", _TEXT | {"maxLength": questions.LONGEST_TEXT},
                       "Any text in any of the languages, with or without marks."),
            _locale(),
            *(
                _parameter(facet, _values(facet), all_of if facet in ALL_OF else several)
                for facet in FACETS
            ),
            _parameter("sort", _TEXT | {"enum": [*questions.SORTS], "default": "relevance"},
                       "The order; the newest first among equals."),
            _limit(questions.PER_PAGE, questions.MOST_PER_PAGE),
            _parameter("cursor", _TEXT, "``next_cursor`` of the page before, with the same question."),
        ],
        {"$ref": "#/components/schemas/SearchResult"},
    )  # fmt: skip


def _suggest() -> dict[str, Any]:
    return _operation(
        "suggest",
        "What the letters typed so far may become: kinds of goods, provinces, words that many search,"
        " producers, products.",
        [
            _parameter("q", _TEXT, "One letter is enough, in any script."),
            _locale(),
            _limit(MOST_SUGGESTED, MOST_SUGGESTED),
        ],
        {"$ref": "#/components/schemas/Suggestions"},
    )


def _operation(
    name: str, summary: str, parameters: list[dict[str, Any]], schema: dict[str, Any]
) -> dict[str, Any]:
    refusal = {"$ref": "#/components/schemas/Problem"}
    refused = {"content": {"application/problem+json": {"schema": refusal}}}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": {"description": "Found.", "content": {"application/json": {"schema": schema}}},
            "304": {"description": "Nothing changed since the ETag that was sent."},
            "400": {"description": "A parameter is wrong; it is named."} | refused,
            "503": {"description": "The index is being rebuilt; see Retry-After."} | refused,
        },
    }


def _parameter(name: str, schema: dict[str, Any], text: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": text, "schema": schema}


def _values(facet: str) -> dict[str, Any]:
    if facet == "province":
        return _several([p.slug for p in PROVINCES.values()])
    if facet in questions.OFFERED:
        return _several(sorted(questions.OFFERED[facet]))
    return {"type": "array", "items": _TEXT | {"maxLength": 140}}


def _several(values: list[str]) -> dict[str, Any]:
    return {"type": "array", "items": _TEXT | {"enum": values}}


def _locale() -> dict[str, Any]:
    schema = _TEXT | {"enum": [*LOCALES], "default": "vi"}
    return _parameter("locale", schema, "The language of names; products are found in any.")


def _limit(usual: int, most: int) -> dict[str, Any]:
    schema = _COUNT | {"minimum": 1, "maximum": most, "default": usual}
    return _parameter("limit", schema, "How many at once.")


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": [*properties], "properties": properties}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return schema | {"type": [schema["type"], "null"]}


def _schemas() -> dict[str, Any]:
    name = _object(value=_TEXT, locale=_TEXT)
    price = _object(amount_minor=_COUNT, currency=_TEXT)
    items = {"type": "array", "items": {"$ref": "#/components/schemas/Item"}}
    counts = {"type": "array", "items": _object(value=_TEXT, count=_COUNT, selected=_FLAG)}
    return {
        "Item": _object(
            id=_COUNT,
            slug=_TEXT,
            url=_TEXT,
            name=name,
            producer=_object(slug=_TEXT, name=_TEXT),
            province=_TEXT,
            subgroup=_or_null(_TEXT),
            stars=_or_null(_COUNT),
            stars_valid_to=_or_null(_TEXT | {"format": "date"}),
            package=_object(
                sku=_TEXT, gtin=_or_null(_TEXT), net_content=_TEXT, unit=_TEXT, price=price
            ),
            available=_COUNT,
            is_illustrative=_FLAG,
        ),
        "SearchResult": _object(
            total=_COUNT,
            items=items,
            related=items,
            facets={"type": "object", "additionalProperties": counts},
            did_you_mean=_or_null(_TEXT),
            degraded=_FLAG,
            next_cursor=_or_null(_TEXT),
        ),
        "Suggestions": _object(
            suggestions={
                "type": "array",
                "items": _object(
                    kind=_TEXT | {"enum": ["type", "province", "query", "producer", "product"]},
                    slug=_TEXT,
                    label=name,
                    province=_or_null(_TEXT),
                    url=_TEXT,
                ),
            },
            degraded=_FLAG,
        ),
        "Problem": _object(type=_TEXT, title=_TEXT, status=_COUNT, reference=_TEXT)
        | {"additionalProperties": True},
    }
