"""How the columns of another program's files are named: shipped as data, completed by what a producer says."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import InvalidFields
from catalog.importing.columns import heading_key
from catalog.models import ProfileColumns
from core import audit
from core.actor import Actor
from core.errors import Invalid, NotFound
from core.people.permissions import require

HEADING_WITHIN = 30
"""The row that names the columns is looked for among so many: above it stand titles and addresses."""


class UnknownProfile(NotFound):
    """No profile of that name is shipped; facts: profile, known."""


class NoKnownColumns(Invalid):
    """No row of the file names the columns of the profile; facts: wanted, headings (the likeliest row)."""


@dataclass(frozen=True, slots=True)
class SoftwareProfile:
    """How one program names things; the first name of a column is used for writing.

    `verified` says from where its format is known; `more` holds what only this kind of profile has.
    """

    code: str
    name: str
    verified: str
    columns: Mapping[str, tuple[str, ...]]
    more: Mapping[str, Any]

    def heading(self, column: str) -> str:
        """The name a column is written under."""
        return self.columns[column][0]


@dataclass(frozen=True, slots=True)
class Heading:
    """The row that names the columns: its place among the rows, known columns by our name, unknown by place.

    `shipped` are those of the known columns that the profile knew without anybody's help.
    """

    place: int
    named: Mapping[str, int]
    unknown: Mapping[int, str]
    shipped: frozenset[str]


def load_profile(folder: Path, code: str) -> SoftwareProfile:
    """A shipped profile; raises UnknownProfile."""
    known = sorted(path.stem for path in folder.glob("*.toml"))
    if code not in known:
        raise UnknownProfile(profile=code, known=known)
    data = tomllib.loads((folder / f"{code}.toml").read_text(encoding="utf-8"))
    return SoftwareProfile(
        code,
        data.pop("name"),
        data.pop("verified"),
        {key: tuple(names) for key, names in data.pop("columns").items()},
        data,
    )


def find_heading(
    rows: Sequence[tuple[int, list[str]]],
    profile: SoftwareProfile,
    needed: Sequence[Collection[str]],
    said: Mapping[str, str],
) -> Heading | None:
    """The first row that names at least one column of each group of `needed`; None when there is none."""
    wanted = {heading_key(name): key for key, names in profile.columns.items() for name in names}
    for place, (_line, cells) in enumerate(rows[:HEADING_WITHIN]):
        named: dict[str, int] = {}
        left: set[int] = set()
        shipped: set[str] = set()
        for i, cell in enumerate(cells):
            heading = heading_key(cell)
            key = wanted.get(heading)
            if key is not None and key not in named:
                named[key] = i
                shipped.add(key)
            elif heading and said.get(heading) == "":
                left.add(i)
        for i, cell in enumerate(cells):
            meant = said.get(heading_key(cell), "")
            if meant in profile.columns and i not in named.values():
                named.setdefault(meant, i)
        if all(any(key in named for key in group) for group in needed):
            used = left | set(named.values())
            others = {i: c.strip() for i, c in enumerate(cells) if c.strip() and i not in used}
            return Heading(place, named, others, frozenset(shipped))
    return None


def likely_headings(rows: Sequence[tuple[int, list[str]]]) -> list[str]:
    """The cells of the row that looks most like headings: the fullest of the first rows, the earlier of equals."""
    filled = [[c.strip() for c in cells if c.strip()] for _line, cells in rows[:HEADING_WITHIN]]
    return max(filled, key=len, default=[])


def find_columns(session: Session, producer_id: int, code: str) -> dict[str, str]:
    """What the producer said about headings of this program: heading → our name, "" for one to leave."""
    saved = saved_columns(session, producer_id, code)
    return dict(saved.columns) if saved else {}


def save_columns(
    session: Session,
    producer_id: int,
    profile: SoftwareProfile,
    said: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Add to what is known of a program's headings, for this producer; the caller commits.

    Raises InvalidFields for a name that is no column of the profile, NotAllowed.
    """
    require(actor, "producer.edit", producer_id=producer_id)
    wrong = {
        heading: "unknown_field"
        for heading, name in said.items()
        if name and name not in profile.columns
    }
    if wrong:
        raise InvalidFields(wrong)
    added = {heading_key(heading): name for heading, name in said.items() if heading_key(heading)}
    saved = saved_columns(session, producer_id, profile.code)
    if saved is None:
        saved = ProfileColumns(producer_id=producer_id, profile=profile.code, columns={})
        session.add(saved)
    saved.columns = {**saved.columns, **added}
    saved.updated_at = now
    audit.record(
        session, actor, "profile.columns", subject=f"producer:{producer_id}", now=now,
        profile=profile.code, columns=added,
    )  # fmt: skip
    session.flush()


def saved_columns(session: Session, producer_id: int, code: str) -> ProfileColumns | None:
    """What a producer has explained or confirmed of a profile; None before the first time."""
    return session.scalar(
        select(ProfileColumns).where(
            ProfileColumns.producer_id == producer_id, ProfileColumns.profile == code
        )
    )
