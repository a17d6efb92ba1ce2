"""Arrow's own files (Feather) and streams: record batch by record batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from mleval.batch import Kind
from mleval.errors import InputError
from mleval.reading.arrow_file import PART_ROWS, ArrowFile
from mleval.reading.columns_of_arrow import conformed
from mleval.reading.content import Content
from mleval.reading.source import Options

if TYPE_CHECKING:
    import pyarrow as pa

FILE_MAGIC = b"ARROW1"
OLD_MAGIC = b"FEA1"
STREAM_MAGIC = b"\xff\xff\xff\xff"


def open_ipc(content: Content, _: Options) -> IpcTable:
    """An Arrow file, a Feather file or an Arrow stream."""
    return IpcTable(content)


class IpcTable(ArrowFile):
    """One Arrow file or stream."""

    what = "Arrow"

    def _written(self) -> Sequence[str]:
        if self._content.read(0, 4) == OLD_MAGIC:
            raise InputError(
                f"{self.name} is a Feather file of version 1, which is out of use",
                hint="write it as Feather version 2, Parquet or CSV",
            )
        names: Sequence[str] = self._reader().schema.names
        return names

    def parts(self, kinds: Mapping[str, Kind]) -> Iterator[Callable[[], pa.Table]]:
        """Slices of the record batches, which are read here, one after another."""
        self._starts.clear()
        row = 0
        tables = self._tables(list(kinds))
        while True:
            with self._guarded():
                table = next(tables, None)
            if table is None:
                return
            for start in range(0, table.num_rows, PART_ROWS):
                self._starts.append(row + start)
                yield partial(conformed, table.slice(start, PART_ROWS), kinds, self.name)
            row += table.num_rows

    def _tables(self, names: Sequence[str]) -> Iterator[pa.Table]:
        import pyarrow as pa

        reader = self._reader()
        places = [self._places[name] for name in names]
        count = getattr(reader, "num_record_batches", None)
        for batch in reader if count is None else map(reader.get_batch, range(count)):
            batch.validate(full=True)  # damaged offsets and text are told before they are used
            yield pa.Table.from_arrays([batch.column(at) for at in places], names=list(names))

    def _reader(self) -> Any:
        import pyarrow as pa

        is_file = self._content.read(0, 6) == FILE_MAGIC
        return (pa.ipc.open_file if is_file else pa.ipc.open_stream)(self._stream())
