"""The profiles of partners: what each one wants, read from TOML with every mistake reported at once.

Shipped profiles lie in ``feeds/partners/``. An operator's own profiles, and overrides of shipped ones (port,
keys), lie in the partners folder of the data directory under the same file name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalog.reference import GROUPS
from catalog.rules.identifiers import is_valid_gln
from catalog.rules.sending import is_visit
from core.errors import Invalid, NotFound
from core.money import EXPONENTS
from feeds.rules.completeness import CHECKS, Requirements
from feeds.rules.mapping import COLUMNS

SHIPPED = Path(__file__).parent / "partners"
FORMATS = ("xlsx", "cin31")
SOLD_GROUPS = tuple(code for code in GROUPS if not is_visit(code))
"""What a supermarket can put on a shelf: everything but visits."""
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,58}")


class UnknownPartner(NotFound):
    """There is no profile with that code; facts: partner, known."""


class BadProfile(Invalid):
    """A profile can't be used; facts: partner, problems (one sentence for each mistake)."""


@dataclass(frozen=True, slots=True)
class SftpSettings:
    """How to reach the partner: paths of key files are absolute."""

    host: str
    port: int
    user: str
    inbox: str
    timeout_seconds: int
    client_key: Path
    known_hosts: Path


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything the feeds know of one partner."""

    code: str
    name: str
    illustrative: bool
    gln: str
    supplier_gln: str
    supplier_name: str
    currency: str
    target_market: str
    groups: tuple[str, ...]
    required: tuple[str, ...]
    short_name_length: int
    accepts_restricted_circulation_numbers: bool
    remaining_shelf_life_percent: int
    formats: tuple[str, ...]
    columns: tuple[str, ...]
    max_items: int
    build_every_minutes: int
    gpc: Mapping[str, str]
    transport: SftpSettings
    ack_outbox: str
    ack_deadline_hours: int
    ack_fetch_every_minutes: int

    @property
    def requirements(self) -> Requirements:
        """What the completeness rule asks for."""
        return Requirements(
            required=self.required,
            currency=self.currency,
            short_name_length=self.short_name_length,
            accepts_restricted_numbers=self.accepts_restricted_circulation_numbers,
        )

    @property
    def is_connected(self) -> bool:
        """Whether keys for this partner are in place; without them nothing is built by itself."""
        return self.transport.client_key.is_file() and self.transport.known_hosts.is_file()

    def gpc_of(self, subgroup: str | None) -> str:
        """The chain's GPC brick for a subgroup, or its default."""
        return self.gpc.get(subgroup or "", self.gpc["default"])

    def file_name(self, number: int, extension: str) -> str:
        """The final name of a file of a batch; the number makes it unique for this partner."""
        return f"{self.code}-{number:06d}.{extension}"


def codes(partners_dir: Path) -> list[str]:
    """The codes of all partners: shipped profiles and the operator's own."""
    folders = [SHIPPED, partners_dir]
    found = {path.stem for folder in folders for path in folder.glob("*.toml")}
    return sorted(code for code in found if _CODE.fullmatch(code))


def load(code: str, partners_dir: Path) -> Profile:
    """The profile with local overrides applied; raises UnknownPartner or BadProfile."""
    if not _CODE.fullmatch(code) or code not in codes(partners_dir):
        raise UnknownPartner(partner=code, known=codes(partners_dir))
    problems: list[str] = []
    data: dict[str, Any] = {}
    for folder in (SHIPPED, partners_dir):
        path = folder / f"{code}.toml"
        if path.is_file():
            try:
                data = _merged(data, tomllib.loads(path.read_text(encoding="utf-8")))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as mistake:
                problems.append(f"{path.name}: {mistake}")
    if problems:
        raise BadProfile(partner=code, problems=problems)
    return read_profile(data, code=code, partners_dir=partners_dir)


def read_profile(data: Mapping[str, Any], *, code: str, partners_dir: Path) -> Profile:
    """Check parsed TOML and make a profile of it; raises BadProfile with every mistake."""
    r = _Reader(data)
    transport = r.table("transport")
    answers = r.table("acknowledgement")
    if r.text("code") != code:
        r.problem("code", f"is the file's name, {code}")
    if transport.text("kind") != "sftp":
        transport.problem("kind", 'is "sftp"')
    gpc = r.table("gpc")
    bricks = {name: gpc.text(name, is_brick, "eight digits") for name in gpc.data}
    if "default" not in bricks:
        r.problem("gpc.default", "is missing")
    profile = Profile(
        code=code,
        name=r.text("name"),
        illustrative=r.flag("illustrative"),
        gln=r.text("gln", is_valid_gln, "thirteen digits with a right check digit"),
        supplier_gln=r.text("supplier_gln", is_valid_gln, "thirteen digits, right check digit"),
        supplier_name=r.text("supplier_name"),
        currency=r.text("currency", EXPONENTS.__contains__, "a currency of the shop"),
        target_market=r.text("target_market", re.compile(r"\d{3}").fullmatch, "three digits"),
        groups=r.names("groups", SOLD_GROUPS),
        required=r.names("required", CHECKS),
        short_name_length=r.number("short_name_length", 8, 200),
        accepts_restricted_circulation_numbers=r.flag("accepts_restricted_circulation_numbers"),
        remaining_shelf_life_percent=r.number("remaining_shelf_life_percent", 1, 100),
        formats=r.names("formats", FORMATS),
        columns=r.names("columns", COLUMNS),
        max_items=r.number("max_items", 1, 20_000),
        build_every_minutes=r.number("build_every_minutes", 1, 10_080),
        gpc=bricks,
        transport=SftpSettings(
            host=transport.text("host"),
            port=transport.number("port", 1, 65_535),
            user=transport.text("user"),
            inbox=transport.text("inbox"),
            timeout_seconds=transport.number("timeout_seconds", 1, 600),
            client_key=partners_dir / transport.text("client_key"),
            known_hosts=partners_dir / transport.text("known_hosts"),
        ),
        ack_outbox=answers.text("outbox"),
        ack_deadline_hours=answers.number("deadline_hours", 1, 24 * 30),
        ack_fetch_every_minutes=answers.number("fetch_every_minutes", 1, 1440),
    )
    for reader in (r, transport, answers, gpc):
        reader.report_unknown()
    if r.problems:
        raise BadProfile(partner=code, problems=sorted(r.problems))
    return profile


def is_brick(text: str) -> bool:
    """Whether this can be a GPC brick code."""
    return len(text) == 8 and text.isascii() and text.isdigit()


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(base)
    for key, value in over.items():
        old = both.get(key)
        both[key] = (
            _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
        )
    return both


@dataclass
class _Reader:
    """Takes values out of a table and remembers every mistake; after one it goes on with a stand-in."""

    data: Mapping[str, Any]
    path: str = ""
    problems: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def problem(self, name: str, sentence: str) -> None:
        self.problems.append(f"{self.path}{name} {sentence}")

    def _value(self, name: str) -> Any:
        self.asked.add(name)
        if name not in self.data:
            self.problem(name, "is missing")
        return self.data.get(name)

    def text(
        self, name: str, fits: Callable[[str], object] = bool, wanted: str = "text, not empty"
    ) -> str:
        value = self._value(name)
        if value is None:
            return ""
        if not isinstance(value, str) or not fits(value):
            self.problem(name, f"needs {wanted}, not {value!r}")
            return ""
        return value

    def number(self, name: str, low: int, high: int) -> int:
        value = self._value(name)
        if value is None:
            return low
        if type(value) is not int or not low <= value <= high:
            self.problem(name, f"needs a whole number from {low} to {high}, not {value!r}")
            return low
        return value

    def flag(self, name: str) -> bool:
        value = self._value(name)
        if value is not None and not isinstance(value, bool):
            self.problem(name, f"is true or false, not {value!r}")
        return value is True

    def names(self, name: str, allowed: Mapping[str, object] | tuple[str, ...]) -> tuple[str, ...]:
        value = self._value(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not value:
            self.problem(name, "needs a list with at least one name")
            return ()
        for entry in value:
            if entry not in allowed:
                self.problem(name, f"does not know {entry!r}; there are {', '.join(allowed)}")
        if len({str(entry) for entry in value}) < len(value):
            self.problem(name, "says something twice")
        return tuple(str(entry) for entry in value)

    def table(self, name: str) -> _Reader:
        value = self._value(name)
        if value is not None and not isinstance(value, dict):
            self.problem(name, "is a table")
        inner = value if isinstance(value, dict) else {}
        return _Reader(inner, f"{self.path}{name}.", self.problems)

    def report_unknown(self) -> None:
        for name in sorted(set(self.data) - self.asked):
            self.problem(name, "is not known")
