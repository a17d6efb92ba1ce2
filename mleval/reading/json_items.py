"""The items of a JSON array as JSON lines: found by counting brackets, a block at a time."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

BLOCK_BYTES = 1 << 20
_OPENING, _CLOSING, _QUOTE, _BACKSLASH, _COMMA = b"[{", b"]}", 34, 92, 44
_KEY = re.compile(rb'"((?:[^"\\]|\\.)*)"\s*:\s*$')


class Found(NamedTuple):
    """An array: the key it is under ("" for the whole file), and where its items begin."""

    key: str
    start: int


class Scan:
    """Which bytes of JSON text are inside strings, and how deep the others are nested."""

    def __init__(self) -> None:
        self._depth = 0
        self._in_string = False
        self._escaped = False

    def depths(
        self, block: bytes
    ) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.bool_]]:
        """The bytes; the depth after each; which are outside strings (quotes are inside)."""
        text = np.frombuffer(block, dtype=np.uint8)
        quotes = text == _QUOTE
        if self._escaped or b"\\" in block:
            quotes &= ~self._escapes(text)
        flips = np.cumsum(quotes, dtype=np.int64) + int(self._in_string)
        outside = (flips % 2 == 0) & ~quotes
        self._in_string = bool(len(flips) and flips[-1] % 2)
        steps = np.zeros(len(text), dtype=np.int64)
        steps[((text == 91) | (text == 123)) & outside] = 1
        steps[((text == 93) | (text == 125)) & outside] = -1
        depth = np.cumsum(steps) + self._depth
        if len(depth):
            self._depth = int(depth[-1])
        return text, depth, outside

    def _escapes(self, text: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """Which bytes a backslash before them escapes, runs of backslashes counted."""
        slashes = np.flatnonzero(text == _BACKSLASH)
        escaped = np.zeros(len(text) + 1, dtype=np.bool_)
        escaped[0] = self._escaped
        if len(slashes):
            places = np.arange(len(slashes))
            first = np.concatenate([[True], np.diff(slashes) > 1])
            run = np.maximum.accumulate(np.where(first, places, 0))
            within = places - run
            if self._escaped:
                within = np.where(slashes[run] == 0, within + 1, within)
            escaped[slashes[within % 2 == 0] + 1] = True
        self._escaped = bool(escaped[len(text)])
        return escaped[: len(text)]


def arrays_in(sample: bytes) -> list[Found]:
    """The arrays a JSON text is, or holds directly under its keys, of its first bytes.

    >>> arrays_in(b'{"n": 2, "rows": [{"a": [1]}]}')
    [Found(key='rows', start=18)]
    """
    start = len(sample) - len(sample.lstrip(b"\xef\xbb\xbf \t\r\n"))
    if sample[start : start + 1] == b"[":
        return [Found("", start + 1)]
    text, depth, outside = Scan().depths(sample)
    opened = np.flatnonzero((text == 91) & outside & (depth == 2))
    found = []
    for place in opened.tolist():
        key = _KEY.search(sample[max(0, place - 256) : place])
        if key:
            found.append(Found(key.group(1).decode("utf-8", "replace"), place + 1))
    return found


def items_within(sample: bytes, start: int) -> tuple[int, bool]:
    """How many items of the array that begins there the sample holds, and whether it ends there.

    >>> items_within(b'[1, [2, 3]], 4', 1), items_within(b'[1, 2', 1)
    ((2, True), (2, False))
    """
    text, depth, outside = Scan().depths(sample[start:])
    ended = np.flatnonzero(outside & (depth < 0))
    end = int(ended[0]) if len(ended) else len(text)
    commas = np.count_nonzero((text == _COMMA)[:end] & outside[:end] & (depth[:end] == 0))
    return int(commas) + bool(sample[start : start + end].strip()), len(ended) > 0


def ends_within(sample: bytes) -> int | None:
    """Where the first JSON value of the text ends, or None when the text ends before it."""
    text, depth, outside = Scan().depths(sample)
    closed = np.flatnonzero(((text == 93) | (text == 125)) & outside & (depth == 0))
    return int(closed[0]) + 1 if len(closed) else None


class Items(io.RawIOBase):
    """The items of an array, one a line: a stream over the bytes of the JSON text.

    ended: where the array is within an object: told how many items there were, and what comes
    after them.
    Raises EOFError when the text ends before it is complete, ValueError when it goes on after that.
    """

    def __init__(
        self, stream: BinaryIO, start: int, ended: Callable[[int, bytes], None] | None = None
    ) -> None:
        super().__init__()
        self._stream, self._told, self._items = stream, ended, 1
        while start > 0 and (skipped := stream.read(min(start, BLOCK_BYTES))):
            start -= len(skipped)
        self._scan = Scan()
        self._ready = b""
        self._ended = False

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Lines."""
        pieces, length = [self._ready], len(self._ready)
        while not self._ended and (size < 0 or length < size):
            pieces.append(self._next())
            length += len(pieces[-1])
        ready = b"".join(pieces)
        size = len(ready) if size < 0 else size
        taken, self._ready = ready[:size], ready[size:]
        return taken

    def _next(self) -> bytes:
        block = self._stream.read(BLOCK_BYTES)
        if not block:
            raise EOFError
        text, depth, outside = self._scan.depths(block)
        end = np.flatnonzero(outside & (depth < 0))
        made = text.copy()
        made[outside & ((text == 10) | (text == 13))] = 32
        commas = outside & (depth == 0) & (text == _COMMA)
        made[commas] = 10
        if self._told is not None:
            self._items += int(np.count_nonzero(commas[: end[0]] if len(end) else commas))
        if not len(end):
            return made.tobytes()
        self._ended = True
        self._finish(block, int(end[0]), outside & (depth == -2))
        return made[: end[0]].tobytes() + b"\n"

    def _finish(self, block: bytes, end: int, closes: NDArray[np.bool_]) -> None:
        """Read on to the end of the text, which is to complete it and to hold no more rows."""
        _require(block, end, b"]")
        ahead = self._stream.read(BLOCK_BYTES) or b""
        if self._told is not None:
            self._told(self._items, block[end + 1 :] + ahead)
        closed, at = self._told is None, end + 1
        while block:
            if not closed and len(found := np.flatnonzero(closes)):
                at, closed = int(found[0]), True
                _require(block, at, b"}")
                at += 1
            if closed and block[at:].strip():
                raise ValueError(f"it goes on after its end: {block[at:].strip()[:30]!r}")
            block, ahead, at = ahead or self._stream.read(BLOCK_BYTES), b"", 0
            if not closed:
                _, depth, outside = self._scan.depths(block)
                closes = outside & (depth == -2)
        if not closed:
            raise EOFError

    def close(self) -> None:
        """The stream below too."""
        self._stream.close()
        super().close()


def _require(block: bytes, at: int, bracket: bytes) -> None:
    if block[at : at + 1] != bracket:
        raise ValueError(f"expected {bracket.decode()}, found {block[at : at + 1].decode()}")
