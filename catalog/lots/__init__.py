"""Traceability: writing down lots and what happened to them, calling goods back, and the papers for both."""
