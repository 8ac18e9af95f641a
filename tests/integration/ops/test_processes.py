"""The processes as an operator meets them: imports, memory, a graceful end, the tree, the doctor, a full disk."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models import Producer, Product
from core.db import make_engine, write_session
from core.settings import Settings
from core.tasks import Task
from tests.factories.catalog import make_product
from tests.factories.live_shop import ROOT, environment_of, free_port, kill, web_server

pytestmark = pytest.mark.slow

HEAVY = [
    "openpyxl",
    "xlsxwriter",
    "PIL",
    "stripe",
    "alembic",
    "whoosh",
    "asyncssh",
    "lxml",
    "segno",
    "opencc",
    "phonenumbers",
]


@pytest.fixture
def settings(sqlite_template: Path, tmp_path: Path) -> Settings:
    """An installation with one product on sale, at a free port."""
    var = tmp_path / "var"
    var.mkdir()
    (var / "ocop.db").write_bytes(sqlite_template.read_bytes())
    settings = Settings.from_env(
        {"OCOP_DATA_DIR": str(var), "OCOP_BASE_URL": f"http://127.0.0.1:{free_port()}"}
    )
    engine = make_engine(settings.database_url)
    with write_session(engine) as session:
        make_product(session, slug="nuoc-mam")
        session.commit()
    engine.dispose()
    return settings


def ocop(
    settings: Settings, *arguments: str, **options: object
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "storefront.commands", *arguments],
        cwd=ROOT,
        env=environment_of(settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **options,  # type: ignore[call-overload]
    )


def test_a_web_worker_starts_without_what_only_some_requests_need(settings: Settings) -> None:
    code = f"import sys, wsgi; print(*[m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment_of(settings),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == ""


def test_help_imports_neither_the_shop_nor_its_database() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from storefront.commands import ocop, COMMANDS\n"
        "said = CliRunner().invoke(ocop, ['--help']).output\n"
        "assert all(name in said for name in COMMANDS)\n"
        "print(*[m for m in ('flask', 'sqlalchemy', 'catalog') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


def test_every_command_explains_itself() -> None:
    from click.testing import CliRunner

    from storefront.commands import COMMANDS, ocop

    for name in COMMANDS:
        said = CliRunner().invoke(ocop, [name, "--help"])
        assert said.exit_code == 0, name
        assert len(said.output) > 100, name


def test_wrong_settings_are_all_named_and_nothing_starts(tmp_path: Path) -> None:
    wrong = {
        **os.environ,
        "OCOP_ENV": "production",
        "OCOP_DATA_DIR": str(tmp_path),
        "OCOP_BASE_URLS": "x",
    }
    for arguments in (["-m", "storefront.commands", "doctor"], ["-c", "import wsgi"]):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=wrong,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (2, 3)
        assert "did you mean OCOP_BASE_URL?" in done.stderr
        assert "OCOP_SECRET_KEY" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_web_worker_stays_small_after_warming_up(settings: Settings, tmp_path: Path) -> None:
    assert ocop(settings, "worker", "--once").returncode == 0
    with web_server(settings, tmp_path / "web.log") as web:
        for _ in range(5):
            for path in ("/vi/", "/en/products", "/ja/products/nuoc-mam", "/vi/search?q=nuoc+mam"):
                with urlopen(settings.base_url + path, timeout=30) as answer:  # noqa: S310 # ours
                    assert answer.status == 200
        assert web.resident_mb() < 150


def test_a_request_in_progress_is_answered_before_the_server_stops(
    settings: Settings, tmp_path: Path
) -> None:
    with web_server(settings, tmp_path / "web.log", "--workers", "1") as web:
        answer = urlopen(f"{settings.base_url}/vi/", timeout=30)  # noqa: S310 # ours
        web.process.send_signal(signal.SIGTERM)
        assert answer.status == 200
        assert b"</html>" in answer.read()
        assert web.process.wait(30) == 0


@pytest.fixture
def tree(settings: Settings, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with (
        (tmp_path / "run.log").open("w") as log,
        subprocess.Popen(
            [sys.executable, "-m", "storefront.commands", "run"],
            cwd=ROOT,
            env=environment_of(settings),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        yield process
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def children_of(pid: int) -> dict[str, int]:
    """Name → process of the members of the tree."""
    pids = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    lines = {int(p): Path(f"/proc/{p}/cmdline").read_bytes().decode() for p in pids}
    return {"web" if "gunicorn" in line else "worker": p for p, line in lines.items()}


def test_one_command_serves_restarts_what_died_and_ends_as_a_whole(
    settings: Settings, tree: subprocess.Popen[str], tmp_path: Path
) -> None:
    assert tree.stdout is not None
    assert tree.stdout.readline() == f"The shop is open at {settings.base_url}/\n"
    before = children_of(tree.pid)
    kill(before["worker"])
    after = wait_for_other(tree.pid, before["worker"])

    assert after["web"] == before["web"]
    assert wait_for_ready(settings)
    tree.send_signal(signal.SIGINT)
    assert tree.wait(60) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in after.values())


def wait_for_other(pid: int, gone: int) -> dict[str, int]:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        now = children_of(pid)
        if now.get("worker", gone) != gone:
            return now
        time.sleep(0.1)
    raise AssertionError("the worker was not started again")


def wait_for_ready(settings: Settings) -> bool:
    """Until the worker has built the index and worked off what waits."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urlopen(f"{settings.base_url}/readyz", timeout=10) as answer:  # noqa: S310 # ours
                return bool(json.load(answer)["ready"])
        except OSError:
            time.sleep(0.2)
    return False


def test_a_taken_port_is_said_in_a_sentence(settings: Settings, tmp_path: Path) -> None:
    with web_server(settings, tmp_path / "web.log", "--workers", "1"):
        done = ocop(settings, "run")

    assert done.returncode == 1
    assert "something else listens" in done.stderr


def test_the_doctor_finds_what_is_wrong_and_says_what_to_do(settings: Settings) -> None:
    done = ocop(settings, "doctor", "--json")
    checks = json.loads(done.stdout)

    assert done.returncode == 1
    assert {name for name, check in checks.items() if not check["ok"]} >= {"worker", "search index"}
    assert checks["database"] == {"ok": True, "says": "sqlite"}

    (settings.data_dir / "secret_key").write_text("x" * 48)
    (settings.data_dir / "secret_key").chmod(0o644)
    assert (
        "secret_key" in json.loads(ocop(settings, "doctor", "--json").stdout)["permissions"]["says"]
    )


def test_a_full_disk_during_an_import_leaves_nothing_half_applied(
    settings: Settings, tmp_path: Path
) -> None:
    """The file system refuses to let the database grow, as a full disk would."""
    whole = (ROOT / "catalog" / "demo" / "data" / "register.csv").read_text(encoding="utf-8-sig")
    register = tmp_path / "register.csv"
    register.write_text("".join(whole.splitlines(keepends=True)[:200]), encoding="utf-8")
    engine = make_engine(settings.database_url)
    with Session(engine) as session:
        before = counts(session)
    engine.dispose()
    room = 200_000  # bytes that the write-ahead log may have; the import needs several times that

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # then a write fails with an error, as ENOSPC

    done = ocop(settings, "catalog", "import", str(register), preexec_fn=limited)
    with Session(engine) as session:
        after = counts(session)
        assert session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    engine.dispose()

    assert done.returncode == 1
    assert not re.search(r"^Traceback", done.stderr, re.MULTILINE), done.stderr[-2000:]
    assert after == before
    again = ocop(settings, "catalog", "import", str(register))
    assert re.search(r"[1-9]\d* created", again.stdout + again.stderr), again.stderr[-2000:]


def counts(session: Session) -> tuple[int, int, int]:
    tables = (Producer, Product, Task)
    found = tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
    return (found[0], found[1], found[2])
