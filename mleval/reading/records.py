"""Delimited text seen as records: where each begins and ends, quoted line ends included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_LINE_END = re.compile(rb"\r\n|\n|\r")
QUOTE = b'"'


class Dialect(NamedTuple):
    """How cells are told apart: one delimiter byte, and whether `"` quotes."""

    delimiter: bytes
    quoting: bool = True


class Record(NamedTuple):
    """One record: `data[start:end]` without its line end, the line it begins on (from 0), cells."""

    start: int
    end: int
    next: int
    line: int
    cells: int


def records(data: bytes, dialect: Dialect) -> Iterator[Record]:
    r"""Every record of `data`, blank lines included (one cell). `data` begins at a record.

    A quote counts only at the start of a cell, as in pyarrow's reader.

    >>> [r.cells for r in records(b'a,b\n"x\ny",2\n', Dialect(b","))]
    [2, 2]
    """
    stop = re.compile(rb"\r\n|[\n\r" + re.escape(dialect.delimiter) + rb"]")
    at, line, size = 0, 0, len(data)
    while at < size:
        found = _LINE_END.search(data, at)
        end, following = (found.start(), found.end()) if found else (size, size)
        if dialect.quoting and data.find(QUOTE, at, end) >= 0:
            end, following, cells = _quoted_record(data, at, stop, dialect.delimiter)
        else:
            cells = data.count(dialect.delimiter, at, end) + 1
        yield Record(at, end, following, line, cells)
        line += max(1, line_ends(data[at:following]))
        at = following


def is_plain_until(data: bytes, row: int, dialect: Dialect, cells: int) -> bool:
    r"""Whether each line of `data` down to a row is a record of so many cells, nothing quoted.

    >>> is_plain_until(b"a,b\nc,d\ne\n", 1, Dialect(b","), 2)
    True
    >>> is_plain_until(b"a,b\nc,d\ne\n", 2, Dialect(b","), 2)
    False
    """
    text = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(text == 10)[: row + 1]
    if len(ends) <= row:
        return False
    start = data[: int(ends[row])]
    if b"\r" in start.replace(b"\r\n", b"") or (dialect.quoting and QUOTE in start):
        return False
    starts = np.concatenate([[0], ends[:-1] + 1])
    found = np.flatnonzero(text[: len(start)] == dialect.delimiter[0])
    each = np.diff(np.searchsorted(found, np.append(starts, len(start))))
    return bool((each == cells - 1).all())


def _quoted_record(
    data: bytes, at: int, stop: re.Pattern[bytes], delimiter: bytes
) -> tuple[int, int, int]:
    cells = 0
    while True:
        if data[at : at + 1] == QUOTE:
            at = _after_quoted(data, at + 1)
        found = stop.search(data, at)
        cells += 1
        if found is None:
            return len(data), len(data), cells
        if found.group() != delimiter:
            return found.start(), found.end(), cells
        at = found.end()


def _after_quoted(data: bytes, at: int) -> int:
    while (at := data.find(QUOTE, at)) >= 0:
        if data[at + 1 : at + 2] != QUOTE:
            return at + 1
        at += 2
    return len(data)


def line_ends(data: bytes) -> int:
    r"""How many lines end in `data`: at `\n`, `\r\n` or a lone `\r`."""
    newlines = data.count(b"\n")
    returns = data.count(b"\r")
    return newlines + (returns - data.count(b"\r\n") if returns else 0)


def last_record_end(data: bytes, dialect: Dialect | None) -> int:
    """Just after the last line end that is no part of a cell; 0 when there is none.

    `data` begins at a record, so no state is carried from one stretch of a file to the next.
    `dialect` None: lines of a format that has no quoted line ends.
    """
    if dialect is None or not dialect.quoting or QUOTE not in data:
        return data.rfind(b"\n") + 1
    quotes = regular_quotes(data, dialect)
    if quotes is None:
        return _walked_end(data, dialect)
    end = len(data)
    while (newline := data.rfind(b"\n", 0, end)) >= 0:
        before = int(np.searchsorted(quotes, newline))
        if before % 2 == 0:
            return newline + 1
        end = int(quotes[before - 1])
    return 0


def regular_quotes(data: bytes, dialect: Dialect) -> NDArray[np.intp] | None:
    """Where the quotes are, if each opens, closes or doubles: then counts tell in from out.

    Every opening one must follow a delimiter, a line end or its twin, every closing one precede
    them. A stray quote within a cell makes the counting wrong, so the answer is None.
    """
    text = np.frombuffer(data, dtype=np.uint8)
    quotes = np.flatnonzero(text == QUOTE[0])
    edges = np.zeros(256, dtype=np.bool_)
    edges[[QUOTE[0], dialect.delimiter[0], 10, 13]] = True
    opening, closing = quotes[0::2], quotes[1::2]
    before = edges[text[np.maximum(opening - 1, 0)]] | (opening == 0)
    after = edges[text[np.minimum(closing + 1, len(text) - 1)]]
    return quotes if bool(before.all() and after.all()) else None


def quoted_cells(data: bytes, dialect: Dialect) -> Iterator[tuple[int, int | None]]:
    r"""The cells that begin with a quote: where it is, and the one that closes it, if any does.

    >>> list(quoted_cells(b'"a",b"\nc,"d', Dialect(b",")))
    [(0, 2), (9, None)]
    """
    edges = re.escape(dialect.delimiter) + rb"\r\n"
    cell = rb'"(?<![^' + edges + rb']")[^"]*+(?:""[^"]*+)*+("?)'
    for match in re.finditer(cell, data):
        yield match.start(), match.end() - 1 if match[1] else None


def _walked_end(data: bytes, dialect: Dialect) -> int:
    stop = len(data)
    for start, close in reversed(list(quoted_cells(data, dialect))):
        newline = -1 if close is None else data.rfind(b"\n", close, stop)
        if newline >= 0:
            return newline + 1
        stop = start
    return data.rfind(b"\n", 0, stop) + 1
