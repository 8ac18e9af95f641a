"""What Prometheus is told: requests by route template, and the state of the work behind the shop."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
    # Files are named after gunicorn's worker number, not its pid: a respawned worker goes on counting in
    # its predecessor's file, and the number of files stays the number of workers.
    values.ValueClass = values.MultiProcessValue(  # type: ignore[no-untyped-call]
        lambda: os.environ.get("PROMETHEUS_WORKER_SLOT", os.getpid())
    )

_registry = CollectorRegistry(auto_describe=True)
_REQUESTS = Counter(
    "ocop_requests",
    "Answered requests by route template, method and status.",
    ["route", "method", "status"],
    registry=_registry,
)
_SECONDS = Histogram(
    "ocop_request_seconds",
    "Time to answer, by route template.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=_registry,
)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class _Given(Collector):
    """Gauges read just before the answer is written."""

    def __init__(self, gauges: dict[str, tuple[str, float]]) -> None:
        self._gauges = gauges

    def collect(self) -> Iterator[Metric]:
        for name, (text, value) in self._gauges.items():
            yield GaugeMetricFamily(name, text, value=value)


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """Add one answered request; an invented method counts as "other", so labels stay few."""
    _requests(route, method if method in _METHODS else "other", status).inc()
    _seconds(route).observe(seconds)


@cache
def _requests(route: str, method: str, status: int) -> Counter:
    return _REQUESTS.labels(route, method, str(status))


@cache
def _seconds(route: str) -> Histogram:
    return _SECONDS.labels(route)


def exposition(gauges: dict[str, tuple[str, float]]) -> bytes:
    """Prometheus' text format: the counters of all web workers, and the given gauges (text, value)."""
    registry = CollectorRegistry(auto_describe=True)
    registry.register(_Given(gauges))
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client.multiprocess import MultiProcessCollector

        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(_registry) + generate_latest(registry)
