"""The contracts of setup.cfg, and what the web process must not load at its start."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("core", "i18n", "catalog", "orders", "feeds", "storefront")
HEAVY = (
    "openpyxl", "xlsxwriter", "PIL", "stripe", "alembic", "whoosh", "asyncssh", "lxml", "segno", "markdown_it",
    "opencc", "phonenumbers", "fpdf", "docx", "opensearchpy", "sqlalchemy.dialects.postgresql",
)  # fmt: skip


def modules() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def test_the_import_contracts_hold() -> None:
    lint = Path(sys.executable).parent / "lint-imports"
    result = subprocess.run(
        [lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout[-3000:]


def test_the_web_process_starts_light(tmp_path: Path) -> None:
    script = (
        "import sys, wsgi; "
        f"found = sorted(n for n in {HEAVY!r} if n in sys.modules); "
        "sys.exit('loaded at start: ' + ', '.join(found) if found else 0)"
    )
    environment = {**os.environ, "OCOP_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    environment = {k: v for k, v in environment.items() if not k.startswith("OCOP_TEST_")}
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-2000:]


def test_every_module_opens_by_saying_what_it_knows() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in modules()
        if path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent


def test_no_file_grows_beyond_a_reader() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 450
    }
    assert not long
