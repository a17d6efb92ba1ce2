"""Tangents: how far a number moves with what its state keeps, so that several can be combined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mleval.batch import Floats
from mleval.errors import NoInterval


@dataclass(frozen=True, slots=True)
class Tangent:
    """The number as a linear function of the independent units of a state, near what it is.

    of: the state, the same object for numbers that go together; slope: (m,) of its means, cells,
    scores or rows; variance: that of a number with such a slope.
    """

    of: object
    slope: Floats
    variance: Callable[[Floats], float]


def combined(tangents: Sequence[Tangent], slopes: Sequence[float]) -> float:
    """The variance of Σ slope · number, by the chain rule.

    Raises NoInterval when the numbers are not of one state.

    >>> x = Tangent("", np.array([1.0, 0.0]), lambda slope: float(slope @ slope))
    >>> y = Tangent("", np.array([0.0, 2.0]), lambda slope: float(slope @ slope))
    >>> combined([x, y], [3.0, 1.0])
    13.0
    """
    first, *others = tangents
    if any(other.of is not first.of for other in others):
        raise NoInterval("how its parts go together row by row is not kept")
    with np.errstate(all="ignore"):
        moved = [by * one.slope for one, by in zip(tangents, slopes, strict=True)]
        return first.variance(np.sum(moved, axis=0))


def of_rows(of: object, influence: Floats, weight: Floats) -> Tangent:
    """Of influences of n rows that are kept: Σw²φ² / (Σw)² · n/(n − 1), n the effective number."""
    total = float(weight.sum())
    rows = total**2 / float(weight @ weight)
    if rows <= 1:
        raise NoInterval("one row")

    def variance(phi: Floats) -> float:
        moved = phi * weight
        return float(moved @ moved) / total**2 * rows / (rows - 1)

    return Tangent(of, influence, variance)
