"""Parquet: only the columns that are needed, row group by row group."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from mleval.batch import Kind
from mleval.errors import InputError
from mleval.reading.arrow_file import PART_ROWS, ArrowFile
from mleval.reading.columns_of_arrow import conformed
from mleval.reading.content import Content
from mleval.reading.source import HEAD_ROWS, Options

if TYPE_CHECKING:
    import pyarrow as pa

_DICTIONARY_TYPES = ("string", "large_string", "binary")


def open_parquet(content: Content, _: Options) -> ParquetTable:
    """A Parquet file. Delimiter and encoding mean nothing here."""
    return ParquetTable(content)


class ParquetTable(ArrowFile):
    """One Parquet file."""

    what = "Parquet"

    def _written(self) -> Sequence[str]:
        self._metadata: Any = None
        file = self._file()
        self._metadata, self._schema = file.metadata, file.schema_arrow
        names: Sequence[str] = self._schema.names
        if len(set(names)) < len(names):
            raise InputError(
                f"{self.name}: columns share a name", hint="write each column name once"
            )
        return names

    @property
    def rows(self) -> int:
        """As the footer says."""
        return int(self._metadata.num_rows)

    def parts(self, kinds: Mapping[str, Kind]) -> Iterator[Callable[[], pa.Table]]:
        """One loader a row group; a huge group is read here, batch by batch."""
        self._starts.clear()
        start = 0
        for group in range(self._metadata.num_row_groups):
            rows = self._metadata.row_group(group).num_rows
            if rows <= 2 * PART_ROWS:
                self._starts.append(start)
                yield partial(self._group, group, kinds)
                start += rows
                continue
            with self._guarded():
                for table in self._batches(PART_ROWS, kinds, [group]):
                    self._starts.append(start)
                    yield partial(conformed, table, kinds, self.name)
                    start += table.num_rows

    def _tables(self, names: Sequence[str]) -> Iterator[pa.Table]:
        return self._batches(HEAD_ROWS, dict.fromkeys(names, "nested"), None)

    def _group(self, group: int, kinds: Mapping[str, Kind]) -> pa.Table:
        with self._guarded():
            columns = self._columns(kinds)
            table = self._file(kinds).read_row_group(group, columns=columns, use_threads=False)
            table.validate(full=True)  # text that is no UTF-8 is told before it is used
        return conformed(self._renamed(table, kinds), kinds, self.name)

    def _batches(
        self, rows: int, kinds: Mapping[str, Kind], groups: Sequence[int] | None
    ) -> Iterator[pa.Table]:
        import pyarrow as pa

        columns = self._columns(kinds)
        for batch in self._file(kinds).iter_batches(rows, row_groups=groups, columns=columns):
            batch.validate(full=True)
            yield self._renamed(pa.Table.from_batches([batch]), kinds)

    def _columns(self, kinds: Mapping[str, Kind]) -> list[str]:
        return [self._schema.names[self._places[name]] for name in kinds]

    def _renamed(self, table: pa.Table, kinds: Mapping[str, Kind]) -> pa.Table:
        return table.select(self._columns(kinds)).rename_columns(list(kinds))

    def _file(self, kinds: Mapping[str, Kind] | None = None) -> Any:
        """A handle of its own: readers of one file in several threads must not share one."""
        import pyarrow.parquet as arrow_parquet

        labels = {name: kind for name, kind in (kinds or {}).items() if kind in ("label", "labels")}
        return arrow_parquet.ParquetFile(
            self._stream(),
            metadata=self._metadata,
            read_dictionary=[
                column
                for column in self._columns(labels)
                if str(self._schema.field(column).type) in _DICTIONARY_TYPES
            ]
            if labels
            else None,
            pre_buffer=False,
        )
