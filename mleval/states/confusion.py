"""Confusion: how often each pair of truth and prediction occurs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats, Labels
from mleval.states.counts import Counts
from mleval.states.vocabulary import distinct, positions, renamed, union

_DENSE_CELLS = 1 << 22  # below this, counting into a dense table beats sorting


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """Σw and Σw² of each (truth, prediction) pair of raw labels that occurs.

    labels: the K spellings, sorted. The c cells are sorted by (truth, prediction):
    truth, prediction: (c,) positions in `labels`, prediction -1 where there is none (a miss for
    the true class that is no prediction of another), truth -1 where there is none (of several
    labels a row, one that is predicted alone); weight, weight2: (c,) Σw and Σw².

    >>> state = Confusion.of(Labels.of(["a", "a", "b"]), Labels.of(["a", "b", "b"]))
    >>> state.labels, state.truth.tolist(), state.prediction.tolist(), state.weight.tolist()
    (('a', 'b'), [0, 0, 1], [0, 1, 1], [1.0, 1.0, 1.0])
    """

    labels: tuple[str, ...]
    truth: NDArray[np.int64]
    prediction: NDArray[np.int64]
    weight: Floats
    weight2: Floats

    @classmethod
    def empty(cls) -> Confusion:
        """No rows."""
        none = np.empty(0, np.int64)
        return cls((), none, none, np.empty(0), np.empty(0))

    @classmethod
    def of_cells(
        cls,
        labels: tuple[str, ...],
        truth: NDArray[np.int64],
        prediction: NDArray[np.int64],
        weight: Floats,
        weight2: Floats,
    ) -> Confusion:
        """Cells in any order, some perhaps more than once; `labels` sorted."""
        return _from_cells(labels, truth, prediction, weight, weight2)

    @classmethod
    def of(cls, truth: Labels, prediction: Labels, weight: Floats | None = None) -> Confusion:
        """Count the pairs of two label columns of n rows; `weight` (n,) or None for ones."""
        width = len(prediction.names) + 1
        size = len(truth.names) * width
        kind: Any = np.int32 if size < 2**31 else np.int64
        pair: NDArray[Any] = truth.codes.astype(kind) * kind(width) + (prediction.codes + 1)
        cells: NDArray[Any] = np.arange(min(size, _DENSE_CELLS))
        if size > _DENSE_CELLS:
            cells, pair = np.unique(pair, return_inverse=True)
        count = np.bincount(pair, minlength=len(cells))
        seen = np.flatnonzero(count)
        mass = mass2 = count[seen].astype(np.float64)
        if weight is not None:
            mass, mass2 = (
                np.bincount(pair, w, minlength=len(cells))[seen].astype(np.float64)
                for w in (weight, weight * weight)
            )
        labels = union(truth.names, prediction.names)
        row, column = np.divmod(cells[seen], width)
        return _from_cells(
            labels,
            positions(truth.names, labels)[row],
            _with_missing(positions(prediction.names, labels))[column - 1],
            mass,
            mass2,
        )

    def merge(self, other: Confusion) -> Confusion:
        """The counts of both."""
        labels = union(self.labels, other.labels)
        parts = [(state, positions(state.labels, labels)) for state in (self, other)]
        return _from_cells(
            labels,
            np.concatenate([_with_missing(place)[state.truth] for state, place in parts]),
            np.concatenate([_with_missing(place)[state.prediction] for state, place in parts]),
            np.concatenate([self.weight, other.weight]),
            np.concatenate([self.weight2, other.weight2]),
        )

    def relabel(
        self, truth: Mapping[str, str], prediction: Mapping[str, str] | None = None
    ) -> Confusion:
        """Rename labels, adding up the cells that become one; a label not named stays."""
        truth_names = renamed(self.labels, truth)
        prediction_names = renamed(self.labels, truth if prediction is None else prediction)
        labels = union(
            [truth_names[i] for i in distinct(self.truth)],
            [prediction_names[i] for i in distinct(self.prediction) if i >= 0],
        )
        everywhere = union(truth_names, prediction_names)
        narrow = np.full(len(everywhere), -1)
        narrow[positions(labels, everywhere)] = np.arange(len(labels))
        return _from_cells(
            labels,
            narrow[positions(truth_names, everywhere)][self.truth],
            _with_missing(narrow[positions(prediction_names, everywhere)])[self.prediction],
            self.weight,
            self.weight2,
        )

    def places(self, truth: Labels, prediction: Labels) -> NDArray[np.intp]:
        """(n,) which cell each of n rows that were counted is in.

        >>> truth, prediction = Labels.of(["b", "a", "b"]), Labels.of(["b", "b", "b"])
        >>> Confusion.of(truth, prediction).places(truth, prediction).tolist()
        [1, 0, 1]
        """
        place, width = {name: at for at, name in enumerate(self.labels)}, len(self.labels) + 1
        row, column = (
            _with_missing(np.array([place.get(name, 0) for name in side.names], np.int64))[
                side.codes
            ]
            for side in (truth, prediction)
        )
        cells = self.truth * width + self.prediction
        return np.searchsorted(cells, row * width + column)

    @property
    def truth_labels(self) -> tuple[str, ...]:
        """The labels that occur as truth."""
        return tuple(self.labels[i] for i in distinct(self.truth) if i >= 0)

    @property
    def prediction_labels(self) -> tuple[str, ...]:
        """The labels that occur as prediction."""
        return tuple(self.labels[i] for i in distinct(self.prediction) if i >= 0)

    def counts(
        self, classes: Sequence[str], *, squared: bool = False, ordered: bool = True
    ) -> Counts:
        """The marginals that metrics read, in the order of `classes` (which names every label).

        squared: of Σw² in place of Σw; ordered: whether the order of `classes` means something.
        """
        place = positions(self.labels, classes)
        return Counts.of_cells(
            tuple(classes),
            _with_missing(place)[self.truth],
            _with_missing(place)[self.prediction],
            self.weight2 if squared else self.weight,
            ordered,
        )

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """See `State.to_arrays`."""
        return {
            "labels": np.asarray(self.labels, dtype=np.str_),
            "truth": self.truth,
            "prediction": self.prediction,
            "weight": self.weight,
            "weight2": self.weight2,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Confusion:
        """See `State.from_arrays`."""
        labels = tuple(arrays["labels"].tolist())
        return cls(
            labels, arrays["truth"], arrays["prediction"], arrays["weight"], arrays["weight2"]
        )


def _with_missing(place: NDArray[np.int64]) -> NDArray[np.int64]:
    """`place` with -1 behind it, so that position -1 (no prediction) stays -1."""
    return np.append(place, -1)


def _from_cells(
    labels: tuple[str, ...],
    truth: NDArray[np.int64],
    prediction: NDArray[np.int64],
    weight: Floats,
    weight2: Floats,
) -> Confusion:
    """A Confusion of cells in any order, some perhaps more than once."""
    width = len(labels) + 1
    key, inverse = np.unique(truth * width + prediction + 1, return_inverse=True)
    row, column = np.divmod(key, width)
    return Confusion(
        labels,
        row,
        column - 1,
        np.bincount(inverse, weight, minlength=len(key)).astype(np.float64),
        np.bincount(inverse, weight2, minlength=len(key)).astype(np.float64),
    )
