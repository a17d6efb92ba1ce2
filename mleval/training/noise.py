"""Noise: how far the points of a series scatter about where it goes."""

from __future__ import annotations

import numpy as np

from mleval.batch import Floats

_NORMAL = 0.6744897501960817  # the median of |z|
_BLOCKS = 20  # window means from which their own scatter can be told


def scatter(values: Floats) -> float:
    """The standard deviation of one point, of (n,) values: robust, and blind to a straight trend.

    median |second difference| / (0.6745 · √6), the larger of those to the next point and, from 40
    points on, to the third, which sees noise whose neighbours are alike; 0 for fewer than five.

    >>> scatter(np.arange(10.0))
    0.0
    """
    if len(values) < 5:
        return 0.0
    return max(_scatter(values, lag) for lag in ((1, 3) if len(values) >= 40 else (1,)))


def _scatter(values: Floats, lag: int) -> float:
    differences = values[2 * lag :] - 2 * values[lag:-lag] + values[: -2 * lag]
    return float(np.median(np.abs(differences)) / (_NORMAL * np.sqrt(6)))


def window_of(points: int) -> int:
    """How many points are averaged to see where a series stands."""
    return 3 if points < 30 else 5


def means_of(values: Floats, window: int) -> Floats:
    """(n − window + 1,) the mean of each window, the first by its first point.

    >>> means_of(np.array([3.0, 0.0, 3.0, 6.0]), 3).tolist()
    [2.0, 3.0]
    """
    means: Floats = np.lib.stride_tricks.sliding_window_view(values, window).mean(axis=1)
    return means


def scatter_of_means(values: Floats, window: int) -> float:
    """The standard deviation of the mean of a window, though its points go together.

    The larger of what independent points would have and what the means of windows show.
    """
    alone = scatter(values) / np.sqrt(window)
    blocks = len(values) // window
    if blocks < _BLOCKS:
        return float(alone)
    means = values[len(values) - blocks * window :].reshape(blocks, window).mean(axis=1)
    return float(max(alone, _scatter(means, 1)))
