"""The office's verbs for news and guides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from catalog.errors import InvalidFields
from catalog.models import Article, Media
from catalog.models.article import ARTICLE_KINDS
from catalog.programme import keeping
from catalog.rules.campaigns import TEXT_STEPS
from core.actor import Actor


def create_article(
    session: Session, values: Mapping[str, Any], *, actor: Actor, now: datetime
) -> Article:
    """A draft. Raises InvalidFields, NotAllowed."""
    _check(session, values)
    return keeping.create(session, Article, values, actor=actor, now=now)


def update_article(
    session: Session, number: int, values: Mapping[str, Any], *, actor: Actor, now: datetime
) -> Article:
    """Change its texts, kind or picture. Raises InvalidFields, CampaignNotFound, NotAllowed."""
    row = keeping.find(session, Article, number, lock=True)
    _check(session, {"kind": row.kind, **values})
    return keeping.change(session, row, values, actor=actor, now=now)


def move_article(
    session: Session, number: int, step: str, *, actor: Actor, on: date, now: datetime
) -> Article:
    """Publish it, dated that day the first time, or withdraw it; its date stays.

    Raises InvalidFields without a text, StepNotPossible, CampaignNotFound, NotAllowed.
    """
    row = keeping.find(session, Article, number, lock=True)
    if step == "publish" and not row.body:
        raise InvalidFields({"body": "missing"})
    if step == "publish" and row.published_on is None:
        row.published_on = on
    return keeping.take_step(session, row, TEXT_STEPS, step, actor=actor, now=now)


def _check(session: Session, values: Mapping[str, Any]) -> None:
    mistakes: dict[str, str] = {}
    if values.get("kind") not in ARTICLE_KINDS:
        mistakes["kind"] = "unknown"
    picture = values.get("media_id")
    if picture is not None:
        media = session.get(Media, picture)
        if media is None or media.removed_at is not None:
            mistakes["media_id"] = "unknown"
    if mistakes:
        raise InvalidFields(mistakes)
