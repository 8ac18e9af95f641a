"""An illustrative picture of the demonstration: a producer's, chosen for its province and its protected name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Producer, ProtectedName
from catalog.picked_pictures import Subject, find_picked, pick_picture
from catalog.pictures.keeping import add_picture, describe_picture
from catalog.pictures.receiving import receive
from catalog.pictures.store import Store
from catalog.translating import set_translation
from core.actor import Actor
from i18n.locales import LOCALES

_DATA = Path(__file__).parent / "data"


def load_pictures(session: Session, store: Store, *, actor: Actor, on: date, now: datetime) -> None:
    """Send what is not there yet, say what is to be seen, and choose it where nothing is chosen.

    It is shown once the worker has made its sizes. Raises StoreUnavailable.
    """
    for entry in json.loads((_DATA / "pictures.json").read_text(encoding="utf-8")):
        media_id = _send(session, store, entry, actor, now)
        right = session.scalar(select(ProtectedName).filter_by(**entry["right"]))
        subjects = [Subject(province_code=entry["province"])]
        if right is not None:
            subjects.append(Subject(right_id=right.id))
        for subject in subjects:
            if find_picked(session, subject) is None:
                pick_picture(session, subject, media_id, actor=actor, on=on, now=now)


def _send(
    session: Session, store: Store, entry: Mapping[str, Any], actor: Actor, now: datetime
) -> int:
    received = receive(store, (_DATA / "pictures" / entry["file"]).read_bytes())
    media, is_new = add_picture(
        session,
        producer_id=session.scalars(
            select(Producer.id).where(Producer.code == entry["producer"])
        ).one(),
        product_id=None,
        received=received,
        file_name=entry["file"],
        actor=actor,
        now=now,
    )
    if is_new:
        describe_picture(session, media.id, entry["vi"], seen=None, actor=actor, now=now)
        for locale in LOCALES:
            if locale in entry and locale != "vi":
                set_translation(
                    session, entity_kind="media", entity_id=media.id, field="alt", locale=locale,
                    text=entry[locale], status="reviewed", actor=actor, now=now,
                )  # fmt: skip
    return media.id
