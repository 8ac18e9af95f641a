"""A gunicorn of its own on a free loopback port, with the settings the shop is served with."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from storefront.processes import web_command

WORKERS = 2
START_SECONDS = 60


@dataclass
class Served:
    """A running server."""

    address: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End it and wait."""
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def largest_worker_mb(self) -> float:
        """Resident memory of the biggest worker process, in MB (Linux)."""
        return max(_resident_mb(pid) for pid in self._workers())

    def cpu_seconds(self) -> float:
        """Processor time that the worker processes have used so far (Linux)."""
        return sum(_cpu_seconds(pid) for pid in self._workers())

    def wait_until_idle(self, at_most: float = 60.0) -> None:
        """Let the answers nobody waits for any more be finished, such as the first opening of an index."""
        deadline = time.monotonic() + at_most
        used = -1.0
        while time.monotonic() < deadline and (now := self.cpu_seconds()) > used:
            used = now
            time.sleep(0.3)

    def _workers(self) -> list[int]:
        listing = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in listing.read_text().split()]


def serve(module: str, environment: dict[str, str], log: Path) -> Served:
    """Start gunicorn for a module and wait until it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # a respawn in the middle of a turn is noise
    options = ["--workers", str(WORKERS), "--max-requests", "0", module]
    with log.open("wb") as out:
        process = subprocess.Popen(
            web_command(f"127.0.0.1:{port}", *options), env=environment, stderr=out, stdout=out
        )
    server = Served(f"http://127.0.0.1:{port}", process)
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(f"{server.address}/healthz", timeout=5):  # noqa: S310 - our own
                return server
        except HTTPError:
            return server  # the floor has no such page, but it answers
        except (URLError, OSError):
            time.sleep(0.1)
    server.stop()
    raise RuntimeError(f"{module} did not start:\n{log.read_text()[-2000:]}")


def _resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
