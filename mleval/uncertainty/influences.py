"""Intervals of metrics that couple rows, from how far each row moves them."""

from __future__ import annotations

from mleval.batch import Floats
from mleval.errors import NoInterval
from mleval.uncertainty.intervals import Interval, Range, delta


def influence_interval(
    influence: Floats, weight: Floats, value: float, limits: Range, level: float
) -> Interval:
    """The delta method on influences (n,) with weights (n,): variance Σw²φ² / (Σw)² · n/(n − 1).

    n is the effective number of rows, (Σw)² / Σw². Raises NoInterval for one row, for influences
    that are all 0, and at the ends of the range.

    >>> import numpy as np
    >>> unbounded = (-float("inf"), float("inf"))
    >>> found = influence_interval(np.array([-1.0, 1.0]), np.ones(2), 0.0, unbounded, 0.95)
    >>> round(found.high, 2), found.method
    (1.96, 'delta, rows')
    """
    total = float(weight.sum())
    rows = total**2 / float(weight @ weight)
    if rows <= 1:
        raise NoInterval("one row")
    moved = influence * weight
    found = delta(value, float(moved @ moved) / total**2 * rows / (rows - 1), limits, level)
    return Interval(found.low, found.high, "delta, rows")
