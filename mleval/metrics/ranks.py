"""Sums over the rows that come before or after each row, by one column or by two."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats


def _places(column: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The order of n rows, and (n,) in that order which distinct value each has."""
    order = np.argsort(column, kind="stable")
    ascending = column[order]
    return order, np.concatenate([[0], np.cumsum(ascending[1:] != ascending[:-1])])


def _totals(column: Floats, mass: Floats) -> tuple[Floats, Floats]:
    """(n,) the sum of the mass of the rows below each row, and of those level with it."""
    order, place = _places(column)
    level = np.bincount(place, mass[order])
    below, same = np.empty(len(column)), np.empty(len(column))
    below[order], same[order] = (np.cumsum(level) - level)[place], level[place]
    return below, same


def middle_shares(column: Floats, weight: Floats) -> Floats:
    """(n,) the share of the rows below each row and half of those level: its rank, on 0-1.

    weight: (n,) summing to 1.

    >>> middle_shares(np.array([5.0, 3.0, 5.0, 9.0]), np.full(4, 0.25)).tolist()
    [0.5, 0.125, 0.5, 0.875]
    """
    below, same = _totals(column, weight)
    return below + same / 2


def order_sums(column: Floats, mass: Floats) -> Floats:
    """(n,) the sum of the mass of the rows above each row, and half of those level with it.

    >>> order_sums(np.array([5.0, 3.0, 9.0]), np.array([1.0, 2.0, 4.0])).tolist()
    [4.5, 6.0, 2.0]
    """
    below, same = _totals(column, mass)
    total: Floats = mass.sum() - below - same / 2
    return total


def concordance(x: Floats, y: Floats, weight: Floats) -> tuple[Floats, Floats, Floats]:
    """(n,) of each row: Σw in order with it less Σw reversed, Σw not tied in x, and in y.

    >>> found = concordance(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0]), np.ones(3))
    >>> [column.tolist() for column in found]
    [[2.0, 0.0, 0.0], [2.0, 2.0, 2.0], [2.0, 2.0, 2.0]]
    """
    total = weight.sum()
    below_x, level_x = _totals(x, weight)
    below_y, level_y = _totals(y, weight)
    rank_x, rank_y = (_distinct(column) for column in (x, y))
    both = _both_below(rank_x, rank_y, weight)  # below in x and in y
    pairs = rank_x * (rank_y.max() + 1) + rank_y
    level = _totals(pairs.astype(np.float64), weight)[1]
    left = _within(rank_y, rank_x, weight)  # level in y, below in x
    lower = _within(rank_x, rank_y, weight)  # level in x, below in y
    above_left = below_x - both - left  # above in y, below in x
    below_right = below_y - both - lower
    above_x = total - below_x - level_x
    above_right = above_x - below_right - (level_y - left - level)
    return both + above_right - above_left - below_right, total - level_x, total - level_y


def _distinct(column: Floats) -> NDArray[np.int64]:
    """(n,) which distinct value each row has."""
    order, place = _places(column)
    ranks = np.empty(len(column), np.int64)
    ranks[order] = place
    return ranks


def _within(group: NDArray[np.int64], rank: NDArray[np.int64], weight: Floats) -> Floats:
    """(n,) Σw of the rows of the same group with a lower rank."""
    keys = group * (rank.max() + 1) + rank
    below, _ = _totals(keys.astype(np.float64), weight)
    before, _ = _totals(group.astype(np.float64), weight)
    return below - before


def _both_below(x: NDArray[np.int64], y: NDArray[np.int64], weight: Floats) -> Floats:
    """(n,) Σw of the rows that are below each row in x and in y.

    Rows in the order of x (level ones from the highest y down, so that none comes before another
    of them that is above it) are told apart by y, one bit of its rank after the other from the
    highest: of rows whose higher bits agree, those with a 0 are below those with a 1, and those
    that stand before are below in x. Vectorised, n log n.
    """
    order = np.lexsort([-y, x])
    rank, mass = y[order], weight[order]
    below = np.zeros(len(x))
    for bit in reversed(range(int(rank.max()).bit_length())):
        one = (rank >> bit) & 1
        node = rank >> (bit + 1)
        zeros = np.concatenate([[0.0], np.cumsum(np.where(one, 0.0, mass))])
        starts = np.concatenate([[0], np.flatnonzero(node[1:] != node[:-1]) + 1])
        start = np.repeat(starts, np.diff(starts, append=len(node)))
        below[order] += np.where(one, zeros[:-1] - zeros[start], 0.0)
        turn = np.argsort(rank >> bit, kind="stable")
        order, rank, mass = order[turn], rank[turn], mass[turn]
    return below
