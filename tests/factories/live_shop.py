"""A shop in real processes on loopback: gunicorn, worker, demo supermarket; and buyers who order over HTTP."""

from __future__ import annotations

import http.client
import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from multiprocessing.process import BaseProcess
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from core.settings import Settings
from storefront.processes import web_command
from storefront.worker import work
from tests.factories.forked import FORKS

ROOT = Path(__file__).parent.parent.parent


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_worker(settings: Settings, log: Path) -> BaseProcess:
    """A real worker process that works until it is stopped or killed."""
    process = FORKS.Process(target=_work, args=(settings, str(log)), daemon=True)
    process.start()
    return process


def _work(settings: Settings, log: str) -> None:
    from storefront.logs import configure_logging

    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    configure_logging()
    work(settings)


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment in which a command reads these settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OCOP_")}
    return kept | {
        "OCOP_DATA_DIR": str(settings.data_dir),
        "OCOP_DATABASE_URL": settings.database_url,
        "OCOP_BASE_URL": settings.base_url,
        "OCOP_SECRET_KEY": settings.secret_key,
        "OCOP_MAIL_URL": settings.mail_url,
    }


@dataclass
class WebServer:
    """A running gunicorn."""

    base_url: str
    process: subprocess.Popen[bytes]

    def workers(self) -> list[int]:
        """The processes that answer pages."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def resident_mb(self) -> float:
        """Memory of the largest worker, MB."""
        sizes = [int(Path(f"/proc/{p}/statm").read_text().split()[1]) for p in self.workers()]
        return max(sizes) * os.sysconf("SC_PAGE_SIZE") / 2**20


@contextmanager
def web_server(settings: Settings, log: Path, *options: str) -> Iterator[WebServer]:
    """The shop behind gunicorn with the house's settings, at the settings' base URL."""
    bind = settings.base_url.removeprefix("http://")
    with log.open("ab") as out:
        process = subprocess.Popen(
            web_command(bind, *options),
            cwd=ROOT,
            env=environment_of(settings),
            stdout=out,
            stderr=out,
        )
    try:
        _wait_for(settings.base_url, process, log)
        yield WebServer(settings.base_url, process)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(base_url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with build_opener().open(f"{base_url}/healthz", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.05)
    raise AssertionError(f"the web server did not start:\n{log.read_text()[-3000:]}")


@dataclass
class Buyer:
    """Somebody with a browser whose connection breaks, and who then presses the same button again."""

    base_url: str
    opener: OpenerDirector = field(
        default_factory=lambda: build_opener(HTTPCookieProcessor(http.cookiejar.CookieJar()))
    )
    broken: int = 0

    def order(self, slug: str, phone: str, email: str) -> str:
        """Put one piece into the cart and order it for cash; returns the order page's address."""
        page = self._get(f"/vi/products/{slug}")
        package = _value(page, "package_id")
        self._post("/vi/cart/add", page, package_id=package, quantity="1")
        form = self._get("/vi/checkout")
        typed = {
            "recipient": "Trần Thị Lan",
            "phone": phone,
            "email": email,
            "province": "96",
            "commune": "Đất Mũi",
            "street": "12 ấp Mũi",
            "payment_method": "cod",
        }
        review, _ = self._post("/vi/checkout", form, **typed)
        _page, address = self._post(
            "/vi/checkout/place",
            review,
            checkout_token=_value(review, "checkout_token"),
            quote=_value(review, "quote"),
            **typed,
        )
        assert "/orders/" in address, address
        return address

    def _get(self, path: str) -> str:
        return self._ask(path, None, {})[0]

    def _post(self, path: str, page: str, **values: str) -> tuple[str, str]:
        data = urlencode({"csrf_token": _value(page, "csrf_token"), **values}).encode()
        headers = {"Origin": self.base_url, "Sec-Fetch-Site": "same-origin"}
        return self._ask(path, data, headers)

    def _ask(self, path: str, data: bytes | None, headers: dict[str, str]) -> tuple[str, str]:
        """The answer and its address; asks again while the server dies under us."""
        deadline = time.monotonic() + 60
        while True:
            request = Request(self.base_url + path, data=data, headers=headers)  # noqa: S310 # ours
            try:
                with self.opener.open(request, timeout=30) as answer:
                    return answer.read().decode(), answer.url
            except HTTPError as refused:
                raise AssertionError(
                    f"{request.full_url}: {refused.code} {refused.read()[:2000]!r}"
                ) from refused
            except (URLError, OSError, http.client.HTTPException):
                if time.monotonic() > deadline:
                    raise
                self.broken += 1
                time.sleep(0.05)


def _value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*\bvalue="([^"]*)"', page)
    assert found is not None, f"no {name} in {page[:500]}"
    return unescape(found[1])


class InBackground(threading.Thread):
    """A thread whose failure is the test's failure."""

    def __init__(self, step: object) -> None:
        """``step(number)`` is called with 0, 1, 2 … until ``finish``."""
        super().__init__(daemon=True)
        self._step = step
        self._ended = threading.Event()
        self._error: BaseException | None = None

    def run(self) -> None:
        number = 0
        try:
            while not self._ended.is_set():
                self._step(number)  # type: ignore[operator]
                number += 1
        except BaseException as error:  # noqa: BLE001 # handed to finish
            self._error = error

    def finish(self) -> None:
        """Let the present step end; raise what went wrong in the thread."""
        self._ended.set()
        self.join(120)
        assert not self.is_alive()
        if self._error is not None:
            raise self._error


def kill(pid: int) -> None:
    """End a process as a power cut would."""
    os.kill(pid, signal.SIGKILL)
