"""The translators' files: complete, current, and unable to break a page."""

from __future__ import annotations

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog

from i18n.compile import DOMAIN, TRANSLATIONS
from i18n.extract import extracted, missing_from, stored
from i18n.locales import ENABLED, directory_name

pytestmark = pytest.mark.slow

COMPLETE = [tag for tag in ENABLED if tag != "en"]
HOLE = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z]+\}|%%")


@pytest.fixture(scope="module")
def sentences() -> Catalog:
    """What templates and code say, collected once."""
    return extracted()


@cache
def _catalogue(locale: str) -> Catalog:
    path = TRANSLATIONS / directory_name(locale) / "LC_MESSAGES" / f"{DOMAIN}.po"
    return stored(path, directory_name(locale))


def test_the_template_of_all_sentences_is_current(sentences: Catalog) -> None:
    stale = missing_from(stored(TRANSLATIONS / f"{DOMAIN}.pot"), sentences)
    assert not stale, "run `python -m i18n.extract`"


@pytest.mark.parametrize("locale", COMPLETE)
def test_every_sentence_is_translated(locale: str, sentences: Catalog) -> None:
    catalog = _catalogue(locale)
    assert not missing_from(catalog, sentences)
    untranslated, fuzzy, wrong = [], [], []
    for message in catalog:
        if not message.id:
            continue
        plural = isinstance(message.id, (tuple, list))
        sources = tuple(message.id) if plural else (message.id,)
        texts = tuple(message.string) if plural else (message.string,)
        if not all(texts):
            untranslated.append(sources[0])
        if message.fuzzy:
            fuzzy.append(sources[0])
        wanted = set(HOLE.findall(sources[-1]))
        wrong += [text for text in texts if text and set(HOLE.findall(text)) != wanted]
    assert not untranslated
    assert not fuzzy
    assert not wrong


@pytest.mark.parametrize("locale", COMPLETE)
def test_no_sentence_was_left_in_english(locale: str) -> None:
    same = [
        message.id
        for message in _catalogue(locale)
        if isinstance(message.id, str) and message.id and message.string == message.id
        and len(re.findall(r"[a-z]{2,}", HOLE.sub("", message.id))) > 2
    ]  # fmt: skip
    assert not same
