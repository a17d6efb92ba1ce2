"""Blocks: work cut to the size of the processor's cache, and done in threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

# The C library of Linux gives a freed piece of more than 128 KiB back to the system, so that every
# block would wait for its memory page by page, until a larger piece has been freed once.
np.empty(1 << 24, np.uint8)

MOST_CORES = 8
_cores = min(os.cpu_count() or 1, MOST_CORES)

Item = TypeVar("Item")
Result = TypeVar("Result")


def cores() -> int:
    """How many cores there are for the work of this process."""
    return _cores


def one_core() -> None:
    """This process is one of several that share the work: it keeps to a core."""
    global _cores
    _cores = 1


def stretches(ends: NDArray[np.int64], size: int) -> list[tuple[int, int]]:
    """Cut segments, of which `ends` (n + 1,) are the running sizes, into stretches of about `size`.

    A segment is never cut, so one that is longer is a stretch of its own.

    >>> stretches(np.array([0, 3, 5, 20, 21]), 6)
    [(0, 2), (2, 3), (3, 4)]
    """
    cuts = [0]
    while cuts[-1] < len(ends) - 1:
        fitting = int(np.searchsorted(ends, ends[cuts[-1]] + size, "right")) - 1
        cuts.append(max(fitting, cuts[-1] + 1))
    return list(pairwise(cuts))


def in_threads(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """The results in order; side by side, for work that leaves Python's lock alone.

    Pieces of work that take less than a millisecond or so wait longer for the lock than they gain.
    """
    waiting: list[Any] = list(items)
    workers = min(cores(), len(waiting))
    if workers < 2:
        return [work(item) for item in waiting]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(work, waiting))
