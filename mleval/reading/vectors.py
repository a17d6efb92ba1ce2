"""The numbers of a column that holds one a class, in lists, objects or their text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mleval.errors import InputError
from mleval.reading.arrow_arrays import plain_values
from mleval.reading.fields import Place, at_path, inner_array
from mleval.reading.shapes import Shape
from mleval.reading.values import elided, is_elided, numbers_in, value_of
from mleval.visible import quoted


class Numbers(NamedTuple):
    """(k, n) numbers, and where (k, n) there are none."""

    numbers: NDArray[np.float64]
    missing: NDArray[np.bool_]


def numbers_of(
    cells: Any, shape: Shape, keys: Sequence[str | int], beside: Any, place: Place
) -> Numbers:
    """The numbers of an Arrow column by class or position, at the path of the shape.

    beside: the column of class names, None without one. Raises InputError for rows that hold
    something else.
    """
    if isinstance(shape.key, int):
        block = block_of(inner_array(cells, shape.path)[0], len(keys))
        if block is not None:
            numbers = block.astype(np.float64, copy=False).T
            return Numbers(numbers, np.zeros(numbers.shape, dtype=np.bool_))
    names = None if beside is None else beside.to_pylist()
    return _by_row(cells.to_pylist(), shape, keys, names, place)


def _dense(array: Any) -> Any:
    """The lists within Spark's vectors when all are dense; other arrays as they are."""
    import pyarrow as pa

    if not pa.types.is_struct(array.type) or array.null_count:
        return array
    if {field.name for field in array.type} != {"type", "size", "indices", "values"}:
        return array
    kinds = array.field("type")
    dense = not kinds.null_count and bool((plain_values(kinds) == 1).all())
    return array.field("values") if dense else array


def block_of(array: Any, width: int) -> NDArray[Any] | None:
    """(n, width) the numbers of lists that all have this length, not copied; else None."""
    import pyarrow as pa

    array = _dense(array)
    kind = array.type
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind) or _is_fixed(kind)):
        return None
    if array.null_count:
        return None
    inner = _within(array)
    if inner.null_count or len(inner) != len(array) * width:
        return None
    if not (pa.types.is_floating(inner.type) or pa.types.is_integer(inner.type)):
        return None
    if not _is_fixed(kind):
        lengths = np.diff(_offsets(array))
        if len(lengths) and not (lengths == width).all():
            return None
    return plain_values(inner).reshape(len(array), width)


def _within(array: Any) -> Any:
    """The numbers of all lists; `flatten` would load the compute functions, which takes a while."""
    size = array.type.list_size if _is_fixed(array.type) else 0
    return array.values.slice(array.offset * size, len(array) * size) if size else array.flatten()


def _offsets(array: Any) -> NDArray[Any]:
    values: NDArray[Any] = plain_values(array.offsets)
    return values


def _is_fixed(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_fixed_size_list(kind))


def _by_row(
    cells: list[Any],
    shape: Shape,
    keys: Sequence[str | int],
    beside: list[Any] | None,
    place: Place,
) -> Numbers:
    """The numbers row by row, in whatever way each row holds them."""
    numbers = np.full((len(keys), len(cells)), np.nan)
    for row, cell in enumerate(cells):
        if cell is None or (cell := at_path(value_of(cell), shape.path)) is None:
            continue
        if isinstance(cell, str) and is_elided(cell):
            raise elided(place(row), cell)
        found = numbers_in(cell)
        if beside is not None and isinstance(found, list):
            names = value_of(beside[row])
            fits = isinstance(names, list) and len(names) == len(found)
            found = dict(zip(map(str, names), found, strict=True)) if fits else None
        if isinstance(shape.key, int) and (not isinstance(found, list) or len(found) != len(keys)):
            found = None
        if found is None:
            wanted = f"{len(keys)} numbers" if isinstance(shape.key, int) else "numbers by class"
            raise InputError(
                f"{place(row)}: expected {wanted} in {quoted(shape.column)}, "
                f"found {quoted(str(cell))}",
                hint="write the same classes in every row, or one column a class",
            )
        if isinstance(found, list):
            numbers[:, row] = found
        else:
            numbers[:, row] = [found.get(str(key), np.nan) for key in keys]
    return Numbers(numbers, np.isnan(numbers))
