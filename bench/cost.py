"""What a command costs: seconds on the clock, and seconds of processor, which other work on the machine moves less."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """`wall` and `cpu` in seconds; `cpu` counts every thread and every child that was waited for."""

    wall: float
    cpu: float


def run(command: Sequence[str], folder: Path, environment: dict[str, str], log: Path) -> Cost:
    """Run a command to its end, its output in `log`. Raises CalledProcessError."""
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    return Cost(time.monotonic() - started, usage.ru_utime + usage.ru_stime)
