"""What can be wrong with goods that are called back, so that anybody can be told what to do in their language."""

from __future__ import annotations

DANGERS = ("allergen", "foreign_body", "microbe", "labelling", "other")
"""Kinds of danger a recall may name; each has fixed sentences in `storefront.recall_words`."""
