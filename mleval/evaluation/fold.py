"""The fold: parts of the input are loaded and summed up in threads, and merged in their order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from mleval.states import State

Part = TypeVar("Part")
States = dict[str, Any]
Progress = Callable[[int, int | None], None]


def fold(
    parts: Iterable[Callable[[], Part]],
    states_of: Callable[[Part], Mapping[str, State]],
    *,
    progress: Progress | None = None,
) -> States:
    """Load every part, keep its states, merge them by name.

    Parts are loaded and summed up side by side, a few ahead at the most, so memory stays flat;
    they are merged in order, so sums do not depend on which thread was faster.
    """
    merged: States = {}
    workers = min(os.cpu_count() or 1, 8)

    def work(load: Callable[[], Part]) -> Mapping[str, State]:
        return states_of(load())

    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[Mapping[str, State]]] = deque()
        done = 0

        def take() -> None:
            nonlocal done
            for name, state in waiting.popleft().result().items():
                merged[name] = merged[name].merge(state) if name in merged else state
            done += 1
            if progress:
                progress(done, None)

        try:
            for load in parts:
                waiting.append(pool.submit(work, load))
                if len(waiting) > workers:
                    take()
            while waiting:
                take()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return merged
