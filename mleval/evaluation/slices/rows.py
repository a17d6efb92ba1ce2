"""Rows of batches put together, in another order, and stretches of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Batch, Column, Family, Labels, LabelSets, Texts
from mleval.states.vocabulary import positions, union


def joined(batches: Sequence[Batch]) -> Batch:
    """The rows of all, which have the same columns; ids, and where rows stand, are left behind.

    >>> one = Batch(1, {"truth": Labels.of(["b"])})
    >>> joined([one, Batch(2, {"truth": Labels.of(["a", "b"])})]).labels("truth").names
    ('a', 'b')
    """
    names = [n for n, column in batches[0].columns.items() if not isinstance(column, Texts)]
    columns = {name: _joined([batch.columns[name] for batch in batches]) for name in names}
    return Batch(sum(batch.rows for batch in batches), columns)


def ordered(batch: Batch, order: NDArray[np.intp]) -> Batch:
    """The rows in that order."""
    columns = {
        name: column[order] if isinstance(column, np.ndarray) else column.take(order)
        for name, column in batch.columns.items()
    }
    return Batch(len(order), columns)


def between(batch: Batch, start: int, end: int) -> Batch:
    """The rows from `start` up to `end`: views, nothing is copied."""
    columns = {name: _between(column, start, end) for name, column in batch.columns.items()}
    return Batch(end - start, columns)


def bytes_of(batch: Batch) -> int:
    """The bytes that the wide columns take: vectors, and a number a class."""
    wide = (c.values if isinstance(c, Family) else c for c in batch.columns.values())
    return sum(column.nbytes for column in wide if isinstance(column, np.ndarray))


def without(batch: Batch, names: Sequence[str]) -> Batch:
    """All columns but these."""
    return replace(batch, columns={n: c for n, c in batch.columns.items() if n not in names})


def _joined(columns: Sequence[Any]) -> Column:
    first = columns[0]
    if len(columns) == 1:
        return first  # type: ignore[no-any-return]
    if isinstance(first, np.ndarray):
        return np.concatenate(columns)
    if isinstance(first, Family):
        return Family(first.names, np.concatenate([c.values for c in columns], axis=1))
    names = union(*(column.names for column in columns))
    places = [_last_missing(positions(column.names, names)) for column in columns]
    codes = np.concatenate([at[c.codes] for at, c in zip(places, columns, strict=True)])
    if isinstance(first, Labels):
        return Labels(codes, names)
    sizes = np.concatenate([column.sizes for column in columns])
    return LabelSets(np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)]), codes, names)


def _last_missing(places: NDArray[np.int64]) -> NDArray[np.int32]:
    """With −1 behind it, so that the code −1 stays what it is."""
    return np.append(places, -1).astype(np.int32)


def _between(column: Any, start: int, end: int) -> Column:
    if isinstance(column, np.ndarray):
        return column[start:end]
    if isinstance(column, Labels):
        return Labels(column.codes[start:end], column.names)
    if isinstance(column, Family):
        return Family(column.names, column.values[:, start:end])
    assert isinstance(column, LabelSets)
    offsets = column.offsets[start : end + 1]
    return LabelSets(offsets - offsets[0], column.codes[offsets[0] : offsets[-1]], column.names)
