"""Tables in memory, through the Arrow C stream where they offer it: nothing is copied."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mleval.batch import Kind
from mleval.errors import InputError
from mleval.reading.arrow_arrays import HalfCharacter, numbers_array, strings_array, vectors_array
from mleval.reading.columns_of_arrow import conformed
from mleval.reading.digest import HASHED_BYTES, digest_of_bytes
from mleval.reading.names import distinct
from mleval.reading.source import HEAD_ROWS
from mleval.reading.values import half_character
from mleval.visible import quoted

if TYPE_CHECKING:
    import pyarrow as pa

PART_ROWS = 1 << 19


class MemorySource:
    """A Source over a table in memory, or over a file that was read whole, which has a name."""

    def __init__(self, data: Any, name: str | None = None, notices: tuple[str, ...] = ()) -> None:
        table, self._halves = _table(data)
        self.name = name or "the table"
        self._place = f"{name}, row" if name else "row"
        self.files: tuple[Path, ...] = ()
        self.notices = notices
        kept = [i for i, n in enumerate(table.column_names) if not n.startswith("__index_level_")]
        self.names, self.copies = distinct([table.column_names[i] for i in kept])
        self._table = table.select(kept).rename_columns(list(self.names))

    @property
    def rows(self) -> int:
        """All of them."""
        return int(self._table.num_rows)

    def head(self) -> pa.Table:
        """The first rows."""
        return self._table.slice(0, HEAD_ROWS)

    def parts(self, kinds: Mapping[str, Kind]) -> Iterator[Callable[[], pa.Table]]:
        """Slices of the table."""
        for name, row in self._halves.items():
            if name in kinds:
                raise half_character(self.locate(0, row), name)
        asked = self._table.select(list(kinds))
        for start in range(0, asked.num_rows, PART_ROWS):
            yield partial(conformed, asked.slice(start, PART_ROWS), kinds, self.name)

    def locate(self, part: int, row: int) -> str:
        """Rows are counted from 1, as in files."""
        return f"{self._place} {part * PART_ROWS + row + 1}"

    def digest(self) -> str:
        """Of the table as an Arrow stream; of its shape when it is above 64 MiB."""
        import pyarrow as pa

        size = self._table.get_total_buffer_size()  # nbytes fails on polars' views of text
        if size > HASHED_BYTES:
            return f"size:{self._table.num_rows}x{self._table.num_columns}:{size}"
        sink = pa.BufferOutputStream()
        table = self._table.replace_schema_metadata(None)
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        return digest_of_bytes(memoryview(sink.getvalue()))


def table_of_batch(batch: Any) -> pa.Table:
    """A table of one record batch."""
    import pyarrow as pa

    return pa.Table.from_batches([pa.record_batch(batch)])


def _table(data: Any) -> tuple[pa.Table, Mapping[str, int]]:
    """The table, and the row of half a character in each column that has one."""
    import pyarrow as pa

    if isinstance(data, pa.Table):
        return data, {}
    if isinstance(data, Mapping):
        return _table_of_columns(data)
    try:
        return pa.RecordBatchReader.from_stream(data).read_all(), {}
    except HalfCharacter:
        raise
    except (pa.ArrowException, TypeError, ValueError, NotImplementedError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(
            f"the {type(data).__name__} cannot be read as a table: {reason}",
            hint="one plain value a cell and each column name once",
        ) from error


def _table_of_columns(columns: Mapping[Any, Any]) -> tuple[pa.Table, Mapping[str, int]]:
    import pyarrow as pa

    arrays, halves = {}, {}
    for name, values in ((str(name), values) for name, values in columns.items()):
        try:
            arrays[name] = _array(name, values)
        except HalfCharacter as error:  # told when it is asked for
            halves[name] = error.row
            arrays[name] = strings_array(
                [None if is_missing(cell) else str(cell) for cell in values], lenient=True
            )
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{quoted(name)} {length}" for name, length in lengths.items())
        raise InputError(
            f"the columns differ in length: {told}", hint="give every column the same rows"
        )
    return pa.table(arrays), halves


def _array(name: str, values: Any) -> Any:
    import pyarrow as pa

    if isinstance(values, pa.Array | pa.ChunkedArray):
        return values
    if hasattr(values, "__arrow_c_stream__"):
        return pa.chunked_array(values)
    if isinstance(values, np.ndarray):
        if values.ndim == 1 and values.dtype.kind in "biuf":
            return numbers_array(values)
        if values.ndim == 2 and values.dtype.kind in "iuf" and values.dtype.itemsize <= 8:
            return vectors_array(values)
        values = values.tolist() if values.ndim == 1 else values
    try:
        if isinstance(values, list | tuple | range):
            return _array_of_list(list(values))
        return pa.array(values)
    except HalfCharacter:
        raise
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(
            f"column {quoted(name)} is no column of values ({type(values).__name__}): {reason}",
            hint="give a list or a one-dimensional array, of plain values or of lists alike",
        ) from error


def _array_of_list(cells: list[Any]) -> Any:
    """Numbers of one type as such; else every cell by its spelling, as in a file."""
    import pyarrow as pa

    held = {type(cell) for cell in cells} - {type(None)}
    if held in ({int}, {float}, {bool}):
        missing = np.array([cell is None for cell in cells], dtype=np.bool_)
        values = np.array([0 if cell is None else cell for cell in cells])
        if values.dtype.kind in "bif":  # else integers beyond 64 bits
            return numbers_array(values, missing)
    if held <= {str}:
        return strings_array(cells)
    present = [None if is_missing(cell) else cell for cell in cells]
    if any(issubclass(kind, list | tuple | dict | np.ndarray) for kind in held):
        return pa.array(present)
    return strings_array([None if cell is None else str(cell) for cell in present])


def is_missing(cell: Any) -> bool:
    """Whether a value of Python's stands for none: None, "", NaN in any type, pandas' NA and NaT.

    >>> is_missing(float("nan")), is_missing(""), is_missing("nan"), is_missing(0)
    (True, True, False, False)
    """
    if cell is None or type(cell).__name__ == "NAType":
        return True
    if isinstance(cell, list | tuple | dict | np.ndarray):
        return False
    return (isinstance(cell, str) and not cell) or bool(cell != cell)
