"""What follows from a picture that was sent: its renditions, made by the worker."""

from __future__ import annotations

from datetime import datetime

from storefront.reactions import Payload, WorkerContext


def make_renditions(context: WorkerContext, payloads: list[Payload], now: datetime) -> None:
    """Make the sizes a picture is shown in, then show it. Killed at any point it can begin again.

    The files come first and the mark afterwards, so that no page names a picture that is not there.
    """
    from catalog.models import Media
    from catalog.pictures.keeping import mark_ready
    from catalog.pictures.receiving import make_renditions as make
    from catalog.pictures.store import open_store

    store = open_store(context.settings.media_url, context.settings.media_dir)
    for payload in payloads:
        with context.read() as session:
            media = session.get(Media, payload["media_id"])
        if media is None or media.ready_at is not None:
            continue
        make(store, media.digest, media.width)
        with context.write() as session:
            mark_ready(session, media.id, now=now)
            session.commit()
