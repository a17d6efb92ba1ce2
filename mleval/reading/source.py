"""Source: a table to evaluate, wherever it lies: one file, several as one, or in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from mleval.batch import Kind
from mleval.errors import InputError
from mleval.reading.digest import digest_of_contents
from mleval.reading.names import listed

if TYPE_CHECKING:
    import pyarrow as pa

    from mleval.reading.content import Content

HEAD_ROWS = 1000
"""Rows that decide what the columns are for."""


class Options(NamedTuple):
    """What the caller says of how the files are written; None: told from the bytes.

    header: whether the first line of a delimited file names the columns; decimal: `.` or `,`.
    """

    sep: str | None = None
    encoding: str | None = None
    header: bool | None = None
    decimal: str | None = None


class TableFile(Protocol):
    """What a format offers of one file. The rows of part i are the same however often asked."""

    @property
    def name(self) -> str:
        """For messages."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, each name once."""
        ...

    @property
    def copies(self) -> Mapping[str, str]:
        """Columns whose header repeats an earlier one: name here -> that earlier name."""
        ...

    @property
    def notices(self) -> tuple[str, ...]:
        """What was assumed in opening it."""
        ...

    def head(self) -> pa.Table:
        """The first rows (at most HEAD_ROWS), every column."""
        ...

    def parts(self, kinds: Mapping[str, Kind]) -> Iterator[Callable[[], pa.Table]]:
        """Loaders of consecutive rows, only the asked columns; each may run in any thread.

        Labels come as dictionary<int32, string>, text as string, numbers as float64, or as
        string where some cell of the part is no number: the caller knows whether it matters.
        """
        ...

    def locate(self, part: int, row: int) -> str:
        """Where row `row` of part `part` is: `preds.csv, line 17`. Slow; for messages."""
        ...


class Source(TableFile, Protocol):
    """A table to evaluate: what a TableFile offers, and where it came from."""

    @property
    def files(self) -> tuple[Path, ...]:
        """The files, none for a table in memory or standard input."""
        ...

    def digest(self) -> str:
        """What identifies the input: `sha256:…`, of name and size for parts above 64 MiB."""
        ...


class FileSource:
    """One file or several, whose rows are one table: a Source.

    Raises InputError when the files do not have the same columns, in any order.
    """

    def __init__(
        self,
        tables: list[TableFile],
        contents: list[Content],
        files: tuple[Path, ...],
        notices: tuple[str, ...] = (),
        options: Options = Options(),  # noqa: B008  (it cannot change)
    ) -> None:
        self._tables, self.contents = tables, contents
        self.files, self.options = files, options
        first = tables[0]
        self.name = first.name if len(tables) == 1 else f"{first.name} and {len(tables) - 1} more"
        self.names = first.names
        self.copies = first.copies
        self.notices = (*notices, *(notice for table in tables for notice in table.notices))
        self._first_parts: list[int] = []
        self._head: pa.Table | None = None
        for table in tables[1:]:
            _require_same_columns(first, table)

    @property
    def tables(self) -> tuple[TableFile, ...]:
        """The files one by one."""
        return tuple(self._tables)

    def head(self) -> pa.Table:
        """The head of the first file that has rows."""
        if self._head is not None:
            return self._head
        head = self._tables[0].head()
        for table in self._tables[1:]:
            if head.num_rows:
                break
            head = table.head().select(list(self.names))
        self._head = head
        return head

    def parts(self, kinds: Mapping[str, Kind]) -> Iterator[Callable[[], pa.Table]]:
        """The parts of each file in turn."""
        number = 0
        for place, table in enumerate(self._tables):
            if place == len(self._first_parts):
                self._first_parts.append(number)
            for part in table.parts(kinds):
                number += 1
                yield part

    def locate(self, part: int, row: int) -> str:
        """The file and the place in it."""
        shard = max(i for i, first in enumerate(self._first_parts) if first <= part)
        return self._tables[shard].locate(part - self._first_parts[shard], row)

    def digest(self) -> str:
        """sha256 of the one file's bytes as stored, or of the several files' digests."""
        return digest_of_contents(self.contents)


def _require_same_columns(first: TableFile, other: TableFile) -> None:
    absent = [name for name in first.names if name not in other.names]
    extra = [name for name in other.names if name not in first.names]
    if not absent and not extra:
        return
    differences = []
    if absent:
        differences.append(f"lacks {listed(absent)}")
    if extra:
        differences.append(f"has also {listed(extra)}")
    raise InputError(
        f"{other.name} {' and '.join(differences)}: the columns of {first.name} are "
        f"{listed(first.names)}",
        hint="files given together are parts of one table and need the same columns, in any order",
    )
