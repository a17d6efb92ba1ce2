"""Counts: the marginals of a confusion matrix, in the arithmetic that count metrics are written in.

The arrays are numpy's or anything that computes like them: the same formula gives a value on
numbers and a gradient on the variables of `mleval.uncertainty.gradient`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats

Array = Any  # a float64 array, a scalar, or a differentiable variable


def ratio(numerator: Array, denominator: Array) -> Array:
    """numerator / denominator, elementwise; nan where the denominator is 0.

    >>> ratio(np.array([1.0, 0.0]), np.array([2.0, 0.0])).tolist()
    [0.5, nan]
    """
    nothing = denominator == 0
    return np.where(nothing, np.nan, numerator / np.where(nothing, 1.0, denominator))


@dataclass(frozen=True, slots=True)
class ClassCounts:
    """True and false positives and negatives of one class against the rest, or of each of K.

    tp, fp, fn, tn: scalars or (K,) arrays of Σw.
    """

    tp: Array
    fp: Array
    fn: Array
    tn: Array

    @property
    def total(self) -> Array:
        """Σw of all rows."""
        return self.tp + self.fp + self.fn + self.tn

    def of_class(self, position: int) -> ClassCounts:
        """The counts of one of the K classes."""
        return ClassCounts(*(c[position] for c in (self.tp, self.fp, self.fn, self.tn)))

    def take(self, some: slice) -> ClassCounts:
        """The counts of some of the K classes."""
        return ClassCounts(*(c[some] for c in (self.tp, self.fp, self.fn, self.tn)))

    def pooled(self) -> ClassCounts:
        """The counts summed over the K classes: what micro averages read."""
        return ClassCounts(*(c.sum() for c in (self.tp, self.fp, self.fn, self.tn)))


@dataclass(frozen=True, slots=True)
class Counts:
    """A confusion matrix of K classes by its marginals and the cells that occur.

    classes: (K,) names in order; diagonal, truth, prediction: (K,) Σw of the right rows, of the
    rows of each class, of the rows predicted as it; total: Σw; cells: (c,) Σw of the pairs that
    occur, cell_truth and cell_prediction their positions in `classes` (-1: no prediction, or no
    truth: of several labels a row, one that is predicted alone);
    ordered: whether the order of `classes` means something (numbers, or an order that was given).
    """

    classes: tuple[str, ...]
    diagonal: Array
    truth: Array
    prediction: Array
    total: Array
    cells: Array
    cell_truth: NDArray[np.int64]
    cell_prediction: NDArray[np.int64]
    ordered: bool = True

    @classmethod
    def of_cells(
        cls,
        classes: tuple[str, ...],
        cell_truth: NDArray[np.int64],
        cell_prediction: NDArray[np.int64],
        weight: Floats,
        ordered: bool = True,
    ) -> Counts:
        """Sum the cells up to the marginals."""
        size = len(classes)
        right = cell_truth == cell_prediction
        true, predicted = cell_truth >= 0, cell_prediction >= 0
        return cls(
            classes,
            np.bincount(cell_truth[right], weight[right], minlength=size),
            np.bincount(cell_truth[true], weight[true], minlength=size),
            np.bincount(cell_prediction[predicted], weight[predicted], minlength=size),
            np.float64(weight.sum()),
            weight,
            cell_truth,
            cell_prediction,
            ordered,
        )

    def by_class(self) -> ClassCounts:
        """Each class against the rest."""
        tp = self.diagonal
        fp = self.prediction - tp
        fn = self.truth - tp
        tn = self.total - tp - fp - fn
        # what is left of weights that cancel is not a true negative
        return ClassCounts(tp, fp, fn, np.where(tn > 1e-12 * self.total, tn, 0.0))

    def matrix(self) -> Floats:
        """(K, K) Σw, truth in rows, prediction in columns; without rows that lack a prediction."""
        size = len(self.classes)
        table = np.zeros((size, size))
        seen = self.cell_prediction >= 0
        table[self.cell_truth[seen], self.cell_prediction[seen]] = self.cells[seen]
        return table
