"""Kept: rows as they are, the lowest by a key or all of them up to a stated cap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Floats, Labels

Values = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Kept:
    """Rows by column: `cap` of them that come first, or all unless they are more than `cap`.

    chunks: the rows in parts, each name → (n,); rows: how many there were; cap: None for no limit;
    ordered: whether the columns are keys, the first before the second, so that the rows with the
    lowest are kept; without, a part of the rows would depend on their order, so none is kept.

    >>> worst = Kept.lowest({"key": np.array([-1.0, -5.0, -2.0]), "row": np.arange(3)}, cap=2)
    >>> worst.columns["row"].tolist(), worst.rows
    ([1, 2], 3)
    """

    chunks: tuple[Mapping[str, Values], ...] = ()
    rows: int = 0
    cap: int | None = None
    ordered: bool = False

    @classmethod
    def empty(cls) -> Kept:
        """No rows; of any columns, under any cap."""
        return cls()

    @classmethod
    def of(cls, columns: Mapping[str, Values | Labels], cap: int | None = None) -> Kept:
        """All rows of (n,) columns, or none when they are more than `cap`."""
        rows = _rows(columns.values())
        kept = {name: _values(column, slice(None)) for name, column in columns.items()}
        return cls._of_all((kept,), rows, cap)

    @classmethod
    def lowest(cls, columns: Mapping[str, Values | Labels], cap: int) -> Kept:
        """The `cap` rows that come first by (n,) columns, the first before the second."""
        first = lowest_rows(tuple(columns.values()), cap)
        kept = {name: _values(column, first) for name, column in columns.items()}
        return cls((kept,), _rows(columns.values()), cap, ordered=True)

    def merge(self, other: Kept) -> Kept:
        """The rows of both."""
        if not self.rows:
            return other
        if not other.rows:
            return self
        rows = self.rows + other.rows
        if not self.ordered:
            return self._of_all(self.chunks + other.chunks, rows, self.cap)
        assert self.cap is not None
        both = _joined(self.chunks + other.chunks)
        return Kept((Kept.lowest(both, self.cap).columns,), rows, self.cap, ordered=True)

    @classmethod
    def _of_all(cls, chunks: tuple[Mapping[str, Values], ...], rows: int, cap: int | None) -> Kept:
        fits = cap is None or rows <= cap
        return cls(chunks if fits else (), rows, cap)

    @property
    def complete(self) -> bool:
        """Whether every row was kept."""
        return self.rows == sum(_rows(chunk.values()) for chunk in self.chunks)

    @cached_property
    def columns(self) -> Mapping[str, Values]:
        """Name → (n,) values of the rows that are kept."""
        return _joined(self.chunks)

    @cached_property
    def weight(self) -> Floats:
        """(n,) the column of weights, or ones."""
        rows = _rows(self.columns.values())
        return self.columns["weight"] if "weight" in self.columns else np.ones(rows)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """See `State.to_arrays`."""
        about = np.array([self.rows, -1 if self.cap is None else self.cap, self.ordered])
        return {"about": about} | {f"column {name}": v for name, v in self.columns.items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Kept:
        """See `State.from_arrays`."""
        rows, cap, ordered = arrays["about"].tolist()
        columns = {
            name.removeprefix("column "): values
            for name, values in arrays.items()
            if name.startswith("column ")
        }
        return cls((columns,) if columns else (), rows, None if cap < 0 else cap, bool(ordered))


def lowest_rows(columns: Sequence[Values | Labels], cap: int) -> NDArray[np.intp]:
    """The positions of the `cap` rows that come first, in order.

    A column is looked at only for the rows that those before leave tied at the cap.

    >>> lowest_rows([np.array([2.0, 1.0, 2.0]), np.array([9.0, 0.0, 8.0])], 2).tolist()
    [1, 2]
    """
    tied: NDArray[np.intp] = np.arange(_rows(columns))
    chosen: list[NDArray[np.intp]] = []
    left = cap
    for column in columns:
        if len(tied) <= left or not left:
            break
        values = _values(column, tied)
        limit = np.sort(values)[left - 1]
        chosen.append(tied[values < limit])
        left -= len(chosen[-1])
        tied = tied[values == limit]
    rows = np.concatenate([*chosen, tied[:left]])
    return rows[np.lexsort([_values(column, rows) for column in reversed(columns)])]


def _values(column: Values | Labels, rows: NDArray[np.intp] | slice) -> Values:
    if not isinstance(column, Labels):
        return column[rows]
    return np.array([column.names[code] for code in column.codes[rows]], dtype=np.str_)


def _rows(columns: Any) -> int:
    first = next(iter(columns), ())
    return len(first.codes if isinstance(first, Labels) else first)


def _joined(chunks: Sequence[Mapping[str, Values]]) -> dict[str, Values]:
    if not chunks:
        return {}
    return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in chunks[0]}
