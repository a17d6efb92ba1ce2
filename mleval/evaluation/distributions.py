"""The distribution of a number over the rows: a few quantiles, and a histogram."""

from __future__ import annotations

import math
from decimal import Decimal
from itertools import pairwise

from mleval.report import Distribution
from mleval.states import Ordered
from mleval.uncertainty.intervals import ROUNDING

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
BINS = 12  # at most, between the tails
_TAIL = 0.01  # the share of the rows in each tail, which is one bin
_WIDE = 5.0  # what ends further apart have bins of about equal ratios, where those are asked for
_LADDERS = ((1, 1.5, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,))
"""Round numbers of about equal ratios in each power of ten, the densest first."""


def distribution(values: Ordered, *, ratios: bool = False) -> Distribution:
    """Quantiles, and counts between round edges; the outermost bins hold the tails.

    ratios: positive numbers of different sizes have bins of about equal ratios, not widths.

    >>> import numpy as np
    >>> found = distribution(Ordered.of(np.arange(101.0)))
    >>> found.edges[:4], found.counts[:3]
    ((0.0, 10.0, 20.0, 30.0), (11.0, 10.0, 10.0))
    >>> distribution(Ordered.of(np.exp(np.arange(8.0))), ratios=True).edges[:6]
    (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
    """
    low, high = values.quantile(0.0), values.quantile(1.0)
    rounded = _round_ratios if ratios and 0 < low * _WIDE < high else _round_edges
    edges = (low, *rounded(values, low, high), high) if low < high else (low, high)
    below = [0.0, *(values.sums_at_most(edge)[0] for edge in edges[1:])]
    return Distribution(
        edges=tuple(edges),
        counts=tuple(b - a for a, b in pairwise(below)),
        quantiles={f"{share:g}": values.quantile(share) for share in QUANTILES},
    )


def _round_edges(values: Ordered, low: float, high: float) -> list[float]:
    """Edges strictly within the extremes, at multiples of a round step; none between rounding."""
    start, end = values.quantile(_TAIL), values.quantile(1 - _TAIL)
    if not _apart(start, end) or math.isinf(end - start):
        start, end = low, high
    if not _apart(start, end):
        return []
    step = _round_up((end - start) / BINS)
    if not 0 < step < math.inf:
        return []
    first, exact = math.floor(start / step), Decimal(repr(step))  # 0.6, not 0.6000000000000001
    edges = [float((first + k) * exact) for k in range(BINS + 3)]
    return [edge for edge in edges if low < edge < high and edge <= end + step]


def _round_ratios(values: Ordered, low: float, high: float) -> list[float]:
    """Edges strictly within the extremes, at round numbers of about equal ratios."""
    start, end = values.quantile(_TAIL), values.quantile(1 - _TAIL)
    first, last = (math.floor(math.log10(number)) for number in (start, end))
    for ladder in _LADDERS:
        powers = range(first, last + 1)
        edges = [float(Decimal(repr(step)).scaleb(power)) for power in powers for step in ladder]
        between = [edge for edge in edges if start <= edge <= end and low < edge < high]
        if len(between) <= BINS:
            return between
    return between[:: -(-len(between) // BINS)]


def _apart(low: float, high: float) -> bool:
    """Whether two numbers differ by more than what rounding makes of equal ones."""
    return high - low > ROUNDING * max(abs(low), abs(high))


def _round_up(step: float) -> float:
    """The next of 1, 2, 2.5 and 5 times a power of ten.

    >>> _round_up(0.13), _round_up(3.0)
    (0.2, 5.0)
    """
    if not 0 < step < math.inf:
        return step
    power = 10.0 ** math.floor(math.log10(step))
    return next(
        (m * power for m in (1, 2, 2.5, 5, 10) if step <= m * power * (1 + 1e-9)), 10 * power
    )
