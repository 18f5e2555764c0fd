"""Memory and processor time of running processes, from /proc. Linux only."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> tuple[int, ...]:
    """A process and all below it."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int(_after_name(int(folder.name))[1])
            except OSError:
                continue  # it has ended since
    found = [pid]
    for parent in found:
        found += [child for child, its in parents.items() if its == parent]
    return tuple(found)


def megabytes(pids: Iterable[int]) -> float:
    """Proportional set size, in MB of 1,048,576 bytes: a page that n processes share counts for 1/n in each."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def cpu_seconds(pids: Iterable[int]) -> float:
    """Processor time used so far, of all threads."""
    return sum(sum(map(int, _after_name(pid)[11:13])) for pid in pids) / _TICKS


def _after_name(pid: int) -> list[str]:
    # The name of the program stands in brackets and may hold anything.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
