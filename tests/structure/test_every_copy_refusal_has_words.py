"""Each reason why a copy of a paper is not taken has a sentence of its own."""

from catalog.evidence.receiving import REASONS
from i18n.catalogue import speaking
from storefront.evidence import COPY_REFUSALS


def test_every_reason_has_a_sentence() -> None:
    assert set(COPY_REFUSALS) == set(REASONS)
    with speaking("en"):
        assert len({str(said) for said in COPY_REFUSALS.values()}) == len(REASONS)
