"""What no paper and no label can put into a parcel: visits on the spot, and what lives or is alive."""

from __future__ import annotations

HOME = "VN"
ORNAMENTAL_GROUP = "S"
"""Group V of Decision 148/QĐ-TTg: flowers, ornamental plants, ornamental animals."""
SERVICE_GROUP = "T"
"""Group VI: community tourism. It is visited, never sent."""

BARS = ("service_not_goods", "live_organisms", "parcels_blocked")


def is_visit(subgroup_code: str | None) -> bool:
    """Whether it is a service that people come to, and that is therefore asked for, not bought."""
    return (subgroup_code or "").startswith(SERVICE_GROUP)


def sending_bar(subgroup_code: str | None, storage_kind: str, country: str) -> str | None:
    """Why such goods can never be sent to a country (ISO code or market), or None.

    A visit is sent nowhere, not even at home. Living ornamentals and goods that travel alive (crabs)
    stay in the country: every market abroad asks for permits and treatment that a shop's parcel
    cannot have. The codes are among `catalog.rules.eligibility.REASONS`.
    """
    if is_visit(subgroup_code):
        return "service_not_goods"
    if country == HOME:
        return None
    if (subgroup_code or "").startswith(ORNAMENTAL_GROUP):
        return "live_organisms"
    return "parcels_blocked" if storage_kind == "live" else None
