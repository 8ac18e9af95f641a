"""Makers of rows for tests: every argument has a sensible value, give only what the test is about."""
