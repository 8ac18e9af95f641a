"""Work that gave up and waits for a person: what it was about, how it failed, and trying it again."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core import tasks
from core.actor import Role
from core.people.permissions import require
from i18n.catalogue import gettext as _
from storefront.access import requires
from storefront.extensions import db
from storefront.office import words
from storefront.reading import read_number
from storefront.rendering import render_page

_SHOWN = 50


@requires(Role.OFFICE)
def parked_tasks() -> ResponseReturnValue:
    """Every task that gave up, the oldest first."""
    require(g.actor, "task.retry")
    session = db.session()
    number = read_number(request.args.get("after", "")) or 0
    found = tasks.list_parked(session, after_id=number, limit=_SHOWN)
    return render_page(
        "office/parked.html",
        words=words,
        parked=found,
        count=tasks.count_parked(session),
        more=len(found) == _SHOWN,
    )


@requires(Role.OFFICE)
def retry(task_id: int) -> ResponseReturnValue:
    """Let the worker try one task again from the start."""
    session = db.session()
    if tasks.retry_parked(session, task_id, actor=g.actor, now=g.now):
        session.commit()
        flash(_("It will be tried again in a moment."), "good")
    else:
        session.rollback()
        flash(_("This work is not parked any more; somebody has tried it again already."), "good")
    return redirect(url_for("office.parked"), 303)
