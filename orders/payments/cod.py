"""Cash on delivery: agreed at the order, taken by the courier, limited so that refused parcels stay cheap."""

from __future__ import annotations

from core.money import Money
from orders.payments.gateway import Capabilities, Instructions
from orders.rules.cod import cod_problem


class CashOnDelivery:
    """The buyer pays the courier; see ``orders.rules.cod`` for the limits."""

    code = "cod"
    capabilities = Capabilities(
        currencies=frozenset({"VND"}), countries=frozenset({"VN"}), pay_within=None
    )

    def problem(self, total: Money, country: str, open_orders: int) -> str | None:
        """Why cash is not offered: country, currency, amount, open_orders."""
        return cod_problem(total, country, open_orders)

    def instructions(self, number: str, amount: Money) -> Instructions:
        """Have the money ready at the door."""
        return Instructions(kind="cash", amount=amount, memo=number)
