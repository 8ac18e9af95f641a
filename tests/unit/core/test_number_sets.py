"""Sets of row ids as bits say the same as a set does."""

from core.bits import NumberSet

IDS = [7, 8, 9, 4_000, 0, 31_999]


def test_a_set_of_ids_holds_what_was_put_in_and_nothing_else() -> None:
    held = NumberSet(IDS)
    assert len(held) == len(IDS)
    assert list(held) == sorted(IDS)
    assert all(number in held for number in IDS)
    for other in (1, 6, 10, 32_000, 10**12, -1, "7", None):
        assert other not in held


def test_sets_are_equal_by_what_they_hold_whatever_came_first() -> None:
    assert NumberSet(IDS) == NumberSet(sorted(IDS) + IDS)
    assert NumberSet(IDS) != NumberSet(IDS[:-1])
    assert NumberSet([]) == NumberSet(iter(()))
    assert NumberSet(IDS) != set(IDS)
