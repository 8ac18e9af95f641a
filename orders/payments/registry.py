"""Which ways to pay this installation offers, from its settings."""

from __future__ import annotations

from core.settings import Settings
from orders.payments.cod import CashOnDelivery
from orders.payments.gateway import Gateway
from orders.payments.vietqr import VietQr, account_problems

_DEMO_ACCOUNT = VietQr("970436", "0000000000", "CUA HANG MAU OCOP", is_illustrative=True)
"""An account that cannot exist; pages that show it say so. Never offered in production."""


def enabled_gateways(settings: Settings) -> dict[str, Gateway]:
    """The ways to pay by their code, in the order they are offered.

    Without a bank account in the settings, a demonstration shows an illustrative one and production none.
    """
    ways: list[Gateway] = [CashOnDelivery()]
    if settings.vietqr_bank_bin:
        ways.append(VietQr(settings.vietqr_bank_bin, settings.vietqr_account, settings.vietqr_name))
    elif not settings.is_production:
        ways.append(_DEMO_ACCOUNT)
    return {way.code: way for way in ways}


def settings_problems(settings: Settings) -> list[str]:
    """What is wrong with the payment settings, one sentence each; empty when all is well or unset."""
    if not settings.vietqr_bank_bin:
        return []
    return account_problems(settings.vietqr_bank_bin, settings.vietqr_account, settings.vietqr_name)
