"""Two decisions about the same rows: metrics of their counts, and the paired difference."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.diagnosis.finding import Ranged
from mleval.states.counts import ClassCounts
from mleval.uncertainty.gradient import Variable, gradient
from mleval.uncertainty.intervals import normal_quantile

Decisions = NDArray[np.bool_]
"""(n,) which rows are predicted positive."""


Metric = Callable[[ClassCounts], Any]
"""Of the counts of the positive class, as those of `mleval.metrics.counts`."""


def accuracy(counts: ClassCounts) -> Any:
    """(TP + TN) / n."""
    return (counts.tp + counts.tn) / counts.total


def cost_of(fp: float, fn: float) -> Metric:
    """(fp·FP + fn·FN) / n, as `cost` of the catalogue."""

    def cost(counts: ClassCounts) -> Any:
        return (fp * counts.fp + fn * counts.fn) / counts.total

    return cost


def counts_of(positive: Decisions, decided: Decisions, weight: Floats | None) -> ClassCounts:
    """Of (n,) rows."""
    table = _summed(positive * 2 + decided, weight, 4)
    return ClassCounts(tp=table[3], fp=table[1], fn=table[2], tn=table[0])


def _summed(codes: NDArray[np.int64], weight: Floats | None, size: int) -> Floats:
    """(size,) Σw of each code."""
    return np.bincount(codes, weight, minlength=size).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Paired:
    """Two decisions about the same rows.

    table, squares: (truth, now, then) Σw and Σw²; moved: rows that are decided otherwise.
    """

    table: Floats
    squares: Floats
    moved: int

    @classmethod
    def of(
        cls, positive: Decisions, now: Decisions, then: Decisions, weight: Floats | None
    ) -> Paired:
        """Of (n,) rows."""
        code = positive * 4 + now * 2 + then * 1
        table = _summed(code, weight, 8)
        squares = table if weight is None else _summed(code, weight * weight, 8)
        return cls(table, squares, int(np.count_nonzero(now != then)))

    @property
    def now(self) -> ClassCounts:
        """Of the first decision."""
        return _now(self.table)

    @property
    def then(self) -> ClassCounts:
        """Of the other."""
        return _then(self.table)

    def difference(self, metric: Metric, level: float) -> Ranged:
        """then − now, with the delta method on the eight cells; its value None where undefined.

        Source: multinomial delta method, Agresti 2013, 16.1; weighted by Σw².
        """
        leaf = Variable(self.table)
        with np.errstate(all="ignore"):
            apart = metric(_then(leaf)) - metric(_now(leaf))
            slope = gradient(apart, [leaf])[0]
        value = float(apart.value)
        if not math.isfinite(value):
            return Ranged(None)
        held = self.table > 0
        variance = float(self.squares[held] @ np.square(slope[held]))
        rows = float(self.table.sum() ** 2 / self.squares.sum())
        if rows <= 1 or not math.isfinite(variance):
            return Ranged(value)
        half = normal_quantile(level) * math.sqrt(variance * rows / (rows - 1))
        return Ranged(value, value - half, value + half)


def _now(t: Any) -> ClassCounts:
    return ClassCounts(tp=t[6] + t[7], fp=t[2] + t[3], fn=t[4] + t[5], tn=t[0] + t[1])


def _then(t: Any) -> ClassCounts:
    return ClassCounts(tp=t[5] + t[7], fp=t[1] + t[3], fn=t[4] + t[6], tn=t[0] + t[2])
