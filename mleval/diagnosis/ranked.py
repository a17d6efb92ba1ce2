"""Ranked: the rows of a binary task by a score, of which any part is a BinaryScores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.diagnosis.rows import ClassifiedRows
from mleval.states import BinaryScores

PARTS = 5
"""Into how many parts rows are cut where what is chosen on the others is tried on each."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """(n,) rows and (s,) distinct scores, ascending.

    place: (n,) of the score of each row; positive: (n,) whether it is; weight: (n,).
    """

    scores: Floats
    place: NDArray[np.intp]
    positive: NDArray[np.bool_]
    weight: Floats

    @classmethod
    def of(cls, score: Floats, positive: NDArray[np.bool_], weight: Floats | None) -> Ranked:
        """Rows with finite scores; weight None: each counts 1."""
        scores, place = np.unique(score + 0.0, return_inverse=True)
        ones: Floats = np.ones(len(score))
        return cls(scores, place, positive, ones if weight is None else weight)

    def among(self, rows: NDArray[np.bool_] | None = None) -> BinaryScores:
        """The scores of some rows, of all when None."""
        mass = self.weight if rows is None else np.where(rows, self.weight, 0.0)
        size = len(self.scores)
        sides = [
            np.bincount(self.place[side], power[side], minlength=size).astype(np.float64)
            for power in (mass, mass * mass)
            for side in (self.positive, ~self.positive)
        ]
        held = (sides[0] > 0) | (sides[1] > 0)
        positive, negative, positive2, negative2 = (side[held] for side in sides)
        return BinaryScores(self.scores[held], positive, negative, positive2, negative2)


def enough(rows: ClassifiedRows, least: int) -> bool:
    """Whether either class has so many rows."""
    positives = int(np.count_nonzero(rows.truth == rows.positive))
    return min(positives, len(rows) - positives) >= least
