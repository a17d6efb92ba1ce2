"""Sums over the rows that come before or after each row, by one column or by two."""

from __future__ import annotations

from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats

Number = TypeVar("Number", np.float64, np.int64, np.intp)


class Ranking:
    """The order of the rows by one column of numbers, sorted once.

    >>> ranking = Ranking(np.array([5.0, 3.0, 5.0, 9.0]))
    >>> ranking.middle(np.ones(4)).tolist(), ranking.distinct.tolist()
    ([2.0, 0.5, 2.0, 3.5], [1, 0, 1, 2])
    """

    def __init__(self, column: NDArray[np.float64] | NDArray[np.int64]) -> None:
        self.order: NDArray[np.intp] = np.argsort(column)
        ascending = column[self.order]
        fresh = np.concatenate([[True], ascending[1:] != ascending[:-1]])
        self._tied = not fresh.all()
        self._starts = np.flatnonzero(fresh)
        self._place = np.cumsum(fresh) - 1  # which distinct value, in order

    def totals(self, mass: Floats) -> tuple[Floats, Floats]:
        """(n,) the sum of the mass of the rows below each row, and of those level with it."""
        inside = mass[self.order]
        level = np.add.reduceat(inside, self._starts) if self._tied else inside
        return self._back(np.cumsum(level) - level), self._back(level)

    def middle(self, mass: Floats) -> Floats:
        """(n,) the sum of the mass of the rows below each row, and half of those level with it."""
        inside = mass[self.order]
        level = np.add.reduceat(inside, self._starts) if self._tied else inside
        return self._back(np.cumsum(level) - level / 2)

    @cached_property
    def distinct(self) -> NDArray[np.int64]:
        """(n,) which distinct value each row has, from the lowest up."""
        ranks = np.empty(len(self.order), np.int64)
        ranks[self.order] = self._place
        return ranks

    def _back(self, level: Floats) -> Floats:
        """What holds for each distinct value, for the rows as they stand."""
        found = np.empty(len(self.order))
        found[self.order] = level[self._place] if self._tied else level
        return found


def concordance(x: Floats, y: Floats, weight: Floats) -> tuple[Floats, Floats, Floats]:
    """(n,) of each row: Σw in order with it less Σw reversed, Σw not tied in x, and in y.

    >>> found = concordance(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0]), np.ones(3))
    >>> [column.tolist() for column in found]
    [[2.0, 0.0, 0.0], [2.0, 2.0, 2.0], [2.0, 2.0, 2.0]]
    """
    by_x, by_y = Ranking(x), Ranking(y)
    total = weight.sum()
    below_x, level_x = by_x.totals(weight)
    below_y, level_y = by_y.totals(weight)
    rank_x, rank_y = by_x.distinct, by_y.distinct
    both = _both_below(rank_x, rank_y, weight)  # below in x and in y
    before, level = Ranking(rank_x * (rank_y.max() + 1) + rank_y).totals(weight)
    lower = before - below_x  # level in x, below in y
    left = Ranking(rank_y * (rank_x.max() + 1) + rank_x).totals(weight)[0] - below_y
    above_left = below_x - both - left  # above in y, below in x
    below_right = below_y - both - lower
    above_x = total - below_x - level_x
    above_right = above_x - below_right - (level_y - left - level)
    return both + above_right - above_left - below_right, total - level_x, total - level_y


def _both_below(x: NDArray[np.int64], y: NDArray[np.int64], weight: Floats) -> Floats:
    """(n,) Σw of the rows that are below each row in x and in y.

    Rows in the order of x (level ones from the highest y down, so that none comes before another
    of them that is above it) are told apart by y, one bit of its rank after the other from the
    highest: of rows whose higher bits agree, those with a 0 are below those with a 1, and those
    that stand before are below in x. Then they are parted by that bit. Vectorised, n log n.
    """
    order = np.argsort(x * (y.max() + 1) + (y.max() - y))
    rank, mass, place = y[order], weight[order], np.arange(len(x))
    below = np.zeros(len(x))
    for bit in reversed(range(int(rank.max()).bit_length())):
        one = (rank >> bit) & 1
        node = rank >> (bit + 1)
        starts = np.concatenate([[0], np.flatnonzero(node[1:] != node[:-1]) + 1, [len(node)]])
        sizes = np.diff(starts)
        start, end = np.repeat(starts[:-1], sizes), np.repeat(starts[1:], sizes)
        sums = np.concatenate([[0.0], np.cumsum(np.where(one, 0.0, mass))])
        below += np.where(one, sums[:-1] - sums[start], 0.0)
        zeros = np.concatenate([[0], np.cumsum(1 - one)])
        passed = zeros[:-1] - zeros[start]
        to = np.where(one, place + zeros[end] - zeros[:-1], start + passed)
        order, rank = _moved(order, to), _moved(rank, to)
        mass, below = _moved(mass, to), _moved(below, to)
    return _moved(below, order)


def _moved(column: NDArray[Number], to: NDArray[np.intp]) -> NDArray[Number]:
    """Each value at its new position."""
    result = np.empty_like(column)
    result[to] = column
    return result
