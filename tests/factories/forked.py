"""Processes of their own that begin at once, forked from one that has the shop imported already.

Each is as real as one that starts cold: it has its own memory, files and environment, and can be killed. Only
the seconds of importing are spent once. What a cold start imports is tested in tests/integration/ops.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.factories.preloaded"])
Ocop = Callable[..., CompletedProcess[str]]
"""What the fixture ``ocop`` is: ``ocop("people", "list")`` runs a command."""
PATIENCE = 120.0
"""Seconds after which a command is believed to hang."""


def run_ocop(arguments: tuple[str, ...], environment: Mapping[str, str]) -> CompletedProcess[str]:
    """``ocop <arguments>`` as an operator runs it: its exit code and what it wrote."""
    with TemporaryDirectory() as folder:
        written = [Path(folder) / name for name in ("stdout", "stderr")]
        process = FORKS.Process(
            target=_ocop,
            args=(arguments, dict(os.environ) | dict(environment), *map(str, written)),
        )
        process.start()
        process.join(PATIENCE)
        if process.exitcode is None:
            process.kill()
            process.join()
        out, err = (path.read_text("utf-8") for path in written)
    assert process.exitcode is not None
    return CompletedProcess(arguments, process.exitcode, out, err)


def _ocop(arguments: tuple[str, ...], environment: dict[str, str], out: str, err: str) -> None:
    for number, path in ((1, out), (2, err)):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, number)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["ocop", *arguments]
    from storefront.commands import main

    main()
