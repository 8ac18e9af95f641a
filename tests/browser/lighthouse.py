"""Lighthouse on the pages a buyer meets first: run as ``make lighthouse``; exit code 1 below the gates.

The shop runs behind gunicorn with the demonstration, as a visitor meets it; Lighthouse plays a mid-range phone
on a slow line. Performance is the median of three runs, the other scores must be full in every run. Performance
says something on a quiet machine only: the last column is Lighthouse's own measure of the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from sqlalchemy import text

from core.db import make_engine
from tests.factories.live_shop import free_port, web_server
from tests.factories.whole_shop import load_demonstration

FULL = ("accessibility", "best-practices", "seo")
FASTEST = 0.95
MOST_MOVED = 0.02
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync"
_HEAD = f"{'page':<36}{'a11y':>6}{'best':>6}{'seo':>6}{'perf':>6}{'LCP s':>7}{'CLS':>7}{'TBT ms':>8}{'KB':>6}{'machine':>9}  LCP element\n"  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """The runs of Lighthouse on one page."""

    address: str
    runs: list[dict[str, Any]]

    def scores(self, category: str) -> list[float]:
        """Its score in every run, from 0 to 1; a category Lighthouse could not judge counts 0."""
        return [run["categories"][category]["score"] or 0 for run in self.runs]

    def figure(self, audit: str) -> float:
        """The median of a measured number."""
        return float(
            statistics.median(run["audits"][audit].get("numericValue", 0) for run in self.runs)
        )

    def row(self) -> str:
        """The line of the table."""
        shown = [f"{min(self.scores(name)):6.2f}" for name in FULL]
        machine = statistics.median(run["environment"]["benchmarkIndex"] for run in self.runs)
        return "".join([
            f"{self.address:<36}", *shown,
            f"{statistics.median(self.scores('performance')):6.2f}",
            f"{self.figure('largest-contentful-paint') / 1000:7.2f}",
            f"{self.figure('cumulative-layout-shift'):7.3f}",
            f"{self.figure('total-blocking-time'):8.0f}",
            f"{self.figure('total-byte-weight') / 1024:6.0f}",
            f"{machine:9.0f}  {self._largest()}\n",
        ])  # fmt: skip

    def faults(self) -> list[str]:
        """What is below its gate, and the audits that made it so."""
        low = [
            f"{self.address}: {name} {min(self.scores(name)):.2f}: {self._failed(name)}"
            for name in FULL
            if min(self.scores(name)) < 1
        ]
        speed = statistics.median(self.scores("performance"))
        if speed < FASTEST:
            low.append(f"{self.address}: performance {speed:.2f}: {self._failed('performance')}")
        moved = self.figure("cumulative-layout-shift")
        if moved > MOST_MOVED:
            low.append(f"{self.address}: what is shown moves by {moved:.3f}")
        return low

    def _largest(self) -> str:
        """The element that is painted largest, in Lighthouse's words."""
        details = self.runs[-1]["audits"]["largest-contentful-paint-element"].get("details", {})
        for table in details.get("items", []):
            for item in table.get("items", []):
                if "node" in item:
                    return str(item["node"]["selector"]).rpartition(" > ")[2]
        return "unknown"

    def _failed(self, category: str) -> list[str]:
        """The audits of a category that were not full in some run."""
        return sorted(
            {
                part["id"]
                for run in self.runs
                for part in run["categories"][category]["auditRefs"]
                if part["weight"] and _is_low(run["audits"][part["id"]])
            }
        )


def _is_low(audit: dict[str, Any]) -> bool:
    return (audit["score"] or 0) < 0.9 and audit["scoreDisplayMode"] not in (
        "notApplicable",
        "manual",
        "informative",
    )


def main(languages: Iterable[str], runs: int) -> int:
    """Measure home, browse and product in these languages; returns the exit code."""
    program = os.environ.get("OCOP_TEST_LIGHTHOUSE", "")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program or not chromium:
        sys.stderr.write("Lighthouse needs OCOP_TEST_LIGHTHOUSE (.ci/page-checkers) and Chromium\n")
        return 2
    low: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = load_demonstration(folder / "demonstration")
        settings = replace(settings, base_url=f"http://127.0.0.1:{free_port()}")
        paths = ("/", "/products", f"/products/{_certified(settings.database_url)}")
        _say(_HEAD)
        with web_server(settings, folder / "web.log", "--workers", "1"):
            for address in (f"/{locale}{path}" for locale in languages for path in paths):
                url = settings.base_url + address
                _keep(url)
                page = Measured(address, [_run(program, chromium, url) for _ in range(runs)])
                _say(page.row())
                low += page.faults()
    _say("\n".join(low) + "\n" if low else "every gate is met\n")
    return 1 if low else 0


def _say(words: str) -> None:
    sys.stdout.write(words)
    sys.stdout.flush()


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


def _keep(url: str) -> None:
    """Be the first visitor, for whom the page is made; the others get the page that is kept."""
    request = Request(url, headers={"Accept-Encoding": "gzip"})  # noqa: S310 - our own server
    with urlopen(request, timeout=60) as answer:  # noqa: S310
        answer.read()


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


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("languages", nargs="*", help="such as vi ja")
    asked.add_argument("--runs", type=int, default=3, help="runs per page (3)")
    given = asked.parse_args()
    sys.exit(main(given.languages or ("vi", "ja"), given.runs))
