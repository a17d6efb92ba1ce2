"""What every format of lines shares: stretches of it as parts, and the line a row is on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from mleval.batch import Kind
from mleval.errors import InputError
from mleval.reading.content import Content, LocalFile
from mleval.reading.encoding import Encoded, undecodable
from mleval.reading.ranges import Range, cut, lines_before, require_no_zero
from mleval.reading.records import Dialect, line_ends

if TYPE_CHECKING:
    import pyarrow as pa


class LineFile(ABC):
    """One file of lines. A subclass parses a stretch and finds a row's line within it."""

    unit = "line"

    def __init__(self, text: Encoded, names: tuple[str, ...], rows_start: int) -> None:
        self.content: Content = text.content
        self.name = text.content.name
        self.names = names
        self.notices: tuple[str, ...] = text.notices
        self._text = text
        self._rows_start = rows_start
        self._ranges: list[tuple[int, int]] = []
        self._line_ends: dict[int, int] = {}  # in each stretch that was loaded, by its start
        self._size = self.content.size if isinstance(self.content, LocalFile) else 0

    @property
    def encoding(self) -> str:
        """The encoding of its text."""
        return self._text.encoding or "utf-8"

    @property
    def rows_start(self) -> int:
        """The byte that the first row begins at."""
        return self._rows_start

    @property
    @abstractmethod
    def dialect(self) -> Dialect | None:
        """How records end, or None where every line is one."""

    @abstractmethod
    def parse(self, data: bytes, kinds: Mapping[str, Kind], where: Where) -> pa.Table:
        """The asked columns of a stretch that is UTF-8 text."""

    @abstractmethod
    def line_of_row(self, data: bytes, row: int) -> int:
        """The line (from 0) within a stretch that a row of it begins on."""

    def parts(self, kinds: Mapping[str, Kind]) -> Iterator[Callable[[], pa.Table]]:
        """One loader a stretch."""
        end = self._rows_start
        for index, stretch in enumerate(cut(self.content, end, self.dialect, self.unit)):
            if index == len(self._ranges):
                self._ranges.append((stretch.start, stretch.end))
            end = stretch.end
            yield _Loader(self, stretch, kinds)
        if end < self._size:
            raise self._shrunk()

    def locate(self, part: int, row: int) -> str:
        """`preds.csv, line 17`, by reading the file again."""
        start, end = self._ranges[part]
        data = self._text.utf8(self.content.read(start, end))
        return Where(self, start).line(self.line_of_row(data, row))

    def lines_before(self, start: int) -> int:
        """How many lines end before a stretch: known when those before it were loaded."""
        earlier = [first for first, _ in self._ranges if first < start]
        if start < self._rows_start or not all(first in self._line_ends for first in earlier):
            return lines_before(self.content, start)
        head = lines_before(self.content, self._rows_start)
        return head + sum(self._line_ends[first] for first in earlier)

    def again(self, part: int, kinds: Mapping[str, Kind]) -> pa.Table:
        """A part that was read, once more."""
        return self.load(Range(*self._ranges[part]), kinds)

    def record(self, part: int, row: int) -> bytes:
        """The line of a row as UTF-8, by reading the file again; where lines are records."""
        data = self._text.utf8(self.content.read(*self._ranges[part]))
        start = 0
        for _ in range(self.line_of_row(data, row)):
            start = data.index(b"\n", start) + 1
        end = data.find(b"\n", start)
        return data[start:] if end < 0 else data[start:end]

    def _shrunk(self) -> InputError:
        return InputError(
            f"{self.name} became shorter while it was read",
            hint="wait until nothing writes it, then evaluate it again",
        )

    def load(self, stretch: Range, kinds: Mapping[str, Kind]) -> pa.Table:
        """Read and parse one stretch; InputError says where it is no text."""
        data = stretch.bytes_of(self.content)
        if len(data) < stretch.end - stretch.start:
            raise self._shrunk()
        self._line_ends[stretch.start] = line_ends(data)
        where = Where(self, stretch.start)
        require_no_zero(data, stretch.start, where.line)
        try:
            data = self._text.utf8(data)
        except UnicodeDecodeError as error:
            place = where.line(line_ends(data[: error.start]))
            raise undecodable(place, error, self._text.encoding) from error
        return self.parse(data, kinds, where)


class Where:
    """Where a stretch begins: it names a line of it, counting the lines before only when asked."""

    def __init__(self, file: LineFile, start: int) -> None:
        self._file, self._start = file, start
        self.name = file.name
        self._before: int | None = None

    def line(self, line: int) -> str:
        """The place of a line of the stretch, counted from 0."""
        if self._before is None:
            self._before = self._file.lines_before(self._start)
        return f"{self._file.name}, {self._file.unit} {self._before + line + 1}"


class _Loader:
    """Loads one stretch; a thing of its own so that it holds no more than it needs."""

    __slots__ = ("_file", "_kinds", "_stretch")

    def __init__(self, file: LineFile, stretch: Range, kinds: Mapping[str, Kind]) -> None:
        self._file, self._stretch, self._kinds = file, stretch, kinds

    def __call__(self) -> pa.Table:
        return self._file.load(self._stretch, self._kinds)
