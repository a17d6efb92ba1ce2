"""Numbering: equal byte strings get equal numbers, exactly, many of them at a time.

Strings are compared eight bytes at a time; a hash only says where in a table to look, so that a
collision costs a second look and never a wrong number.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mleval.language.names import Names

LONG = 32  # bytes; what is longer is numbered one by one

Places = NDArray[np.int64]
Codes = NDArray[np.int32]
Columns = NDArray[np.uint64]

_FACTOR = np.uint64(0x9E3779B97F4A7C15)


class Spans(NamedTuple):
    """Strings within a buffer: (t,) the byte each begins at, and the one it ends before."""

    starts: Places
    ends: Places


class Numbering:
    """The numbers of byte strings, from 0, in about the order in which they first appear.

    >>> numbering = Numbering()
    >>> spans = Spans(np.array([0, 3, 13, 16]), np.array([2, 5, 15, 18]))
    >>> numbering.codes(b"to be or not to be", spans).tolist(), numbering.names
    ([0, 1, 0, 1], ('to', 'be'))
    """

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._count = 0
        self._tables: dict[int, _Table] = {}
        self._long: dict[bytes, int] = {}

    @property
    def names(self) -> Names:
        """The strings, at their numbers."""
        return Names(self._lines, self._count)

    def codes(self, data: bytes, spans: Spans) -> Codes:
        """(t,) the numbers of the strings, new ones where they are new.

        No string has a zero byte or a line feed.
        """
        eights = np.ndarray((len(data) + 1,), "<u8", data + bytes(8), strides=(1,))
        sizes = spans.ends - spans.starts
        codes = np.empty(len(sizes), np.int32)
        lengths = np.minimum((sizes + 7) >> 3, LONG // 8 + 1)
        for length in np.flatnonzero(np.bincount(lengths)).tolist():
            at = np.flatnonzero(lengths == length)
            starts, ends = spans.starts[at], spans.ends[at]
            if length > LONG // 8:
                codes[at] = self._one_by_one(data, Spans(starts, ends))
                continue
            if length not in self._tables:
                self._tables[length] = _Table(length)
            table = self._tables[length]
            found = table.look_up(_columns(eights, starts, ends - starts, length), self._count)
            codes[at] = found.codes
            self._lines.append(_lines(data, starts[found.new], ends[found.new]))
            self._count += len(found.new)
        return codes

    def _one_by_one(self, data: bytes, spans: Spans) -> list[int]:
        codes = []
        for start, end in zip(spans.starts.tolist(), spans.ends.tolist(), strict=True):
            string = data[start:end]
            code = self._long.setdefault(string, self._count)
            if code == self._count:
                self._lines.append(string + b"\n")
                self._count += 1
            codes.append(code)
        return codes


def _lines(data: bytes, starts: Places, ends: Places) -> bytes:
    """These strings of the data, a line feed after each."""
    sizes = ends - starts + 1
    after = np.cumsum(sizes)
    from_ = np.repeat(starts - (after - sizes), sizes)
    from_ += np.arange(len(from_))
    lines = np.frombuffer(data, np.uint8)[np.minimum(from_, len(data) - 1)]
    lines[after - 1] = 10
    spelled: bytes = lines.tobytes()
    return spelled


def _columns(eights: Columns, starts: Places, sizes: Places, length: int) -> Columns:
    """(length, t) eight bytes after eight of each string, the last of them moved to the top.

    So what comes after its end is gone, and there are zeros below, of which no string has any.
    """
    columns = np.empty((length, len(starts)), np.uint64)
    for i, column in enumerate(columns):
        column[:] = eights[starts + 8 * i]
    columns[-1] <<= (8 * (8 * length - sizes)).view(np.uint64)
    return columns


class _Found(NamedTuple):
    """codes: (t,); new: which rows got a number of their own."""

    codes: Codes
    new: NDArray[np.intp]


class _Table:
    """An open-addressed table of strings of so many times eight bytes, for many rows at a time."""

    def __init__(self, length: int) -> None:
        self._slots = np.full(16, -1, np.int32)
        self._strings = np.empty((length, 0), np.uint64)
        self._numbers = np.empty(0, np.int32)
        self._size = 0

    def look_up(self, columns: Columns, free: int) -> _Found:
        """The numbers of the rows of `columns` (length, t); new ones count from `free`."""
        self._make_room(columns.shape[1])
        before = self._size
        entries, new = self._entries(columns)
        self._numbers[before : self._size] = np.arange(free, free + len(new), dtype=np.int32)
        return _Found(self._numbers.take(entries), new)

    def _entries(self, columns: Columns) -> tuple[Codes, NDArray[np.intp]]:
        """The entry of each row, and the rows whose entries are new, in their order.

        All rows look at their slot at once. Where it is empty one of those that look becomes its
        entry; rows that equal the entry are done, and the others go on to the next slot. Equal
        rows go together, so a string has one entry.
        """
        slots, mine = self._first_slots(columns), columns
        entries, new, rows = self._slots.take(slots), [np.empty(0, np.intp)], None
        entry = entries
        while True:
            empty = np.flatnonzero(entry < 0)
            if len(empty):
                self._slots[slots[empty]] = empty  # of several rows the last stays
                claimed = empty[self._slots[slots[empty]] == empty]
                self._slots[slots[claimed]] = self._appended(mine[:, claimed])
                entry[empty] = self._slots[slots[empty]]
                new.append(claimed if rows is None else rows[claimed])
            if rows is not None:
                entries[rows] = entry
            other = self._strings[0].take(entry) != mine[0]
            for strings, column in zip(self._strings[1:], mine[1:], strict=True):
                other |= strings.take(entry) != column
            others = np.flatnonzero(other)
            if not len(others):
                return entries, np.concatenate(new)
            rows = others if rows is None else rows[others]
            mine, slots = mine[:, others], (slots[others] + 1) & (len(self._slots) - 1)
            entry = self._slots[slots]

    def _first_slots(self, columns: Columns) -> Places:
        mixed = columns[0] * _FACTOR
        for column in columns[1:]:
            mixed ^= mixed >> np.uint64(29)
            mixed += column
            mixed *= _FACTOR
        mixed >>= np.uint64(65 - len(self._slots).bit_length())
        slots: Places = mixed.view(np.int64)
        return slots

    def _appended(self, strings: Columns) -> Codes:
        first, self._size = self._size, self._size + strings.shape[1]
        self._strings[:, first : self._size] = strings
        return np.arange(first, self._size, dtype=np.int32)

    def _make_room(self, rows: int) -> None:
        """Room for so many more strings, with two slots in three left empty."""
        needed = self._size + rows
        if needed > len(self._numbers):
            grown = np.empty((len(self._strings), 2 * needed), np.uint64)
            grown[:, : self._size] = self._strings[:, : self._size]
            self._strings = grown
            self._numbers = np.resize(self._numbers, 2 * needed)
        if 3 * needed > len(self._slots):
            self._slots = np.full(1 << (4 * needed).bit_length(), -1, np.int32)
            known, self._size = self._strings[:, : self._size].copy(), 0
            _, order = self._entries(known)
            self._numbers[: self._size] = self._numbers[order]
