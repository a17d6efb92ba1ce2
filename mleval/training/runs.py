"""The runs of a file: told apart by a column, or by epochs that start again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.errors import InputError
from mleval.reading.histories import Log
from mleval.reading.histories.log import Written
from mleval.reading.names import listed
from mleval.training.names import EPOCHS, STEPS
from mleval.training.order import complete, named
from mleval.training.settings import Restarts
from mleval.visible import quoted


def runs_in(log: Log, restarts: Restarts | None) -> list[Log]:
    """The log as one run, or several where epochs start again and that is what it means.

    Raises InputError when epochs go back to their start and nobody said what that means.
    """
    column = _order_column(log)
    if column is None:
        return [log]
    order = complete(log, column)
    peaks = np.maximum.accumulate(order)
    back = np.flatnonzero(np.diff(order) < 0) + 1
    back = back[order[back] < peaks[back - 1]]
    if not len(back):
        return [log]
    at = int(back[0])
    words = f"{log.locate(at)}: {column} goes back from {order[at - 1]:g} to {order[at]:g}"
    if restarts is None and order[back].min() <= order[0]:
        raise InputError(
            f"{words}: several runs in one file, or one that was carried on?",
            hint="say which: --restarts runs, continue or replace; or --run COLUMN",
        )
    if restarts == "runs":
        parts = np.split(np.arange(log.rows), back)
        return [_part(log, rows, f"{log.name} #{i}") for i, rows in enumerate(parts, 1)]
    if restarts == "continue":
        return [_carried_on(log, column, order, back)]
    return [_replaced(log, order, back, words)]


def by_run(log: Log, column: str | None) -> list[Log]:
    """The runs that a column tells apart, by its values. Raises InputError when it is not there."""
    if column is None:
        return [log]
    if column in log.texts:
        cells = [cell or "" for cell in log.texts[column]]
    elif column in log.numbers:
        cells = [f"{value:g}" for value in log.numbers[column].values]
    else:
        names = [*log.texts, *log.numbers]
        raise InputError(
            f"{log.name}: there is no column {quoted(column)} to tell runs apart",
            hint=f"it has {listed(names)}",
        )
    rest = replace(
        log,
        numbers={name: held for name, held in log.numbers.items() if name != column},
        texts={name: held for name, held in log.texts.items() if name != column},
    )
    held = np.array(cells)
    return [
        _part(rest, np.flatnonzero(held == cell), f"{log.name} {column}={cell}")
        for cell in dict.fromkeys(cells)
    ]


def _part(log: Log, rows: NDArray[np.intp], name: str) -> Log:
    return replace(
        log,
        name=name,
        rows=len(rows),
        numbers={key: held.taken(rows) for key, held in log.numbers.items()},
        texts={key: tuple(held[row] for row in rows) for key, held in log.texts.items()},
        locate=lambda row: log.locate(int(rows[row])),
    )


def _carried_on(log: Log, column: str, order: Floats, back: NDArray[np.intp]) -> Log:
    """The rows after each restart, numbered on from those before it."""
    moved = order.copy()
    for at in back:
        moved[at:] += moved[at - 1] + 1 - moved[at]
    numbers = {**log.numbers, column: Written(moved, np.ones(len(moved), bool))}
    said = f"{column} starts again {len(back):,} times: numbered on"
    return replace(log, numbers=numbers, notices=(*log.notices, said))


def _replaced(log: Log, order: Floats, back: NDArray[np.intp], words: str) -> Log:
    """Without the rows that a restart went over again."""
    kept, limit = np.zeros(log.rows, bool), np.inf
    for rows in reversed(np.split(np.arange(log.rows), back)):
        kept[rows] = order[rows] < limit
        limit = min(limit, order[rows].min())
    part = _part(log, np.flatnonzero(kept), log.name)
    said = f"{words}: taken for a restart, and {(~kept).sum():,} earlier rows put aside"
    return replace(part, notices=(*log.notices, said))


def _order_column(log: Log) -> str | None:
    """The column by which rows are in order: the finer of step and epoch."""
    return named(log, STEPS + EPOCHS)
