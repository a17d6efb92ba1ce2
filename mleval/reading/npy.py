"""NumPy's `.npy`: one array, a column a position. Never unpickled."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Kind
from mleval.errors import InputError
from mleval.reading.arrow_arrays import numbers_array, strings_array
from mleval.reading.columns_of_arrow import conformed
from mleval.reading.content import Content, whole
from mleval.reading.ranges import LONGEST_RECORD
from mleval.reading.source import HEAD_ROWS, Options

if TYPE_CHECKING:
    import pyarrow as pa

MAGIC = b"\x93NUMPY"
PART_BYTES = 8 << 20
_HEADER_BYTES = 1 << 16


def open_npy(content: Content, _: Options) -> NpyTable:
    """A `.npy` file; InputError for arrays of Python objects and of three dimensions or more."""
    return NpyTable(content)


class NpyTable:
    """One array: (n,) is the column `0`, (n, k) the columns `0` to `k-1`; fields have names."""

    def __init__(self, content: Content) -> None:
        self.name = content.name
        self.notices: tuple[str, ...] = ()
        self.copies: Mapping[str, str] = {}
        self._content = content
        self.shape, self.dtype, by_column, self._start = self._header()
        if len(self.shape) not in (1, 2) or (self.dtype.names and len(self.shape) > 1):
            raise InputError(
                f"{self.name}: an array of shape {self.shape}, expected (rows,) or (rows, k)",
                hint="save one row a prediction: np.save(file, array.reshape(len(array), -1))",
            )
        width = self.shape[1] if len(self.shape) == 2 else 1
        self.names = self.dtype.names or tuple(str(place) for place in range(width))
        self.rows = self.shape[0]
        self._row_bytes = self.dtype.itemsize * width
        self._columns = self._by_columns() if by_column and width > 1 else None
        self.part_rows = max(1, PART_BYTES // max(1, self._row_bytes))

    def head(self) -> pa.Table:
        """The first rows."""
        return self._table(0, min(self.rows, HEAD_ROWS), list(self.names))

    def parts(self, kinds: Mapping[str, Kind]) -> Iterator[Callable[[], pa.Table]]:
        """Stretches of rows."""
        for start in range(0, self.rows, self.part_rows):
            yield partial(self._load, start, min(start + self.part_rows, self.rows), kinds)

    def locate(self, part: int, row: int) -> str:
        """Rows are counted from 1."""
        return f"{self.name}, row {part * self.part_rows + row + 1}"

    def _load(self, start: int, end: int, kinds: Mapping[str, Kind]) -> pa.Table:
        return conformed(self._table(start, end, list(kinds)), kinds, self.name)

    def _table(self, start: int, end: int, names: list[str]) -> pa.Table:
        import pyarrow as pa

        rows = self._array(start, end) if self.dtype.names else self.block(start, end)
        try:
            table = pa.table(
                {n: _column(rows[n] if self.dtype.names else rows[:, int(n)]) for n in names}
            )
            table.validate(full=True)
        except (ValueError, SystemError) as error:  # no UTF-8, or code points beyond Unicode
            raise InputError(
                f"{self.name}, rows {start + 1} to {end}: not readable as text: {error}",
                hint="the file is damaged: copy or write it again",
            ) from error
        return table

    def block(self, start: int, end: int) -> NDArray[Any]:
        """(end - start, k) some rows of an array without fields."""
        return self._array(start, end).reshape(end - start, len(self.names))

    def _array(self, start: int, end: int) -> NDArray[Any]:
        if self._columns is not None:
            return self._columns[start:end]
        size = self._row_bytes
        data = self._content.read(self._start + start * size, self._start + end * size)
        if len(data) < (end - start) * size:
            raise self._cut_short()
        return np.frombuffer(data, dtype=self.dtype)

    def _by_columns(self) -> NDArray[Any]:
        """The array when it is stored column by column: it must be read whole."""
        data = whole(self._content)[self._start :]
        if len(data) < self.rows * self._row_bytes:
            raise self._cut_short()
        count = math.prod(self.shape)
        return np.frombuffer(data, dtype=self.dtype, count=count).reshape(self.shape, order="F")

    def _cut_short(self) -> InputError:
        return InputError(
            f"{self.name}: the file ends before its {self.rows:,} rows do",
            hint="the file was cut short: copy or write it again",
        )

    def _header(self) -> tuple[tuple[int, ...], np.dtype[Any], bool, int]:
        """Shape, type, whether stored by column, and where the data begin."""
        start = self._content.read(0, _HEADER_BYTES)
        wide = 2 if start[6:7] == b"\x01" else 4
        length = int.from_bytes(start[8 : 8 + wide], "little")
        end = 8 + wide + length
        try:
            header = ast.literal_eval(start[8 + wide : end].decode("utf-8"))
            shape = tuple(int(size) for size in header["shape"])
            dtype, by_column = header["descr"], bool(header["fortran_order"])
            if isinstance(dtype, list):
                dtype = [tuple(field) for field in dtype]
            dtype = np.dtype(dtype)
            if end > len(start) or any(size < 0 for size in shape):
                raise ValueError("damaged header")
            row_bytes = dtype.itemsize * math.prod(shape[1:])
            if row_bytes == 0 or row_bytes > LONGEST_RECORD:
                raise ValueError(f"a row of {row_bytes:,} bytes")
        except (ValueError, SyntaxError, KeyError, TypeError, RecursionError, MemoryError) as error:
            raise InputError(
                f"{self.name}: not readable as a NumPy array: {error}",
                hint="the file is damaged or cut short: write it again",
            ) from error
        if dtype.hasobject:
            raise InputError(
                f"{self.name}: an array of Python objects, which would have to be unpickled",
                hint="save plain text or numbers: np.save(file, array.astype(str))",
            )
        return shape, dtype, by_column, end


def _column(values: NDArray[Any]) -> Any:
    if values.dtype.kind in "biuf" and values.dtype.itemsize <= 8:
        return numbers_array(values)
    if values.dtype.kind == "S":
        return strings_array([cell.decode() for cell in values.tolist()])
    return strings_array([str(cell) for cell in values.tolist()])
