"""The fold in processes, for counting that Python's lock would let one thread do at a time."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mleval.errors import InputError
from mleval.evaluation.fold import Part, Progress, States, fold
from mleval.language.blocks import cores, one_core
from mleval.states import State

_inherited: tuple[list[Callable[[], Any]], Callable[[Any], Mapping[str, State]]]


def fold_in_processes(
    parts: Iterable[Callable[[], Part]],
    states_of: Callable[[Part], Mapping[str, State]],
    *,
    progress: Progress | None = None,
) -> States:
    """What `fold` makes of the parts, a core each; merged in their order, so it is the same.

    The processes are forks, which hold the parts already: only states are sent back. Where there
    is but one part or core, or a fork is not safe, threads do it.
    """
    held = list(parts)
    workers = min(cores(), len(held))
    if workers < 2 or not _may_fork():
        return fold(held, states_of, progress=progress)
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    merged: States = {}
    with ProcessPoolExecutor(
        workers, get_context("fork"), initializer=_inherit, initargs=(held, states_of)
    ) as pool:
        try:
            for done, states in enumerate(pool.map(_states_of_part, range(len(held))), 1):
                for name, state in states.items():
                    merged[name] = merged[name].merge(state) if name in merged else state
                if progress:
                    progress(done, len(held))
        except BrokenProcessPool as error:
            raise InputError(
                "a process that counted was killed from outside",
                hint="there may be too little memory: try again, or with fewer metrics",
            ) from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return merged


def _may_fork() -> bool:
    """Whether a fork is cheap and finds no lock held: on Linux, before any other thread runs."""
    return sys.platform == "linux" and threading.active_count() == 1


def _inherit(parts: Any, states_of: Any) -> None:
    """Remember, in a process of its own, what there is to do."""
    global _inherited
    _inherited = parts, states_of
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the process that reports
    one_core()


def _states_of_part(number: int) -> Mapping[str, State]:
    parts, states_of = _inherited
    return states_of(parts[number]())
