"""What stands at a path within nested cells: one label, several, or text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mleval.batch import Kind
from mleval.reading.arrow_arrays import HalfCharacter, half_row, strings_array
from mleval.reading.label_sets import listed_labels
from mleval.reading.values import half_character, not_one_label, value_of

Place = Callable[[int], str]
"""Names the place of a row, for messages."""


def field_array(
    array: Any, path: Sequence[str], kind: Kind | None, *, name: str, place: Place
) -> Any:
    """The cells at a path: as Arrow holds them, or by their spelling; several labels as lists.

    kind: what the caller wants of them, None for a look. Raises InputError for several labels
    where one is wanted, and for text that is none.
    """
    import pyarrow as pa

    found, left = inner_array(array, path)
    plain = not left and not pa.types.is_nested(found.type) and len(path) > 0
    if plain and kind != "labels":
        return found
    try:
        if kind == "labels":
            return label_lists(found, left)
        values = [at_path(value_of(cell), left) for cell in found.to_pylist()]
        if kind == "label":
            return strings_array(
                [_label(value, name, place, row) for row, value in enumerate(values)]
            )
        return strings_array([_spelled(value) for value in values], lenient=kind is None)
    except HalfCharacter as error:
        raise half_character(place(error.row), name) from error


def label_lists(array: Any, path: Sequence[str] = ()) -> Any:
    """Lists of labels: what the first rows hold one of may be several."""
    import pyarrow as pa

    if pa.types.is_list(array.type) and not path:
        return array
    cells = array.to_pylist()
    lists = [_listed(at_path(value_of(cell), path) if path else cell) for cell in cells]
    try:
        return pa.array(lists, pa.list_(pa.string()))
    except UnicodeEncodeError as error:
        halves = (half_row(items or ()) is not None for items in lists)
        raise HalfCharacter(list(halves).index(True)) from error


def _listed(cell: Any) -> list[str | None] | None:
    items: Any = listed_labels(cell) if isinstance(cell, str) else cell
    if not isinstance(items, list | tuple):
        spelled = _spelled(value_of(cell))
        return None if spelled is None else [spelled]
    return [None if item is None else str(item) for item in items]


def _label(value: Any, name: str, place: Place, row: int) -> str | None:
    value = _unwrapped(value)
    if value in ([], ()) or value != value:  # no label, or NaN
        return None
    if isinstance(value, list | tuple | Mapping):
        raise not_one_label(place(row), name, value)
    return _spelled(value)


def _spelled(value: Any) -> str | None:
    value = _unwrapped(value)
    return None if value is None else str(value)


def _unwrapped(value: Any) -> Any:
    while isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    return value


def inner_array(array: Any, path: Sequence[str]) -> tuple[Any, list[str]]:
    """The array down the path as far as Arrow's structs go without a missing one, and the rest."""
    import pyarrow as pa

    left = list(path)
    while left and pa.types.is_struct(array.type) and not array.null_count:
        array = array.field(left.pop(0))
    return array, left


def at_path(value: Any, path: Sequence[str]) -> Any:
    """What an object holds at a path of keys, None where there is nothing."""
    for key in path:
        value = value_of(value.get(key)) if isinstance(value, Mapping) else None
    return value
