"""Two people edit one product: field by field, nothing is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.merging import merge

BASE = {"name": "Mắm", "summary": "Ngon", "days": 30}


def test_edits_of_different_fields_go_together() -> None:
    merged = merge(BASE, {**BASE, "name": "Mắm cá"}, {**BASE, "days": 60})
    assert merged.is_clean
    assert merged.values == {"name": "Mắm cá", "summary": "Ngon", "days": 60}
    assert {(change.name, change.by) for change in merged.changes} == {
        ("name", "me"),
        ("days", "them"),
    }


def test_the_same_field_changed_alike_is_settled() -> None:
    assert merge(BASE, {**BASE, "days": 60}, {**BASE, "days": 60}).changes == ()


def test_the_same_field_changed_differently_is_for_a_person() -> None:
    merged = merge(BASE, {**BASE, "days": 90}, {**BASE, "days": 60})
    assert [(c.name, c.base, c.mine, c.theirs) for c in merged.conflicts] == [("days", 30, 90, 60)]


def test_without_knowing_what_was_every_difference_is_for_a_person() -> None:
    merged = merge({}, {"days": 90, "name": "Mắm"}, {"days": 60, "name": "Mắm"})
    assert [change.name for change in merged.conflicts] == ["days"]


_EDIT = st.fixed_dictionaries({name: st.integers(0, 3) for name in "abcd"})


@given(_EDIT, _EDIT, _EDIT)
def test_nobodys_change_is_lost_unsaid(
    base: dict[str, int], mine: dict[str, int], theirs: dict[str, int]
) -> None:
    merged = merge(base, mine, theirs)
    asked = {change.name for change in merged.conflicts}
    for name in base:
        if mine[name] != base[name]:
            assert merged.values[name] == mine[name]
        if theirs[name] != base[name] and name not in asked:
            assert merged.values[name] == theirs[name]
