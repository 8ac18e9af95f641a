"""Which translations buyers read: by status, age and field; allergens and legal text never in another language."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from catalog.reference.market_languages import market_languages
from catalog.rules.fallback import (
    NEVER_BY_MACHINE,
    NEVER_FALLS_BACK,
    RULES,
    STATUSES,
    Text,
    Version,
    is_shown,
    resolve,
)
from catalog.rules.translation import MarketLanguages, digest, readiness
from i18n import glossary
from i18n.locales import FALLBACKS, LOCALES
from tests.rows import each_row

VERSIONS = st.dictionaries(
    st.sampled_from(LOCALES),
    st.one_of(
        st.none(),
        st.text(max_size=5),
        st.builds(Version, st.text(max_size=5), st.sampled_from(STATUSES), st.booleans()),
    ),
)


@given(
    field=st.sampled_from([*sorted(NEVER_FALLS_BACK), "something nobody thought of"]),
    locale=st.sampled_from(LOCALES),
    values=VERSIONS,
)
def test_allergens_and_legal_text_are_never_shown_in_another_language(field, locale, values):
    found = resolve(field, values, FALLBACKS[locale])
    assert found is None or (found.locale, found.by_machine, found.is_old) == (locale, False, False)


@given(field=st.sampled_from(sorted(RULES)), locale=st.sampled_from(LOCALES), values=VERSIONS)
def test_a_shown_text_is_the_stored_one_of_the_language_it_names(field, locale, values):
    found = resolve(field, values, FALLBACKS[locale])
    if found is None:
        return
    stored = values[found.locale]
    assert found.value == (stored.text if isinstance(stored, Version) else stored) != ""
    assert found.locale in FALLBACKS[locale]
    if isinstance(stored, Version):
        assert stored.status != "draft"
        assert found.by_machine == (stored.status == "machine")
        assert found.is_old == stored.is_stale
        assert not (found.by_machine and field in NEVER_BY_MACHINE)


@given(kind=st.sampled_from(glossary.KINDS), locale=st.sampled_from(LOCALES), data=st.data())
def test_the_fixed_words_are_those_of_the_asked_language(kind, locale, data):
    code = data.draw(st.sampled_from(sorted(glossary.read(kind))))
    assert glossary.term(kind, code, locale) == glossary.read(kind)[code][locale]


@each_row(
    ("field", "status", "is_stale", "shown"),
    [
        ("name", "reviewed", False, True),
        ("name", "reviewed", True, True),
        ("name", "machine", False, True),
        ("name", "machine", True, False),
        ("name", "draft", False, False),
        ("ingredients", "reviewed", False, True),
        ("ingredients", "reviewed", True, False),
        ("ingredients", "machine", False, False),
        ("usage", "reviewed", True, False),
        ("warnings", "reviewed", True, False),
        ("something nobody thought of", "machine", False, False),
    ],
)
def test_what_is_shown_follows_from_status_age_and_field(field, status, is_stale, shown):
    assert is_shown(field, status, is_stale=is_stale) is shown


@each_row("locale", LOCALES)
def test_every_language_falls_back_to_vietnamese_in_the_end(locale):
    assert FALLBACKS[locale][0] == locale
    assert "vi" in FALLBACKS[locale]
    assert len(set(FALLBACKS[locale])) == len(FALLBACKS[locale])


def test_traditional_chinese_tries_simplified_then_english_then_vietnamese():
    assert FALLBACKS["zh-hant"] == ("zh-hant", "zh-hans", "en", "vi")
    values = {
        "zh-hans": Version("鱼露", "machine", is_stale=True),
        "en": Version("Fish sauce", "reviewed"),
    }
    assert resolve("name", values, FALLBACKS["zh-hant"]) == Text("Fish sauce", "en")


def test_a_digest_does_not_depend_on_how_letters_are_composed():
    assert digest(unicodedata.normalize("NFD", "Mắm")) == digest("Mắm")
    assert digest("") == digest(None) == ""


@each_row("market", ["VN", "AU", "KR", "JP", "EU", "CN", "HK", "TW", "SG", "CA"])
def test_every_market_says_which_languages_it_needs(market):
    assert market_languages()[market].needs


def test_hong_kong_takes_english_or_traditional_chinese_and_canada_needs_two():
    fields = ("name", "summary")
    english = {(field, "en"): Version("x", "reviewed") for field in fields}
    assert readiness(fields, english, market_languages()["HK"]).ready
    canada = readiness(fields, english, market_languages()["CA"])
    assert (canada.ready, canada.missing) == (False, (("name", "fr"),))
    machine = english | {("name", "fr"): Version("x", "machine")}
    assert not readiness(fields, machine, market_languages()["CA"]).ready
    french = english | {(field, "fr"): Version("x", "reviewed") for field in fields}
    assert readiness(fields, french, market_languages()["CA"]).ready


@each_row(
    ("there", "share", "ready"), [(5, 100, True), (4, 80, True), (3, 60, False), (0, 0, False)]
)
def test_a_market_wants_its_share_of_the_other_texts_too(there, share, ready):
    market = MarketLanguages("JP", (("ja",),), frozenset({"name"}), threshold=80)
    others = ("summary", "description", "story", "alt", "usage")
    stored = {("name", "ja"): Version("x", "reviewed")}
    stored |= {(field, "ja"): Version("x", "reviewed") for field in others[:there]}
    judged = readiness(("name", *others), stored, market)
    assert (judged.share, judged.ready, judged.missing) == (share, ready, ())
