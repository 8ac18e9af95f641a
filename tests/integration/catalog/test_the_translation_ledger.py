"""The ledger of translations: every state is kept, nothing old is shown as new, drafts displace nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from catalog.errors import InvalidFields, StaleVersion
from catalog.models.translation import Translation, TranslationEntry
from catalog.producers import update_producer
from catalog.products import update_product
from catalog.queries import get_product_page, list_cards
from catalog.queries.texts import resolve_texts
from catalog.queries.translation_status import get_status, product_readiness
from catalog.queries.translations import get_review, list_history
from catalog.translating import drop_draft, mend_marks, set_translation
from core.actor import Actor, Role
from core.errors import Forbidden
from tests.conftest import NOW
from tests.factories.catalog import make_producer, make_product

SYSTEM = Actor.system("test")


def translate(session, thing, field, locale, words, status="reviewed", **more):
    kind = thing.__tablename__
    return set_translation(
        session,
        **{
            "entity_kind": kind,
            "entity_id": thing.id,
            "field": field,
            "locale": locale,
            "text": words,
            "status": status,
            "actor": SYSTEM,
            "now": NOW,
            **more,
        },
    )


def summary_on_page(session, product, locale, on):
    page = get_product_page(session, product.slug, locale=locale, on=on)
    return page.summary


def test_every_state_a_translation_ever_had_can_be_read(session, on, now):
    product = make_product(session)
    translate(session, product, "summary", "ja", "下書き", "draft")
    translate(session, product, "summary", "ja", "機械訳", "machine")
    translate(session, product, "summary", "ja", "伝統製法の魚醤。")
    update_product(session, product.id, {"summary": "Khác"}, actor=SYSTEM, on=on, now=now)
    session.flush()
    translate(session, product, "summary", "ja", " ")
    history = list_history(session, "product", product.id, "ja")
    assert [(e.status, e.text, e.origin, e.is_stale) for e in reversed(history)] == [
        ("draft", "下書き", "hand", False),
        ("machine", "機械訳", "hand", False),
        ("reviewed", "伝統製法の魚醤。", "hand", False),
        ("reviewed", "伝統製法の魚醤。", "source", True),
        ("removed", "", "hand", False),
    ]


@pytest.mark.parametrize(
    "deed", ["UPDATE translation_entry SET text = 'x'", "DELETE FROM translation_entry"]
)
def test_the_history_cannot_be_rewritten(session, deed):
    product = make_product(session)
    translate(session, product, "summary", "en", "Fish sauce.")
    with pytest.raises(DBAPIError, match="only ever added"):
        session.execute(text(deed))


def test_a_reviewed_text_made_from_an_older_one_is_shown_and_says_so(session, on, now):
    product = make_product(session)
    translate(session, product, "summary", "en", "Fish sauce.")
    assert not summary_on_page(session, product, "en", on).is_old
    update_product(session, product.id, {"summary": "Khác hẳn."}, actor=SYSTEM, on=on, now=now)
    shown = summary_on_page(session, product, "en", on)
    assert (shown.value, shown.locale, shown.is_old) == ("Fish sauce.", "en", True)


def test_a_machines_text_is_marked_and_hidden_once_its_source_changes(session, on, now):
    product = make_product(session)
    translate(session, product, "summary", "en", "Fish sauce.", "machine")
    assert summary_on_page(session, product, "en", on).by_machine
    update_product(session, product.id, {"summary": "Khác hẳn."}, actor=SYSTEM, on=on, now=now)
    assert summary_on_page(session, product, "en", on).value == "Khác hẳn."


def test_old_ingredients_are_never_shown(session, on, now):
    product = make_product(session)
    translate(session, product, "ingredients", "en", "anchovies, salt")
    update_product(
        session, product.id, {"ingredients": "Cá cơm, muối, lạc"}, actor=SYSTEM, on=on, now=now
    )
    page = get_product_page(session, product.slug, locale="en", on=on)
    assert (page.ingredients.value, page.ingredients.locale) == ("Cá cơm, muối, lạc", "vi")


def test_a_text_becomes_current_again_when_the_source_is_put_back(session, on, now):
    product = make_product(session)
    before = product.summary
    translate(session, product, "summary", "en", "Fish sauce.")
    for words in ("Khác", before):
        update_product(session, product.id, {"summary": words}, actor=SYSTEM, on=on, now=now)
        session.flush()
    assert not summary_on_page(session, product, "en", on).is_old


def test_nobody_reads_the_translation_of_a_text_that_was_taken_away(session, on, now):
    product = make_product(session)
    translate(session, product, "summary", "en", "Fish sauce.")
    update_product(session, product.id, {"summary": None}, actor=SYSTEM, on=on, now=now)
    session.flush()
    assert summary_on_page(session, product, "en", on) is None
    assert list_history(session, "product", product.id, "en")[0].text == "Fish sauce."


def test_a_producers_story_grows_old_too(session, on, now):
    maker = make_producer(session, story="Làng nghề trăm năm.")
    translate(session, maker, "story", "fr", "Un village centenaire.")
    update_producer(session, maker.id, {"story": "Mới"}, actor=SYSTEM, on=on, now=now)
    session.flush()
    assert get_review(session, "producer", maker.id, "fr").fields[0].stored.is_stale


def test_a_draft_waits_beside_what_buyers_read(session, on):
    product = make_product(session)
    translate(session, product, "summary", "en", "Fish sauce.")
    translate(session, product, "summary", "en", "Better fish sauce.", "draft")
    assert summary_on_page(session, product, "en", on).value == "Fish sauce."
    view = next(
        f for f in get_review(session, "product", product.id, "en").fields if f.field == "summary"
    )
    assert (view.stored.text, view.draft.text) == ("Fish sauce.", "Better fish sauce.")
    translate(session, product, "summary", "en", "Better fish sauce.")
    assert summary_on_page(session, product, "en", on).value == "Better fish sauce."


def test_a_dropped_draft_is_gone_but_not_forgotten(session, on, now):
    product = make_product(session)
    about = {"entity_kind": "product", "entity_id": product.id, "field": "summary", "locale": "en"}
    assert not drop_draft(session, **about, actor=SYSTEM, now=now)
    translate(session, product, "summary", "en", "Fish sauce.")
    translate(session, product, "summary", "en", "Worse.", "draft")
    assert drop_draft(session, **about, actor=SYSTEM, now=now)
    view = get_review(session, "product", product.id, "en").fields[1]
    assert view.draft is None
    assert "Worse." in [entry.text for entry in list_history(session, "product", product.id, "en")]


def test_two_people_who_write_at_once_do_not_overwrite_each_other(session):
    product = make_product(session)
    translate(session, product, "summary", "en", "First.", seen=0)
    with pytest.raises(StaleVersion):
        translate(session, product, "summary", "en", "Second.", seen=0)
    newest = get_review(session, "product", product.id, "en").fields[1].newest
    translate(session, product, "summary", "en", "Second.", seen=newest)


@pytest.mark.parametrize("field", ["ingredients", "storage_note", "warnings"])
def test_no_machine_translates_what_buyers_rely_on(session, field):
    product = make_product(session)
    with pytest.raises(InvalidFields) as refused:
        translate(session, product, field, "en", "x", "machine")
    assert refused.value.mistakes == {"status": "never_by_machine"}


def test_a_strangers_texts_cannot_be_translated(session):
    product = make_product(session)
    stranger = Actor(7, "Ai đó", frozenset({Role.PRODUCER}), frozenset({product.producer_id + 1}))
    with pytest.raises(Forbidden):
        translate(session, product, "summary", "en", "x", actor=stranger)


def test_marks_that_do_not_agree_with_the_texts_are_found_and_mended(session):
    product = make_product(session)
    translate(session, product, "summary", "en", "Fish sauce.")
    session.execute(text("UPDATE product SET summary = 'Lén lút' "))
    assert [row.field for row in mend_marks(session)] == ["summary"]
    assert mend_marks(session) == []


def test_traditional_chinese_falls_back_to_simplified_then_english_then_vietnamese(session, on):
    product = make_product(session)
    for locale, name in (("zh-hans", "鱼露"), ("en", "Fish sauce")):
        translate(session, product, "name", locale, name)
    names = {
        locale: list_cards(session, [product.id], locale=locale, on=on)[0].name
        for locale in ("zh-hant", "zh-hans", "ko", "de")
    }
    assert {tag: name.locale for tag, name in names.items()} == {
        "zh-hant": "zh-hans",
        "zh-hans": "zh-hans",
        "ko": "en",
        "de": "en",
    }


def test_a_page_of_products_is_resolved_in_one_statement(session, statements):
    products = [make_product(session, f"Mắm {number}") for number in range(24)]
    for product in products[::2]:
        translate(session, product, "name", "fr", "Sauce de poisson")
    session.flush()
    ids = [product.id for product in products]
    del statements[:]
    texts = resolve_texts(session, ids, ("name", "summary"), locale="fr")
    assert len([s for s in statements if s.lstrip().upper().startswith("SELECT")]) == 1
    assert len(texts) == 24
    assert [texts[number]["name"].locale for number in ids[:4]] == ["fr", "vi", "fr", "vi"]


def test_the_status_counts_every_text_once(session, on, now):
    product = make_product(session)
    translate(session, product, "name", "ja", "魚醤")
    translate(session, product, "summary", "ja", "機械訳", "machine")
    translate(session, product, "ingredients", "ja", "下書き", "draft")
    status = {row.locale: row for row in get_status(session).locales}
    row = status["ja"]
    assert (row.texts, row.reviewed, row.machine, row.missing, row.drafts) == (3, 1, 1, 1, 1)
    assert status["bn"].missing == 3
    update_product(session, product.id, {"name": "Mắm"}, actor=SYSTEM, on=on, now=now)
    session.flush()
    row = next(r for r in get_status(session).locales if r.locale == "ja")
    assert (row.reviewed, row.older, row.shown) == (0, 1, 2)


def test_a_market_is_ready_when_what_it_relies_on_is_reviewed(session):
    product = make_product(session)
    assert product_readiness(session, product.id)["VN"].ready
    assert not product_readiness(session, product.id)["JP"].ready
    for field, words in (
        ("name", "魚醤"),
        ("ingredients", "かたくちいわし、塩"),
        ("summary", "魚醤。"),
    ):
        translate(session, product, field, "ja", words)
    assert product_readiness(session, product.id)["JP"].ready
    markets = {row.market: row for row in get_status(session).markets}
    assert (markets["JP"].ready, markets["JP"].products, markets["KR"].ready) == (1, 1, 0)
    canada = product_readiness(session, product.id)["CA"]
    assert {tag for _field, tag in canada.missing} == {"en", "fr"}


def test_what_is_stored_now_is_the_newest_entry_of_its_history(session):
    product = make_product(session)
    for words, status in (("a", "draft"), ("b", "machine"), ("c", "reviewed")):
        translate(session, product, "summary", "de", words, status)
    row = session.scalar(select(Translation).where(Translation.locale == "de"))
    newest = session.scalar(select(TranslationEntry).order_by(TranslationEntry.id.desc()).limit(1))
    assert (row.text, row.status, row.source_digest) == (
        newest.text,
        newest.status,
        newest.source_digest,
    )
