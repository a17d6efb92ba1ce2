"""FilteredSource: the rows of another source that meet a condition."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Kind
from mleval.errors import InputError
from mleval.reading.arrow_arrays import numbers_array
from mleval.reading.columns_of_arrow import conformed
from mleval.reading.conditions import (
    ColumnName,
    Comparison,
    Condition,
    columns_of,
    holds,
    only_numbers,
)
from mleval.reading.names import listed, nearest
from mleval.reading.problems import RaggedRows
from mleval.reading.source import Source
from mleval.reading.vocabulary import Head
from mleval.visible import quoted

if TYPE_CHECKING:
    import pyarrow as pa


class FilteredSource:
    """A Source of the rows that meet the condition; `text` is how the condition was written.

    Raises InputError when it names columns that are not there.
    """

    def __init__(self, inner: Source, condition: Condition, text: str) -> None:
        self.inner, self.condition, self.text = inner, condition, text
        self.name, self.names, self.copies = inner.name, inner.names, inner.copies
        self.notices, self.files = inner.notices, inner.files
        self._columns = tuple(dict.fromkeys(columns_of(condition)))
        _require(inner, condition, self._columns)
        self._lock = Lock()
        self._kept: dict[int, NDArray[np.uint8]] = {}
        self._sizes: dict[int, int] = {}
        self.rows_in = self.rows_out = 0

    def head(self) -> pa.Table:
        """The first rows that meet the condition; all of the head when none does."""
        head = self.inner.head()
        kinds: dict[str, Kind] = dict.fromkeys(self._columns, "label")
        kept = holds(self.condition, conformed(head, kinds, self.name))
        return head.filter(numbers_array(kept)) if kept.any() else head

    def parts(self, kinds: Mapping[str, Kind]) -> Iterator[Callable[[], pa.Table]]:
        """The same parts, without the other rows."""
        self._kept.clear()
        self.rows_in = self.rows_out = 0
        wanted: dict[str, Kind] = dict(kinds)
        for name in self._columns:
            wanted.setdefault(name, "number" if only_numbers(self.condition, name) else "label")
        for number, load in enumerate(self.inner.parts(wanted)):
            yield partial(self._part, number, load, tuple(kinds))

    def _part(self, number: int, load: Callable[[], pa.Table], names: tuple[str, ...]) -> pa.Table:
        try:
            table = load()
        except RaggedRows as error:
            error.table = self._filtered(number, error.table, names)
            raise
        return self._filtered(number, table, names)

    def _filtered(self, number: int, table: pa.Table, names: tuple[str, ...]) -> pa.Table:
        kept = holds(self.condition, table)
        with self._lock:
            self._kept[number] = np.packbits(kept)
            self._sizes[number] = len(kept)
            self.rows_in += int(np.count_nonzero(kept))
            self.rows_out += len(kept) - int(np.count_nonzero(kept))
        table = table.select(list(names))
        return table if kept.all() else table.filter(numbers_array(kept))

    def require_rows(self) -> None:
        """InputError when rows were read and none of them met the condition."""
        if self.rows_in or not self.rows_out:
            return
        head = Head(self.inner.head())
        held = [
            f"{quoted(name)} holds {listed(sorted(head.vocabulary(name)), 5)}"
            for name in self._columns
        ]
        raise InputError(
            f"--filter {self.text}: none of {self.rows_out:,} rows of {self.name} is left",
            hint=f"in the first rows {', '.join(held)}",
        )

    @property
    def sizes(self) -> tuple[int, ...]:
        """The rows of each part before any is left out, once all are read."""
        return tuple(size for _, size in sorted(self._sizes.items()))

    def places(self, part: int) -> NDArray[np.intp]:
        """(n,) where the rows that are left of a part are in it."""
        return np.flatnonzero(np.unpackbits(self._kept[part]))

    def locate(self, part: int, row: int) -> str:
        """Where the row is in the file."""
        return self.inner.locate(part, int(self.places(part)[row]))

    def digest(self) -> str:
        """That of all the rows: the condition is told beside it."""
        return self.inner.digest()


def _require(source: Source, condition: Condition, columns: tuple[str, ...]) -> None:
    unknown = [name for name in columns if name not in source.names]
    if not unknown:
        return
    near = list(dict.fromkeys(n for name in unknown for n in nearest(name, source.names)))
    hint = f"did you mean {listed(near)}? " if near else ""
    hint += "text goes in quotes, and columns bare: --filter 'split == \"test\"'"
    match condition:
        case Comparison(ColumnName(text), sign, ColumnName(name)) if [text] == unknown:
            hint = f'the column comes first: {name} {sign} "{text}"'
    raise InputError(
        f"--filter: {source.name} has no column {listed(unknown)}; its columns are "
        f"{listed(source.names)}",
        hint=hint,
    )
