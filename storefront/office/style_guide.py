"""The style guide: every part of the shop's pages in every state, as the style sheet shows it today."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from core import clock
from core.actor import Role
from storefront.access import requires
from storefront.rendering import render_page

HUES = range(8)


@requires(Role.OFFICE)
def style_guide() -> ResponseReturnValue:
    """Every part once, in the scheme of colours of whoever looks; nothing here is read from the database."""
    return render_page("office/style_guide.html", hues=HUES, today=clock.today())
