"""Tangents: how far a number moves with what its state keeps, so that several can be combined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mleval.batch import Floats
from mleval.uncertainty.influences import variance_of


@dataclass(frozen=True, slots=True)
class Tangent:
    """The number as a linear function of the independent units of a state, near what it is.

    of: the state, the same object for numbers that go together; slope: (m,) of its means, cells,
    scores or rows; variance: that of a number with such a slope. What a row adds to those units
    the Evaluator knows, where rows are kept.
    """

    of: object
    slope: Floats
    variance: Callable[[Floats], float]


def along(tangents: Sequence[Tangent], slopes: Sequence[float]) -> Tangent:
    """The tangent of Σ slope · number, by the chain rule, of numbers of one state.

    >>> x = Tangent("", np.array([1.0, 0.0]), lambda slope: float(slope @ slope))
    >>> y = Tangent("", np.array([0.0, 2.0]), lambda slope: float(slope @ slope))
    >>> along([x, y], [3.0, 1.0]).slope.tolist()
    [3.0, 2.0]
    """
    moved = [by * one.slope for one, by in zip(tangents, slopes, strict=True)]
    return replace(tangents[0], slope=np.sum(moved, axis=0))


def of_rows(of: object, influence: Floats, weight: Floats) -> Tangent:
    """Of influences of n rows that are kept (see `variance_of`)."""
    return Tangent(of, influence, lambda slope: variance_of(slope, weight))
