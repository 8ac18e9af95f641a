"""Signing in and out, signed-in devices, and the password, in the visitor's language."""
