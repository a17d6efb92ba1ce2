"""A file of lines cut into stretches that can be parsed on their own, in any thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from mleval.errors import InputError
from mleval.reading.content import Content, read_exactly
from mleval.reading.quotes import require_closed
from mleval.reading.records import Dialect, last_record_end, line_ends, quoted_spans

RANGE_BYTES = 4 << 20
"""A stretch is about this long: large enough that per-stretch work vanishes, small in memory."""


TAIL_BYTES = 64 << 10
"""The end of a line is usually found in so many bytes."""

LONGEST_RECORD = 64 << 20
"""A file without a line end in this many bytes is no file of lines: a book's tokens are shorter."""


def require_a_line_end(name: str, size: int) -> None:
    """InputError when a record has grown beyond all measure: memory must stay flat."""
    if size > LONGEST_RECORD:
        raise InputError(
            f"{name}: no row ends within {LONGEST_RECORD >> 20} MiB",
            hint="the file is damaged, or is no text with one row a line",
        )


class Range(NamedTuple):
    """Bytes `start` to `end`, whole records; `data` only where reading them again is dear."""

    start: int
    end: int
    data: bytes | None = None

    def bytes_of(self, content: Content) -> bytes:
        """The bytes themselves."""
        return content.read(self.start, self.end) if self.data is None else self.data


def cut(
    content: Content, start: int, dialect: Dialect | None, unit: str = "line"
) -> Iterator[Range]:
    """Stretches from `start` to the end of the content, in order, each cut at a record's end.

    Seekable content is read here only to find the cuts, and again where the stretch is parsed:
    so a stretch that waits its turn holds no memory. unit: what a line is called in messages.
    Raises InputError where a quote that does not close joins records.
    """
    cutter = _Cutter(content, dialect, unit)
    return cutter.of_file(start) if content.seekable else cutter.of_stream(start)


class _Cutter:
    """Finds where the stretches of one content end."""

    def __init__(self, content: Content, dialect: Dialect | None, unit: str) -> None:
        self._content, self._dialect, self._unit = content, dialect, unit

    def of_file(self, start: int) -> Iterator[Range]:
        """Stretches without their bytes."""
        size = RANGE_BYTES
        with self._content.open() as stream:
            while True:
                length = self._of_lines(stream, start, size) if self._dialect is None else 0
                if length == 0:
                    stream.seek(start)
                    data = read_exactly(stream, size)
                    if not data:
                        return
                    length = self._whole(data, start, size)
                    del data
                if length == 0:
                    size *= 2
                    continue
                yield Range(start, start + length)
                start += length
                size = RANGE_BYTES

    def _of_lines(self, stream: BinaryIO, start: int, size: int) -> int:
        """How many bytes are whole lines, by the last of them alone; 0 where that does not tell."""
        asked = min(TAIL_BYTES, size)
        stream.seek(start + size - asked)
        tail = read_exactly(stream, asked)
        end = tail.rfind(b"\n") + 1
        return size - asked + end if end and len(tail) == asked else 0

    def of_stream(self, start: int) -> Iterator[Range]:
        """Stretches with their bytes."""
        with self._content.open() as stream:
            read_exactly(stream, start)
            rest, size = b"", RANGE_BYTES
            while True:
                block = read_exactly(stream, size)
                data = rest + block if rest else block
                if not data:
                    return
                length = self._whole(data, start, len(rest) + size)
                if length == 0:
                    rest, size = data, len(data)
                    continue
                yield Range(start, start + length, data[:length])
                start += length
                rest, size = data[length:], RANGE_BYTES

    def _whole(self, data: bytes, start: int, asked: int) -> int:
        """How many bytes of `data`, of so many asked for, are whole records; 0: more are needed."""

        def place(line: int) -> str:
            before = lines_before(self._content, start)
            return f"{self._content.name}, {self._unit} {before + line + 1}"

        spans = quoted_spans(data, self._dialect)
        length = len(data) if len(data) < asked else last_record_end(data, spans)
        too_long = length == 0 and 2 * asked > LONGEST_RECORD
        if too_long:
            require_no_zero(data, start, place)
        if self._dialect is not None:
            require_closed(data, self._dialect, spans, asked if too_long else length, place)
        if too_long:
            require_a_line_end(self._content.name, 2 * asked)
        return length


def require_no_zero(data: bytes, start: int, place: Callable[[int], str]) -> None:
    """InputError for a byte 0x00 in what begins at byte `start`; `place(line)` names a line."""
    if (zero := data.find(b"\x00")) >= 0:
        raise InputError(
            f"{place(line_ends(data[:zero]))}: byte 0x00 is no text (byte {start + zero} of the "
            "file)",
            hint="the file is damaged or binary: write it again, or name its --encoding",
        )


def lines_before(content: Content, offset: int) -> int:
    """How many lines end before `offset`, by reading up to it: only messages need it."""
    lines = 0
    with content.open() as stream:
        while offset > 0 and (block := read_exactly(stream, min(offset, RANGE_BYTES))):
            offset -= len(block)
            if offset > 0 and block.endswith(b"\r"):
                extra = read_exactly(stream, 1)
                offset -= len(extra)
                block += extra
            lines += line_ends(block)
    return lines
