"""Where a series turns from better to worse, and since when it stands still.

A series is taken with its sign turned so that less is better. It is compared in windows of 3 points
(5 from 30 points on), and what is called noise is the scatter of such means.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mleval.batch import Floats
from mleval.training.noise import means_of, scatter, scatter_of_means, window_of

_SURE = 4.5  # standard errors by which the end is worse than the best
_APART = 3.0  # standard deviations of a window's mean that are more than noise
_MATERIAL = 0.05, 0.02  # of what was gained, or of the best level, that must be lost
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

    They do when the last third after the best window is worse than it by 4.5 standard errors, and
    by a twentieth of what had been gained or a fiftieth of the best, whichever is less. The onset
    is the first worse point from the middle of the first window on from which all later windows are
    worse than the best by three standard deviations of such a mean.
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
    material = min(_MATERIAL[0] * gained, _MATERIAL[1] * abs(level))
    if rise <= _SURE * noise * np.sqrt(1 + window / count) or rise < material:
        return None
    high = means > level + _APART * noise
    low = np.flatnonzero(~high)
    first = max(int(low[-1]) + 1 if len(low) else 0, start + 1)
    if first >= len(means):
        return None
    lost = rise / gained if gained > 0 else np.inf
    middle = window // 2
    onset = first + middle
    onset += int(np.argmax(values[onset:] > level + noise))  # windows reach beyond their middle
    return Turn(start + middle, onset, level, end, float(lost))


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

    From there no window is worse by 4.5 standard deviations of such a mean, or a hundredth of
    what was gained, than the mean of the last fifth. They are five points, and a fifth of all, at
    the least, and so are those of them at the end through which a straight line falls by less than
    two and a half standard errors, or 5/9 of that much.
    """
    least, window = max(5, len(values) // 5), window_of(len(values))
    if len(values) < 2 * least:
        return None
    noise, level = scatter_of_means(values, window), float(values[-least:].mean())
    means = means_of(values, window)
    band = max(_SURE * noise, 0.01 * abs(float(means[0]) - level))
    band = max(band, _ROUNDING * float(np.abs(values).max()))
    away = np.flatnonzero(means - level > band)
    first = int(away[-1]) + 1 if len(away) else 0
    for start in range(first + window, len(values) - least + 1):
        tail = values[start:]
        allowed = _SLOPE * noise * np.sqrt(window * 12 / len(tail))  # SE of the fall of a line
        if _fall(tail) <= max(allowed, _SLOPE / _SURE * band):
            return first
    return None


def _fall(values: Floats) -> float:
    """By how much a straight line through the values falls from end to end."""
    place = np.arange(len(values)) - (len(values) - 1) / 2
    return -float(place @ values) / float(place @ place) * len(values)
