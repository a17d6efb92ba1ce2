"""Lines: the segments of a corpus in one buffer, split where a line ends and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from mleval.errors import InputError
from mleval.reading.compression import decompressed
from mleval.reading.content import Content, whole
from mleval.reading.encoding import marked, told_encoding, undecodable

BLOCK = 1 << 18  # bytes that fit the processor's cache

Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Lines(Sequence[str]):
    r"""n segments of text: a sequence of strings, and the bytes that kernels read.

    data: UTF-8, each segment followed by a line feed; offsets: (n + 1,) int64, segment i is
    data[offsets[i] : offsets[i + 1] − 1]; missing: (n,) where there is no segment (it reads as an
    empty one), None where all are there. A segment that comes from elsewhere than a file of lines
    may have line feeds of its own.

    >>> list(Lines.of_bytes(b"one\r\n\ntwo\x0b2"))
    ['one', '', 'two\x0b2']
    """

    data: bytes
    offsets: Places
    missing: NDArray[np.bool_] | None = None

    @classmethod
    def of(cls, segments: Iterable[str | None], name: str = "text") -> Lines:
        """Segments that are strings already; None for one that is missing.

        Raises InputError for half a surrogate pair, which is no text.
        """
        given = list(segments)
        missing = np.array([segment is None for segment in given], np.bool_)
        encoded = _encoded([segment or "" for segment in given], name)
        sizes = np.fromiter(map(len, encoded), np.int64, len(encoded))
        data = b"\n".join([*encoded, b""])
        return cls(data, _ends(sizes + 1), missing if missing.any() else None)

    @classmethod
    def of_bytes(cls, data: bytes, name: str = "text") -> Lines:
        r"""UTF-8 lines that end with \n or \r\n; blank ones count, the last needs no end.

        Raises InputError for other bytes, with the line and the byte.
        """
        if not data.isascii():
            try:
                data.decode()
            except UnicodeDecodeError as error:
                raise undecodable(
                    _line(name, data, error.start), error, None, error.start
                ) from error
        if b"\r" in data:
            data = data.replace(b"\r\n", b"\n")
        if data and not data.endswith(b"\n"):
            data += b"\n"
        return cls(data, _line_ends(data))

    @cached_property
    def are_single(self) -> bool:
        """Whether no segment has a line feed within it."""
        return self.data.count(b"\n") == len(self)

    @cached_property
    def texts(self) -> list[str]:
        """The segments as strings."""
        if self.are_single:
            return self.data.decode().split("\n")[:-1]
        ends = self.offsets.tolist()
        return [self.data[a : b - 1].decode() for a, b in pairwise(ends)]

    @cached_property
    def lowered(self) -> Lines:
        """The same segments in lower case, as str.lower() has it."""
        if self.data.isascii():
            return Lines(self.data.lower(), self.offsets, self.missing)
        lower = Lines.of(text.lower() for text in self.texts)
        return Lines(lower.data, lower.offsets, self.missing)

    def stretch(self, start: int, end: int) -> Lines:
        """Segments `start` to `end`."""
        offsets = self.offsets[start : end + 1]
        missing = None if self.missing is None else self.missing[start:end]
        return Lines(self.data[offsets[0] : offsets[-1]], offsets - offsets[0], missing)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: Any) -> Any:
        return self.texts[at]

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)


def read_lines(content: Content, encoding: str | None = None) -> Lines:
    """The lines of a file, decompressed; UTF-8 unless it is marked, or `encoding` says otherwise.

    Raises InputError for bytes that are no text, with the file, the line and the byte.
    """
    inner, name = decompressed(content), content.name
    sample = inner.read(0, 4096)
    # What has zero bytes is UTF-16 without a mark, or no text; all else is UTF-8 or refused.
    told = encoding or marked(sample) or (None if b"\x00" in sample else "utf-8")
    text = told_encoding(inner, sample, told)
    data = _all_of(text.content)
    if (zero := data.find(b"\x00")) >= 0:
        raise InputError(
            f"{_line(name, data, zero)}: byte 0x00 is no text (byte {zero} of the file)",
            hint="the file is damaged or binary: write it again, or name its --encoding",
        )
    try:
        utf8 = text.utf8(data)
    except UnicodeDecodeError as error:
        place = _line(name, data, error.start)
        raise undecodable(place, error, text.encoding, error.start) from error
    return Lines.of_bytes(utf8[text.start :], name)


def _all_of(content: Content) -> bytes:
    """Every byte; of packed content not more than may be read at once."""
    if not content.seekable:
        return whole(content)
    with content.open() as stream:
        return stream.read()


def _line_ends(data: bytes) -> Places:
    """Where lines begin, and the end, found a stretch of the data at a time."""
    found = [np.zeros(1, np.int64)]
    for start in range(0, len(data), BLOCK):
        some = np.frombuffer(data, np.uint8, min(BLOCK, len(data) - start), start)
        found.append(np.flatnonzero(some == 10) + (start + 1))
    return np.concatenate(found)


def _line(name: str, data: bytes, at: int) -> str:
    return f"{name}, line {data.count(10, 0, at) + 1}"


def _encoded(texts: list[str], name: str) -> list[bytes]:
    try:
        return [text.encode() for text in texts]
    except UnicodeEncodeError as error:
        half = error.object[error.start]
        at = next(at for at, text in enumerate(texts, 1) if half in text)
        raise InputError(
            f"{name}, segment {at}: {half!a} is half of a surrogate pair, which is no text",
            hint="write the text again as UTF-8 where it comes from",
        ) from error


def _ends(sizes: Places) -> Places:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
