"""Runs every test, and says beforehand which parts of the machine the tests can and cannot use."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

PROGRAMS = {
    "chromium": ("chromium", "chromium-browser"),
    "sshd": ("/usr/sbin/sshd",),
    "zbarimg": ("zbarimg",),
}
SERVERS = {
    "postgres": ("OCOP_TEST_POSTGRES_URL", 5432),
    "redis": ("OCOP_TEST_REDIS_URL", 6379),
}
"""Nothing speaks to Redis yet: no test of this version needs it."""
MOST = 4
"""Processes the tests are spread over at most; OCOP_TEST_PROCESSES says another number."""
EXAMPLES = "200"
"""How many examples each property is tried with here; `make unit` tries few."""


def _server_problem(variable: str, port: int) -> str | None:
    address = os.environ.get(variable, "")
    if not address:
        return f"{variable} is not set (see make peers)"
    parts = urlsplit(address)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or port), 3):
            return None
    except OSError:
        return f"nobody answers at {variable} (see make peers)"


def _program_problem(names: tuple[str, ...]) -> str | None:
    return None if any(shutil.which(name) for name in names) else f"there is no {names[0]}"


def _schema_problem() -> str | None:
    folder = os.environ.get("OCOP_GS1_SCHEMA_DIR", "")
    if not folder:
        return "OCOP_GS1_SCHEMA_DIR names no folder with GS1's published schemas"
    return None if Path(folder).is_dir() else "OCOP_GS1_SCHEMA_DIR is no folder"


def _opensearch_problem() -> str | None:
    folder = os.environ.get("OCOP_TEST_OPENSEARCH_JARS", "")
    if not folder:
        return "OCOP_TEST_OPENSEARCH_JARS is not set (see make test-cluster)"
    return _program_problem(("javac",)) if Path(folder).is_dir() else "no folder of its jars"


def _nu_problem() -> str | None:
    jar = os.environ.get("OCOP_TEST_NU_JAR", "")
    if not jar:
        return "OCOP_TEST_NU_JAR is not set (see make check-html)"
    return _program_problem(("java",)) if Path(jar).is_file() else "no file of that name"


def parts() -> dict[str, str | None]:
    """Each part the suite can use, with why it cannot, or None when it can."""
    found = {part: _server_problem(*where) for part, where in SERVERS.items()}
    found |= {part: _program_problem(names) for part, names in PROGRAMS.items()}
    return found | {
        "gs1": _schema_problem(),
        "opensearch": _opensearch_problem(),
        "nu": _nu_problem(),
    }


def main(arguments: list[str]) -> int:
    """Announce the parts, then run pytest; returns its exit code."""
    found = parts()
    for part, problem in found.items():
        state = "there" if problem is None else f"NOT tested: {problem}"
        sys.stderr.write(f"  {part:<10} {state}\n")
    required = {part for part in os.environ.get("OCOP_TEST_REQUIRE", "").split(",") if part}
    required = set(found) if "all" in required else required
    lacking = sorted(part for part in required if found.get(part, "is not a known part"))
    if lacking:
        sys.stderr.write(f"OCOP_TEST_REQUIRE names what is missing: {', '.join(lacking)}\n")
        return 1
    for part, (variable, _port) in SERVERS.items():
        if found[part] is not None:
            os.environ.pop(variable, None)
    os.environ.setdefault("OCOP_TEST_EXAMPLES", EXAMPLES)
    return int(pytest.main([*_spread(), *(arguments or ["tests"])]))


def _spread() -> list[str]:
    """One process for each core, a file of tests always whole in one of them (see tests/spreading.py)."""
    processes = int(os.environ.get("OCOP_TEST_PROCESSES") or min(os.cpu_count() or 1, MOST))
    spread = ["-n", str(processes), "--dist", "loadfile", "--no-loadscope-reorder"]
    return spread if processes > 1 else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
