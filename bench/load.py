"""Eight connections that ask for pages as fast as they are answered: wrk, or a loop of our own."""

from __future__ import annotations

import http.client
import itertools
import json
import re
import shutil
import subprocess
import tempfile
import threading
import time
from urllib.parse import urlsplit

WRK = shutil.which("wrk")
CONNECTIONS = 8
_SCRIPT = """
local paths = {%s}
local n = 0
request = function()
  n = n + 1
  return wrk.format("GET", paths[(n %% #paths) + 1])
end
"""


def run(address: str, paths: list[str], seconds: float) -> tuple[float, int]:
    """Answers per second and in all; raises if any answer is not a 200."""
    return _wrk(address, paths, seconds) if WRK else _own(address, paths, seconds)


def _wrk(address: str, paths: list[str], seconds: float) -> tuple[float, int]:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_SCRIPT % ", ".join(json.dumps(path) for path in paths))
        script.flush()
        options = ["-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "-s", script.name]
        done = subprocess.run(
            [str(WRK), *options, address], capture_output=True, text=True, check=True
        )
    if refused := re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout):
        raise RuntimeError(f"{refused[1]} answers of {address} were errors")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    count = re.search(r"(\d+) requests in", done.stdout)
    if rate is None or count is None:
        raise RuntimeError(done.stdout)
    return float(rate[1]), int(count[1])


def _own(address: str, paths: list[str], seconds: float) -> tuple[float, int]:
    host = str(urlsplit(address).netloc)
    endless, lock, answered, bad = itertools.cycle(paths), threading.Lock(), [0], [0]
    until = time.monotonic() + seconds

    def ask() -> None:
        while time.monotonic() < until:
            with lock:
                path = next(endless)
            connection = http.client.HTTPConnection(host, timeout=30)
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            connection.close()
            with lock:
                answered[0] += 1
                bad[0] += answer.status != 200

    threads = [threading.Thread(target=ask) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if bad[0]:
        raise RuntimeError(f"{bad[0]} answers of {address} were errors")
    return answered[0] / seconds, answered[0]
