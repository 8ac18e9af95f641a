"""What a newcomer reads of the programme is there in all nine languages, none of them shorter than the others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from catalog.reference.protected_names import KNOWN
from i18n.locales import LOCALES

DATA = Path(__file__).parents[3] / "catalog" / "demo" / "data"
SHAPE = re.compile(r"^(##|- |\d\. )|\*\*|\]\(/portal/events\)", re.MULTILINE)


def texts(told: Any, path: str = "") -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every text of a file by its place: whatever has a Vietnamese wording."""
    if isinstance(told, dict):
        if isinstance(told.get("vi"), str):
            yield path, told
        for key, inner in told.items():
            yield from texts(inner, f"{path}/{key}")
    elif isinstance(told, list):
        for number, inner in enumerate(told):
            yield from texts(inner, f"{path}/{number}")


def test_news_guides_and_events_are_told_in_every_language_with_the_same_parts() -> None:
    found = list(texts(json.loads((DATA / "campaigns.json").read_text(encoding="utf-8"))))
    assert sum(path.endswith("/body") for path, _ in found) == 2
    for path, wordings in found:
        assert set(LOCALES) <= set(wordings), path
        if path.endswith("/body"):
            shapes = {tag: SHAPE.findall(wordings[tag]) for tag in LOCALES}
            assert [tag for tag in LOCALES if shapes[tag] != shapes["vi"]] == [], path


@pytest.mark.parametrize("right", KNOWN, ids=lambda right: right.number)
def test_what_a_name_is_protected_for_is_said_in_every_language(right: Any) -> None:
    assert set(right.goods) == set(LOCALES)
