"""Lighthouse on the pages a buyer meets first: run as ``make lighthouse``; exit code 1 below the gates.

The shop runs behind gunicorn with the demonstration, as a visitor meets it; Lighthouse plays a mid-range phone
on a slow line. Performance is the median of three runs, the other scores must be full in every run.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import text

from core.db import make_engine
from tests.factories.live_shop import free_port, web_server
from tests.factories.whole_shop import load_demonstration

FULL = ("accessibility", "best-practices", "seo")
FASTEST = 0.95
RUNS = 3
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync"


def main(languages: list[str]) -> int:
    """Measure home, browse and product in these languages; returns the exit code."""
    program = os.environ.get("OCOP_TEST_LIGHTHOUSE", "")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program or not chromium:
        sys.stderr.write("Lighthouse needs OCOP_TEST_LIGHTHOUSE (.ci/page-checkers) and Chromium\n")
        return 2
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = load_demonstration(folder / "demonstration")
        settings = replace(settings, base_url=f"http://127.0.0.1:{free_port()}")
        paths = ("/", "/products", f"/products/{_certified(settings.database_url)}")
        with web_server(settings, folder / "web.log", "--workers", "1"):
            low = [
                fault
                for locale in languages
                for path in paths
                for fault in _measure(program, chromium, f"{settings.base_url}/{locale}{path}")
            ]
    sys.stdout.write("\n".join(low) + "\n" if low else "every gate is met\n")
    return 1 if low else 0


def _certified(database_url: str) -> str:
    """A product that shows as much as a product can: a certificate that holds, and many facts."""
    engine = make_engine(database_url)
    with engine.connect() as connection:
        slug = connection.execute(
            text(
                "SELECT p.slug FROM product p JOIN certificate c ON c.product_id = p.id"
                " JOIN product_nutrition n ON n.product_id = p.id"
                " WHERE p.state = 'published' AND c.revoked_on IS NULL ORDER BY p.id LIMIT 1"
            )
        ).scalar_one()
    engine.dispose()
    return str(slug)


def _measure(program: str, chromium: str, url: str) -> list[str]:
    """Print one line of figures for a page; returns what is below its gate."""
    runs = [_run(program, chromium, url) for _ in range(RUNS)]
    scores = {
        name: [run["categories"][name]["score"] for run in runs] for name in ("performance", *FULL)
    }
    audits = runs[-1]["audits"]
    shown = [f"{name} {statistics.median(values):.2f}" for name, values in scores.items()]
    shown += [
        f"{short} {audits[name]['displayValue']}"
        for short, name in (
            ("LCP", "largest-contentful-paint"),
            ("CLS", "cumulative-layout-shift"),
            ("bytes", "total-byte-weight"),
        )
    ]
    sys.stdout.write(f"{url}: {', '.join(shown)}\n")
    sys.stdout.flush()
    low = [
        f"{url}: {name} {min(scores[name])}: {_failed(runs, name)}"
        for name in FULL
        if min(scores[name]) < 1
    ]
    if statistics.median(scores["performance"]) < FASTEST:
        low.append(f"{url}: performance {scores['performance']}: {_failed(runs, 'performance')}")
    return low


def _run(program: str, chromium: str, url: str) -> dict[str, Any]:
    command = ["node", program, url, "--quiet", "--output=json", f"--chrome-flags={FLAGS}"]
    told = subprocess.run(
        command,
        env={**os.environ, "CHROME_PATH": chromium},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def _failed(runs: list[dict[str, Any]], category: str) -> list[str]:
    """The audits of a category that are not full in the last run."""
    audits = runs[-1]["audits"]
    parts = runs[-1]["categories"][category]["auditRefs"]
    return [
        part["id"]
        for part in parts
        if part["weight"] and (audits[part["id"]]["score"] or 0) < 0.9
        and audits[part["id"]]["scoreDisplayMode"] not in ("notApplicable", "manual")
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["vi", "ja"]))
