"""Which columns and account codes an accounting program gets: shipped as data, the codes confirmed by the producer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from catalog.errors import InvalidFields
from catalog.importing.profiles import SoftwareProfile, load_profile, saved_columns
from catalog.models import ProfileColumns
from core import audit
from core.actor import Actor
from core.people.permissions import require

FOLDER = Path(__file__).parent / "profiles"
_CODE = re.compile(r"[0-9]{3}[0-9A-Za-z.\-]{0,9}")
"""Three digits of the chart and whatever the cooperative adds to divide them."""


def accounting_profile(code: str) -> SoftwareProfile:
    """A shipped profile of accounting software; raises UnknownProfile."""
    return load_profile(FOLDER, code)


def find_accounts(
    session: Session, producer_id: int, profile: SoftwareProfile
) -> tuple[dict[str, str], bool]:
    """The producer's account codes by our names, and whether its accountant has confirmed them."""
    saved = saved_columns(session, producer_id, profile.code)
    shipped: Mapping[str, str] = profile.more["accounts"]
    return {**shipped, **(saved.columns if saved else {})}, saved is not None


def save_accounts(
    session: Session,
    producer_id: int,
    profile: SoftwareProfile,
    codes: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep the codes an accountant has confirmed; the caller commits. Raises InvalidFields, NotAllowed."""
    require(actor, "producer.edit", producer_id=producer_id)
    kept = {name: codes.get(name, "").strip() for name in profile.more["accounts"]}
    wrong = {name: "not_an_account" for name, code in kept.items() if not _CODE.fullmatch(code)}
    if wrong:
        raise InvalidFields(wrong)
    saved = saved_columns(session, producer_id, profile.code)
    if saved is None:
        saved = ProfileColumns(producer_id=producer_id, profile=profile.code)
        session.add(saved)
    saved.columns, saved.updated_at = kept, now
    audit.record(
        session, actor, "profile.accounts", subject=f"producer:{producer_id}", now=now,
        profile=profile.code, accounts=kept,
    )  # fmt: skip
    session.flush()
