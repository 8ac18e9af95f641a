"""The catalogue a newcomer gets: loaded once, nothing doubled, and the same when it comes back from an export."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from catalog.demo import load_demo, suggested_stock
from catalog.demo.pictures import load_pictures
from catalog.exporting import write_csv
from catalog.importing import import_file
from catalog.models import Media, Package
from catalog.pictures.keeping import mark_ready
from catalog.pictures.store import FolderStore
from catalog.queries import browse, get_product_page, list_withheld
from catalog.queries.pages import BrowseRequest
from catalog.queries.provinces import get_province_page
from catalog.queries.shared_brands import get_brand_page
from core.actor import Actor
from core.facts import newest_fact_id

ACTOR = Actor.system("test")


@pytest.mark.slow
def test_the_demonstration_is_loaded_once_and_comes_back_from_an_export(session, on, now, tmp_path):
    steps = set()
    first = load_demo(
        session, actor=ACTOR, now=now, progress=lambda name, _done, _all: steps.add(name)
    )
    assert dict(first.catalogue.outcomes) == {"created": 86}
    assert first.catalogue.problems == []
    reasons = {p.reason for p in first.register.problems}
    assert reasons == {
        "decision_date_suspicious",
        "possible_duplicate",
        "missing_producer",
        "missing_stars",
    }
    assert (first.register.outcomes["created"], first.register.outcomes["review"]) == (646, 18)
    assert (first.published, first.not_publishable) == (85, 1)
    assert len(steps) == 10
    assert [len(w.problems) for w in list_withheld(session, on=on)] == [1, 1]
    page = browse(session, BrowseRequest(per_page=100), locale="ja", on=on)
    assert page.total == 83
    assert {card.name.locale for card in page.cards} == {"ja", "en"}
    assert all(card.is_illustrative for card in page.cards)
    skus = set(session.scalars(select(Package.sku)))
    assert skus == set(suggested_stock())
    facts = newest_fact_id(session)
    load_demo(session, actor=ACTOR, now=now)
    assert newest_fact_id(session) == facts
    drawing = FolderStore(tmp_path / "media")
    for _ in range(2):
        load_pictures(session, drawing, actor=ACTOR, on=on, now=now)
    mark_ready(session, session.scalars(select(Media.id)).one(), now=now)
    for page in (
        get_province_page(session, "96", locale="ja", on=on),
        get_brand_page(session, "gi", "00110", locale="ja", on=on),
    ):
        assert page.picture is not None
        assert page.picture.is_illustrative
        assert page.picture.picture.alt is not None
        assert page.picture.picture.alt.locale == "ja"
    salt = get_product_page(session, "muoi-hat-bac-lieu", locale="en", on=on)
    assert salt.claim is not None
    assert salt.claim.stars == 5
    write_csv(session, tmp_path / "all.csv")
    lines = (tmp_path / "all.csv").read_text(encoding="utf-8-sig").splitlines()
    kept = [line for line in lines if line.startswith(("code,", "demo-"))]
    (tmp_path / "demo.csv").write_text("\n".join(kept))
    back = import_file(session, tmp_path / "demo.csv", actor=ACTOR, now=datetime.now(UTC))
    assert dict(back.outcomes) == {"same": 86}
