"""A code that may stand in the database has a word for people: a missing one would be an error page."""

from catalog.models.producer import PRODUCER_KINDS as KINDS_IN_DATABASE
from catalog.producers import PAPER_KINDS as PAPERS_IN_DATABASE
from catalog.regulation.files import rules_of_files
from catalog.rules.completeness import CHECKS, PROBLEMS_OF
from catalog.rules.eligibility import HOME, HOPELESS, MARKETS, REASONS
from catalog.rules.labelling import LABEL_FIELDS
from catalog.rules.rule_values import DOCUMENTS
from i18n.catalogue import speaking
from i18n.locales import ENABLED
from storefront import market_messages, messages, need_words
from storefront.shop import words


def test_every_kind_of_producer_has_a_word() -> None:
    assert set(KINDS_IN_DATABASE) <= set(words.PRODUCER_KINDS)


def test_every_kind_of_paper_has_a_word() -> None:
    assert set(PAPERS_IN_DATABASE) <= set(words.PAPER_KINDS)


def test_every_reason_of_a_verdict_has_a_sentence_in_every_open_language() -> None:
    facts = {"kinds": "SHR CRB", "fields": "name abv", "languages": "ja"}
    assert set(REASONS) >= HOPELESS
    said: dict[str, set[str]] = {}
    for locale in ENABLED:
        with speaking(locale):
            said[locale] = {market_messages.reason_sentence(code, facts) for code in REASONS}
    assert all(len(sentences) == len(REASONS) for sentences in said.values())
    assert not said["vi"] & said["en"]
    assert not said["ja"] & said["en"]
    assert not {code.replace("_", " ") for code in REASONS} & said["en"]


def test_every_paper_market_and_label_field_has_a_name() -> None:
    assert set(DOCUMENTS) == set(market_messages.DOCUMENT_NAMES)
    assert {HOME, *MARKETS} == set(market_messages.MARKET_NAMES)
    assert set(LABEL_FIELDS) == set(market_messages.LABEL_FIELD_NAMES)


def test_the_rules_of_the_files_use_only_codes_that_have_words() -> None:
    for rule in rules_of_files().rules:
        if rule.kind == "market":
            assert rule.says("reason") in REASONS, rule.version
            assert set(rule.lists("documents")) <= set(DOCUMENTS), rule.version


def test_every_need_of_a_record_has_a_sentence_and_names_its_purpose() -> None:
    assert {*CHECKS, *PROBLEMS_OF} == set(need_words.NEEDS)
    codes = [*need_words.NEEDS, "translation:en|zh-hant", "translation:zh-hans"]
    codes += [f"document:CN/{paper}" for paper in DOCUMENTS]
    with speaking("vi"):
        vietnamese = [need_words.need_sentence(code) for code in codes]
    with speaking("en"):
        english = [need_words.need_sentence(code) for code in codes]
    assert len(set(vietnamese)) == len(codes)
    assert not set(vietnamese) & set(english)


def test_every_problem_of_publication_is_a_need() -> None:
    known = {code for codes in PROBLEMS_OF.values() for code in codes}
    assert known == set(messages._PROBLEMS)  # noqa: SLF001
