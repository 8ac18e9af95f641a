"""Pictures at the producers' desk: many at once, a bad one among them, by hand of the producer or the office."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from catalog.models import Media
from catalog.pictures.store import FolderStore
from core.settings import Settings
from storefront import security
from storefront.worker import work
from tests.factories.house import House
from tests.factories.pictures import bad_files, photo, with_exif


def files(*given: tuple[str, bytes]) -> dict[str, Any]:
    return {"pictures": [FileStorage(BytesIO(content), name) for name, content in given]}


def address(house: House, who: str = "producer") -> str:
    return f"/portal/products/{house.products[who]}/pictures"


def stored(house: House) -> list[Media]:
    with house.looking() as session:
        row = select(Media).where(Media.removed_at.is_(None)).order_by(Media.position, Media.id)
        return list(session.scalars(row))


def settings_of(house: House) -> Settings:
    found: Settings = house.app.config["OCOP"]
    return found


def test_a_producer_sends_pictures_and_buyers_see_them(house: House) -> None:
    desk = house.browser("producer")
    assert address(house) in "".join(desk.get(f"/portal/products/{house.products['producer']}"))
    desk.get(address(house))
    page = desk.submit(
        "/pictures", files=files(("IMG_1.jpg", photo(700, 500)), ("IMG_2.jpg", with_exif(6)))
    )
    assert page.count("thumb waits") == 2
    first, second = stored(house)
    assert (first.width, first.height) == (700, 500)
    assert (second.width, second.height) == (400, 600)
    work(settings_of(house), once=True)
    page = desk.get(address(house))
    assert "thumb waits" not in page
    assert f"/media/{first.digest[:32]}/320.jpg" in page
    sent = house.browser().client.get(f"/media/{first.digest[:32]}/320.avif", buffered=True)
    assert sent.status_code == 200

    desk.submit(f"/{second.id}/first")
    assert [one.id for one in stored(house)] == [second.id, first.id]
    desk.submit(f"/{first.id}/remove")
    assert [one.id for one in stored(house)] == [second.id]
    desk.submit(f"/{first.id}/put-back")
    assert [one.id for one in stored(house)] == [second.id, first.id]


def test_one_bad_file_takes_no_other_with_it(house: House) -> None:
    desk = house.browser("producer")
    desk.get(address(house))
    bad = bad_files()
    page = desk.submit(
        "/pictures",
        status=422,
        files=files(
            ("dau.jpg", photo(300, 300)),
            ("iphone.heic", bad["iphone.heic"][0]),
            ("drawing.jpg", bad["drawing.jpg"][0]),
            ("../../<b>cuoi.jpg", photo(400, 300)),
        ),
    )
    assert [one.file_name for one in stored(house)] == ["dau.jpg", "<b>cuoi.jpg"]
    assert "iphone.heic" in page
    assert "HEIC" in page
    assert "drawing.jpg" in page
    assert "SVG" in page
    assert "<b>cuoi" not in page
    desk.submit("/pictures", files=files(("dau.jpg", photo(300, 300))))
    assert len(stored(house)) == 2, "a phone on a bad line sends again what has arrived already"


def test_no_file_at_all_is_said(house: House) -> None:
    desk = house.browser("producer")
    desk.get(address(house))
    desk.submit("/pictures", status=422)
    assert stored(house) == []


def test_a_request_that_is_too_large_is_refused_with_what_to_do(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security, "LARGEST_UPLOAD", 50_000)
    desk = house.browser("producer")
    desk.get(address(house))
    page = desk.submit("/pictures", status=413, files=files(("a.jpg", b"\xff" * 60_000)))
    assert "15 MB" in page
    assert stored(house) == []


def test_strangers_may_send_no_more_than_any_form(house: House) -> None:
    house.app.config["MAX_CONTENT_LENGTH"] = 50_000
    answer = house.browser().client.post(
        address(house), data={"pictures": (BytesIO(b"\0" * 60_000), "a.jpg")}
    )
    assert answer.status_code == 413


def test_pictures_of_others_are_out_of_reach(house: House) -> None:
    desk = house.browser("producer")
    other = house.browser("other")
    other.get(address(house, "other"))
    other.submit("/pictures", files=files(("a.jpg", photo(300, 300))))
    media = stored(house)[0]
    for path in (address(house, "other"), f"/portal/pictures/{media.id}/text"):
        desk.get(path, status=403)
    desk.get(address(house))
    for deed in ("first", "remove", "put-back"):
        answer = desk.client.post(
            f"/portal/pictures/{media.id}/{deed}", data=desk.forms()[0].fields
        )
        assert answer.status_code == 403
    assert stored(house)[0].removed_at is None


def test_what_is_to_be_seen_is_said_and_two_who_write_see_both(house: House) -> None:
    desk, office = house.browser("producer"), house.browser("office")
    desk.get(address(house))
    desk.submit("/pictures", files=files(("a.jpg", photo(300, 300))))
    where = f"/portal/pictures/{stored(house)[0].id}/text"
    desk.get(where)
    office.get(where)
    office.submit("/text", alt="Tô tôm khô")
    page = desk.submit("/text", status=409, alt="Bát tôm khô")
    assert "Tô tôm khô" in page
    assert "Bát tôm khô" in page
    page = desk.submit("/text", alt="Bát tôm khô")
    assert "Bát tôm khô" in page
    assert stored(house)[0].alt == "Bát tôm khô"
    number = stored(house)[0].id
    desk.get(f"/portal/translations/media/{number}")
    desk.get(f"/portal/translations/media/{number}/en")
    desk.submit("/en", text="A bowl of dried shrimp", do="reviewed")
    house.browser("other").get(f"/portal/translations/media/{number}", status=403)


def test_a_producer_shows_itself_too(house: House) -> None:
    desk = house.browser("producer")
    desk.get(f"/portal/producers/{house.producers['producer']}/pictures")
    desk.submit("/pictures", files=files(("ba-sau.jpg", photo(700, 500))))
    assert stored(house)[0].product_id is None
    work(settings_of(house), once=True)
    with house.looking() as session:
        from catalog.models import Producer

        slug = session.get_one(Producer, house.producers["producer"]).slug
    assert f"/media/{stored(house)[0].digest[:32]}/" in house.browser().get(f"/vi/producers/{slug}")


def test_a_full_disk_loses_nothing_but_says_so(house: House) -> None:
    folder: Path = settings_of(house).media_dir
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pictures").write_text("in the way")
    desk = house.browser("producer")
    desk.get(address(house))
    desk.submit("/pictures", status=422, files=files(("a.jpg", photo(300, 300))))
    assert stored(house) == []
    (folder / "pictures").unlink()
    desk.submit("/pictures", files=files(("a.jpg", photo(300, 300))))
    assert len(stored(house)) == 1
    assert len(list(FolderStore(folder).files())) == 1
