"""Paired differences: two evaluations of the same rows, and how far each row moves both."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.errors import InputError
from mleval.uncertainty.intervals import ROUNDING, normal_quantile

_LISTED = 5


@dataclass(frozen=True, slots=True)
class RowInfluences:
    """How far each row moves a number: Σw · ∂number/∂w, (n,), with the weights and ids of the rows.

    ids: None where rows have none, and are the same by their order.
    """

    influence: Floats
    weight: Floats
    ids: Sequence[str] | None = None

    @property
    def moved(self) -> Floats:
        """(n,) what each row adds to the error of the number."""
        found: Floats = self.influence * self.weight / self.weight.sum()
        return found


def variance_of_difference(
    ours: RowInfluences, theirs: RowInfluences, slope: float, name: str
) -> float:
    """The variance of ours − slope · theirs, each row counted once in both.

    Σ (a − slope · b)² · n/(n − 1), a and b what a row adds to either, n the effective rows of
    ours. name: of the baseline. Raises InputError when the rows are not the same.

    >>> rows = RowInfluences(np.array([1.0, -1.0]), np.ones(2))
    >>> variance_of_difference(rows, rows, 1.0, "main.csv")
    0.0
    """
    place = matched(ours.ids, theirs.ids, len(ours.weight), len(theirs.weight), name)
    rest = theirs.moved if place is None else theirs.moved[place]
    apart = ours.moved - slope * rest
    rows = float(ours.weight.sum()) ** 2 / float(ours.weight @ ours.weight)
    if rows <= 1:
        return math.inf
    return float(apart @ apart) * rows / (rows - 1)


def matched(
    ours: Sequence[str] | None, theirs: Sequence[str] | None, rows: int, others: int, name: str
) -> NDArray[np.intp] | None:
    """(n,) where each of our rows is among theirs; None where all are in the same order.

    By ids where both have them, else by row. Raises InputError when one has what the other lacks.
    """
    if ours is None or theirs is None:
        if rows == others:
            return None
        raise InputError(
            f"there are {rows:,} rows here, and {others:,} in the baseline {name}",
            hint="name a column of ids that both have: --id COLUMN",
        )
    where = {key: place for place, key in enumerate(theirs)}
    known = set(ours)
    lacking = [key for key in ours if key not in where]
    more = [key for key in theirs if key not in known]
    problems = [
        f"{len(keys):,} ids are {side}: {_some(keys)}"
        for keys, side in ((lacking, f"not in the baseline {name}"), (more, "in it alone"))
        if keys
    ]
    for keys, side in ((ours, "here"), (theirs, f"in the baseline {name}")):
        if len(set(keys)) < len(keys):
            problems.append(f"ids come several times {side}: {_some(_repeated(keys))}")
    if problems:
        raise InputError(*problems, hint="evaluate the same rows in both, such as with --filter")
    return np.fromiter((where[key] for key in ours), np.intp, len(ours))


def _some(keys: Sequence[str]) -> str:
    more = ", …" if len(keys) > _LISTED else ""
    return ", ".join(keys[:_LISTED]) + more


def _repeated(keys: Sequence[str]) -> list[str]:
    counts = Counter(keys)
    return [key for key, count in counts.items() if count > 1]


def interval(difference: float, variance: float, scale: float, level: float) -> tuple[float, float]:
    """difference ± z·SE; the difference itself where no row tells the two apart.

    scale: of the two numbers, for what rounding leaves of none.
    """
    error = math.sqrt(variance)
    if error <= ROUNDING * scale:
        return difference, difference
    half = normal_quantile(level) * error
    return difference - half, difference + half
