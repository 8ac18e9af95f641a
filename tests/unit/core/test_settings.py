from pathlib import Path

import pytest

from core.settings import Settings, SettingsError


def test_nothing_needs_to_be_set_to_begin(tmp_path: Path) -> None:
    settings = Settings.from_env({"OCOP_DATA_DIR": str(tmp_path)})

    assert settings.database_url == f"sqlite:///{tmp_path}/ocop.db"
    assert len(settings.secret_key) >= 32


def test_a_generated_secret_outlives_a_restart_and_is_private(tmp_path: Path) -> None:
    first = Settings.from_env({"OCOP_DATA_DIR": str(tmp_path)})
    second = Settings.from_env({"OCOP_DATA_DIR": str(tmp_path)})

    assert first.secret_key == second.secret_key
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(
            {
                "OCOP_ENV": "prod",
                "OCOP_DATABASE_URL": "mysql://x",
                "OCOP_DATABSE_URL": "sqlite:///x.db",
                "OCOP_BASE_URL": "shop.example",
                "OCOP_VIETQR_ACCOUNT": "123456",
            }
        )

    problems = "\n".join(caught.value.problems)
    assert len(caught.value.problems) == 5
    assert "did you mean OCOP_DATABASE_URL?" in problems


def test_production_refuses_weak_secrets_plain_http_and_mail_that_goes_nowhere() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"OCOP_ENV": "production", "OCOP_SECRET_KEY": "short"})

    assert [p.split(":")[0] for p in caught.value.problems] == [
        "OCOP_SECRET_KEY",
        "OCOP_BASE_URL",
        "OCOP_MAIL_URL",
    ]


def test_secrets_do_not_show_in_a_traceback() -> None:
    assert "hidden-hidden" not in repr(Settings(secret_key="hidden-hidden"))


def test_a_promised_setting_that_does_nothing_yet_is_refused_rather_than_ignored() -> None:
    with pytest.raises(SettingsError, match="OCOP_CACHE_URL: this version does not use it yet"):
        Settings.from_env({"OCOP_CACHE_URL": "redis://127.0.0.1:6379"})


def test_an_operator_is_named_in_full_or_not_at_all() -> None:
    half = {"OCOP_OPERATOR_NAME": "HTX Mùa Quê", "OCOP_OPERATOR_PHONE": "024 3825 0000"}
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(half)
    assert [p.split("_")[1] for p in caught.value.problems] == ["OPERATOR"]

    whole = {f"OCOP_OPERATOR_{part}": "x" for part in ("NAME", "ADDRESS", "NUMBER", "PHONE")}
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({**whole, "OCOP_OPERATOR_EMAIL": "not an address"})
    assert caught.value.problems == ["OCOP_OPERATOR_EMAIL: is not an address of e-mail"]
