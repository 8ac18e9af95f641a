"""Starts and kills the nodes of a real OpenSearch cluster on loopback, each a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
_JAVA = ("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")
_UP_WITHIN = 240.0


class Nodes:
    """Three nodes; whoever made them kills what is left of them."""

    def __init__(self, jars: Path, folder: Path) -> None:
        self._jars, self._folder = jars, folder
        ports = _free_ports(6)
        self._http, self._transport = ports[:3], ports[3:]
        self._running: dict[int, subprocess.Popen[bytes]] = {}

    @property
    def url(self) -> str:
        """The address of the cluster as the settings take it."""
        return "opensearch://" + ",".join(f"127.0.0.1:{port}" for port in self._http)

    def start(self, number: int) -> None:
        """Start a node (0 to 2)."""
        name = f"node-{number + 1}"
        own = self._folder / name
        own.mkdir(exist_ok=True)
        with (self._folder / f"{name}.log").open("ab") as log:
            self._running[number] = subprocess.Popen(
                [
                    shutil.which("java") or "java",
                    *_JAVA,
                    *("-cp", f"{self._jars}/*{os.pathsep}{self._folder}"),
                    "ClusterNode",
                    *(str(own), name, str(self._http[number]), str(self._transport[number])),
                    ",".join(map(str, self._transport)),
                ],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=own,
            )

    def kill(self, number: int) -> None:
        """Kill a node at once, as a lost machine would go."""
        node = self._running.pop(number)
        node.kill()
        node.communicate()

    def wait(self, nodes: int = 3, *, green: bool = False) -> None:
        """Wait until so many nodes form the cluster, and every shard has its copies if that is asked."""
        until, health = time.monotonic() + _UP_WITHIN, dict[str, Any]()
        while time.monotonic() < until:
            health = self._health()
            if health.get("number_of_nodes") == nodes and (
                not green or health["status"] == "green"
            ):
                return
            dead = [number for number, node in self._running.items() if node.poll() is not None]
            if dead:
                raise AssertionError(f"node {dead[0] + 1} ended by itself:\n{self._log(dead[0])}")
            time.sleep(0.2)
        raise AssertionError(f"no cluster of {nodes} nodes: {health}\n{self._log(0)}")

    def leader(self) -> int:
        """Return the number of the node that leads the cluster."""
        (own,) = self._get("/_cat/cluster_manager?format=json")
        return int(own["node"].rpartition("-")[2]) - 1

    def close(self) -> None:
        """Kill every node."""
        for number in list(self._running):
            self.kill(number)

    def _health(self) -> dict[str, Any]:
        try:
            return dict(self._get("/_cluster/health"))
        except OSError:
            return {}

    def _get(self, path: str) -> Any:
        port = self._http[next(iter(self._running))]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:  # noqa: S310
            return json.load(answer)

    def _log(self, number: int) -> str:
        path = self._folder / f"node-{number + 1}.log"
        return path.read_text(errors="replace")[-3_000:]


@contextmanager
def cluster_of_three(jars: Path, folder: Path) -> Iterator[Nodes]:
    """Start three nodes and wait until they are one cluster."""
    compiled = ["javac", "-cp", f"{jars}/*", "-d", str(folder), str(HERE / "ClusterNode.java")]
    subprocess.run(compiled, check=True, capture_output=True)
    nodes = Nodes(jars, folder)
    try:
        for number in range(3):
            nodes.start(number)
        nodes.wait()
        yield nodes
    finally:
        nodes.close()


def _free_ports(count: int) -> list[int]:
    """Return ports nobody listens on, all asked for at once so that no two are the same."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for own in sockets:
            own.bind(("127.0.0.1", 0))
        return [own.getsockname()[1] for own in sockets]
    finally:
        for own in sockets:
            own.close()
