"""A source whose nested columns are seen as plain ones: `prediction.label`, `probability[cat]`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mleval.batch import Kind
from mleval.errors import InputError
from mleval.reading.arrow_arrays import (
    HalfCharacter,
    half_row,
    numbers_array,
    plain_values,
    strings_array,
)
from mleval.reading.columns_of_arrow import conformed, one_chunk
from mleval.reading.label_sets import listed_labels
from mleval.reading.problems import RaggedRows
from mleval.reading.shapes import Shape, shapes_in
from mleval.reading.source import Source
from mleval.reading.values import elided, half_character, is_elided, numbers_in, value_of
from mleval.visible import quoted

if TYPE_CHECKING:
    import pyarrow as pa


def flattened(source: Source) -> Source:
    """The source itself when all of its columns are plain."""
    shapes = shapes_in(source.head(), source.name)
    return FlatSource(source, shapes) if shapes else source


class FlatSource:
    """A Source over another, its nested columns replaced by those within them."""

    def __init__(self, source: Source, shapes: Mapping[str, Mapping[str, Shape]]) -> None:
        self.inner = source
        self._shapes: dict[str, Shape] = {}
        for column in source.names:
            for name, shape in shapes.get(column, {column: Shape(column)}).items():
                self._shapes.setdefault(name, shape)
        self._nested = frozenset(shapes)
        self.name, self.files = source.name, source.files
        self.names = tuple(self._shapes)
        self.copies = {c: o for c, o in source.copies.items() if c in self._shapes}
        self.notices = source.notices

    def head(self) -> pa.Table:
        """The first rows."""
        head = self.inner.head()
        kinds: dict[str, Kind | None] = dict.fromkeys(self.names)
        return self.plain(head, kinds, lambda row: f"{self.name}, row {row + 1}")

    def parts(self, kinds: Mapping[str, Kind]) -> Iterator[Callable[[], pa.Table]]:
        """Those of the source."""
        asked: dict[str, Kind] = {}
        for name, kind in kinds.items():
            shape = self._shapes[name]
            asked[shape.column] = "nested" if shape.column in self._nested else kind
            if shape.classes is not None:
                asked[shape.classes] = "nested"
        for number, load in enumerate(self.inner.parts(asked)):
            yield _Loader(self, number, load, kinds)

    def locate(self, part: int, row: int) -> str:
        """As the source says."""
        return self.inner.locate(part, row)

    def digest(self) -> str:
        """As the source says."""
        return self.inner.digest()

    def plain(
        self, table: pa.Table, kinds: Mapping[str, Kind | None], place: Callable[[int], str]
    ) -> pa.Table:
        """These columns of a table that has the source's columns."""
        import pyarrow as pa

        vectors: dict[tuple[Any, ...], dict[str | int, Any]] = {}
        made: dict[str, Any] = {}
        for name, kind in kinds.items():
            shape = self._shapes[name]
            if shape.column not in self._nested:
                made[name] = table.column(shape.column)
            elif shape.key is None:
                cells = one_chunk(table.column(shape.column))
                try:
                    made[name] = _field(cells, shape.path, kind)
                except HalfCharacter as error:
                    raise half_character(place(error.row), name) from error
            else:
                base = (shape.column, shape.path, shape.classes)
                if base not in vectors:
                    vectors[base] = self._numbers(table, shape, place)
                made[name] = vectors[base][shape.key]
        return pa.table(made)

    def _numbers(
        self, table: pa.Table, shape: Shape, place: Callable[[int], str]
    ) -> dict[str | int, Any]:
        """The numbers of a vector column by position or class, each an array."""
        keys = [
            s.key
            for s in self._shapes.values()
            if s.key is not None and s[:2] == shape[:2] and s.classes == shape.classes
        ]
        column = one_chunk(table.column(shape.column))
        by_position = isinstance(shape.key, int)
        values = _block(_inner(column, shape.path)[0], len(keys)) if by_position else None
        if values is None:
            beside = None
            if shape.classes is not None:
                beside = one_chunk(table.column(shape.classes)).to_pylist()
            values = _by_row(column.to_pylist(), shape, keys, beside, place)
        return {
            key: numbers_array(row, gone)
            for key, row, gone in zip(keys, values.numbers, values.missing, strict=True)
        }


class _Numbers:
    """(k, n) numbers, and where (k, n) there are none."""

    def __init__(self, numbers: NDArray[np.float64], missing: NDArray[np.bool_]) -> None:
        self.numbers, self.missing = numbers, missing


class _Loader:
    """Loads one part of the source and makes it plain."""

    __slots__ = ("_flat", "_kinds", "_load", "_number")

    def __init__(
        self,
        flat: FlatSource,
        number: int,
        load: Callable[[], pa.Table],
        kinds: Mapping[str, Kind],
    ) -> None:
        self._flat, self._number, self._load, self._kinds = flat, number, load, kinds

    def __call__(self) -> pa.Table:
        try:
            return self._plain(self._load())
        except RaggedRows as error:
            error.table = self._plain(error.table)
            raise

    def _plain(self, table: pa.Table) -> pa.Table:
        plain = self._flat.plain(
            table, self._kinds, lambda row: self._flat.locate(self._number, row)
        )
        return conformed(plain, self._kinds, self._flat.name)


def _field(array: Any, path: tuple[str, ...], kind: Kind | None) -> Any:
    """The cells at a path: as Arrow holds them, or by their spelling; several labels as lists."""
    import pyarrow as pa

    if kind == "labels":
        return label_lists(array, path)
    found, left = _inner(array, path)
    if not left and not pa.types.is_nested(found.type) and path:
        return found
    cells = [_spelled(_at(value_of(cell), left)) for cell in found.to_pylist()]
    return strings_array(cells, lenient=kind is None)


def label_lists(array: Any, path: tuple[str, ...]) -> Any:
    """The cells at a path as lists of labels: what the first rows hold one of may be several."""
    import pyarrow as pa

    found, left = _inner(array, path)
    if pa.types.is_list(found.type) and not left:
        return found
    cells = found.to_pylist()
    lists = [_listed(_at(value_of(cell), left) if left else cell) for cell in cells]
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


def _inner(array: Any, path: tuple[str, ...]) -> tuple[Any, list[str]]:
    """The array down the path as far as Arrow's structs go without a missing one, and the rest."""
    import pyarrow as pa

    left = list(path)
    while left and pa.types.is_struct(array.type) and not array.null_count:
        array = array.field(left.pop(0))
    return array, left


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


def _at(value: Any, path: list[str] | tuple[str, ...]) -> Any:
    for key in path:
        value = value_of(value.get(key)) if isinstance(value, Mapping) else None
    return value


def _spelled(value: Any) -> str | None:
    while isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    return None if value is None else str(value)


def _block(array: Any, width: int) -> _Numbers | None:
    """The numbers of lists that all have this length; None for other columns."""
    import pyarrow as pa

    array = _dense(array)
    kind = array.type
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind) or _is_fixed(kind)):
        return None
    inner = array.flatten()
    if array.null_count or inner.null_count or len(inner) != len(array) * width:
        return None
    if not (pa.types.is_floating(inner.type) or pa.types.is_integer(inner.type)):
        return None
    if not _is_fixed(kind):
        lengths = np.diff(_offsets(array))
        if len(lengths) and not (lengths == width).all():
            return None
    numbers = plain_values(inner).astype(np.float64, copy=False).reshape(len(array), width).T
    return _Numbers(numbers, np.zeros(numbers.shape, dtype=np.bool_))


def _offsets(array: Any) -> NDArray[Any]:
    values: NDArray[Any] = plain_values(array.offsets)
    return values


def _is_fixed(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_fixed_size_list(kind))


def _by_row(
    cells: list[Any],
    shape: Shape,
    keys: list[str | int],
    beside: list[Any] | None,
    place: Callable[[int], str],
) -> _Numbers:
    """The numbers row by row, in whatever way each row holds them."""
    numbers = np.full((len(keys), len(cells)), np.nan)
    for row, cell in enumerate(cells):
        if cell is None or (cell := _at(value_of(cell), shape.path)) is None:
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
    return _Numbers(numbers, np.isnan(numbers))
