"""Mergeable states: what is kept of the rows. A metric is read off a state, never off rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, Self

from numpy.typing import NDArray

from mleval.states.confusion import Confusion
from mleval.states.counts import ClassCounts, Counts, ratio
from mleval.states.kept import Kept
from mleval.states.label_cells import LabelCells, RowShapes
from mleval.states.means import Means
from mleval.states.ordered import Ordered
from mleval.states.score_table import BinaryScores, ScoreTable
from mleval.states.sums import Product

__all__ = [
    "BinaryScores",
    "ClassCounts",
    "Confusion",
    "Counts",
    "Kept",
    "LabelCells",
    "Means",
    "Ordered",
    "Product",
    "RowShapes",
    "ScoreTable",
    "State",
    "ratio",
]


class State(Protocol):
    """An immutable summary of rows with an associative, commutative `merge`."""

    @classmethod
    def empty(cls) -> Self:
        """The summary of no rows: the identity of `merge`."""
        ...

    def merge(self, other: Self) -> Self:
        """The summary of both sets of rows."""
        ...

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Plain arrays that say all there is, for `numpy.savez`; never a pickle."""
        ...

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The inverse of `to_arrays`."""
        ...
