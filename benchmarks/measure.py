"""Whole processes, measured from outside: wall-clock seconds and peak resident memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

BYTES_PER_MAXRSS = 1 if sys.platform == "darwin" else 1024
# An installed package has its byte code: mleval from a working copy is to have it too.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


class Failed(Exception):
    """A measured command did not exit with status 0; the message is what it said."""


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds of wall-clock time, bytes of peak resident memory."""

    wall: float
    memory: float


def run(command: Sequence[str]) -> Cost:
    """Run a command once, its output thrown away.

    Linux counts the memory of the starting process towards the peak of the one it starts, so this
    module and those that use it import nothing large.
    """
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=ENVIRONMENT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            said = errors.read().decode(errors="replace").strip() or "nothing on stderr"
            raise Failed(f"{' '.join(command)}: exit status {process.returncode}\n{said}")
    return Cost(wall, usage.ru_maxrss * BYTES_PER_MAXRSS)


def alternate(commands: Mapping[str, Sequence[str]], repeats: int) -> dict[str, Cost]:
    """The median cost of each command, run in turn so that a busy moment strikes them all.

    One round beforehand, not counted, warms the caches of the disk and of Python's byte code.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for turn in range(repeats + 1):
        for name, command in commands.items():
            cost = run(command)
            if turn:
                costs[name].append(cost)
    return {
        name: Cost(median(cost.wall for cost in some), median(cost.memory for cost in some))
        for name, some in costs.items()
    }
