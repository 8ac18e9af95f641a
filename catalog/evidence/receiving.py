"""From a file somebody sent to a kept copy of a paper; the database plays no part in it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from catalog.evidence.pdf import pdf_fault
from catalog.pictures import sandbox
from catalog.pictures.limits import MAX_FILE_BYTES
from catalog.pictures.limits import REASONS as PICTURE_REASONS
from catalog.pictures.sandbox import UnusablePicture
from catalog.pictures.store import Store
from core.errors import Invalid

FOLDER = "papers"
MAX_PDF_BYTES = 10 * 1024 * 1024
"""A paper of some pages scanned in colour has 1 to 5 MB."""

REASONS = (*PICTURE_REASONS, "pdf_too_large", "pdf_broken", "pdf_locked", "pdf_active")
_ENDINGS = {"picture": "jpg", "pdf": "pdf"}


class UnusableCopy(Invalid):
    """The file is not taken; ``reason`` is one of REASONS."""

    def __init__(self, reason: str) -> None:
        """Keep the reason; the page has a sentence for each."""
        super().__init__(reason=reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ReceivedCopy:
    """A copy that lies in the store: `kind` is "picture" (JPEG, nothing but pixels) or "pdf" (as it came)."""

    digest: str
    kind: str
    size: int


def file_of(digest: str, kind: str) -> str:
    """The name of a copy in the store."""
    return f"{FOLDER}/{digest[:2]}/{digest}.{_ENDINGS[kind]}"


def receive_copy(store: Store, data: bytes) -> ReceivedCopy:
    """Check the file, clean a picture, and keep it; raises UnusableCopy, StoreUnavailable."""
    kind, content = ("pdf", _checked_pdf(data)) if data.startswith(b"%PDF-") else _cleaned(data)
    digest = hashlib.sha256(content).hexdigest()
    name = file_of(digest, kind)
    if not store.has(name):
        store.write(name, content)
    return ReceivedCopy(digest, kind, len(content))


def _checked_pdf(data: bytes) -> bytes:
    if len(data) > MAX_PDF_BYTES:
        raise UnusableCopy("pdf_too_large")
    fault = pdf_fault(data)
    if fault is not None:
        raise UnusableCopy(fault)
    return data


def _cleaned(data: bytes) -> tuple[str, bytes]:
    if len(data) > MAX_FILE_BYTES:
        raise UnusableCopy("too_large")
    try:
        return "picture", sandbox.clean(data).content
    except UnusablePicture as refusal:
        raise UnusableCopy(refusal.reason) from refusal
