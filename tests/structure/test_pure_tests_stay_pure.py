"""What tests/unit may load: nothing with a database, a web server, a file format or a network in it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = (
    "sqlalchemy", "flask", "alembic", "playwright", "openpyxl", "xlsxwriter", "lxml", "whoosh",
    "opencc", "phonenumbers", "segno", "asyncssh", "psycopg",
)  # fmt: skip
SCRIPT = f"""
import runpy, sys
from pathlib import Path
for path in sorted(Path("tests/unit").rglob("test_*.py")):
    runpy.run_path(str(path), run_name="read")
    found = sorted(set({HEAVY!r}) & sys.modules.keys())
    if found:
        sys.exit(f"{{path}} loads {{', '.join(found)}}")
"""


def test_no_pure_test_loads_what_is_heavy() -> None:
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr[-2000:]
