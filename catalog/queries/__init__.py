"""Questions to the catalogue; each answers with frozen page objects in at most four statements."""

from __future__ import annotations

from catalog.queries.pages import BrowseRequest

__all__ = ["BrowseRequest"]
