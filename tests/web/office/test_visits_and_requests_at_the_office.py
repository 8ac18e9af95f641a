"""Visits asked for and wholesale requests at the office's desk."""

from __future__ import annotations

from core import clock
from orders import visits
from tests.factories.around import make_visit
from tests.factories.house import House
from tests.factories.voices import make_request
from tests.integration.orders.test_asking_for_a_visit import wish


def _asked(house: House) -> str:
    """Somebody asks for a day, and a trade buyer for the same producer's goods."""
    with house.changing() as session:
        product, _terms = make_visit(session, "Một ngày làm gốm", months=None)
        day = clock.today().replace(day=1).replace(year=clock.today().year + 1)
        asked = wish(product.slug, wished_on=day)
        visits.ask(session, asked, on=clock.today(), now=clock.now())
        make_request(session, product, company='Umeda "Foods" <b>')
        return product.producer.name


def test_an_officer_sees_who_waits_and_which_producer_must_answer(house: House) -> None:
    maker = _asked(house)
    office = house.browser("office")
    office.client.set_cookie("locale", "en", domain="localhost")
    for path, words in (
        ("/office/visits", ("Một ngày làm gốm", "Mai", "New")),
        ("/office/wholesale", ("Umeda &#34;Foods&#34; &lt;b&gt;", "Japan", "New")),
    ):
        page = office.get(path)
        for shown in (*words, "Must answer:", maker):
            assert shown in page, (path, shown)
        assert "Nothing found." not in office.get(f"{path}?state=new&before=x")
        assert "Nothing found." in office.get(f"{path}?state=declined")
        assert "Nothing found." in office.get(f"{path}?before=1")


def test_a_producer_does_not_see_what_others_are_asked(house: House) -> None:
    _asked(house)
    producer = house.browser("producer")
    for path in ("/office/visits", "/office/wholesale"):
        assert producer.client.get(path).status_code == 403
