"""What a judged row of a register asks the catalogue to hold: keys, values, and the recognition it tells of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from catalog.importing.judged import Judged
from catalog.importing.parsing.makers import STORED_KINDS, maker_key
from catalog.importing.parsing.places import spelling
from catalog.importing.parsing.text import fold
from catalog.importing.record_facts import RecordFacts
from catalog.reference import Province, find_province
from i18n.text import slugify

UNKNOWN_MAKER = "unknown:"
"""Codes of the makers that stand for "not known yet", one for each province; never shown to buyers."""

_PACKSHOTS = {
    "food": "bag",
    "drink": "bottle",
    "handicraft": "craft",
    "herbal": "plant",
    "tourism": "tour",
}


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a row says was recognised; a claim only with number and date."""

    stars: int | None
    rating_year: int | None
    number: str | None
    issued_on: date | None
    issuer: str | None
    level: str | None
    score: Decimal | None = None

    @property
    def is_verifiable(self) -> bool:
        """Whether anybody can look the decision up."""
        return bool(self.number and self.issued_on and self.stars)

    @property
    def says_anything(self) -> bool:
        """Whether there is anything to keep."""
        return not (self.stars is None and self.rating_year is None and self.number is None)


@dataclass(slots=True)
class Plan:
    """A row ready to be stored."""

    judged: Judged
    code: str
    maker_code: str
    maker: dict[str, Any]
    product: dict[str, Any] = field(default_factory=dict)
    recognition: Recognition | None = None

    @property
    def record(self) -> RecordFacts:
        """What the row says for the full record."""
        return self.judged.record

    @property
    def knows_maker(self) -> bool:
        """Whether the row names who makes it."""
        return not self.maker_code.startswith(UNKNOWN_MAKER)


def plan_row(judged: Judged) -> Plan:
    """The keys and values of one row; the same row always has the same keys."""
    values = judged.values
    province = find_province(values["province_2025"]) if values["province_2025"] else None
    name, place = values["producer_name"], province.code if province else "00"
    source = source_of(judged)
    if name:
        maker_code = values.get("producer_code") or maker_code_of(province, name)
        maker = {
            "name": name,
            "kind": STORED_KINDS[values["producer_type"]],
            "province_code": province.code if province else None,
            "former_unit": _former_unit(judged, province),
            "commune": values["commune"][:120] or None,
            "source": values.get("source_site"),
            **judged.maker_facts,
        }
    else:
        maker_code = f"{UNKNOWN_MAKER}{place}"
        maker = {
            "name": f"Chưa rõ chủ thể ({province.names['vi'] if province else 'chưa rõ tỉnh'})",
            "kind": "unknown",
            "province_code": province.code if province else None,
        }
    packshot = _PACKSHOTS.get(fold(values.get("group_guess", "")), "box")
    day = date.fromisoformat(values["decision_date"]) if values["decision_date"] else None
    number = values["decision_number"][:80] or None
    return Plan(
        judged,
        values.get("code") or code_of(judged, place),
        maker_code[:80],
        maker,
        {"name": values["product_name_vi"], "source": source, "packshot": packshot},
        Recognition(
            values["stars"],
            values["rating_year"],
            number,
            day if values["stars"] or not number else None,
            values.get("issuer") or None,
            "central" if number and "BNN" in number else None,
            _score(values.get("score")),
        ),
    )


def _score(text: str | None) -> Decimal | None:
    """The points as they are stored, with three places; cut, for rounding up could reach the next star."""
    return None if text is None else Decimal(text).quantize(Decimal("0.001"), ROUND_DOWN)


def maker_code_of(province: Province | None, name: str) -> str:
    """The key of a maker a register only names: province and name without marks."""
    return f"reg:{province.code if province else '00'}:{slugify(name, longest=70)}"


def code_of(judged: Judged, place: str) -> str:
    """The key of a product without a code of its own: from its name, its maker and where it is made."""
    values = judged.values
    maker = maker_key(values["producer_name"])
    where = "" if maker else spelling(values["commune"] or values["district"])
    mark = hashlib.sha256(
        "|".join((spelling(values["product_name_vi"]), maker, where)).encode()
    ).hexdigest()[:8]
    return f"reg:{place}:{slugify(values['product_name_vi'], longest=50)}:{mark}"


def source_of(judged: Judged) -> str | None:
    """Where the row was read, with the columns nobody knows kept as "heading: value"."""
    values = judged.values
    parts = [
        values[name] for name in ("source_site", "source_title", "source_date") if values.get(name)
    ]
    parts += [f"{heading}: {value}" for heading, value in judged.extra.items() if value]
    return " · ".join(parts) or None


def _former_unit(judged: Judged, province: Province | None) -> str | None:
    values = judged.values
    former = values["former_province"]
    if province and spelling(former) == spelling(province.names["vi"]):
        former = ""
    return ", ".join(filter(None, (values["address"][:100], former)))[:200] or None
