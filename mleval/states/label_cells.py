"""LabelCells: what each row of label sets gets right and wrong, and the counts of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats, Labels, LabelSets
from mleval.states.confusion import Confusion
from mleval.states.counts import ClassCounts
from mleval.states.vocabulary import positions, renamed, union

TP, FP, FN = range(3)


@dataclass(frozen=True, slots=True)
class LabelCells:
    """The (row, label) pairs of n rows that are true or predicted: all others are tn.

    names: (K,) labels, sorted; rows, labels, kinds: (e,) by row, then label: the row, the position
    of the label in `names`, and whether it is a TP, FP or FN.

    >>> truth, prediction = LabelSets.of([["a", "b"], []]), LabelSets.of([["b"], ["a"]])
    >>> cells = LabelCells.of(truth, prediction)
    >>> cells.rows.tolist(), cells.labels.tolist(), cells.kinds.tolist()
    ([0, 0, 1], [0, 1, 0], [2, 0, 1])
    """

    size: int
    names: tuple[str, ...]
    rows: NDArray[np.int64]
    labels: NDArray[np.int32]
    kinds: NDArray[np.int8]

    @classmethod
    def of(
        cls, truth: LabelSets, prediction: LabelSets, names: dict[str, str] | None = None
    ) -> LabelCells:
        """Compare two columns; `names`: what labels are to be called instead."""
        spelled = [renamed(sets.names, names or {}) for sets in (truth, prediction)]
        vocabulary = union(*spelled)
        size, width = len(truth.offsets) - 1, max(len(vocabulary), 1)
        kind: Any = np.int32 if 2 * size * width < 2**31 else np.int64  # half the width: faster
        marks = []
        for side, (sets, called) in enumerate(zip((truth, prediction), spelled, strict=True)):
            place = positions(called, vocabulary).astype(kind)
            pairs = sets.rows.astype(kind) * kind(width) + place[sets.codes]
            marks.append(2 * pairs + kind(side))
        pairs, kinds = _pairs(np.sort(np.concatenate(marks), kind="stable"))
        rows = pairs // kind(width)
        labels = (pairs - rows * kind(width)).astype(np.int32, copy=False)
        return cls(size, vocabulary, rows.astype(np.int64), labels, kinds)

    def among(self, chosen: Sequence[str]) -> LabelCells:
        """Only the pairs of the labels `chosen`."""
        wanted = set(chosen)
        among = np.array([name in wanted for name in self.names], np.bool_)
        if among.all():
            return self
        kept = among[self.labels]
        return LabelCells(
            self.size, self.names, self.rows[kept], self.labels[kept], self.kinds[kept]
        )

    def confusion(self, weight: Floats | None = None) -> Confusion:
        """Σw and Σw² of the TP (a, a), FP (none, a) and FN (a, none) of each label a."""
        width = max(len(self.names), 1)
        place = self.kinds * np.int64(width) + self.labels
        count = np.bincount(place)
        seen = np.flatnonzero(count)
        mass: Floats = count[seen].astype(np.float64)
        mass2: Floats = mass
        if weight is not None:
            mass, mass2 = (
                np.bincount(place, w[self.rows])[seen].astype(np.float64)
                for w in (weight, weight * weight)
            )
        kind, label = np.divmod(seen, width)
        truth, prediction = np.where(kind == FP, -1, label), np.where(kind == FN, -1, label)
        return Confusion.of_cells(self.names, truth, prediction, mass, mass2)

    def shapes(self, weight: Floats | None = None) -> Confusion:
        """Σw and Σw² of the rows with so many TP and FN (as truth) and FP (as prediction)."""
        cells = np.bincount(self.rows * 3 + self.kinds, minlength=3 * self.size)
        tp, fp, fn = cells.reshape(self.size, 3).T
        width = int(fn.max(initial=0)) + 1
        seen, codes = np.unique(tp * width + fn, return_inverse=True)
        truth = tuple(f"{s // width} {s % width}" for s in seen.tolist())
        prediction = tuple(map(str, range(int(fp.max(initial=0)) + 1)))
        return Confusion.of(
            Labels(codes.astype(np.int32), truth), Labels(fp.astype(np.int32), prediction), weight
        )


def _pairs(marked: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int8]]:
    """(e,) the pairs that ascending `2 * pair + side` say, side 0 for true and 1 for predicted.

    And whether each is a TP, FP or FN.

    >>> pairs, kinds = _pairs(np.array([0, 2, 3, 7, 7]))
    >>> pairs.tolist(), kinds.tolist()
    ([0, 1, 3], [2, 0, 1])
    """
    fresh = np.ones(len(marked), np.bool_)
    np.not_equal(marked[1:], marked[:-1], out=fresh[1:])
    if not fresh.all():  # a label twice in a row counts once
        marked = marked[fresh]
    pairs = marked >> 1
    again = np.zeros(len(pairs), np.bool_)
    np.equal(pairs[1:], pairs[:-1], out=again[1:])
    kinds = (FN - (marked & 1)).astype(np.int8)
    kinds[:-1] *= ~again[1:]  # TP, 0, where the same pair comes again as predicted
    first = np.flatnonzero(~again)  # positions: faster than a mask that follows no pattern
    return pairs[first], kinds[first]


@dataclass(frozen=True, slots=True)
class RowShapes:
    """The rows with the same counts taken together: what is read off `LabelCells.shapes`.

    tp, fp, fn: (s,) of a row, over its labels; weight, weight2: (s,) Σw and Σw² of such rows.
    """

    tp: Floats
    fp: Floats
    fn: Floats
    weight: Floats
    weight2: Floats

    @classmethod
    def of(cls, shapes: Confusion) -> RowShapes:
        """Read the counts back from the labels of the state.

        >>> cells = LabelCells.of(LabelSets.of([["a"], []]), LabelSets.of([["a"], ["b"]]))
        >>> RowShapes.of(cells.shapes()).fp.tolist()
        [1.0, 0.0]
        """
        sides = [shapes.labels[i].split() for i in shapes.truth.tolist()]
        tp, fn = np.array(sides, np.float64).reshape(-1, 2).T
        fp = np.array([shapes.labels[i] for i in shapes.prediction.tolist()], np.float64)
        return cls(tp, fp, fn, shapes.weight, shapes.weight2)

    @property
    def total(self) -> float:
        """Σw of all rows."""
        return float(self.weight.sum())

    @property
    def effective(self) -> float:
        """(Σw)² / Σw²."""
        return self.total**2 / float(self.weight2.sum()) if len(self.weight) else 0.0

    def counts(self, labels: int) -> ClassCounts:
        """(s,) the counts of a row over so many labels."""
        return ClassCounts(self.tp, self.fp, self.fn, labels - self.tp - self.fp - self.fn)
