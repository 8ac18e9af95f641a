"""A form of an older visit: nothing is done, nothing is lost, and one press sends it for good."""

from __future__ import annotations

import pytest

from tests.factories.house import House

LEAD = {
    "vi": "Trang này mở quá lâu",
    "en": "This page was open for too long",
}


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_an_old_form_is_sent_again_whole_in_the_visitors_language(
    house: House, locale: str
) -> None:
    browser = house.browser("producer")
    browser.client.set_cookie("locale", locale, domain="localhost")
    product = house.products["producer"]
    address = f"/portal/producers/{house.producers['producer']}/place?product={product}"
    browser.get(address)
    form = browser.forms()[-1]
    browser.client.delete_cookie("form", domain="localhost")
    typed = {**form.fields, "province_code": "96", "commune": 'Xã "Đất" <Mũi>\nấp 1'}
    stale = browser.client.post(address, data=typed)
    assert stale.status_code == 400
    shown = browser._shown(stale, 400)
    assert LEAD[locale] in shown
    again = browser.forms()[-1]
    assert again.action == address
    assert again.fields["commune"] == [typed["commune"]]
    answer = browser.client.post(again.action, data=again.fields)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/portal/products/{product}"


def test_an_old_form_never_repeats_a_password(house: House) -> None:
    form = {"identifier": "a@example.test", "password": "very secret words", "next": "/portal/"}
    answer = house.app.test_client().post("/en/account/sign-in?next=/portal/", data=form)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "very secret words" not in text
    assert "a@example.test" in text
