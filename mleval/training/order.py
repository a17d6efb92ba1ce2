"""The column by which the rows of a history are in order."""

from __future__ import annotations

import numpy as np

from mleval.batch import Floats
from mleval.errors import InputError
from mleval.reading.histories import Log
from mleval.visible import quoted


def named(log: Log, names: tuple[str, ...]) -> str | None:
    """The first of these names that a column of numbers bears, whatever its capitals."""
    found = {name.strip().lower(): name for name in reversed(list(log.numbers))}
    held = (found[name] for name in names if name in found)
    return next((name for name in held if log.numbers[name].present.any()), None)


def complete(log: Log, column: str) -> Floats:
    """(rows,) the column; InputError where a row has no number in it."""
    held = log.numbers[column]
    wrong = np.flatnonzero(~held.present | ~np.isfinite(held.values))
    if len(wrong):
        raise InputError(
            f"{log.locate(int(wrong[0]))}, column {quoted(column)}: expected a number that says "
            f"which {column.lower()} the row is of, found none",
            hint="give every row its epoch, or leave the column away",
        )
    return held.values
