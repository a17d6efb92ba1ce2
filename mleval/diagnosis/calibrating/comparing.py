"""What each mapping would give, on rows that did not fit it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.diagnosis.calibrating.forecasts import Forecasts
from mleval.diagnosis.finding import Ranged
from mleval.diagnosis.ranked import PARTS
from mleval.errors import Undefined
from mleval.metrics.calibration import ece
from mleval.uncertainty.influences import variance_of
from mleval.uncertainty.intervals import normal_quantile

_MATTERS = 0.01  # of the log loss: what a mapping must take away to be worth a step


@dataclass(frozen=True, slots=True)
class Quality:
    """Of probabilities: mean losses and the calibration error."""

    log_loss: float
    brier: float
    ece: float


@dataclass(frozen=True, slots=True)
class Tried:
    """A mapping, each row by one that was fitted without it.

    then: the quality; log_loss, brier: then less now, with the interval of paired rows.
    """

    method: str
    then: Quality
    log_loss: Ranged
    brier: Ranged


@dataclass(frozen=True, slots=True)
class Compared:
    """now: the probabilities as they are; tried: the mappings; untried: why others have no fit."""

    now: Quality
    tried: tuple[Tried, ...]
    untried: tuple[str, ...]

    @property
    def best(self) -> Tried | None:
        """The mapping with the lowest log loss."""
        return min(self.tried, key=lambda one: one.then.log_loss, default=None)

    @property
    def better(self) -> Tried | None:
        """The best, if its gain is known and worth a step."""
        best = self.best
        if best is None or best.log_loss.high is None or best.log_loss.high >= 0:
            return None
        gained = self.now.log_loss - best.then.log_loss
        return best if gained >= _MATTERS * self.now.log_loss else None


def compared(data: Forecasts, part: NDArray[np.int64], level: float) -> Compared:
    """Every method; part: (n,) of each row."""
    now = data.losses(data.probability)
    tried, untried = [], []
    for method in data.methods:
        try:
            mapped = _cross_fitted(data, method, part)
        except Undefined as why:
            untried.append(f"no {method} calibration: {why.reason}")
            continue
        then = data.losses(mapped)
        logarithmic, squared = (
            _paired(after - before, data.weight, level)
            for before, after in zip(now, then, strict=True)
        )
        tried.append(Tried(method, _quality(data, mapped, then), logarithmic, squared))
    return Compared(_quality(data, data.probability, now), tuple(tried), tuple(untried))


def _cross_fitted(data: Forecasts, method: str, part: NDArray[np.int64]) -> Floats:
    """(n,) or (n, K) by mappings that were fitted without the row."""
    mapped = np.empty_like(data.probability, dtype=np.float64)
    for held_out in range(PARTS):
        inside = part == held_out
        if inside.any():
            mapped[inside] = data.fit(method, ~inside).apply(data.probability[inside])
    return mapped


def _quality(data: Forecasts, probability: Floats, losses: tuple[Floats, Floats]) -> Quality:
    means = [float(np.average(loss, weights=data.weight)) for loss in losses]
    return Quality(means[0], means[1], ece(data.event(probability)))


def _paired(apart: Floats, weight: Floats | None, level: float) -> Ranged:
    """The mean of (n,) differences."""
    mass = np.ones(len(apart)) if weight is None else weight
    mean = float(np.average(apart, weights=mass))
    half = normal_quantile(level) * math.sqrt(variance_of(apart - mean, mass))
    return Ranged(mean, mean - half, mean + half)
