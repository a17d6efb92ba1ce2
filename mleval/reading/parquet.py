"""Parquet: only the columns that are needed, row group by row group."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from mleval.batch import Kind
from mleval.errors import InputError
from mleval.reading.columns_of_arrow import conformed
from mleval.reading.content import Content, LocalFile, whole
from mleval.reading.names import distinct
from mleval.reading.source import HEAD_ROWS, Options

if TYPE_CHECKING:
    import pyarrow as pa

PART_ROWS = 1 << 20
"""A larger row group is read in batches of this many rows."""


def open_parquet(content: Content, _: Options) -> ParquetTable:
    """A Parquet file. Delimiter and encoding mean nothing here."""
    return ParquetTable(content)


class ParquetTable:
    """One Parquet file."""

    def __init__(self, content: Content) -> None:
        self.name = content.name
        self.notices: tuple[str, ...] = ()
        self._content = content
        self._bytes: Any = None
        file = self._open()
        self._metadata = file.metadata
        written = file.schema_arrow.names
        kept = [name for name in written if not name.startswith("__index_level_")]
        if len(set(kept)) < len(kept):
            raise InputError(
                f"{self.name}: columns share a name", hint="write each column name once"
            )
        self.names, self.copies = distinct(kept)
        self._written = dict(zip(self.names, kept, strict=True))
        self._text = {
            field.name for field in file.schema_arrow if str(field.type) in _DICTIONARY_TYPES
        }
        self._starts: list[int] = []

    @property
    def rows(self) -> int:
        """As the footer says."""
        return int(self._metadata.num_rows)

    def head(self) -> pa.Table:
        """The first rows."""
        import pyarrow as pa

        columns = [self._written[name] for name in self.names]
        with self._guarded():
            batches = self._open().iter_batches(batch_size=HEAD_ROWS, columns=columns)
            first = next(batches, None)
            if first is not None:
                first.validate(full=True)
        if first is None:
            return pa.table({name: pa.nulls(0, pa.string()) for name in self.names})
        table = pa.Table.from_batches([first]).select(columns)
        return table.rename_columns(list(self.names)).slice(0, HEAD_ROWS)

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
            for table in self._batches(group, kinds):
                self._starts.append(start)
                yield partial(conformed, table, kinds, self.name)
                start += table.num_rows

    def locate(self, part: int, row: int) -> str:
        """Rows are counted from 1."""
        return f"{self.name}, row {self._starts[part] + row + 1}"

    def _group(self, group: int, kinds: Mapping[str, Kind]) -> pa.Table:
        columns = [self._written[name] for name in kinds]
        with self._guarded():
            file = self._open(kinds)
            table = file.read_row_group(group, columns=columns, use_threads=False)
            table.validate(full=True)  # text that is no UTF-8 is told before it is used
        return conformed(self._renamed(table, kinds), kinds, self.name)

    def _batches(self, group: int, kinds: Mapping[str, Kind]) -> Iterator[pa.Table]:
        import pyarrow as pa

        columns = [self._written[name] for name in kinds]
        with self._guarded():
            file = self._open(kinds)
            for batch in file.iter_batches(PART_ROWS, row_groups=[group], columns=columns):
                batch.validate(full=True)
                yield self._renamed(pa.Table.from_batches([batch]), kinds)

    def _renamed(self, table: pa.Table, kinds: Mapping[str, Kind]) -> pa.Table:
        return table.select([self._written[name] for name in kinds]).rename_columns(list(kinds))

    def _open(self, kinds: Mapping[str, Kind] | None = None) -> Any:
        """A handle of its own: readers of one file in several threads must not share one."""
        import pyarrow as pa
        import pyarrow.parquet as arrow_parquet

        labels = [
            self._written[n] for n, kind in (kinds or {}).items() if kind in ("label", "labels")
        ]
        with self._guarded():
            where: Any = None
            if isinstance(self._content, LocalFile):
                where = pa.OSFile(str(self._content.path))
            else:
                if self._bytes is None:
                    self._bytes = pa.py_buffer(whole(self._content))
                where = pa.BufferReader(self._bytes)
            return arrow_parquet.ParquetFile(
                where,
                metadata=getattr(self, "_metadata", None),
                read_dictionary=[n for n in labels if n in getattr(self, "_text", ())],
                pre_buffer=False,
            )

    def _guarded(self) -> ArrowGuard:
        return ArrowGuard(self.name, "Parquet")


class ArrowGuard:
    """Turns pyarrow's refusals into InputErrors."""

    def __init__(self, name: str, what: str) -> None:
        self._name, self._what = name, what

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        import pyarrow as pa

        if isinstance(error, pa.ArrowException | OSError | ValueError):
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise InputError(
                f"{self._name}: not readable as {self._what}: {reason}",
                hint="the file is damaged or cut short: copy or write it again",
            ) from error


_DICTIONARY_TYPES = ("string", "large_string", "binary")
