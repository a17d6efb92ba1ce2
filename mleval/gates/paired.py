"""Paired differences: two evaluations of the same rows, and how far each row moves both."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.evaluation.clusters import Clusters
from mleval.uncertainty.intervals import ROUNDING, quantile


@dataclass(frozen=True, slots=True)
class RowInfluences:
    """How far each row moves a number: Σw · ∂number/∂w, (n,), with the weights of the rows.

    clusters: which of the rows go together, where some do.
    """

    influence: Floats
    weight: Floats
    clusters: Clusters | None = None

    @property
    def degrees(self) -> float:
        """Of freedom, that variances have."""
        return math.inf if self.clusters is None else self.clusters.degrees

    @property
    def moved(self) -> Floats:
        """(n,) what each row adds to the error of the number."""
        found: Floats = self.influence * self.weight / self.weight.sum()
        return found


def variance_of_difference(
    ours: RowInfluences, theirs: RowInfluences, slope: float, place: NDArray[np.intp] | None = None
) -> float:
    """The variance of ours − slope · theirs, each row counted once in both.

    Σ (a − slope · b)² · n/(n − 1), a and b what a row adds to either, n the effective rows of
    ours; of clusters the squares are of their sums. place: (n,) where each of our rows is among
    theirs, if they are in another order.

    >>> rows = RowInfluences(np.array([1.0, -1.0]), np.ones(2))
    >>> variance_of_difference(rows, rows, 1.0)
    0.0
    """
    rest = theirs.moved if place is None else theirs.moved[place]
    apart = ours.moved - slope * rest
    if ours.clusters is not None:
        return ours.clusters.variance(apart)
    rows = float(ours.weight.sum()) ** 2 / float(ours.weight @ ours.weight)
    if rows <= 1:
        return math.inf
    return float(apart @ apart) * rows / (rows - 1)


def interval(
    difference: float, variance: float, scale: float, level: float, degrees: float = math.inf
) -> tuple[float, float]:
    """difference ± z·SE; the difference itself where no row tells the two apart.

    scale: of the two numbers, for what rounding leaves of none; degrees: of freedom.
    """
    error = math.sqrt(variance)
    if error <= ROUNDING * scale:
        return difference, difference
    half = quantile(level, degrees) * error
    return difference - half, difference + half
