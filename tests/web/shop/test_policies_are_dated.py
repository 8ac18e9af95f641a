from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from core import clock
from core.settings import Settings
from i18n.locales import ENABLED, bcp47
from storefront.shop.policies import CONTENT, NAMES, load
from tests.web.page_client import PageClient
from tests.web.shop.conftest import Stalls


def test_every_policy_says_the_same_in_every_language() -> None:
    found = load(CONTENT)
    assert set(found) == set(NAMES)
    for name, by_day in found.items():
        for day, texts in by_day.items():
            assert set(texts) == set(ENABLED), (name, day)
            counts = {
                tuple(
                    tuple(1 if isinstance(block, str) else len(block) for block in section.blocks)
                    for section in text.sections
                )
                for text in texts.values()
            }
            assert len(counts) == 1, f"{name} {day}: the languages say different things"


@pytest.mark.parametrize("locale", ENABLED)
def test_every_page_leads_to_every_policy_and_each_says_its_day(
    client: PageClient, locale: str
) -> None:
    linked = client.get(f"/{locale}/about").links()
    for name in NAMES:
        address = f"/{locale}/policies/{name}"
        assert address in linked
        page = client.get(address)
        assert "2026" in page.text
        assert page.all("span", class_="demo-mark")
        text = page.root.xpath("//*[@class='prose']/*[local-name()='div']")[0]
        assert text.get("lang") is None
        binding = page.root.xpath(f"//*[@class='note']//*[@href='/vi/policies/{name}']")
        assert bool(binding) == (locale != "vi")
    assert client.get(f"/{locale}/policies").links().count(f"/{locale}/policies/terms") >= 2


def test_a_former_version_stays_readable_and_says_so(
    client: PageClient, settings: Settings
) -> None:
    own = settings.data_dir / "policies"
    own.mkdir()
    today = clock.today()
    first, second, later = date(2024, 5, 1), date(2025, 6, 2), date(today.year + 1, 1, 1)
    for day in (first, second, later):
        _write(own, day)
    page = client.get("/en/policies/returns")
    assert f"Text of {second}" in page.text
    assert not page.all("span", class_="demo-mark")
    for day in (first, later):
        assert f"/en/policies/returns/{day}" in page.links()
    former = client.get(f"/en/policies/returns/{first}")
    assert f"Text of {first}" in former.text
    assert "no longer applies" in former.text
    assert former.one("meta", name="robots").get("content") == "noindex"
    assert "does not apply yet" in client.get(f"/en/policies/returns/{later}").text


@pytest.mark.parametrize(
    ("written", "read", "bound"),
    [("vi", "ja", True), ("zh-hant", "zh-hans", False), ("fr", "en", False)],
)
def test_a_policy_in_any_language_is_shown_and_its_language_marked(
    client: PageClient, settings: Settings, written: str, read: str, bound: bool
) -> None:
    own = settings.data_dir / "policies"
    own.mkdir()
    _write(own, clock.today(), written)
    page = client.get(f"/{read}/policies/returns")
    text = page.root.xpath("//*[@class='prose']/*[local-name()='div']")[0]
    assert text.get("lang") == bcp47(written)
    assert bool(page.root.xpath("//*[@class='note']//*[@href='/vi/policies/returns']")) == bound


def _write(folder: Path, day: date, locale: str = "en") -> None:
    (folder / f"returns.{day}.{locale}.txt").write_text(
        f"Returns\n\nText of {day}", encoding="utf-8"
    )


@pytest.mark.parametrize("path", ["nonsense", "terms/2001-01-01", "terms/x"])
def test_a_version_nobody_wrote_is_not_found(client: PageClient, path: str) -> None:
    client.get(f"/vi/policies/{path}", 404)


def test_a_file_with_a_name_nobody_could_mean_is_refused(tmp_path: Path) -> None:
    (tmp_path / "terms.en.txt").write_text("Terms", encoding="utf-8")
    with pytest.raises(ValueError, match=r"terms\.en\.txt"):
        load(tmp_path)


def test_the_product_says_who_sells_it(client: PageClient, stalls: Stalls) -> None:
    page = client.get(f"/en/products/{stalls.starred}")
    assert "Sold by HTX Rừng Ngập Mặn" in page.text
