"""Intervals of quantiles, between order statistics: no shape of the distribution is assumed."""

from __future__ import annotations

import math

import numpy as np

from mleval.batch import Floats
from mleval.errors import NoInterval
from mleval.states import Ordered
from mleval.uncertainty.intervals import ROUNDING, Interval, normal_quantile

_WOODRUFF = 0.95  # the level whose interval tells how densely values lie around a quantile
_REACH = 20.0  # standard deviations of the binomial beyond which it has nothing a float can hold


def quantile_interval(values: Ordered, share: float, level: float) -> Interval:
    """The order statistics that hold the quantile with the level, interpolated between ranks.

    How many of n values lie below a quantile is binomial, whatever they are distributed like.
    Weighted values count as many as would give the share below the quantile the variance that
    it has. Raises NoInterval where the level asks for more than the lowest or highest value.
    Source: Nyblom 1992, Statistics & Probability Letters 14:129-135.

    >>> found = quantile_interval(Ordered.of(np.arange(1.0, 101.0)), 0.5, 0.95)
    >>> round(found.low, 2), round(found.high, 2)
    (40.76, 60.24)
    """
    rows = _effective_rows(values, share)
    tail = (1 - level) / 2
    low = _at_rank(values, _rank(rows, share, tail), rows)
    high = _at_rank(values, rows + 1 - _rank(rows, 1 - share, tail), rows)
    if not high - low > ROUNDING * max(abs(low), abs(high)):
        raise NoInterval("the values around it are all alike")
    return Interval(low, high, "order statistics")


def quantile_variance(values: Ordered, share: float) -> float:
    """What the width of its 95 % interval says of the variance of a quantile.

    Raises NoInterval as `quantile_interval` does. Source: Woodruff 1952.

    >>> round(quantile_variance(Ordered.of(np.arange(1.0, 101.0)), 0.5), 2)
    24.68
    """
    found = quantile_interval(values, share, _WOODRUFF)
    return ((found.high - found.low) / (2 * normal_quantile(_WOODRUFF))) ** 2


def _effective_rows(values: Ordered, share: float) -> int:
    """How many rows of equal weight would give the share below the quantile its variance."""
    total, total2 = values.sums_at_most(math.inf)
    below, below2 = values.sums_at_most(values.quantile(share))
    above, above2 = (total - below, total2 - below2) if below < total else (total, total2)
    loss = share * (1 - share) * (below2 / below * (1 - share) + above2 / above * share)
    return round(share * (1 - share) * total / loss)


_BEYOND = "so few rows that its limits lie beyond the lowest or highest of them"


def _rank(rows: int, share: float, tail: float) -> float:
    """The rank, whole or between two, whose value is above the quantile with probability `tail`.

    The value of rank r is above when fewer than r values lie below the quantile.
    """
    first, fewer = _fewer_than(rows, share)  # fewer[i]: P(fewer than first + i values below)
    place = int(np.searchsorted(fewer, tail, "right")) - 1
    rank = first + place
    if rank < 1 or rank >= rows:
        raise NoInterval(_BEYOND)
    part = float((tail - fewer[place]) / (fewer[place + 1] - fewer[place]))
    odds = rank * (1 - share) * (1 - part) / ((rows - rank) * share * part) if part else math.inf
    return rank + 1 / (1 + odds)


def _fewer_than(rows: int, share: float) -> tuple[int, Floats]:
    """P(Bin(rows, share) < r) for r from the first on that matters, by ratios of neighbours."""
    spread = math.sqrt(rows * share * (1 - share)) + 1
    first = max(int(rows * share - _REACH * spread), 0)
    last = min(int(rows * share + _REACH * spread) + 1, rows)
    k = np.arange(first, last)
    steps = np.log((rows - k) / (k + 1.0)) + math.log(share / (1 - share))
    logs = np.concatenate([np.zeros(1), np.cumsum(steps)])
    mass = np.exp(logs - logs.max())
    return first, np.concatenate([np.zeros(1), np.cumsum(mass / mass.sum())])


def _at_rank(values: Ordered, rank: float, rows: int) -> float:
    """The value of a rank among `rows` effective rows, on the line between its neighbours."""
    whole = math.floor(rank)
    low, high = (values.lowest_with((at - 0.5) / rows) for at in (whole, whole + 1))
    return low + (high - low) * (rank - whole)
