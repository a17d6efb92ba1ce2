"""Intervals of a correlation and of its square, by Fisher's z."""

from __future__ import annotations

import math

from mleval.errors import NoInterval
from mleval.uncertainty.intervals import ROUNDING, Interval, normal_quantile

METHOD = "fisher z"


def fisher(correlation: float, variance: float, rows: float, level: float) -> Interval:
    """tanh(artanh r ± z·SE), with the larger of two SEs, of `rows` (effective) rows.

    variance: of r by the delta method, right for many rows of any shape; of few rows it falls
    short, hence at least 1 / (rows − 3) for artanh r, which is right for few of normal shape.
    Source: Fisher 1921.

    >>> found = fisher(0.5, 0.0, 28, 0.95)
    >>> round(found.low, 4), round(found.high, 4)
    (0.156, 0.7358)
    """
    if not math.isfinite(variance):
        raise NoInterval("its variance is beyond what a float can hold")
    if rows <= 3:
        raise NoInterval("a correlation of three rows or fewer says nothing of others")
    room = 1 - correlation * correlation
    if not room > ROUNDING:
        raise NoInterval("at the edge of its range, where the delta method has no width")
    spread = normal_quantile(level) * math.sqrt(max(variance / room**2, 1 / (rows - 3)))
    centre = math.atanh(correlation)
    return Interval(math.tanh(centre - spread), math.tanh(centre + spread), METHOD)


def fisher_squared(square: float, variance: float, rows: float, level: float) -> Interval:
    """The squares of a correlation's interval: from 0 where that holds 0.

    variance: of the square, by the delta method: 4 r² times that of r.

    >>> found = fisher_squared(0.01, 0.0, 103, 0.95)
    >>> found.low, round(found.high, 4)
    (0.0, 0.0829)
    """
    own = variance / (4 * square) if square > 0 else 0.0
    root = fisher(math.sqrt(square), own, rows, level)
    return Interval(max(root.low, 0.0) ** 2, root.high**2, METHOD)
