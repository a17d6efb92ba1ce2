"""The nodes of a shallow tree that tells rows that lose much from those that lose little."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mleval.batch import Floats
from mleval.diagnosis.rows import Category, Column
from mleval.diagnosis.slices.groups import roundest, taken
from mleval.diagnosis.slices.pieces import Among, Between, Piece, Slice
from mleval.diagnosis.slices.strength import Lost

_DEPTH = 3
_ROWS = 30_000  # that it is grown on
_SMALLEST = 0.01


def leaves(columns: Mapping[str, Column], lost: Lost) -> list[Slice]:
    """Every node of the tree as a slice: what the grid of groups cuts too coarsely or not at all.

    Categories are put in the order of their mean loss, in which one cut of a tree is the best of
    all ways to part them in two (Breiman et al. 1984, 4.2.2).
    """
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    step = -(-len(lost.loss) // _ROWS)
    rows = np.arange(0, len(lost.loss), step)
    columns, lost = taken(columns, rows), Lost(lost.loss[rows], lost.weight[rows], lost.counts)
    if len(rows) < 4 or not np.ptp(lost.loss) > 0:
        return []
    features = {name: _Feature(name, column, lost) for name, column in columns.items()}
    grow = DecisionTreeClassifier if lost.counts else DecisionTreeRegressor
    tree = grow(
        max_depth=_DEPTH, min_samples_leaf=max(20, int(_SMALLEST * len(rows))), random_state=0
    )
    cells = np.column_stack([feature.values for feature in features.values()])
    tree.fit(cells.astype(np.float32), lost.loss, sample_weight=lost.weight)
    return _nodes(tree.tree_, list(features.values()))


class _Feature:
    """A column as the tree sees it: numbers, or the places of categories by their mean loss."""

    def __init__(self, name: str, column: Column, lost: Lost) -> None:
        self.name = name
        self.column = column
        if isinstance(column, Category):
            self.names = tuple(column.names)
            size = len(column.names) + 1
            rows = np.bincount(column.codes + 1, lost.weight, size)
            sums = np.bincount(column.codes + 1, lost.weight * lost.loss, size)
            mean = float(lost.weight @ lost.loss / lost.weight.sum())
            self.order = np.argsort((sums + mean) / (rows + 1), kind="stable")
            place = np.empty(size)
            place[self.order] = np.arange(size)
            self.values: Floats = place[column.codes + 1]
        else:
            limit = float(np.finfo(np.float32).max)
            usual = np.median(column[np.isfinite(column)]) if np.isfinite(column).any() else 0.0
            self.values = np.clip(np.where(np.isnan(column), usual, column), -limit, limit)

    def piece(self, low: float, high: float) -> Piece | None:
        """What is above `low` and up to `high`; None for nothing."""
        if isinstance(self.column, Category):
            inside = [
                int(code) - 1 for at, code in enumerate(self.order) if low < at <= high and code
            ]
            return Among(self.name, tuple(sorted(inside)), self.names) if inside else None
        return Between(self.name, self._cut(low), self._cut(high))

    def _cut(self, at: float) -> float:
        """The roundest number that cuts the values where this does."""
        below, above = self.values[self.values <= at], self.values[self.values > at]
        return roundest(below.max(), above.min()) if len(below) and len(above) else at


def _nodes(tree: Any, features: list[_Feature]) -> list[Slice]:
    """Every node but the root, by the ranges that its cuts leave of each feature."""
    found: list[Slice] = []
    waiting: list[tuple[int, dict[int, tuple[float, float]]]] = [(0, {})]
    while waiting:
        node, ranges = waiting.pop()
        pieces = [features[at].piece(*ends) for at, ends in ranges.items()]
        if pieces and all(piece is not None for piece in pieces):
            found.append(Slice(tuple(piece for piece in pieces if piece is not None)))
        if tree.children_left[node] >= 0:
            at, cut = int(tree.feature[node]), float(tree.threshold[node])
            low, high = ranges.get(at, (-np.inf, np.inf))
            waiting.append((tree.children_left[node], {**ranges, at: (low, cut)}))
            waiting.append((tree.children_right[node], {**ranges, at: (cut, high)}))
    return found
