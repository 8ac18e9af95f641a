"""Secrets handed to a browser once: how they are made, and the digest that is kept instead of them."""

import hashlib
import secrets


def new_token() -> str:
    """256 random bits, safe in an address and a cookie."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What the database keeps: a thief of the table holds no key (tokens are random, so no salt)."""
    return hashlib.sha256(token.encode()).hexdigest()
