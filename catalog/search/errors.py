"""The ways in which the search index can fail its readers and writers."""

from core.errors import Unavailable


class IndexUnhealthy(Unavailable):
    """The index is missing, damaged or of another version: search must go on without it."""


class IndexMissing(IndexUnhealthy):
    """There is no index of this version: one must be built."""


class IndexBusy(Unavailable):
    """Another process has been writing to the index for too long."""
