"""A file of lines cut into stretches that can be parsed on their own, in any thread."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from mleval.errors import InputError
from mleval.reading.content import Content, read_exactly
from mleval.reading.records import Dialect, last_record_end, line_ends

RANGE_BYTES = 4 << 20
"""A stretch is about this long: large enough that per-stretch work vanishes, small in memory."""


TAIL_BYTES = 64 << 10
"""The end of a line is usually found in so many bytes."""

LONGEST_RECORD = 64 << 20
"""A file without a line end in this many bytes is no file of lines."""


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


def cut(content: Content, start: int, dialect: Dialect | None) -> Iterator[Range]:
    """Stretches from `start` to the end of the content, in order, each cut at a record's end.

    Seekable content is read here only to find the cuts, and again where the stretch is parsed:
    so a stretch that waits its turn holds no memory.
    """
    return (
        _cut_file(content, start, dialect)
        if content.seekable
        else _cut_stream(content, start, dialect)
    )


def _cut_file(content: Content, start: int, dialect: Dialect | None) -> Iterator[Range]:
    size = RANGE_BYTES
    with content.open() as stream:
        while True:
            length, at_end = _stretch(stream, start, size, dialect)
            if at_end and not length:
                return
            if length == 0:
                size *= 2
                require_a_line_end(content.name, size)
                continue
            yield Range(start, start + length)
            start += length
            size = RANGE_BYTES


def _stretch(stream: BinaryIO, start: int, size: int, dialect: Dialect | None) -> tuple[int, bool]:
    """How many of the next bytes are whole records, and whether the content ends with them."""
    if dialect is None:  # every line is a record: only the last one has to be found
        for tail in (min(TAIL_BYTES, size), size):
            stream.seek(start + size - tail)
            data = read_exactly(stream, tail)
            if len(data) < tail:
                break
            if (end := data.rfind(b"\n") + 1) > 0:
                return size - tail + end, False
    stream.seek(start)
    data = read_exactly(stream, size)
    at_end = len(data) < size
    return len(data) if at_end else last_record_end(data, dialect), at_end


def _cut_stream(content: Content, start: int, dialect: Dialect | None) -> Iterator[Range]:
    with content.open() as stream:
        read_exactly(stream, start)
        rest, size = b"", RANGE_BYTES
        while True:
            block = read_exactly(stream, size)
            data = rest + block if rest else block
            if not data:
                return
            at_end = len(block) < size
            length = len(data) if at_end else last_record_end(data, dialect)
            if length == 0:
                rest, size = data, len(data)
                require_a_line_end(content.name, size)
                continue
            yield Range(start, start + length, data[:length])
            start += length
            rest, size = data[length:], RANGE_BYTES


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
