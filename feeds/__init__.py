"""Batches for supermarkets: what each partner wants, what it has accepted, and how files reach it."""
