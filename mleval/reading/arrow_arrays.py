"""Arrow arrays made from and seen as numpy's, buffer by buffer.

pyarrow's own `pa.array` and `to_numpy` would do, but import pandas: a third of a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa


def numbers_array(values: NDArray[Any], missing: NDArray[np.bool_] | None = None) -> pa.Array:
    """An array of (n,) integers, floats or booleans; nothing is copied but booleans."""
    import pyarrow as pa

    if values.dtype == np.bool_:
        data, kind = np.packbits(values, bitorder="little"), pa.bool_()
    else:
        values = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("="))
        data, kind = values, pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, len(values), [_bitmap(missing), pa.py_buffer(data)])


def vectors_array(values: NDArray[Any]) -> pa.Array:
    """An array of lists of one length of (n, d) integers or floats; nothing is copied.

    >>> vectors_array(np.array([[1.0, 2.0], [3.0, 4.0]])).to_pylist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    import pyarrow as pa

    inner = numbers_array(values.reshape(-1))
    return pa.FixedSizeListArray.from_arrays(inner, values.shape[1])


class HalfCharacter(ValueError):
    """Text that UTF-8 does not have, half of a surrogate pair: in the cell of `row`."""

    def __init__(self, row: int) -> None:
        super().__init__(f"half a character in row {row + 1}")
        self.row = row


def strings_array(cells: Sequence[str | None], *, lenient: bool = False) -> pa.Array:
    """An array of text; None is missing. HalfCharacter where a cell is none, unless `lenient`.

    lenient: half characters are spelled as in Python, so that texts that differ still do.
    """
    import pyarrow as pa

    errors = "backslashreplace" if lenient else "strict"
    try:
        encoded = [b"" if cell is None else cell.encode(errors=errors) for cell in cells]
    except UnicodeEncodeError as error:
        raise HalfCharacter(half_row(cells) or 0) from error
    ends = np.cumsum(np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded)))
    large = len(ends) > 0 and ends[-1] >= 1 << 31
    offsets = np.zeros(len(encoded) + 1, dtype=np.int64 if large else np.int32)
    offsets[1:] = ends
    missing = np.fromiter((cell is None for cell in cells), dtype=np.bool_, count=len(encoded))
    buffers = [_bitmap(missing), pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded))]
    kind = pa.large_string() if large else pa.string()
    return pa.Array.from_buffers(kind, len(encoded), buffers)


def half_row(cells: Iterable[str | None]) -> int | None:
    """The first text with half a character, or None when all are whole."""
    halves = (any("\ud800" <= char <= "\udfff" for char in cell or "") for cell in cells)
    return next((row for row, is_half in enumerate(halves) if is_half), None)


def _bitmap(missing: NDArray[np.bool_] | None) -> Any:
    import pyarrow as pa

    if missing is None or not missing.any():
        return None
    return pa.py_buffer(np.packbits(~missing, bitorder="little"))


def null_mask(array: pa.Array) -> NDArray[np.bool_] | None:
    """(n,) True where the cell is missing, or None when none is."""
    import pyarrow as pa

    if array.null_count == 0:
        return None
    if pa.types.is_null(array.type):
        return np.ones(len(array), dtype=np.bool_)
    return ~_bits(array.buffers()[0], array.offset, len(array))


def empty_texts(array: pa.Array) -> NDArray[np.bool_] | None:
    """(n,) True where a text is "", or None when none is; array: string or large_string."""
    import pyarrow as pa

    wide = np.int64 if pa.types.is_large_string(array.type) else np.int32
    if len(array) == 0:
        return None
    ends: NDArray[Any] = np.frombuffer(array.buffers()[1], dtype=wide)
    ends = ends[array.offset : array.offset + len(array) + 1]
    empty: NDArray[np.bool_] = ends[1:] == ends[:-1]
    return empty if empty.any() else None


def plain_values(array: pa.Array) -> NDArray[Any]:
    """The integers or floats of an array, not copied; anything at all where a cell is missing."""
    import pyarrow as pa

    kind = array.type
    letter = "f" if pa.types.is_floating(kind) else "i"
    letter = "u" if pa.types.is_unsigned_integer(kind) else letter
    dtype = np.dtype(f"{letter}{kind.bit_width // 8}")
    buffer = array.buffers()[1]
    if buffer is None or len(array) == 0:
        return np.zeros(len(array), dtype=dtype)
    values: NDArray[Any] = np.frombuffer(buffer, dtype=dtype)
    return values[array.offset : array.offset + len(array)]


def booleans(array: pa.Array) -> NDArray[np.bool_]:
    """The booleans of an array; anything at all where a cell is missing."""
    return _bits(array.buffers()[1], array.offset, len(array))


def _bits(buffer: Any, offset: int, length: int) -> NDArray[np.bool_]:
    first = offset // 8
    bits = np.frombuffer(buffer, dtype=np.uint8)[first : (offset + length + 7) // 8]
    unpacked = np.unpackbits(bits, bitorder="little")[offset - first * 8 :]
    return unpacked[:length].astype(np.bool_)


def text_buffers(array: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """The UTF-8 bytes of an array of text, and (n + 1,) where each text of them begins."""
    import pyarrow as pa

    wide = pa.types.is_large_string(array.type) or pa.types.is_large_binary(array.type)
    _, ends, held = array.buffers()
    if ends is None or len(array) == 0:
        return np.zeros(len(array) + 1, dtype=np.int64), np.empty(0, dtype=np.uint8)
    found = np.frombuffer(ends, dtype=np.int64 if wide else np.int32)
    offsets = found[array.offset : array.offset + len(array) + 1].astype(np.int64)
    data = np.frombuffer(held or b"", dtype=np.uint8)[offsets[0] : offsets[-1]]
    return offsets - offsets[0], data
