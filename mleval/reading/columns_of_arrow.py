"""Arrow columns of any type, turned into what a role holds: labels, numbers or text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Kind
from mleval.errors import InputError
from mleval.reading.arrow_arrays import (
    booleans,
    empty_texts,
    null_mask,
    numbers_array,
    plain_values,
    strings_array,
)
from mleval.visible import quoted

if TYPE_CHECKING:
    import pyarrow as pa


def conformed(table: pa.Table, kinds: Mapping[str, Kind], name: str) -> pa.Table:
    """Only the asked columns: labels as dictionary<int32, string>, numbers as float64, text.

    A number column that holds text is parsed where all of it is numbers, and stays text where it
    is not: only the caller knows whether those rows count.
    """
    import pyarrow as pa

    made = {}
    for column, kind in kinds.items():
        try:
            made[column] = _CONVERSIONS[kind](one_chunk(table.column(column)))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, _Nested) as error:
            held = str(table.schema.field(column).type)
            raise InputError(
                f"{name}: column {quoted(column)} should hold {_WANTED[kind]}, found {held}",
                hint=_NOT_ONE if kind == "label" and "list<" in held else _PLAIN,
            ) from error
    if not made:
        return table.select([])
    return pa.table(made)


_PLAIN = "write one plain value a row"
_NOT_ONE = f"if rows have several labels: --task multilabel; else {_PLAIN}"


class _Nested(Exception):
    """Lists, structs and maps are no cells."""


def one_chunk(column: pa.ChunkedArray) -> pa.Array:
    """The column as one array."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type) and column.num_chunks > 1:
        column = column.unify_dictionaries()
    if column.num_chunks == 1:
        return column.chunk(0)
    combined = column.combine_chunks()
    return combined.chunk(0) if isinstance(combined, pa.ChunkedArray) else combined


def label_array(array: pa.Array) -> pa.DictionaryArray:
    """Labels by their spelling: `1` for an integer, `1.0` for a float, `True` for a boolean.

    The empty text is missing, as an empty cell of a CSV file is. NaN in a float column is how
    tables without nulls write a missing cell, so it is missing too.
    """
    import pyarrow as pa

    if pa.types.is_null(array.type):
        codes = pa.nulls(len(array), pa.int32())
        return pa.DictionaryArray.from_arrays(codes, strings_array([]))
    if pa.types.is_nested(array.type):
        raise _Nested
    if pa.types.is_integer(array.type) and (labels := _small_integers(array)) is not None:
        return labels
    if not pa.types.is_dictionary(array.type):
        if _is_view(array.type) or pa.types.is_binary(array.type):
            array = array.cast(pa.string())
        array = array.dictionary_encode()
    plain = array.type == pa.dictionary(pa.int32(), pa.string())
    if plain and not array.dictionary.null_count and empty_texts(array.dictionary) is None:
        return array
    missing, codes = null_mask(array.indices), plain_values(array.indices)
    names = _spellings(array.dictionary)
    unique = list(dict.fromkeys(n for n in names if n is not None))
    position = {name: i for i, name in enumerate(unique)}
    moved = np.array([-1 if n is None else position[n] for n in names] or [-1], dtype=np.int32)
    codes = moved[codes if missing is None else np.where(missing, 0, codes)]
    absent = codes < 0 if missing is None else missing | (codes < 0)
    return pa.DictionaryArray.from_arrays(numbers_array(codes, absent), strings_array(unique))


def label_sets_array(array: pa.Array) -> pa.Array:
    """Lists as they are; what else may say several labels as labels are."""
    import pyarrow as pa

    kind = array.type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        if pa.types.is_nested(kind.value_type):
            raise _Nested
        return array
    return label_array(array)


def mark_array(array: pa.Array) -> pa.Array:
    """Booleans as they are; what else may say yes or no as labels are."""
    import pyarrow as pa

    return array if pa.types.is_boolean(array.type) else label_array(array)


def _small_integers(array: pa.Array) -> pa.DictionaryArray | None:
    """Class numbers close together: their codes are a subtraction away. None for others."""
    import pyarrow as pa

    missing, values = null_mask(array), plain_values(array)
    if missing is not None:
        if missing.all():
            return None
        values = np.where(missing, values[~missing][0], values)
    if len(values) == 0 or int(values.max()) >= 1 << 63:
        return None
    least, spread = int(values.min()), int(values.max()) - int(values.min())
    if spread > 4096:
        return None
    codes = (values.astype(np.int64, copy=False) - least).astype(np.int32)
    occurring = np.flatnonzero(np.bincount(codes))
    if len(occurring) <= spread:
        places = np.zeros(spread + 1, dtype=np.int32)
        places[occurring] = np.arange(len(occurring), dtype=np.int32)
        codes = places[codes]
    names = strings_array([str(least + int(step)) for step in occurring])
    return pa.DictionaryArray.from_arrays(numbers_array(codes, missing), names)


def _spellings(values: pa.Array) -> list[str | None]:
    import pyarrow as pa

    if pa.types.is_dictionary(values.type) or pa.types.is_nested(values.type):
        raise _Nested
    if pa.types.is_floating(values.type):
        # numpy's scalars print their own shortest spelling: float32 0.1 is 0.1, not 0.10000000149.
        missing = null_mask(values)
        numbers = plain_values(values)
        lost = numbers != numbers if missing is None else missing | (numbers != numbers)
        return [None if gone else str(n) for n, gone in zip(numbers, lost, strict=True)]
    return [None if value is None else str(value) or None for value in values.to_pylist()]


def number_array(array: pa.Array) -> pa.Array:
    """float64 with nulls where cells are missing; text where it is not all numbers."""
    import pyarrow as pa

    kind = array.type
    if kind == pa.float64():
        return array
    if pa.types.is_dictionary(kind):
        return number_array(array.dictionary_decode())
    if pa.types.is_null(kind):
        return pa.nulls(len(array), pa.float64())
    if pa.types.is_boolean(kind):
        return numbers_array(booleans(array).astype(np.float64), null_mask(array))
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        if pa.types.is_decimal(kind):
            return array.cast(pa.float64())
        return numbers_array(plain_values(array).astype(np.float64), null_mask(array))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or _is_view(kind):
        return numbers_or_text(text_array(array))
    raise _Nested


def text_array(array: pa.Array) -> pa.Array:
    """Text as it is, but the empty text is missing; other values by their spelling."""
    import pyarrow as pa

    if pa.types.is_large_string(array.type) or _is_view(array.type):
        array = array.cast(pa.string())
    if array.type == pa.string():
        empty = empty_texts(array)
        rows = np.arange(len(array), dtype=np.int64)
        return array if empty is None else array.take(numbers_array(rows, empty))
    if pa.types.is_nested(array.type):
        return strings_array([None if v is None else str(v) for v in array.to_pylist()])
    if pa.types.is_integer(array.type):
        return array.cast(pa.string())  # ids: as `label_array` spells them, many at once
    labels = label_array(array)
    return labels.dictionary_decode()


def numbers_or_text(array: pa.Array) -> pa.Array:
    """Text turned into float64 when every cell of it is a number, else left as it is."""
    values, bad = parsed_numbers(array.to_pylist())
    return array if bad.any() else numbers_array(values, null_mask(array))


def parsed_numbers(cells: list[str | None]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Each cell as a number, NaN when it is missing or none, and where it is none.

    >>> parsed_numbers(["0.5", None, "x"])[1].tolist()
    [False, False, True]
    """
    values = np.full(len(cells), np.nan)
    bad = np.zeros(len(cells), dtype=np.bool_)
    for row, cell in enumerate(cells):
        if cell is None:
            continue
        number = as_number(cell)
        if number is None:
            bad[row] = True
        else:
            values[row] = number
    return values, bad


def as_number(cell: str) -> float | None:
    """The number a cell spells, or None. Underscores are Python's own, not a file's.

    >>> as_number(" 1e-3 "), as_number("1_000"), as_number("0,5")
    (0.001, None, None)
    """
    if "_" in cell:
        return None
    try:
        return float(cell)
    except ValueError:
        return None


def _is_view(kind: pa.DataType) -> bool:
    return str(kind) in ("string_view", "binary_view")


_CONVERSIONS: dict[Kind, Callable[[Any], Any]] = {
    "label": label_array,
    "labels": label_sets_array,
    "mark": mark_array,
    "number": number_array,
    "family": number_array,
    "text": text_array,
    "nested": lambda array: array,
}
_WANTED: dict[Kind, str] = {
    "label": "one label a row",
    "labels": "lists of labels, or text",
    "mark": "0 or 1",
    "number": "numbers",
    "family": "numbers",
    "text": "text",
    "nested": "lists or objects",
}
