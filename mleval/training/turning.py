"""Where a series turns from better to worse, and since when it stands still.

A series is taken with its sign turned so that less is better. It is compared in windows of 3 points
(5 from 30 points on), and what is called noise is the scatter of such means.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mleval.batch import Floats
from mleval.training.noise import means_of, scatter, scatter_of_means, window_of

_SURE = 4.0  # standard errors by which the end is worse than the best
_APART = 3.0  # standard deviations of a window's mean that are more than noise
_MATERIAL = 0.05  # of what was gained that must be lost
_LEAST = 3  # points after the best
_BAND = 2.0
_SLOPE = 2.5  # standard errors of a trend that is none
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Turn:
    """best: the middle of the best window; onset: the first point that stays worse than noise.

    level, end: the means of the best window and of the last points; lost: end − level, as a share
    of what had been gained until the best, infinite where nothing had.
    """

    best: int
    onset: int
    level: float
    end: float
    lost: float


def turn_of(values: Floats) -> Turn | None:
    """Where (n,) values, less is better, turn for the worse for good; None where they do not.

    They do when the last third after the best window is worse than it by four standard errors, and
    by a twentieth of what had been gained. The onset is the middle of the first window from which
    all later windows are worse than the best by three standard deviations of such a mean.
    """
    window = window_of(len(values))
    if len(values) < window + _LEAST:
        return None
    means = means_of(values, window)
    start = int(np.argmin(means))
    tail = values[start + window :]
    if len(tail) < _LEAST:
        return None
    level, count = float(means[start]), max(_LEAST, len(tail) // 3)
    end = float(tail[-count:].mean())
    noise = max(scatter_of_means(values, window), _ROUNDING * float(np.abs(values).max()))
    gained = float(means[0]) - level
    rise = end - level
    if rise <= _SURE * noise * np.sqrt(1 + window / count) or rise < _MATERIAL * gained:
        return None
    high = means > level + _APART * noise
    low = np.flatnonzero(~high)
    first = int(low[-1]) + 1 if len(low) else start + 1
    if first >= len(means):
        return None
    lost = rise / gained if gained > 0 else np.inf
    middle = window // 2
    return Turn(start + middle, max(first, start + 1) + middle, level, end, float(lost))


def falls_after(values: Floats, point: int) -> bool:
    """Whether a series goes on getting less after a point, by more than noise."""
    tail = values[point:]
    count = min(window_of(len(values)), len(tail) // 2)
    if count < 1:
        return False
    noise = scatter(values) * np.sqrt(2 / count)
    fall = float(tail[:count].mean() - tail[-count:].mean())
    return bool(fall > max(_BAND * noise, _ROUNDING * float(np.abs(values).max())))


def still_since(values: Floats) -> int | None:
    """The first point from which a series no longer gains; None where it does, or for few points.

    From there all windows are within four standard deviations of such a mean, or a hundredth of
    what was gained, of the mean of the last fifth, and the points have no falling trend by two
    and a half standard errors. They are five, and a fifth of all, at the least.
    """
    least, window = max(5, len(values) // 5), window_of(len(values))
    if len(values) < 2 * least:
        return None
    noise, level = scatter_of_means(values, window), float(values[-least:].mean())
    means = means_of(values, window)
    band = max(_SURE * noise, 0.01 * abs(float(means[0]) - level))
    band = max(band, _ROUNDING * float(np.abs(values).max()))
    away = np.flatnonzero(np.abs(means - level) > band)
    first = int(away[-1]) + 1 if len(away) else 0
    spread = max(noise * np.sqrt(window), band / 12)
    while len(values) - first >= least:
        if not _falls(values[first:], spread):
            return first
        first += 1
    return None


def _falls(values: Floats, spread: float) -> bool:
    """Whether a straight line through the values falls by more than its standard error allows."""
    place = np.arange(len(values)) - (len(values) - 1) / 2
    square = float(place @ place)
    return bool(float(place @ values) / square < -_SLOPE * spread / np.sqrt(square))
