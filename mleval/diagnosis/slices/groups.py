"""Columns cut into groups: frequent categories, ranges between quantiles, cells that are empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats
from mleval.diagnosis.rows import Category, Codes, Column
from mleval.diagnosis.slices.pieces import Among, Between, Empty, Piece

BINS = 10
_MOST = 30  # categories of a column that are looked at: those with most rows
_ROWS = 50_000  # of which quantiles are taken
_DIGITS = 17  # that tell any two floats apart


@dataclass(frozen=True, slots=True)
class Grouped:
    """A column in g groups, and the p pieces that are made of them.

    codes: (n,) each row's group, g for what is in no piece; pieces: what may be a slice; made_of:
    (p, g + 1) which groups are in which piece.
    """

    codes: Codes
    pieces: tuple[Piece, ...]
    made_of: Floats


def grouped(columns: Mapping[str, Column]) -> list[Grouped]:
    """Every column that has at least two groups."""
    found = [
        _categories(name, column) if isinstance(column, Category) else _numbers(name, column)
        for name, column in columns.items()
    ]
    return [column for column in found if len(column.pieces) > 1]


def _categories(name: str, column: Category) -> Grouped:
    """Each of the frequent ones, and the empty ones."""
    counts = np.bincount(column.codes + 1, minlength=len(column.names) + 1)
    frequent = np.argsort(-counts, kind="stable")[:_MOST]
    frequent = frequent[counts[frequent] > 0]
    place = np.full(len(counts), len(frequent), np.int32)
    place[frequent] = np.arange(len(frequent))
    names = tuple(column.names)
    pieces = tuple(Among(name, (int(at) - 1,), names) if at else Empty(name) for at in frequent)
    return Grouped(place[column.codes + 1], pieces, np.eye(len(pieces), len(pieces) + 1))


def _numbers(name: str, column: Floats) -> Grouped:
    """Every run of neighbouring bins, and the empty cells."""
    empty = np.isnan(column)
    cuts, distinct = _cuts(column[np.isfinite(column)])
    bins = len(cuts) + 1
    codes = np.searchsorted(cuts, column).astype(np.int32)
    codes[empty] = bins
    ends = [-np.inf, *cuts.tolist(), np.inf]
    runs = [(a, b) for a in range(bins) for b in range(a + 1, bins + 1) if (a, b) != (0, bins)]
    pieces: list[Piece] = [
        Between(name, high=float(distinct[a]), single=True)
        if distinct is not None and b == a + 1
        else Between(name, ends[a], ends[b])
        for a, b in runs
    ]
    made_of = np.zeros((len(runs) + 1, bins + 2))
    for row, (a, b) in zip(made_of, runs, strict=False):
        row[a:b] = 1
    made_of[-1, bins] = 1
    pieces.append(Empty(name))
    if not empty.any():
        pieces, made_of = pieces[:-1], made_of[:-1]
    return Grouped(codes, tuple(pieces), made_of)


def _cuts(values: Floats) -> tuple[Floats, Floats | None]:
    """Where bins end, and the distinct values where each has a bin of its own."""
    some = values[:: -(-len(values) // _ROWS) or 1]
    distinct = np.unique(some)
    if len(distinct) <= BINS:
        distinct = np.unique(values) if len(some) < len(values) else distinct
        if len(distinct) <= BINS:
            return distinct[:-1], distinct
    middles = np.arange(1, BINS) / BINS
    low = np.quantile(some, middles - 0.005, method="lower")
    high = np.quantile(some, middles + 0.005, method="higher")
    cuts = np.unique([roundest(a, b) for a, b in zip(low, high, strict=True)])
    return cuts[cuts < distinct[-1]], None


def roundest(low: float, high: float) -> float:
    """The number of fewest digits from `low` to below `high`; `low` where they are the same.

    >>> roundest(0.4837, 0.5219), roundest(61.2, 63.9), roundest(3.0, 4.0)
    (0.5, 63.0, 3.0)
    """
    middle = low / 2 + high / 2
    for digits in range(1, _DIGITS):
        for near in (middle, low):
            found = float(f"{near:.{digits - 1}e}")
            if low <= found < high:
                return found
    return float(low)


def taken(columns: Mapping[str, Column], rows: NDArray[np.intp]) -> dict[str, Column]:
    """The columns on some rows."""
    return {
        name: Category(column.codes[rows], column.names)
        if isinstance(column, Category)
        else column[rows]
        for name, column in columns.items()
    }
