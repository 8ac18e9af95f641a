"""One rule and the table of its cases, as one test that tries every row and names each that is wrong.

pytest's own ``parametrize`` makes a test of every row, with its setup, capture and report: dearer than the
rule. It remains right where a row needs fixtures or its own database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from inspect import Signature
from typing import Any

import pytest


def each_row(
    names: str | Sequence[str], rows: Iterable[Any]
) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """A test of every row: what ``names`` are called is passed by name, as ``parametrize`` does."""
    called = [n.strip() for n in names.split(",")] if isinstance(names, str) else list(names)
    table = [row if len(called) > 1 else (row,) for row in rows]
    assert table, "a table without rows tests nothing"

    def decorate(check: Callable[..., None]) -> Callable[[], None]:
        @wraps(check)
        def test() -> None:
            wrong: list[BaseException] = []
            for number, row in enumerate(table, 1):
                try:
                    check(**dict(zip(called, row, strict=True)))
                except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 # told below
                    error.add_note(f"in row {number} of {len(table)}: {row!r}")
                    wrong.append(error)
            if len(wrong) == 1:
                raise wrong[0]
            if wrong:
                raise BaseExceptionGroup(f"{len(wrong)} of {len(table)} rows are wrong", wrong)

        test.__signature__ = Signature()  # type: ignore[attr-defined] # it asks for no fixture
        return test

    return decorate
