"""Takes one step of an event, a sign-up, a collection or an article: done and said, or said that it is too late."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import flash
from sqlalchemy.orm import Session

from catalog.programme.errors import StepNotPossible
from i18n.catalogue import gettext as _


@contextmanager
def one_step(session: Session, said: str) -> Iterator[None]:
    """Commit what is done inside and say it; a step that is not possible any more changes nothing.

    Other refusals pass through: the caller rolls back and says them.
    """
    try:
        yield
    except StepNotPossible:
        session.rollback()
        flash(_("This cannot be done any more."), "bad")
    else:
        session.commit()
        flash(said, "good")
