"""Settings as the whole house judges them: the ground floor's mistakes and the payment gateways', at once."""

from __future__ import annotations

from collections.abc import Mapping

from core.settings import Settings, SettingsError
from orders.payments.registry import settings_problems


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings of this process; raises SettingsError with every mistake any floor finds."""
    settings = Settings.from_env(environ)
    problems = settings_problems(settings)
    if problems:
        raise SettingsError(problems)
    return settings
