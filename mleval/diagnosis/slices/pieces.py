"""What a slice is told by: a range of a number, some categories, an empty cell; several at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mleval.diagnosis.rows import Category, Column
from mleval.filter import spelled
from mleval.reading.conditions import ColumnName, Comparison, Condition, Every, Membership, Not

Mask = NDArray[np.bool_]
_FEW = 5  # names that are listed one by one


@dataclass(frozen=True, slots=True)
class Between:
    """Numbers above `low`, up to `high`: only that one where `single`."""

    column: str
    low: float = -math.inf
    high: float = math.inf
    single: bool = False

    def holds(self, cells: Column) -> Mask:
        """(n,) where it holds; never where the cell is empty."""
        assert isinstance(cells, np.ndarray)
        if self.single:
            return np.asarray(cells == self.high)
        return np.asarray((cells > self.low) & (cells <= self.high))

    def conditions(self) -> Iterator[Condition]:
        """As `--filter` takes it."""
        name = ColumnName(self.column)
        if self.single:
            yield Comparison(name, "==", self.high)
            return
        if self.low > -math.inf:
            yield Comparison(name, ">", self.low)
        if self.high < math.inf:
            yield Comparison(name, "<=", self.high)


@dataclass(frozen=True, slots=True)
class Among:
    """Some of the categories, by their codes; the others where that is shorter to say."""

    column: str
    codes: tuple[int, ...]
    names: tuple[str, ...]  # of all codes of the column

    def holds(self, cells: Column) -> Mask:
        """(n,) where it holds; never where the cell is empty."""
        assert isinstance(cells, Category)
        inside = np.zeros(len(self.names) + 1, np.bool_)  # the last is that of -1
        inside[list(self.codes)] = True
        return np.asarray(inside[cells.codes])

    def conditions(self) -> Iterator[Condition]:
        """As `--filter` takes it."""
        name = ColumnName(self.column)
        if len(self.codes) == 1:
            yield Comparison(name, "==", self.names[self.codes[0]])
            return
        others = [at for at in range(len(self.names)) if at not in set(self.codes)]
        if len(self.codes) <= max(_FEW, len(others)):
            yield Membership(name, tuple(self.names[at] for at in self.codes))
        else:
            yield Not(Membership(name, (*(self.names[at] for at in others), "")))


@dataclass(frozen=True, slots=True)
class Empty:
    """Cells without a value."""

    column: str

    def holds(self, cells: Column) -> Mask:
        """(n,) where it holds."""
        return np.asarray(cells.codes < 0 if isinstance(cells, Category) else np.isnan(cells))

    def conditions(self) -> Iterator[Condition]:
        """As `--filter` takes it."""
        yield Comparison(ColumnName(self.column), "==", "")


Piece = Between | Among | Empty


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows for which all the pieces hold, each of another column."""

    pieces: tuple[Piece, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Those that tell it."""
        return tuple(piece.column for piece in self.pieces)

    def holds(self, columns: Mapping[str, Column]) -> Mask:
        """(n,) which rows are in it."""
        first, *others = (piece.holds(columns[piece.column]) for piece in self.pieces)
        for mask in others:
            first &= mask
        return first

    def __str__(self) -> str:
        """The condition, as `--filter` takes it.

        >>> print(Slice((Between("age", low=61.5), Among("country", (1,), ("DE", "FR")))))
        age > 61.5 and country == "FR"
        """
        found = tuple(part for piece in self.pieces for part in piece.conditions())
        return spelled(found[0] if len(found) == 1 else Every(found))
