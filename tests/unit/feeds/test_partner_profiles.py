"""Profiles of partners: all mistakes at once, and local overrides."""

from pathlib import Path

import pytest

from feeds.profiles import BadProfile, UnknownPartner, codes, load, read_profile


def test_the_shipped_profile_is_right(tmp_path: Path) -> None:
    profile = load("demo-supermarket", tmp_path)

    assert profile.illustrative
    assert not profile.is_connected
    assert profile.file_name(7, "xml") == "demo-supermarket-000007.xml"


def test_a_local_file_overrides_only_what_it_names(tmp_path: Path) -> None:
    (tmp_path / "demo-supermarket.toml").write_text("[transport]\nport = 4022\n")

    profile = load("demo-supermarket", tmp_path)

    assert profile.transport.port == 4022
    assert profile.transport.host == "127.0.0.1"
    assert profile.transport.client_key == tmp_path / "demo-supermarket.key"


def test_an_operators_own_profile_is_found(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text("x")

    assert codes(tmp_path) == ["demo-supermarket", "other"]


@pytest.mark.parametrize("code", ["nobody", "../demo-supermarket", ""])
def test_an_unknown_partner_is_told_with_the_known_ones(code: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownPartner) as refusal:
        load(code, tmp_path)

    assert refusal.value.facts["known"] == ["demo-supermarket"]


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    data = {"code": "x", "gln": "9521234500017", "groups": ["Z", "T"], "transport": {"port": 0}}
    with pytest.raises(BadProfile) as refusal:
        read_profile(data, code="x", partners_dir=tmp_path)

    problems = "\n".join(refusal.value.facts["problems"])
    for told in (
        "gln needs",
        "'Z'",
        "'T'",
        "transport.port needs",
        "columns is missing",
        "gpc.default",
    ):
        assert told in problems


def test_a_broken_file_is_a_mistake_of_the_profile(tmp_path: Path) -> None:
    (tmp_path / "demo-supermarket.toml").write_text("[transport\n")

    with pytest.raises(BadProfile):
        load("demo-supermarket", tmp_path)


def test_an_unknown_key_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "demo-supermarket.toml").write_text("[transport]\nprot = 22\n")

    with pytest.raises(BadProfile) as refusal:
        load("demo-supermarket", tmp_path)

    assert refusal.value.facts["problems"] == ["transport.prot is not known"]
