"""How gunicorn serves the shop: measured choices for CPU-bound pages, one place for all of them.

Sync workers beat threads and gevent on these pages (tail latency); slow clients are the proxy's work.
Bind, worker count and log level may be given on the command line, as `ocop run` does.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

wsgi_app = "wsgi:app"
bind = "127.0.0.1:8000"
workers = 2
worker_class = "sync"
timeout = 30
graceful_timeout = 25
keepalive = 5
max_requests = 2000
max_requests_jitter = 200
limit_request_line = 4094
limit_request_fields = 60
forwarded_allow_ips = "127.0.0.1"
accesslog = None  # storefront.logs writes one line per request, without addresses and tokens
loglevel = "warning"
control_socket_disable = True  # gunicorn 27 would open one in the home directory
if Path("/dev/shm").is_dir():  # noqa: S108 - heartbeat files belong in memory, not on a slow disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108

# Counters of all workers are added up from files in one directory, made anew at each start.
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="ocop-metrics-"))
Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)


def on_starting(_server: Any) -> None:
    """Forget the counters of the last run: a restart begins at zero, as Prometheus expects."""
    for old in Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).glob("*.db"):
        old.unlink(missing_ok=True)


def pre_fork(server: Any, worker: Any) -> None:
    """Give the worker the lowest free number, so that files of counters do not grow with every respawn."""
    taken = {getattr(other, "slot", None) for other in server.WORKERS.values()}
    worker.slot = next(slot for slot in range(len(taken) + 1) if slot not in taken)


def post_fork(_server: Any, worker: Any) -> None:
    """Tell the new process its number before it imports the metrics."""
    os.environ["PROMETHEUS_WORKER_SLOT"] = str(worker.slot)


def post_worker_init(worker: Any) -> None:
    """Let the new process load its goods and its index before the first visitor waits for it."""
    from storefront.warming import warm

    warm(worker.app.wsgi(), worker.notify)


def child_exit(_server: Any, worker: Any) -> None:
    """Take the gauges of a dead worker out of the sum."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.slot)  # type: ignore[no-untyped-call]


def on_exit(_server: Any) -> None:
    """Leave nothing behind in the temporary directory."""
    directory = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
    for file in directory.glob("*.db"):
        file.unlink(missing_ok=True)
    if directory.name.startswith("ocop-metrics-"):
        directory.rmdir()
