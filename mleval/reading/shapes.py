"""The plain columns within nested ones: fields by path, and numbers by class."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from mleval.reading.names import normalised
from mleval.reading.synonyms import PREDICTION, TRUTH, VECTOR_ENDINGS, VECTORS
from mleval.reading.values import (
    CLASS_LISTS,
    NUMBER_LISTS,
    Numbers,
    class_and_numbers,
    elided,
    is_elided,
    numbers_in,
    unwrapped,
    value_of,
)
from mleval.visible import quoted

if TYPE_CHECKING:
    import pyarrow as pa

MOST_NUMBERS = 2000
_FIELD_WORDS = frozenset((*TRUTH, *PREDICTION, "score", "probability", "confidence", "loss"))
_INPUTS = re.compile(r"features?|embeddings?|inputs?|input_ids|tokens?|pixels?|image")


class Shape(NamedTuple):
    """What a plain column is read from: a field of `column`, one of its numbers, or all of it.

    path: the keys down to it; key: the class or position of the number, None for a field;
    classes: the column of class names that stands beside the numbers.
    """

    column: str
    path: tuple[str, ...] = ()
    key: str | int | None = None
    classes: str | None = None


def shapes_in(head: pa.Table, name: str) -> dict[str, dict[str, Shape]]:
    """For each column of the head that is nested, the plain columns to have in its place.

    Raises InputError for an array that was printed with `...`.
    """
    found: dict[str, dict[str, Shape]] = {}
    values: dict[str, list[Any]] = {}
    for column in head.column_names:
        if not _may_be_nested(head, column):
            continue
        cells = [cell for cell in head.column(column).to_pylist() if cell is not None]
        for row, cell in enumerate(cells):
            if isinstance(cell, str) and is_elided(cell):
                raise elided(f"{name}: column {quoted(column)}, row {row + 1}", cell)
        values[column] = [value_of(cell) for cell in cells]
    names = {column: v for column, v in values.items() if _are_names(column, v)}
    for column, held in values.items():
        shapes = _explored(column, column, held, ())
        beside = next(iter(names), None)
        if beside and any(isinstance(shape.key, int) for shape in shapes.values()):
            shapes = _named(column, shapes, beside, held, names[beside])
        if not shapes and held and all(_is_wrapped(c) for c in _texts(head, column)):
            shapes = {column: Shape(column)}
        if shapes:
            found[column] = shapes
    return _without_label_lists(found, values)


def _without_label_lists(
    found: dict[str, dict[str, Shape]], values: Mapping[str, Sequence[Any]]
) -> dict[str, dict[str, Shape]]:
    """Beside labels in lists, a list of one label is such a list."""
    if not any(_are_label_lists(c, held) for c, held in values.items() if c not in found):
        return found
    return {
        column: shapes
        for column, shapes in found.items()
        if shapes != {column: Shape(column)} or not _are_label_lists(column, values[column])
    }


def _are_label_lists(column: str, values: Sequence[Any]) -> bool:
    """Whether a column is named as a truth or a prediction, and holds lists of plain values."""
    return normalised(column) in (*TRUTH, *PREDICTION) and all(
        isinstance(value, list | tuple)
        and not any(isinstance(item, list | tuple | dict) for item in value)
        for value in values
    )


def _may_be_nested(head: pa.Table, column: str) -> bool:
    """A quick look at the type, or at the first cell when it is text."""
    import pyarrow as pa

    kind = head.schema.field(column).type
    if pa.types.is_nested(kind):
        return True
    first = next((c for c in head.column(column).slice(0, 100).to_pylist() if c is not None), None)
    if not isinstance(first, str):
        return False
    text = first.strip()
    return text[:1] in ("[", "{") or (text[-1:] == ")" and (text[:1] == "(" or _is_wrapped(text)))


def _is_wrapped(cell: Any) -> bool:
    return isinstance(cell, str) and unwrapped(cell) != cell.strip()


def _texts(head: pa.Table, column: str) -> list[Any]:
    return [cell for cell in head.column(column).to_pylist() if cell is not None]


def _are_names(column: str, values: Sequence[Any]) -> bool:
    """Whether a column holds lists of class names, by its name and its cells."""
    return (
        normalised(column) in CLASS_LISTS
        and bool(values)
        and all(isinstance(v, list) and all(isinstance(i, str | int) for i in v) for v in values)
    )


def _explored(
    name: str, column: str, values: Sequence[Any], path: tuple[str, ...]
) -> dict[str, Shape]:
    """The columns within the values found at a path."""
    held = [value for value in values if value is not None]
    if not held or len(path) > 8:
        return {}
    if all(isinstance(value, list | tuple) and len(value) == 1 for value in held):
        inner = [value[0] for value in held]
        if not any(isinstance(value, list | tuple | dict) for value in inner):
            return {name: Shape(column, path)}
    vector = _vector(name, held)
    if vector:
        shapes = {f"{name}[{key}]": Shape(column, path, key) for key in vector}
        # What else the object says, such as the predicted label beside classes and scores.
        lists = class_and_numbers(held[0]) if isinstance(held[0], Mapping) else None
        if lists:
            rest = [{k: v for k, v in value.items() if k not in lists} for value in held]
            shapes |= _fields(name, column, rest, path)
        return shapes
    if all(isinstance(value, Mapping) for value in held):
        return _fields(name, column, held, path)
    return {name: Shape(column, path)} if path else {}


def _fields(
    name: str, column: str, held: Sequence[Mapping[str, Any]], path: tuple[str, ...]
) -> dict[str, Shape]:
    shapes: dict[str, Shape] = {}
    for key in dict.fromkeys(chain.from_iterable(held)):
        inner = [value_of(value.get(key)) for value in held]
        shapes |= _explored(f"{name}.{key}", column, inner, (*path, key))
    return shapes


def _vector(name: str, held: Sequence[Any]) -> list[str] | list[int]:
    """The classes or positions when every value holds numbers for the same ones, else nothing."""
    last = normalised(name.rpartition(".")[2])
    if not isinstance(held[0], list | tuple | Mapping) or _INPUTS.fullmatch(last):
        return []
    found = [numbers_in(value) for value in held]
    if any(numbers is None for numbers in found):
        return []
    named = last in VECTORS or last.endswith(VECTOR_ENDINGS)
    if isinstance(found[0], list):
        sizes = {len(numbers) for numbers in found if isinstance(numbers, list)}
        whole = all(float(n).is_integer() for numbers in found for n in _values(numbers))
        fits = len(sizes) == 1 and 2 <= min(sizes) <= MOST_NUMBERS
        is_label = (last in TRUTH or last in PREDICTION) and whole
        return list(range(min(sizes))) if fits and (named or not whole) and not is_label else []
    keys = list(dict.fromkeys(key for numbers in found for key in _keys(numbers)))
    from_pairs = not isinstance(held[0], Mapping) or class_and_numbers(held[0]) is not None
    sums = all(abs(sum(_values(numbers)) - 1) <= 0.05 for numbers in found)
    words = any(normalised(key) in _FIELD_WORDS for key in keys)
    if from_pairs or named or (sums and not words):
        return keys if len(keys) <= MOST_NUMBERS else []
    return []


def _values(numbers: Numbers | None) -> Iterable[float]:
    return numbers.values() if isinstance(numbers, dict) else numbers or ()


def _keys(numbers: Numbers | None) -> Iterable[str]:
    return numbers if isinstance(numbers, dict) else ()


def _named(
    column: str,
    shapes: dict[str, Shape],
    beside: str,
    held: Sequence[Any],
    names: Sequence[Any],
) -> dict[str, Shape]:
    """Numbers by position, named by the list of classes that stands beside them in each row."""
    last = normalised(column)
    if not (last in NUMBER_LISTS or last in VECTORS or last.endswith(VECTOR_ENDINGS)):
        return shapes
    if len(held) != len(names) or any(
        len(numbers) != len(row) for numbers, row in zip(held, names, strict=True)
    ):
        return shapes
    keys = dict.fromkeys(str(item) for row in names for item in row)
    return {f"{column}[{key}]": Shape(column, (), key, beside) for key in keys}
