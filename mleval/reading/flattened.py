"""A source whose nested columns are seen as plain ones: `prediction.label`, `probability[cat]`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mleval.batch import Kind
from mleval.reading.arrow_arrays import numbers_array
from mleval.reading.columns_of_arrow import conformed, one_chunk
from mleval.reading.fields import Place, field_array
from mleval.reading.problems import RaggedRows
from mleval.reading.shapes import Shape, shapes_in
from mleval.reading.source import Source
from mleval.reading.vectors import numbers_of

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

    def plain(self, table: pa.Table, kinds: Mapping[str, Kind | None], place: Place) -> pa.Table:
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
                made[name] = field_array(cells, shape.path, kind, name=name, place=place)
            else:
                base = (shape.column, shape.path, shape.classes)
                if base not in vectors:
                    vectors[base] = self._numbers(table, shape, place)
                made[name] = vectors[base][shape.key]
        return pa.table(made)

    def _numbers(self, table: pa.Table, shape: Shape, place: Place) -> dict[str | int, Any]:
        """The numbers of a vector column by position or class, each an array."""
        keys = [
            s.key
            for s in self._shapes.values()
            if s.key is not None and s[:2] == shape[:2] and s.classes == shape.classes
        ]
        column = one_chunk(table.column(shape.column))
        beside = None if shape.classes is None else one_chunk(table.column(shape.classes))
        values = numbers_of(column, shape, keys, beside, place)
        return {
            key: numbers_array(row, gone)
            for key, row, gone in zip(keys, values.numbers, values.missing, strict=True)
        }


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
