import unicodedata

from core.people import passwords
from core.people.passwords import hash_password, verify_password


def test_the_hash_is_argon2id_with_the_chosen_parameters() -> None:
    assert hash_password("ba con tôm càng").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_only_the_same_bytes_open_the_lock() -> None:
    composed = "mật khẩu dài"
    decomposed = unicodedata.normalize("NFD", composed)
    kept = hash_password(composed)
    assert verify_password(kept, composed)
    assert not verify_password(kept, decomposed)
    assert not verify_password(kept, composed + " ")


def test_without_a_hash_the_same_work_is_done() -> None:
    assert verify_password(None, "whatever it is") is False
    assert verify_password("no hash at all", "whatever it is") is False


def test_an_old_hash_is_seen_to_be_old() -> None:
    assert not passwords.is_outdated(hash_password("ba con tôm càng"))
    weaker = "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$" + "A" * 43
    assert passwords.is_outdated(weaker)
