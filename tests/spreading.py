"""How `make test` spreads files over processes: whole, the long ones first, browsers not beside each other."""

from __future__ import annotations

from collections import Counter

import pytest
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]
from xdist.workermanage import WorkerController  # type: ignore[import-untyped]

BROWSER = "tests/browser/"


def long_files_first(items: list[pytest.Item]) -> None:
    """Files with a test marked slow, then those with most tests, so that short ones fill the end."""
    sizes = Counter(item.path for item in items)
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (item.path not in slow, -sizes[item.path]))


class WholeFiles(LoadFileScheduling):  # type: ignore[misc]
    """xdist's own, except that a second browser waits: the tests of pages need their share of the machine."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        """Give the next file; another one than a browser's while a browser runs elsewhere, if there is one."""
        if self._browser_runs_beside(node):
            other = next((file for file in self.workqueue if not file.startswith(BROWSER)), None)
            if other is not None:
                self.workqueue.move_to_end(other, last=False)
        super()._assign_work_unit(node)

    def _browser_runs_beside(self, node: WorkerController) -> bool:
        return any(
            file.startswith(BROWSER) and not all(tests.values())
            for other, files in self.assigned_work.items()
            if other is not node
            for file, tests in files.items()
        )
