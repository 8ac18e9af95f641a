"""A code that may stand in the database has a word for people: a missing one would be an error page."""

from catalog.models.producer import PRODUCER_KINDS as KINDS_IN_DATABASE
from catalog.producers import PAPER_KINDS as PAPERS_IN_DATABASE
from storefront.shop import words


def test_every_kind_of_producer_has_a_word() -> None:
    assert set(KINDS_IN_DATABASE) <= set(words.PRODUCER_KINDS)


def test_every_kind_of_paper_has_a_word() -> None:
    assert set(PAPERS_IN_DATABASE) <= set(words.PAPER_KINDS)
