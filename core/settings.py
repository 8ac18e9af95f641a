"""Every setting there is, read once from the environment, with all mistakes reported together.

Names start with ``OCOP_``; ``.env.example`` lists exactly these (a structure test compares them).
"""

from __future__ import annotations

import difflib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "OCOP_"
MIN_SECRET = 32
_NOT_SETTINGS = ("OCOP_TEST_", "OCOP_BENCH_")


class SettingsError(ValueError):
    """The environment is wrong; ``problems`` holds one sentence for each mistake, for an operator."""

    def __init__(self, problems: list[str]) -> None:
        """Keep all mistakes: fixing them one restart at a time is cruel."""
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may choose. Defaults run a province on one small machine with nothing but Python."""

    env: str = "development"
    data_dir: Path = Path("var")
    database_url: str = ""
    search_url: str = ""
    tasks_url: str = ""
    cache_url: str = ""
    media_url: str = ""
    mail_url: str = "console:"
    base_url: str = "http://127.0.0.1:8000"
    secret_key: str = field(default="", repr=False)
    proxies: int | None = None
    kept_pages: bool = True
    metrics_token: str = field(default="", repr=False)
    stripe_secret_key: str = field(default="", repr=False)
    stripe_webhook_secret: str = field(default="", repr=False)
    stripe_api_base: str = ""
    vietqr_bank_bin: str = ""
    vietqr_account: str = ""
    vietqr_name: str = ""
    operator_name: str = ""
    operator_address: str = ""
    operator_number: str = ""
    operator_phone: str = ""
    operator_email: str = ""
    gs1_schema_dir: str = ""
    translator_url: str = ""
    translator_key: str = field(default="", repr=False)

    @property
    def is_production(self) -> bool:
        """Whether real buyers are served: secrets must be given, cookies are Secure."""
        return self.env == "production"

    @property
    def is_secure(self) -> bool:
        """Whether the shop is reached by https, so cookies may carry Secure and ``__Host-``."""
        return self.base_url.startswith("https://")

    @property
    def proxies_in_front(self) -> int:
        """How many proxies add the visitor's address to X-Forwarded-For; one in production unless told."""
        return int(self.is_production) if self.proxies is None else self.proxies

    @property
    def search_dir(self) -> Path:
        """Where the embedded search index lives; derived data, may be deleted at any time."""
        return self.data_dir / "search"

    @property
    def media_dir(self) -> Path:
        """Where uploaded pictures and papers live."""
        return self.data_dir / "media"

    @property
    def private_dir(self) -> Path:
        """Files for some people only, such as copies of papers; no web server may hand them out."""
        return self.data_dir / "private"

    @property
    def partners_dir(self) -> Path:
        """Where keys and local overrides of supermarket connections live."""
        return self.data_dir / "partners"

    @classmethod
    def names(cls) -> list[str]:
        """The environment variables, in the order of the fields."""
        return [PREFIX + f.name.upper() for f in fields(cls)]

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings; raises SettingsError with every mistake at once.

        In development a missing secret is generated once into the data directory.
        """
        problems = _unknown_names(environ, cls.names())
        given = {
            f.name: environ[PREFIX + f.name.upper()].strip()
            for f in fields(cls)
            if environ.get(PREFIX + f.name.upper(), "").strip()
        }
        values: dict[str, object] = {}
        for name, text in given.items():
            read = _READERS.get(name, str)
            try:
                values[name] = read(text)
            except ValueError as mistake:
                problems.append(f"{PREFIX}{name.upper()}: {mistake}")
        settings = cls(**values)  # type: ignore[arg-type]  # each reader returns the field's type
        problems += _combined_problems(settings)
        if problems:
            raise SettingsError(problems)
        return settings._completed()

    def _completed(self) -> Settings:
        data_dir = self.data_dir.expanduser().absolute()
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        values["data_dir"] = data_dir
        values["base_url"] = self.base_url.rstrip("/")
        values["database_url"] = self.database_url or f"sqlite:///{data_dir / 'ocop.db'}"
        values["secret_key"] = self.secret_key or _kept_secret(data_dir / "secret_key")
        return Settings(**values)


def _yes_or_no(text: str) -> bool:
    choices = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}
    if text.lower() not in choices:
        raise ValueError(f"write yes or no, not {text!r}")
    return choices[text.lower()]


def _few(text: str) -> int:
    if text not in ("0", "1", "2", "3"):
        raise ValueError(f"is a number from 0 to 3, not {text!r}")
    return int(text)


def _environment(text: str) -> str:
    if text not in ("development", "production"):
        raise ValueError(f"is development or production, not {text!r}")
    return text


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError(f"needs http(s)://host[:port] without a path, not {text!r}")
    return text


def _url_of(*schemes: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.split(":", 1)[0] not in schemes:
            raise ValueError(
                f"starts with one of {', '.join(s + ':' for s in schemes)}, not {text!r}"
            )
        return text

    return read


_READERS: dict[str, Callable[[str], object]] = {
    "env": _environment,
    "data_dir": Path,
    "database_url": _url_of("sqlite", "postgresql", "postgresql+psycopg"),
    "search_url": _url_of("opensearch"),
    "tasks_url": _url_of("redis", "amqp"),
    "cache_url": _url_of("redis"),
    "media_url": _url_of("s3"),
    "mail_url": _url_of("console", "smtp", "smtps"),
    "base_url": _address,
    "translator_url": _address,
    "proxies": _few,
    "kept_pages": _yes_or_no,
}


def _unknown_names(environ: Mapping[str, str], known: list[str]) -> list[str]:
    problems = []
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name in known or name.startswith(_NOT_SETTINGS):
            continue
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        problems.append(f"{name}: there is no such setting{hint}")
    return problems


_NOT_YET = (
    "tasks_url",
    "cache_url",
    "stripe_secret_key",
    "stripe_webhook_secret",
    "stripe_api_base",
)
"""Names that are promised (the public contract) and not served by this version: refused, not ignored."""


def _combined_problems(settings: Settings) -> list[str]:
    problems = [
        f"{PREFIX}{name.upper()}: this version does not use it yet; leave it empty"
        for name in _NOT_YET
        if getattr(settings, name)
    ]
    if settings.is_production:
        if len(settings.secret_key) < MIN_SECRET:
            problems.append(f"OCOP_SECRET_KEY: production needs at least {MIN_SECRET} characters")
        if not settings.is_secure:
            problems.append("OCOP_BASE_URL: production needs https://")
        if settings.mail_url.startswith("console"):
            problems.append(
                "OCOP_MAIL_URL: production needs smtp:// or smtps://, buyers wait for mail"
            )
    elif settings.secret_key and len(settings.secret_key) < MIN_SECRET:
        problems.append(f"OCOP_SECRET_KEY: use at least {MIN_SECRET} characters")
    if settings.media_url.startswith("s3:"):
        if not urlsplit(settings.media_url).netloc:
            problems.append("OCOP_MEDIA_URL: write s3://bucket/prefix?endpoint=https://…")
        elif find_spec("obstore") is None:
            problems.append("OCOP_MEDIA_URL: s3: needs the extra s3 (pip install 'ocop[s3]')")
    problems += _search_problems(settings.search_url)
    problems += _operator_problems(settings)
    problems += _parted(settings, "vietqr", ("bank_bin", "account", "name"))
    return problems


def _parted(settings: Settings, prefix: str, names: tuple[str, ...]) -> list[str]:
    """What is wrong where some of these settings are given and others not."""
    given = [bool(getattr(settings, f"{prefix}_{name}")) for name in names]
    if all(given) or not any(given):
        return []
    *first, last = (f"_{name.upper()}" for name in names)
    return [f"OCOP_{prefix.upper()}{', '.join(first)} and {last} are given together or not at all"]


def _operator_problems(settings: Settings) -> list[str]:
    """A buyer has a right to all of it, so half a name is a mistake."""
    parted = _parted(settings, "operator", ("name", "address", "number", "phone", "email"))
    if not parted and settings.operator_email and "@" not in settings.operator_email:
        return ["OCOP_OPERATOR_EMAIL: is not an address of e-mail"]
    return parted


def _search_problems(url: str) -> list[str]:
    if not url:
        return []
    if not urlsplit(url).netloc:
        return ["OCOP_SEARCH_URL: write opensearch://user:password@host:port,host:port/prefix"]
    if find_spec("opensearchpy") is None:
        return ["OCOP_SEARCH_URL: needs the extra opensearch (pip install 'ocop[opensearch]')"]
    return []


def _kept_secret(path: Path) -> str:
    """The generated secret of a development machine: made once, readable by its owner only."""
    if path.is_file():
        return path.read_text(encoding="ascii").strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
    try:
        path.hardlink_to(draft)  # fails if another process of the same start was first
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii").strip()
