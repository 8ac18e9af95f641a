"""Who runs the shop: what Vietnam's law on e-commerce wants said of an operator, on every page.

A shop whose operator has not been named calls itself a demonstration: nobody would answer a buyer there.
"""

from __future__ import annotations

from dataclasses import dataclass

from storefront.extensions import settings
from storefront.rendering import SHOP_NAME


@dataclass(frozen=True, slots=True)
class Operator:
    """How buyers and authorities find whoever runs the shop; "" for what is not said."""

    name: str
    address: str = ""
    number: str = ""
    phone: str = ""
    email: str = ""
    is_illustrative: bool = False


DEMONSTRATION = Operator(SHOP_NAME, email="khieu-nai@mua-que.example", is_illustrative=True)
"""Under a name nobody can register (RFC 2606), so that no letter of a demonstration reaches a stranger."""


def operator() -> Operator:
    """The operator as the settings name it, else the one of the demonstration."""
    own = settings()
    if not own.operator_name:
        return DEMONSTRATION
    return Operator(
        own.operator_name,
        own.operator_address,
        own.operator_number,
        own.operator_phone,
        own.operator_email,
    )
