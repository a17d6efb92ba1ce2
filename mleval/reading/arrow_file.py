"""What the files that pyarrow reads share: Parquet, and Arrow's own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from mleval.batch import Kind
from mleval.errors import InputError
from mleval.reading.content import Content, LocalFile, whole
from mleval.reading.names import distinct
from mleval.reading.source import HEAD_ROWS

if TYPE_CHECKING:
    import pyarrow as pa

PART_ROWS = 1 << 20
"""A larger row group or record batch is handed on in parts of this many rows."""


class ArrowFile(ABC):
    """One file. A subclass tells its columns and reads it table by table."""

    what: ClassVar[str]

    def __init__(self, content: Content) -> None:
        self.name = content.name
        self.notices: tuple[str, ...] = ()
        self._content = content
        self._bytes: Any = None
        self._starts: list[int] = []
        with self._guarded():
            written = self._written()
        kept = [at for at, name in enumerate(written) if not name.startswith("__index_level_")]
        self.names, self.copies = distinct([written[at] for at in kept])
        self._places = dict(zip(self.names, kept, strict=True))

    @abstractmethod
    def _written(self) -> Sequence[str]:
        """The names of all columns, as they are written."""

    @abstractmethod
    def _tables(self, names: Sequence[str]) -> Iterator[pa.Table]:
        """These columns, under these names, in the order of the rows."""

    @abstractmethod
    def parts(self, kinds: Mapping[str, Kind]) -> Iterator[Callable[[], pa.Table]]:
        """Loaders of consecutive rows; `self._starts` keeps the first row of each."""

    def head(self) -> pa.Table:
        """The first rows."""
        import pyarrow as pa

        with self._guarded():
            for table in self._tables(self.names):
                if table.num_rows:
                    return table.slice(0, HEAD_ROWS)
        return pa.table({name: pa.nulls(0, pa.string()) for name in self.names})

    def locate(self, part: int, row: int) -> str:
        """Rows are counted from 1."""
        return f"{self.name}, row {self._starts[part] + row + 1}"

    def _stream(self) -> Any:
        """The bytes, for pyarrow: a file on disk, or all of what is packed."""
        import pyarrow as pa

        if isinstance(self._content, LocalFile):
            return pa.OSFile(str(self._content.path))
        if self._bytes is None:
            self._bytes = pa.py_buffer(whole(self._content))
        return pa.BufferReader(self._bytes)

    def _guarded(self) -> _Guard:
        return _Guard(self.name, self.what)


class _Guard:
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
