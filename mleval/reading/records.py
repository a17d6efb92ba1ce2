"""Delimited text seen as records: where each begins and ends, quoted line ends included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_LINE_END = re.compile(rb"\r\n|\n|\r")
QUOTE = b'"'
_BLOCK = 1 << 18
_MANY_BYTES = 1 << 16


class Dialect(NamedTuple):
    """How cells are told apart: one delimiter byte, and whether `"` quotes.

    columns: the cells of the header, 0 where that is not known.
    """

    delimiter: bytes
    quoting: bool = True
    columns: int = 0


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
    at, left = 0, row + 1
    while left > 0:  # a block at a time: the places of all delimiters take more than the data
        end = (data.rfind(b"\n", at, at + _BLOCK) + 1) or (data.find(b"\n", at) + 1)
        if not end:
            return False
        ends = np.flatnonzero(np.frombuffer(data[at:end], dtype=np.uint8) == 10)[:left]
        if not _are_plain(data[at : at + int(ends[-1]) + 1], ends, dialect, cells):
            return False
        at, left = end, left - len(ends)
    return True


def _are_plain(lines: bytes, ends: NDArray[np.intp], dialect: Dialect, cells: int) -> bool:
    """Whether whole lines that end there are records of so many cells, nothing quoted."""
    if b"\r" in lines.replace(b"\r\n", b"") or (dialect.quoting and QUOTE in lines):
        return False
    found = np.flatnonzero(np.frombuffer(lines, dtype=np.uint8) == dialect.delimiter[0])
    each = np.diff(np.searchsorted(found, ends), prepend=0)
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
    returns = data.count(b"\r") if b"\r" in data else 0  # `in` is faster by far
    return newlines(data) + (returns - data.count(b"\r\n") if returns else 0)


def newlines(data: bytes) -> int:
    r"""How many `\n` there are."""
    if len(data) < _MANY_BYTES:
        return data.count(b"\n")
    # bytes.count takes a step a byte
    return int(np.count_nonzero(np.frombuffer(data, np.uint8) == ord("\n")))


class Spans(NamedTuple):
    """The cells that begin with a quote: (k,) where each opens and closes.

    What never closes does so at the size of the data. A doubled quote may split a cell in two.
    """

    opening: NDArray[np.intp]
    closing: NDArray[np.intp]


def quoted_spans(data: bytes, dialect: Dialect | None) -> Spans | None:
    r"""The quoted cells of some records; None where nothing is quoted.

    >>> [places.tolist() for places in quoted_spans(b'"a",b"\nc,"d', Dialect(b",")) or ()]
    [[0, 9], [2, 11]]
    """
    if dialect is None or not dialect.quoting or QUOTE not in data:
        return None
    return _regular_spans(data, dialect) or _found_spans(data, dialect)


def edges_of(dialect: Dialect) -> NDArray[np.bool_]:
    """(256,) the bytes that may stand beside the quotes of a cell."""
    edges = np.zeros(256, dtype=np.bool_)
    edges[[QUOTE[0], dialect.delimiter[0], 10, 13]] = True
    return edges


def _regular_spans(data: bytes, dialect: Dialect) -> Spans | None:
    """When each quote opens, closes or doubles: then counts tell in from out.

    Every opening one must follow a delimiter, a line end or its twin, every closing one precede
    them. A stray quote within a cell makes the counting wrong, so the answer is None.
    """
    text = np.frombuffer(data, dtype=np.uint8)
    quotes = np.flatnonzero(text == QUOTE[0])
    edges = edges_of(dialect)
    opening, closing = quotes[0::2], quotes[1::2]
    before = edges[text[np.maximum(opening - 1, 0)]] | (opening == 0)
    after = edges[text[np.minimum(closing + 1, len(text) - 1)]]
    if not (before.all() and after.all()):
        return None
    return Spans(opening, np.append(closing, len(data)) if len(quotes) % 2 else closing)


def _found_spans(data: bytes, dialect: Dialect) -> Spans:
    """One cell after another."""
    edges = re.escape(dialect.delimiter) + rb"\r\n"
    cell = rb'"(?<![^' + edges + rb']")[^"]*+(?:""[^"]*+)*+("?)'
    found = [(m.start(), m.end() - len(m[1])) for m in re.finditer(cell, data)]
    opening, closing = np.array(found, dtype=np.intp).reshape(-1, 2).T
    return Spans(opening, closing)


def last_record_end(data: bytes, spans: Spans | None) -> int:
    """Just after the last line end that is in none of the spans; 0 when there is none.

    `data` begins at a record, so no state is carried from one stretch of a file to the next.
    """
    if spans is None:
        return data.rfind(b"\n") + 1
    end = len(data)
    while (newline := data.rfind(b"\n", 0, end)) >= 0:
        last = int(np.searchsorted(spans.opening, newline)) - 1
        if last < 0 or spans.closing[last] < newline:
            return newline + 1
        end = int(spans.opening[last])
    return 0
