"""Passwords: what is acceptable, how they are hashed (argon2id), and how one is checked.

Parameters follow OWASP's password storage sheet (19 MiB, two passes, one lane). Hashing is costly by
design, so at most two run at once in a process: otherwise a burst of sign-ins is a way to stop the shop.
"""

from __future__ import annotations

from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import Invalid

SHORTEST = 8
LONGEST = 256
CONCURRENT_HASHES = 2

_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_TURN = BoundedSemaphore(CONCURRENT_HASHES)


class UnfitPassword(Invalid):
    """A new password that nobody should use; `reason` is too_short, too_long, common or personal."""

    def __init__(self, *, reason: str) -> None:
        """Keep the reason, never the password."""
        super().__init__(reason=reason, shortest=SHORTEST, longest=LONGEST)
        self.reason = reason


def unfit_reason(password: str, *, personal: tuple[str, ...] = ()) -> str | None:
    """Why `password` cannot be chosen, or None. There are no composition rules (ASVS 6.2.5).

    `personal` holds words that belong to the person (name, e-mail, phone); a password that is one
    of them is refused.
    """
    if len(password) < SHORTEST:
        return "too_short"
    if len(password) > LONGEST:
        return "too_long"
    plain = password.casefold()
    if plain in _common() or len(set(plain)) <= 2:
        return "common"
    if any(word and plain == word.casefold() for word in personal):
        return "personal"
    return None


def hash_password(password: str, *, personal: tuple[str, ...] = ()) -> str:
    """The argon2id hash of a newly chosen password, bytes exactly as typed; raises UnfitPassword."""
    reason = unfit_reason(password, personal=personal)
    if reason is not None:
        raise UnfitPassword(reason=reason)
    with _TURN:
        return _HASHER.hash(password.encode())


def verify_password(kept_hash: str | None, password: str) -> bool:
    """Whether `password` is the one behind `kept_hash`.

    Without a hash (unknown person, or one who has set no password) the same work is done against a
    dummy, so the time taken tells nothing (rule A14: no enumeration).
    """
    with _TURN:
        try:
            _HASHER.verify(kept_hash or _dummy_hash(), password[: LONGEST + 1].encode())
        except (VerificationError, InvalidHashError):
            return False
    return kept_hash is not None


def is_outdated(kept_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's and shall be made anew."""
    return _HASHER.check_needs_rehash(kept_hash)


def rehash(password: str) -> str:
    """The hash of a password that was accepted before, under today's parameters."""
    with _TURN:
        return _HASHER.hash(password.encode())


@cache
def _dummy_hash() -> str:
    return _HASHER.hash(b"nobody has this password")


@cache
def _common() -> frozenset[str]:
    from core.people.common_passwords import COMMON

    return COMMON
