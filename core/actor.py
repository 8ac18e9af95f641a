"""Who does something, and for whom; passed explicitly to every use case."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a person is to the shop; one person may be several."""

    BUYER = "buyer"
    PRODUCER = "producer"
    OFFICE = "office"
    PARTNER = "partner"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or part of the system that acts, with the roles it holds at this moment.

    ``acting_for`` names the producer an officer enters data for ("producer:12"), so that the audit trail
    says both who typed and on whose behalf.
    """

    person_id: int | None
    name: str
    roles: frozenset[Role] = frozenset()
    producer_ids: frozenset[int] = frozenset()
    partner_codes: frozenset[str] = frozenset()
    acting_for: str | None = field(default=None)

    @classmethod
    def system(cls, name: str) -> Actor:
        """A command, a timer or the worker: may do everything, and is named in the audit trail."""
        return cls(person_id=None, name=name, roles=frozenset({Role.SYSTEM}))

    @classmethod
    def buyer(cls) -> Actor:
        """Anybody who looks at the shop without signing in."""
        return cls(person_id=None, name="", roles=frozenset({Role.BUYER}))

    @property
    def is_signed_in(self) -> bool:
        """Whether a known person acts."""
        return self.person_id is not None

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds any of the roles."""
        return not self.roles.isdisjoint(roles)
