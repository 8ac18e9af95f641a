"""What a question to the catalogue may answer instead of a page."""

from __future__ import annotations

from core.errors import NotFound


class ProductNotFound(NotFound):
    """No product on sale has that address."""


class ProducerNotFound(NotFound):
    """No producer has that address."""


class CertificateNotFound(NotFound):
    """No certificate has that number in our books."""


class PictureNotFound(NotFound):
    """There is no such picture."""


class LotNotFound(NotFound):
    """No lot has that number or address."""


class CampaignNotFound(NotFound):
    """There is no such event, booth, collection or article, or nobody may read it yet."""
