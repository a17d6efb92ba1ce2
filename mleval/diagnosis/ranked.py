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

    place: (n,) of the score of each row among the positives, then the negatives; positive: (n,);
    weight: (n,) or None.
    """

    scores: Floats
    place: NDArray[np.intp]
    positive: NDArray[np.bool_]
    weight: Floats | None

    @classmethod
    def of(cls, score: Floats, positive: NDArray[np.bool_], weight: Floats | None) -> Ranked:
        """Rows with finite scores; weight None: each counts 1."""
        scores, place = np.unique(score + 0.0, return_inverse=True)
        place += np.where(positive, 0, len(scores))
        return cls(scores, place, positive, weight)

    def among(self, rows: NDArray[np.bool_] | None = None) -> BinaryScores:
        """The scores of some rows, of all when None."""
        place = self.place if rows is None else self.place[rows]
        weight = self.weight if rows is None or self.weight is None else self.weight[rows]
        mass = self._by_score(place, weight)
        square = mass if weight is None else self._by_score(place, weight * weight)
        held = mass.sum(axis=0) > 0
        return BinaryScores(self.scores[held], *mass[:, held], *square[:, held])

    def _by_score(self, place: NDArray[np.intp], weight: Floats | None) -> Floats:
        """(2, s) Σw of the positives and of the negatives."""
        size = len(self.scores)
        return np.bincount(place, weight, minlength=2 * size).astype(np.float64).reshape(2, size)


def enough(rows: ClassifiedRows, least: int) -> bool:
    """Whether either class has so many rows."""
    positives = int(np.count_nonzero(rows.truth == rows.positive))
    return min(positives, len(rows) - positives) >= least
