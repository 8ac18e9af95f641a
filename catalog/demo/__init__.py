"""The demonstration shop: a real register as drafts, and illustrative listings of fictional makers."""

from __future__ import annotations

from catalog.demo.loading import DemoReport, load_demo, suggested_stock

__all__ = ["DemoReport", "load_demo", "suggested_stock"]
