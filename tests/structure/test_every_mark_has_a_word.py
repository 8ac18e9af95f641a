"""A kind or state of the ledger has a word for people, and the database allows exactly the kinds of the rules."""

import re

from catalog.models import Paper, ProtectedName
from catalog.papers import LEVELS
from catalog.rules.marks import MARKS, PAPER_KINDS, RIGHTS
from catalog.rules.rights import STATES
from storefront import ledger_words


def test_every_kind_state_and_level_has_a_word() -> None:
    assert {*PAPER_KINDS, *RIGHTS, *MARKS, "ocop"} <= set(ledger_words.KINDS)
    assert {*STATES, "superseded"} <= set(ledger_words.STATES)
    assert set(LEVELS) == set(ledger_words.LEVELS)


def test_the_database_allows_exactly_the_kinds_of_the_rules() -> None:
    for table, kinds in ((Paper, PAPER_KINDS), (ProtectedName, RIGHTS)):
        check = next(c for c in table.__table__.constraints if "kind_known" in str(c.name))
        assert set(re.findall(r"'(\w+)'", str(check.sqltext))) == set(kinds)  # type: ignore[attr-defined]
