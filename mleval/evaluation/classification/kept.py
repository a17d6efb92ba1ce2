"""Rows kept as they are, for what couples them: memory grows with the rows here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.states import LabelCells


@dataclass(frozen=True, slots=True)
class ClassScores:
    """What an average over classes couples of n rows.

    truth: (n,) the position of the true class, or (k, n) whether it is one of the true ones;
    scores: (k, n), by which classes are ranked; weight: (n,) or None for ones.
    """

    truth: NDArray[np.int64] | NDArray[np.bool_]
    scores: Floats
    weight: Floats | None


@dataclass(frozen=True)
class KeptScores:
    """The class scores of all rows."""

    truth: NDArray[np.int64] | NDArray[np.bool_]
    scores: Floats
    weight: Floats

    @classmethod
    def of(cls, chunks: Iterable[ClassScores]) -> KeptScores:
        """Chunks joined."""
        parts = list(chunks)
        weights = [np.ones(p.truth.shape[-1]) if p.weight is None else p.weight for p in parts]
        return cls(
            np.concatenate([part.truth for part in parts], axis=-1),
            np.concatenate([part.scores for part in parts], axis=1),
            np.concatenate(weights),
        )

    def members(self, position: int) -> NDArray[np.bool_]:
        """(n,) whether each row is of the class."""
        several = self.truth.ndim == 2
        found: NDArray[np.bool_] = self.truth[position] if several else self.truth == position
        return found

    @cached_property
    def places(self) -> list[NDArray[np.int32]]:
        """For each class, (n,) where the row's score is among its distinct scores."""
        with ThreadPoolExecutor(2) as pool:  # sorting lets go of the lock
            return list(pool.map(places_of, self.scores))


def places_of(scores: Floats) -> NDArray[np.int32]:
    """(n,) the position of each score among the distinct ones.

    >>> places_of(np.array([0.5, 0.1, 0.5])).tolist()
    [1, 0, 1]
    """
    order = np.argsort(scores)
    ascending = scores[order]
    fresh = np.empty(len(scores), np.bool_)
    fresh[:1] = False
    np.not_equal(ascending[1:], ascending[:-1], out=fresh[1:])
    places = np.empty(len(scores), np.int32)
    places[order] = np.cumsum(fresh, dtype=np.int32)
    return places


@dataclass(frozen=True)
class LabelRows:
    """The (row, label) pairs of a chunk that are no true negatives; weight: (n,) or None."""

    cells: LabelCells
    weight: Floats | None


@dataclass(frozen=True)
class KeptLabels:
    """The (row, label) pairs of all rows that are no true negatives.

    rows: (e,) the row; cells: (e,) whether TP, FP or FN, times K, plus the position of the label;
    weight: (n,).
    """

    rows: NDArray[np.int64]
    cells: NDArray[np.int64]
    weight: Floats

    @classmethod
    def of(cls, chunks: Iterable[LabelRows], classes: Sequence[str]) -> KeptLabels:
        """Chunks joined; pairs of labels that are not among `classes` are left out."""
        parts = [(chunk.cells.among(classes), chunk.weight) for chunk in chunks]
        starts = np.cumsum([0, *(cells.size for cells, _ in parts)])
        place = {name: at for at, name in enumerate(classes)}
        known = [np.array([place.get(n, 0) for n in cells.names], np.int32) for cells, _ in parts]
        return cls(
            np.concatenate([p.rows + at for (p, _), at in zip(parts, starts, strict=False)]),
            np.concatenate(
                [
                    at[p.labels] + p.kinds * np.int64(len(classes))
                    for (p, _), at in zip(parts, known, strict=True)
                ]
            ),
            np.concatenate([np.ones(p.size) if w is None else w for p, w in parts]),
        )

    @cached_property
    def weight2(self) -> Floats:
        """(n,) squared weights."""
        return self.weight * self.weight

    def summed(self, moved: Floats) -> Floats:
        """(n,) the sum over the pairs of a row of what (3, K) `moved` says of TP, FP and FN."""
        sums = np.bincount(self.rows, moved.ravel()[self.cells], minlength=len(self.weight))
        return sums.astype(np.float64, copy=False)
