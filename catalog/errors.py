"""Why a change of the catalogue is refused; each error carries facts for a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from catalog.queries.errors import CertificateNotFound, ProducerNotFound, ProductNotFound
from catalog.rules.publication import Problem
from core.errors import Conflict, Invalid, NotFound

__all__ = [
    "AlreadyRecorded",
    "CertificateClosed",
    "CertificateExists",
    "CertificateNotFound",
    "CodeTaken",
    "GiftSetNotFound",
    "InvalidFields",
    "LedgerEntryNotFound",
    "NotPublishable",
    "PackageNotFound",
    "PlaceNotFound",
    "PriceListNotFound",
    "ProducerNotFound",
    "ProductNotFound",
    "StaleVersion",
]


class InvalidFields(Invalid):
    """Some values can't be stored: `mistakes` maps a field to a stable code."""

    def __init__(self, mistakes: dict[str, str]) -> None:
        """Keep field → code."""
        super().__init__(mistakes=mistakes)
        self.mistakes = mistakes


class CodeTaken(Conflict):
    """Another product or producer already has this code or SKU (facts: field, value)."""


class StaleVersion(Conflict):
    """Somebody else changed the thing meanwhile (facts: subject, seen, current)."""


class PackageNotFound(NotFound):
    """There is no such package (facts: package_id)."""


class PlaceNotFound(NotFound):
    """There is no such place, or nobody may see it yet (facts: place_id or slug)."""


class GiftSetNotFound(NotFound):
    """There is no such gift set, or nobody may see it yet (facts: gift_set_id or slug)."""


class PriceListNotFound(NotFound):
    """There is no such price list (facts: price_list_id)."""


class ListInForce(Conflict):
    """Another list is in force for the same buyers in the same money (facts: code, price_list_id)."""


class OfferNotFound(NotFound):
    """There is no such offer (facts: offer_id)."""


class CertificateExists(Conflict):
    """This decision is already recorded for this product (facts: product_id, decision_number)."""


class CertificateClosed(Conflict):
    """This decision is replaced or revoked already, so nothing can take its place (certificate_id)."""


class NotPublishable(Conflict):
    """The listing lacks something; `problems` names everything at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems; facts list their codes."""
        super().__init__(codes=[problem.code for problem in problems])
        self.problems = tuple(problems)


class LedgerEntryNotFound(NotFound):
    """No paper, licence, right or suspension has this id (facts: subject, subject_id)."""


class AlreadyRecorded(Conflict):
    """This paper, licence or right is in the ledger already (facts: kind, number)."""
