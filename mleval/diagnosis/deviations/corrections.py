"""What a correction of the predictions would give, fitted on one half and told of the other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.diagnosis.finding import Gain, Ranged
from mleval.uncertainty.intervals import normal_quantile

Rows = NDArray[np.bool_]
Correction = Callable[[Rows], Floats]
"""From the rows that it is fitted on to (n,) what it takes off every row's residual."""


def gain_of(
    correction: Correction, residual: Floats, weight: Floats, first: Rows, level: float
) -> Gain:
    """The gain in RMSE: each half corrected by what the other one says (cross-fitted).

    The interval is that of the difference of mean squared errors, a row at a time, carried over
    to their roots.
    """
    off = np.where(first, correction(~first), correction(first))
    before, after = np.square(residual), np.square(residual - off)
    total = float(weight.sum())
    mse, then = float(weight @ before) / total, float(weight @ after) / total
    change = after - before
    error = float(np.sqrt(np.square(weight) @ np.square(change - (then - mse)))) / total
    margin = normal_quantile(level) * error
    now = float(np.sqrt(mse))
    ends = [float(np.sqrt(max(then + side * margin, 0.0))) - now for side in (0, -1, 1)]
    recovers = max((mse - then) / mse, 0.0) if mse > 0 else 0.0
    return Gain("rmse", now, now + ends[0], Ranged(*ends), recovers)


def is_sure(gain: Gain) -> bool:
    """Whether the correction gains for certain."""
    return gain.difference.high is not None and gain.difference.high < 0


def shift(residual: Floats, weight: Floats) -> Correction:
    """The mean residual taken off."""

    def fitted(rows: Rows) -> Floats:
        mean = float(weight[rows] @ residual[rows] / weight[rows].sum())
        return np.full(len(residual), mean)

    return fitted


def line(residual: Floats, weight: Floats, x: Floats) -> Correction:
    """A line of residuals against x taken off."""

    def fitted(rows: Rows) -> Floats:
        slope, intercept = fit_line(x[rows], residual[rows], weight[rows])
        return np.asarray(intercept + slope * x)

    return fitted


def group_means(residual: Floats, weight: Floats, codes: NDArray[np.int32]) -> Correction:
    """The mean residual of each group taken off, beyond that of all rows."""
    size = int(codes.max()) + 1

    def fitted(rows: Rows) -> Floats:
        held = np.bincount(codes[rows], weight[rows], size)
        sums = np.bincount(codes[rows], weight[rows] * residual[rows], size)
        mean = sums.sum() / held.sum()
        means = np.divide(sums, held, out=np.full(size, mean), where=held > 0)
        return np.asarray((means - mean)[codes])

    return fitted


def fit_line(x: Floats, y: Floats, weight: Floats) -> tuple[float, float]:
    """Slope and intercept by weighted least squares."""
    total = weight.sum()
    at, mean = float(weight @ x / total), float(weight @ y / total)
    apart = x - at
    spread = float(weight @ np.square(apart))
    slope = float(weight @ (apart * (y - mean))) / spread if spread > 0 else 0.0
    return slope, mean - slope * at
