"""Arrow's own files (Feather) and streams: record batch by record batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from mleval.batch import Kind
from mleval.errors import InputError
from mleval.reading.columns_of_arrow import conformed
from mleval.reading.content import Content, LocalFile, whole
from mleval.reading.names import distinct
from mleval.reading.parquet import ArrowGuard
from mleval.reading.source import HEAD_ROWS, Options

if TYPE_CHECKING:
    import pyarrow as pa

FILE_MAGIC = b"ARROW1"
OLD_MAGIC = b"FEA1"
STREAM_MAGIC = b"\xff\xff\xff\xff"
PART_ROWS = 1 << 20
"""A larger record batch is handed on in slices of this many rows."""


def open_ipc(content: Content, _: Options) -> IpcTable:
    """An Arrow file, a Feather file or an Arrow stream."""
    return IpcTable(content)


class IpcTable:
    """One Arrow file or stream."""

    def __init__(self, content: Content) -> None:
        self.name = content.name
        self.notices: tuple[str, ...] = ()
        self._content = content
        self._start = content.read(0, 6)
        self._bytes: Any = None
        if self._start.startswith(OLD_MAGIC):
            raise InputError(
                f"{self.name} is a Feather file of version 1, which is out of use",
                hint="write it as Feather version 2, Parquet or CSV",
            )
        with self._guarded():
            written = list(self._reader().schema.names)
        self._kept = [i for i, n in enumerate(written) if not n.startswith("__index_level_")]
        self.names, self.copies = distinct([written[i] for i in self._kept])
        self._places = dict(zip(self.names, self._kept, strict=True))
        self._starts: list[int] = []

    def head(self) -> pa.Table:
        """The first rows."""
        import pyarrow as pa

        found: list[Any] = []
        with self._guarded():
            for batch in self._batches(list(self.names)):
                found.append(batch.slice(0, HEAD_ROWS))
                if batch.num_rows:
                    break
        if not found:
            return pa.table({name: pa.nulls(0, pa.string()) for name in self.names})
        return pa.Table.from_batches(found)

    def parts(self, kinds: Mapping[str, Kind]) -> Iterator[Callable[[], pa.Table]]:
        """Slices of the record batches, which are read here, one after another."""
        import pyarrow as pa

        self._starts.clear()
        row = 0
        batches = self._batches(list(kinds))
        while True:
            with self._guarded():
                batch = next(batches, None)
            if batch is None:
                return
            for start in range(0, batch.num_rows, PART_ROWS):
                self._starts.append(row + start)
                table = pa.Table.from_batches([batch.slice(start, PART_ROWS)])
                yield partial(conformed, table, kinds, self.name)
            row += batch.num_rows

    def locate(self, part: int, row: int) -> str:
        """Rows are counted from 1."""
        return f"{self.name}, row {self._starts[part] + row + 1}"

    def _batches(self, names: list[str]) -> Iterator[Any]:
        """Every record batch, only these columns, under their distinct names."""
        import pyarrow as pa

        reader = self._reader()
        places = [self._places[name] for name in names]
        count = getattr(reader, "num_record_batches", None)
        batches = reader if count is None else map(reader.get_batch, range(count))
        for batch in batches:
            batch.validate(full=True)  # damaged offsets and text are told before they are used
            columns = [batch.column(place) for place in places]
            yield pa.RecordBatch.from_arrays(columns, names=names)

    def _reader(self) -> Any:
        import pyarrow as pa

        where: Any
        if isinstance(self._content, LocalFile):
            where = pa.OSFile(str(self._content.path))
        else:
            if self._bytes is None:
                self._bytes = pa.py_buffer(whole(self._content))
            where = pa.BufferReader(self._bytes)
        is_file = self._start.startswith(FILE_MAGIC)
        return pa.ipc.open_file(where) if is_file else pa.ipc.open_stream(where)

    def _guarded(self) -> ArrowGuard:
        return ArrowGuard(self.name, "Arrow")
