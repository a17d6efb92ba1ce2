"""Influences: how far each row moves a number, and how sure the number is for it.

The influence of a row is Σw · ∂number / ∂weight of the row; over all rows Σw · influence = 0.
"""

from __future__ import annotations

from mleval.batch import Floats
from mleval.errors import NoInterval
from mleval.uncertainty.intervals import Interval, Range, delta

METHOD = "delta, rows"


def influence_interval(
    influence: Floats, weight: Floats, value: float, limits: Range, level: float
) -> Interval:
    """The delta method on influences (n,) with weights (n,).

    Raises NoInterval for one row, for influences that are all 0, and at the ends of the range.

    >>> import numpy as np
    >>> unbounded = (-float("inf"), float("inf"))
    >>> found = influence_interval(np.array([-1.0, 1.0]), np.ones(2), 0.0, unbounded, 0.95)
    >>> round(found.high, 2), found.method
    (1.96, 'delta, rows')
    """
    found = delta(value, variance_of(influence, weight), limits, level)
    return Interval(found.low, found.high, METHOD)


def variance_of(influence: Floats, weight: Floats) -> float:
    """Σw²φ² / (Σw)² · n/(n − 1) of influences (n,), n the effective number of rows, (Σw)² / Σw².

    Raises NoInterval for one row.
    """
    total = float(weight.sum())
    rows = total**2 / float(weight @ weight)
    if rows <= 1:
        raise NoInterval("one row")
    moved = influence * weight
    return float(moved @ moved) / total**2 * rows / (rows - 1)


def centred(influence: Floats, weight: Floats) -> Floats:
    """(n,) influences that are known up to a constant, with Σwφ = 0.

    >>> import numpy as np
    >>> centred(np.array([1.0, 4.0]), np.array([2.0, 1.0])).tolist()
    [-1.0, 2.0]
    """
    found: Floats = influence - (weight @ influence) / weight.sum()
    return found
