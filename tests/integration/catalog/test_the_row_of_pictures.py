"""The row of pictures of a product: order, main picture, texts, removal, and what the files are compared with."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import InvalidFields, StaleVersion
from catalog.models import Media, Product
from catalog.pictures import keeping, sweeping
from catalog.pictures.receiving import MasterMissing, Received, make_renditions
from catalog.pictures.store import MASTER, FolderStore, StoreUnavailable, name_of
from catalog.queries.errors import PictureNotFound
from catalog.queries.listing import list_cards
from catalog.queries.pictures import load_pictures
from catalog.queries.products import get_product_page
from catalog.queries.translation_status import get_status
from catalog.queries.translations import get_review
from catalog.rules.pictures import MOST_PICTURES, rendition_names
from catalog.translating import set_translation
from core.actor import Actor, Role
from core.facts import Fact
from core.people.permissions import NotAllowed
from tests.factories.catalog import make_product
from tests.factories.pictures import make_picture, photo

SYSTEM = Actor.system("test")


@pytest.fixture
def product(session: Session) -> Product:
    """A product on sale, beside another one that has a picture of its own."""
    other = make_product(session, "Mật ong rừng U Minh")
    make_picture(session, other, datetime.fromisoformat("2026-01-01T00:00:00+00:00"))
    return make_product(session, "Tôm khô Rạch Gốc")


@pytest.fixture
def add(session: Session, product: Product, now: datetime) -> Callable[..., Media]:
    def add_one(digest: str = "a", **values: Any) -> Media:
        given: dict[str, Any] = {
            "producer_id": product.producer_id,
            "product_id": product.id,
            "received": Received(digest * 64, 1200, 900),
            "file_name": "IMG_1.jpg",
            "actor": SYSTEM,
            "now": now,
        }
        media, _new = keeping.add_picture(session, **{**given, **values})
        return media

    return add_one


def digests(session: Session, product: Product, now: datetime) -> str:
    row, _removed = keeping.list_own_pictures(session, product.producer_id, product.id, now=now)
    return "".join(one.digest[0] for one in row)


def test_the_first_picture_is_the_main_one_and_pictures_can_change_places(
    session: Session, product: Product, add: Callable[..., Media], now: datetime
) -> None:
    a, _b, c = add("a"), add("b"), add("c")
    assert digests(session, product, now) == "abc"
    keeping.move_picture(session, c.id, "first", actor=SYSTEM, now=now)
    assert digests(session, product, now) == "cab"
    keeping.move_picture(session, a.id, "later", actor=SYSTEM, now=now)
    assert digests(session, product, now) == "cba"
    keeping.move_picture(session, a.id, "earlier", actor=SYSTEM, now=now)
    keeping.move_picture(session, a.id, "earlier", actor=SYSTEM, now=now)
    keeping.move_picture(session, a.id, "earlier", actor=SYSTEM, now=now)
    assert digests(session, product, now) == "acb"


def test_the_same_picture_sent_twice_is_one_picture(
    session: Session, product: Product, add: Callable[..., Media], now: datetime
) -> None:
    assert add("a").id == add("a").id
    assert digests(session, product, now) == "a"
    other = make_product(session)
    elsewhere = add("a", product_id=other.id, producer_id=other.producer_id)
    assert elsewhere.product_id == other.id


def test_a_removed_picture_can_be_put_back_for_some_weeks(
    session: Session, product: Product, add: Callable[..., Media], now: datetime
) -> None:
    a, _b = add("a"), add("b")
    keeping.remove_picture(session, a.id, actor=SYSTEM, now=now)
    assert digests(session, product, now) == "b"
    keeping.put_back(session, a.id, actor=SYSTEM, now=now + timedelta(days=29))
    assert digests(session, product, now) == "ba"
    keeping.remove_picture(session, a.id, actor=SYSTEM, now=now)
    with pytest.raises(PictureNotFound):
        keeping.put_back(session, a.id, actor=SYSTEM, now=now + timedelta(days=31))
    assert add("a").id == a.id, "sending it again brings it back even then"
    assert a.ready_at is None, "its sizes are made anew"


def test_there_is_an_end_to_pictures(
    session: Session, product: Product, add: Callable[..., Media], now: datetime
) -> None:
    for letter in "0123456789ab"[:MOST_PICTURES]:
        last = add(letter)
    with pytest.raises(keeping.TooManyPictures):
        add("c")
    keeping.remove_picture(session, last.id, actor=SYSTEM, now=now)
    add("c")
    with pytest.raises(keeping.TooManyPictures):
        keeping.put_back(session, last.id, actor=SYSTEM, now=now)


def test_nobody_arranges_the_pictures_of_others(
    session: Session, product: Product, add: Callable[..., Media], now: datetime
) -> None:
    stranger = Actor(
        person_id=1,
        roles=frozenset({Role.PRODUCER}),
        producer_ids=frozenset({product.producer_id + 1000}),
        partner_codes=frozenset(),
        acting_for=None,
        name="stranger",
    )
    media = add("a")
    doing: dict[str, Any] = {"actor": stranger, "now": now}
    with pytest.raises(NotAllowed):
        add("b", actor=stranger)
    for deed in (keeping.remove_picture, keeping.put_back):
        with pytest.raises(NotAllowed):
            deed(session, media.id, **doing)
    with pytest.raises(NotAllowed):
        keeping.move_picture(session, media.id, "first", **doing)
    with pytest.raises(NotAllowed):
        keeping.describe_picture(session, media.id, "x", seen=None, **doing)


def test_a_text_is_not_written_over_somebody_elses(
    session: Session, add: Callable[..., Media], now: datetime
) -> None:
    media = add("a")
    doing: dict[str, Any] = {"actor": SYSTEM, "now": now}
    keeping.describe_picture(session, media.id, " Tôm  khô\n", seen=1, **doing)
    assert (media.alt, media.version) == ("Tôm khô", 2)
    with pytest.raises(StaleVersion):
        keeping.describe_picture(session, media.id, "Cua", seen=1, **doing)
    with pytest.raises(InvalidFields):
        keeping.describe_picture(session, media.id, "x" * 301, seen=2, **doing)


def test_buyers_see_a_picture_when_its_sizes_are_there(
    session: Session, product: Product, add: Callable[..., Media], on: Any, now: datetime
) -> None:
    media = add("a")
    announced = session.scalars(select(Fact.name).where(Fact.name == "media.uploaded")).all()
    assert announced
    page = get_product_page(session, product.slug, locale="vi", on=on)
    assert page.pictures == ()
    keeping.mark_ready(session, media.id, now=now)
    session.flush()
    page = get_product_page(session, product.slug, locale="vi", on=on)
    assert [picture.id for picture in page.pictures] == [media.id]
    card = list_cards(session, [product.id], locale="ja", on=on)[0]
    assert card.picture is not None
    assert card.picture.digest == media.digest
    keeping.remove_picture(session, media.id, actor=SYSTEM, now=now)
    session.flush()
    assert list_cards(session, [product.id], locale="ja", on=on)[0].picture is None


def test_the_text_of_a_picture_is_translated_like_any_other(
    session: Session, product: Product, add: Callable[..., Media], on: Any, now: datetime
) -> None:
    before = {row.locale: row.texts for row in get_status(session).locales}["ja"]
    media = add("a")
    keeping.mark_ready(session, media.id, now=now)
    keeping.describe_picture(session, media.id, "Bát tôm khô", seen=None, actor=SYSTEM, now=now)
    about: dict[str, Any] = {"entity_kind": "media", "entity_id": media.id, "field": "alt"}
    doing: dict[str, Any] = {"status": "reviewed", "actor": SYSTEM, "now": now}
    set_translation(session, **about, locale="en", text="A bowl of dried shrimp", **doing)
    session.flush()
    alt = get_product_page(session, product.slug, locale="ja", on=on).pictures[0].alt
    assert alt is not None
    assert (alt.value, alt.locale) == ("A bowl of dried shrimp", "en")
    stored = load_pictures(session, product_ids=[product.id])[product.id][0]
    assert stored.in_language(("vi",)).alt is not None
    assert {row.locale: row.texts for row in get_status(session).locales}["ja"] == before + 1
    assert get_review(session, "media", media.id, "en").fields[0].is_shown

    keeping.describe_picture(session, media.id, "Tô tôm khô", seen=None, actor=SYSTEM, now=now)
    session.flush()
    alt = get_product_page(session, product.slug, locale="en", on=on).pictures[0].alt
    assert alt is not None
    assert alt.is_old


def test_what_belongs_to_no_picture_is_swept_after_a_day(
    session: Session, product: Product, now: datetime, tmp_path: Path
) -> None:
    store = FolderStore(tmp_path)
    today = datetime.now(now.tzinfo)  # files bear the time of the machine's clock
    kept = make_picture(session, product, now, store)
    gone = make_picture(session, product, now, store, removed_at=today - timedelta(days=31))
    back = make_picture(session, product, now, store, removed_at=today - timedelta(days=29))
    store.write(name_of("f" * 64, "320.avif"), b"left over")
    (tmp_path / "pictures" / "ff" / ".part-half").write_bytes(b"half")
    (tmp_path / "papers.txt").write_text("not ours")
    now_there = len(list(store.files()))
    for path in tmp_path.rglob("*"):
        os.utime(path, (now.timestamp() - 90_000, now.timestamp() - 90_000))
    store.write(name_of("e" * 64, MASTER), b"just arriving")
    store.delete(name_of(kept.digest, "640.jpg"))

    found = sweeping.check(session, store, now=today)
    assert name_of(kept.digest, "640.jpg") in found.missing
    orphans = {one.name for one in found.orphans}
    assert name_of("f" * 64, "320.avif") in orphans
    assert "pictures/ff/.part-half" in orphans
    assert name_of(gone.digest, MASTER) in orphans
    assert sweeping.sweep(store, found) == 2 + 1 + len(rendition_names(gone.width))
    assert store.has(name_of(back.digest, MASTER))
    assert store.has(name_of("e" * 64, MASTER))
    assert (tmp_path / "papers.txt").exists()
    assert len(list(store.files())) < now_there


def test_sizes_are_made_once_and_only_what_is_missing(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    digest = "d" * 64
    with pytest.raises(MasterMissing):
        make_renditions(store, digest, 400)
    store.write(name_of(digest, MASTER), photo(400, 300))
    assert make_renditions(store, digest, 400) == 4
    assert make_renditions(store, digest, 400) == 0
    store.delete(name_of(digest, "320.avif"))
    assert make_renditions(store, digest, 400) == 1


def test_a_full_disk_is_said_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("a file where the folder should be")
    with pytest.raises(StoreUnavailable):
        FolderStore(tmp_path).write(name_of("a" * 64, MASTER), b"x")
