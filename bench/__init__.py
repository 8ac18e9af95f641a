"""Measurements of our pages against a minimal page on the same data; printed, never asserted."""
