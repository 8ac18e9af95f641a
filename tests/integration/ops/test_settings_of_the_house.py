from pathlib import Path

import pytest

from core.settings import SettingsError
from storefront.settings import read_settings

BANK = {"OCOP_VIETQR_ACCOUNT": "0123456789", "OCOP_VIETQR_NAME": "HTX RUNG NGAP MAN"}


def test_an_unknown_bank_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="999999"):
        read_settings({"OCOP_DATA_DIR": str(tmp_path), "OCOP_VIETQR_BANK_BIN": "999999", **BANK})


def test_a_known_bank_is_taken(tmp_path: Path) -> None:
    settings = read_settings(
        {"OCOP_DATA_DIR": str(tmp_path), "OCOP_VIETQR_BANK_BIN": "970436", **BANK}
    )

    assert settings.vietqr_bank_bin == "970436"
