"""The process tree of ``ocop run``: starts the programs, restarts one that died, stops all of them."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent
START_SECONDS = 180.0  # a small server that indexes the catalogue at the same time
STOP_SECONDS = 28.0  # gunicorn's graceful_timeout and a little
HEALTHY_AFTER = 30.0
LONGEST_PAUSE = 30.0
_PR_SET_PDEATHSIG = 1


def web_command(bind: str, *options: str) -> list[str]:
    """What starts the web server with the settings of ``gunicorn.conf.py``; options of gunicorn's go over them.

    Two things keep a worker small (measured with 20,000 products in three languages): without docstrings
    (-OO) it needs 9 MB less; and with a fixed threshold glibc gives a large block back when it is freed
    instead of raising the threshold to its size, 3 MB less after a thousand pages. Other C libraries do
    not know the variable.
    """
    config = str(ROOT / "gunicorn.conf.py")
    lean = ["env", "MALLOC_MMAP_THRESHOLD_=131072", sys.executable, "-OO"]
    command = [*lean, "-m", "gunicorn", "-c", config, "--chdir", str(ROOT)]
    return [*command, "--bind", bind, *options]


@dataclass
class Program:
    """One member of the tree and what has become of it."""

    name: str
    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    restart_at: float = field(default=0.0)

    @classmethod
    def gunicorn(cls, bind: str, workers: int) -> Program:
        """The web server."""
        return cls("web", web_command(bind, "--workers", str(workers)))

    @classmethod
    def command(cls, name: str) -> Program:
        """One of our own commands."""
        return cls(name, [sys.executable, "-m", "storefront.commands", name])

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches only the supervisor."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own programs
            self.arguments,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - there are no threads here
        )

    @property
    def is_alive(self) -> bool:
        """Whether its process runs."""
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Keeps the programs running until it is told to stop."""

    def __init__(self, programs: list[Program], *, say: Callable[[str], None]) -> None:
        """``say`` gets what an operator should read."""
        self.programs = programs
        self.stopping = False
        self._say = say

    def start(self) -> None:
        """Start everything and take the signals that stop it."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._take_signal)
        for program in self.programs:
            program.start()

    def wait_until_answered(self, bind: str) -> bool:
        """Wait until the web server answers ``/healthz``; False when it died or took too long."""
        web = self.programs[0]
        deadline = time.monotonic() + START_SECONDS
        while web.is_alive and not self.stopping and time.monotonic() < deadline:
            try:
                with urlopen(f"http://{bind}/healthz", timeout=2):  # noqa: S310 - our own server
                    return True
            except (URLError, OSError):
                time.sleep(0.1)
        return False

    def watch(self) -> int:
        """Restart what dies until a signal comes, then stop everything; returns the exit code."""
        while not self.stopping:
            for program in self.programs:
                if not program.is_alive:
                    self._restart(program)
            time.sleep(0.2)
        return self.stop()

    def stop(self) -> int:
        """Ask every program to end, wait, and kill what stays; 0 when all ended by themselves."""
        for program in self.programs:
            if program.process is not None and program.is_alive:
                program.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        stubborn = 0
        for program in self.programs:
            if program.process is None:
                continue
            try:
                program.process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                stubborn += 1
                self._say(f"{program.name} did not stop in time and is killed; nothing is lost")
                program.process.kill()
                program.process.wait()
        return 1 if stubborn else 0

    def _restart(self, program: Program) -> None:
        now = time.monotonic()
        if program.process is not None:
            if now - program.started_at > HEALTHY_AFTER:
                program.deaths = 0
            pause = min(0.5 * 2**program.deaths, LONGEST_PAUSE)
            self._say(
                f"{program.name} ended with {program.process.returncode}; starting again in {pause:g} s"
            )
            program.deaths += 1
            program.restart_at = now + pause
            program.process = None
        elif now >= program.restart_at:
            program.start()

    def _take_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True


def _end_with_parent() -> None:
    """Ask Linux to end this process when the supervisor is killed, so that no port stays taken."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
